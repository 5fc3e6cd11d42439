"""`radiant schedules`: what runs by the clock."""

import datetime as dt
import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from .command import asked
from .output import JsonOption, print_json, print_table, say

if TYPE_CHECKING:
    from radiant.domain.schedule import Schedule

schedules = typer.Typer(no_args_is_help=True)

Kind = Annotated[str, typer.Argument(help="full, models, health, pricing or thermal.")]


@schedules.command("list")
def list_(context: typer.Context, json: JsonOption = False) -> None:
    """List schedules with the next run, and how the last one went."""
    found = asked(lambda app: app.schedules.listed(), context)
    if json:
        print_json(found)
        return
    rows = [
        (it.kind, it.cron, _state(it), _minute(it.next_due), _minute(it.last_started), it.last_status) for it in found
    ]
    print_table("", ("kind", "schedule", "state", "next", "last run", "ended"), rows)
    for it in found:
        if it.problem is not None:
            say(f"{it.kind}: {it.problem}")


@schedules.command("set")
def set_(
    context: typer.Context,
    kind: Kind,
    cron: Annotated[str, typer.Argument(help="Such as '*/5 * * * *'; a sixth field is seconds.")],
    json: JsonOption = False,
) -> None:
    """Give a kind another schedule. It holds at once, on every machine."""
    _show(asked(lambda app: app.schedules.set(kind, cron), context), json)


@schedules.command()
def pause(
    context: typer.Context,
    kind: Kind,
    until: Annotated[
        dt.datetime | None, typer.Option(help="When it goes on by itself, in UTC; without it, when it is resumed.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Stop a schedule for a while."""
    end = None if until is None else until.replace(tzinfo=dt.UTC)
    _show(asked(lambda app: app.schedules.pause(kind, end), context), json)


@schedules.command()
def resume(context: typer.Context, kind: Kind, json: JsonOption = False) -> None:
    """Let a schedule go on from now."""
    _show(asked(lambda app: app.schedules.resume(kind), context), json)


@schedules.command()
def run(context: typer.Context, kind: Kind, json: JsonOption = False) -> None:
    """Have a kind run now, by the next free worker."""
    found = asked(lambda app: app.schedules.run(kind, getpass.getuser()), context)
    if json:
        print_json(found)
        return
    say(f"{kind} waits for a worker." if found.queued else f"{kind} waits for a worker already; it runs once.")
    if not found.workers:
        say("No worker is running: start `radiant up` or `radiant worker`.")


def _show(schedule: "Schedule", json: bool) -> None:
    if json:
        print_json(schedule)
    elif schedule.next_due is None:
        say(f"{schedule.kind}: {schedule.cron}, paused. `radiant schedules resume {schedule.kind}` lets it go on.")
    else:
        say(f"{schedule.kind}: {schedule.cron}, next at {_minute(schedule.next_due)} UTC.")


def _state(schedule: "Schedule") -> str:
    if not schedule.enabled:
        return "paused"
    waits = schedule.paused_until is not None and schedule.paused_until > dt.datetime.now(dt.UTC)
    return f"paused until {_minute(schedule.paused_until)}" if waits else "on"


def _minute(time: dt.datetime | None) -> str | None:
    return None if time is None else f"{time:%Y-%m-%d %H:%M}"
