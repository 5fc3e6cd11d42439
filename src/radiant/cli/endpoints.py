"""`radiant endpoints`: where self-hosted models run."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from radiant.domain.counted import counted

from .command import asked, typed
from .output import JsonOption, print_json, print_table, say

if TYPE_CHECKING:
    from radiant.app import App
    from radiant.domain.endpoint_state import EndpointState, Scanned

endpoints = typer.Typer(no_args_is_help=True)

Id = Annotated[
    int, typer.Argument(min=1, max=2**31 - 1, metavar="ID", help="Its number, as `radiant endpoints list` shows it.")
]
Url = Annotated[str | None, typer.Option("--url", help="The root of the server, such as http://127.0.0.1:11434.")]
Name = Annotated[str | None, typer.Option("--name", help="What the model is called there.")]
Region = Annotated[str | None, typer.Option("--region", help="Amazon SageMaker: the region.")]
Least = Annotated[int | None, typer.Option("--min-instances", min=0, help="Instances that are always up.")]
Most = Annotated[int | None, typer.Option("--max-instances", min=0, help="Instances at most.")]
SecretEnv = Annotated[
    str | None, typer.Option("--secret-env", help="The environment variable with the server's key; never the key.")
]
Options = Annotated[
    list[str] | None,
    typer.Option("--option", metavar="NAME=VALUE", help="What its runtime takes besides; may be repeated."),
]


@endpoints.command("list")
def list_(
    model: Annotated[str | None, typer.Option("--model", "-m", help="Only those of this model.")] = None,
    json: JsonOption = False,
) -> None:
    """List where models run, and what was seen there."""
    found: list[EndpointState] = asked(lambda app: app.endpoints.listed(model))
    if json:
        print_json(found)
        return
    if not found:
        say("No endpoint yet: `radiant endpoints add MODEL_ID --runtime ollama --url URL`, or `… scan URL`.")
        return
    _print("", found)


def show_endpoints(model: str, found: "list[EndpointState]") -> None:
    """Print where one model runs; where it runs nowhere, what to do."""
    if found:
        _print(f"Where {model} runs", found)
    else:
        say(f"{model} has no endpoint: `radiant endpoints add {model} --runtime RUNTIME --url URL`.")


def _print(title: str, found: "list[EndpointState]") -> None:
    columns = ("id", "model", "runtime", "where", "name there", "state", "called", "seen (UTC)", "problem")
    rows = [
        (it.id, it.model_id, it.runtime, it.place, it.name, _state(it), it.called,
         it.observed_at and f"{it.observed_at:%Y-%m-%d %H:%M}", it.problem)
        for it in found
    ]  # fmt: skip
    print_table(title, columns, rows, right=("id",), prose=("problem",), extra=("seen (UTC)",))


@endpoints.command()
def show(id: Id, json: JsonOption = False) -> None:
    """Show one endpoint."""
    _stated(lambda app: app.endpoints.of(id), json)


@endpoints.command()
def add(
    model: Annotated[str, typer.Argument(metavar="MODEL_ID", help="The model, as `radiant models` shows it.")],
    runtime: Annotated[str, typer.Option("--runtime", help="What serves it there, such as ollama or vllm.")],
    url: Url = None,
    name: Name = None,
    region: Region = None,
    min_instances: Least = None,
    max_instances: Most = None,
    may_create: Annotated[
        bool, typer.Option("--may-create", help="What serves it may be created and deleted there; this costs money.")
    ] = False,
    secret_env: SecretEnv = None,
    option: Options = None,
    test: Annotated[bool, typer.Option("--test/--no-test", help="Look at it at once.")] = True,
    json: JsonOption = False,
) -> None:
    """Say where a model runs, and look at it."""
    from radiant.domain.endpoint_state import NewEndpoint

    given: dict[str, Any] = {
        "model_id": model, "runtime": runtime, "url": url, "name": name, "region": region, "secret_env": secret_env,
        "min_instances": min_instances, "max_instances": max_instances, "may_create": may_create,
        "options": _options(option),
    }  # fmt: skip
    said = {key: value for key, value in given.items() if value is not None}
    new = typed(said, NewEndpoint, model_id="MODEL_ID", options="--option")
    made: EndpointState = asked(lambda app: app.endpoints.add(new, look=test))
    if json:
        print_json(made)
        return
    say(f"{made.model_id} has endpoint {made.id}: {made.name} at {made.place}. {_seen(made)}")


@endpoints.command("set")
def set_(
    id: Id,
    runtime: Annotated[str | None, typer.Option("--runtime", help="What serves it there.")] = None,
    url: Url = None,
    name: Name = None,
    region: Region = None,
    min_instances: Least = None,
    max_instances: Most = None,
    may_create: Annotated[
        bool | None, typer.Option("--may-create/--no-may-create", help="Whether it may be created and deleted there.")
    ] = None,
    enabled: Annotated[
        bool | None, typer.Option("--enable/--disable", help="Whether it counts for its model and is called.")
    ] = None,
    secret_env: SecretEnv = None,
    option: Options = None,
    json: JsonOption = False,
) -> None:
    """Set something of an endpoint; `--option NAME=` takes an option away."""
    from radiant.domain.endpoint_state import EndpointChange

    given: dict[str, Any] = {
        "runtime": runtime, "url": url, "name": name, "region": region, "min_instances": min_instances,
        "max_instances": max_instances, "may_create": may_create, "enabled": enabled, "secret_env": secret_env,
        "options": _options(option) or None,
    }  # fmt: skip
    said = {key: value for key, value in given.items() if value is not None}
    if not said:
        raise typer.BadParameter("say what to set, such as --url, --name or --disable")
    change = typed(said, EndpointChange, options="--option")
    _stated(lambda app: app.endpoints.change(id, change), json)


@endpoints.command()
def remove(id: Id, json: JsonOption = False) -> None:
    """Forget an endpoint; what runs there goes on."""
    gone: EndpointState = asked(lambda app: app.endpoints.remove(id))
    if json:
        print_json(gone)
        return
    say(f"{gone.model_id} has no endpoint {gone.name} at {gone.place} any more; what runs there goes on.")


@endpoints.command()
def test(id: Id, json: JsonOption = False) -> None:
    """Look at an endpoint now, which neither wakes its model nor keeps it awake."""
    seen: EndpointState = asked(lambda app: app.endpoints.test(id))
    if json:
        print_json(seen)
    else:
        say(f"{seen.name} at {seen.place}: {_seen(seen)}")
    if seen.problem is not None:
        raise typer.Exit(1)


@endpoints.command()
def scan(
    url: Annotated[str, typer.Argument(metavar="URL", help="The root of a server.")],
    secret_env: SecretEnv = None,
    add: Annotated[
        bool, typer.Option("--add", help="Add an endpoint for each model of the registry; the others wait in review.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Look what runs at a server, and which models of the registry that is."""
    found: Scanned = asked(lambda app: app.endpoints.scan(url, secret_env=secret_env, add=add))
    if json:
        print_json(found)
    elif found.problem is not None:
        say(f"{found.problem[:1].upper()}{found.problem[1:]}.", err=True)
    else:
        _print_scan(found, add)
    if found.runtime is None:
        raise typer.Exit(1)


