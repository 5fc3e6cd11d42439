"""`radiant events`: what happened, and who is told of it."""

from typing import Annotated

import typer

from radiant.domain.counted import counted
from radiant.domain.event import SinkKind

from .command import asked
from .output import JsonOption, print_json, print_table, say

events = typer.Typer(no_args_is_help=True)
sink = typer.Typer(name="sink", help="Add, stop, start and remove who is told of events.", no_args_is_help=True)
events.add_typer(sink, name="sink")

NameArgument = Annotated[str, typer.Argument(help="The name of the sink, as `radiant events sinks` shows it.")]


@events.command("list")
def list_(
    after: Annotated[
        int | None, typer.Option(min=0, max=10**15, help="Only those after this number, oldest first.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 50,
    json: JsonOption = False,
) -> None:
    """List events, the newest last."""
    found = asked(lambda app: app.events.newest(limit) if after is None else app.events.after(after, limit=limit))
    if json:
        print_json(found)
    elif not found:
        say("Nothing has happened.")
    else:
        rows = [(str(it.seq), f"{it.time:%Y-%m-%d %H:%M:%S}", it.type, it.subject) for it in found]
        print_table("", ("number", "at (UTC)", "type", "subject"), rows, right=("number",))


@events.command()
def sinks(json: JsonOption = False) -> None:
    """List who is told of events, and how far each is."""
    found = asked(lambda app: app.event_sinks.listed())
    if json:
        print_json(found)
    elif not found:
        say("Nobody is told of events yet: `radiant events sink add NAME --kind webhook --url URL`.")
    else:
        rows = [
            (it.name, it.kind.value, it.settings.get("url") or it.settings.get("url_env") or it.settings.get("bus"),
             it.enabled, it.waiting, it.dead, it.why_disabled or it.last_error)
            for it in found
        ]  # fmt: skip
        columns = ("name", "kind", "where", "enabled", "waiting", "dead", "last error")
        print_table("", columns, rows, right=("waiting", "dead"), prose=("last error",))


@sink.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="How it is called here.")],
    kind: Annotated[SinkKind, typer.Option(help="How events leave.")] = SinkKind.WEBHOOK,
    url: Annotated[str | None, typer.Option(help="Webhook: the address that is posted to.")] = None,
    url_env: Annotated[str | None, typer.Option(help="Webhook: the variable that holds the address instead.")] = None,
    secret_env: Annotated[
        str | None, typer.Option(help="Webhook: the variable that holds the secret (whsec_…) messages are signed with.")
    ] = None,
    bus: Annotated[str | None, typer.Option(help="EventBridge: the name or ARN of the bus.")] = None,
    region: Annotated[str | None, typer.Option(help="EventBridge: the region of the bus.")] = None,
    type: Annotated[list[str] | None, typer.Option(help="Only events of this type; may be repeated.")] = None,
) -> None:
    """Tell somebody of what happens from now on. No secret is given here: variables hold them."""
    from radiant.domain.event import NewSink

    new = NewSink(
        name=name,
        kind=kind,
        url=url,
        url_env=url_env,
        bus=bus,
        region=region,
        secret_env=secret_env,
        types=tuple(type or ()),
    )

    asked(lambda app: app.event_sinks.add(new), context, {"type": "types"})
    say(f"{name} is told of what happens from now on, while `radiant up` runs.")
    if new.kind is SinkKind.WEBHOOK and secret_env is None:
        say("Its messages are not signed; --secret-env names the variable that holds a secret.")


@sink.command()
def remove(name: NameArgument) -> None:
    """Forget a sink and its dead letters."""
    asked(lambda app: app.event_sinks.remove(name))
    say(f"{name} is no longer told of anything.")


@sink.command()
def enable(name: NameArgument) -> None:
    """Go on telling a sink; what happened meanwhile is delivered first."""
    asked(lambda app: app.event_sinks.set_enabled(name, True))
    say(f"{name} is told of events again, beginning with what it missed.")


@sink.command()
def disable(name: NameArgument) -> None:
    """Stop telling a sink; what happens meanwhile waits for it."""
    asked(lambda app: app.event_sinks.set_enabled(name, False))
    say(f"{name} is told of nothing until `radiant events sink enable {name}`.")


@events.command()
def replay(
    name: NameArgument,
    after: Annotated[
        int | None, typer.Option(min=0, max=10**15, help="Everything after this number, not only dead letters.")
    ] = None,
) -> None:
    """Tell a sink its dead letters again."""
    found = asked(lambda app: app.event_sinks.replay(name, after))
    if after is not None:
        say(f"{name} is told everything after {after} again.")
    elif found.letters:
        say(f"{name} is told {counted(found.letters, 'dead letter')} again.")
    elif found.sink.dead:
        say(f"{name} is told {counted(found.sink.dead, 'dead letter')} again already.")
    else:
        say(f"{name} has no dead letters.")


@events.command()
def dead(
    name: Annotated[str | None, typer.Argument(help="Only those of this sink.")] = None, json: JsonOption = False
) -> None:
    """List events that a sink did not take after all attempts."""
    found = asked(lambda app: app.event_sinks.dead(name))
    if json:
        print_json(found)
    elif not found:
        say("There are no dead letters.")
    else:
        rows = [(it.sink, str(it.seq), it.type, it.subject, it.error, it.replay) for it in found]
        print_table("", ("sink", "number", "type", "subject", "error", "replay"), rows, prose=("error",))