def _print_scan(found: "Scanned", added: bool) -> None:
    columns = ("name there", "state", "window", "model", "endpoint", "why")
    rows = [(it.name, it.state.value, it.context_window, it.model_id, it.endpoint_id, it.why) for it in found.models]
    print_table(f"{found.runtime} at {found.url}", columns, rows, right=("window", "endpoint"), prose=("why",))
    new = [it for it in found.models if it.model_id is not None and it.endpoint_id is None]
    unknown = [it for it in found.models if it.model_id is None]
    waiting = [it for it in unknown if it.in_review]
    if not found.models:
        say("It has no models.")
    if waiting:
        say(f"{counted(len(waiting), 'model waits', 'models wait')} in review: `radiant review list -p self_hosted`.")
    if (new or unknown) and not added:
        say("`--add` adds an endpoint for each model that is known here, and puts the others into review.")


def _stated(ask: "Callable[[App], Awaitable[EndpointState]]", json: bool) -> None:
    import msgspec

    found = asked(ask)
    if json:
        print_json(found)
        return
    fields = msgspec.structs.asdict(found)
    print_table(f"{found.name} at {found.place}", ("field", "value"), fields.items(), prose=("value",))


def _state(it: "EndpointState") -> str:
    disabled = "" if it.enabled else ", disabled"
    moving = " (moving)" if it.is_transitioning else ""
    return f"{it.state.value}{moving}{disabled}"


def _seen(it: "EndpointState") -> str:
    """What was seen, in a sentence."""
    if it.observed_at is None:
        return f"Nobody looked yet; it counts as {it.state.value}."
    if it.problem is not None:
        return f"It counts as {it.state.value}: {it.problem}."
    told = [_state(it)]
    if it.instances is not None:
        told.append(counted(it.instances, "instance"))
    if it.in_flight is not None:
        told.append(f"{counted(it.in_flight, 'request')} in flight")
    if it.progress is not None:
        told.append(f"{it.progress:.0%} loaded")
    return f"It is {', '.join(told)}."


def _options(given: list[str] | None) -> dict[str, Any]:
    """NAME=VALUE, where a value is JSON or else a text; nothing at all takes an option away."""
    import msgspec

    options: dict[str, Any] = {}
    for it in given or ():
        name, sign, value = it.partition("=")
        if not sign or not name:
            raise typer.BadParameter(f"{it[:100]!r} is no NAME=VALUE", param_hint="--option")
        try:
            options[name] = msgspec.json.decode(value) if value else None
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            options[name] = value
    return options
