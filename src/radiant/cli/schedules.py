"""`radiant schedules`: what runs by the clock."""

import datetime as dt
import getpass
from typing import Annotated, Any

import typer

from radiant.settings import Settings

from .command import run as run_command
from .output import JsonOption, print_json, print_table, say

schedules = typer.Typer(no_args_is_help=True)

Kind = Annotated[str, typer.Argument(help="full, models, health, pricing or thermal.")]


@schedules.command("list")
def list_(context: typer.Context, json: JsonOption = False) -> None:
    """List schedules with the next run, and how the last one went."""
    found = _asked(context, "listed")
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
    _show(_asked(context, "set", kind, cron), json)


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
    _show(_asked(context, "pause", kind, None if until is None else until.replace(tzinfo=dt.UTC)), json)


@schedules.command()
def resume(context: typer.Context, kind: Kind, json: JsonOption = False) -> None:
    """Let a schedule go on from now."""
    _show(_asked(context, "resume", kind), json)


@schedules.command()
def run(context: typer.Context, kind: Kind, json: JsonOption = False) -> None:
    """Have a kind run now, by the next free worker."""
    asked = _asked(context, "run", kind, getpass.getuser())
    if json:
        print_json(asked)
        return
    say(f"{kind} waits for a worker." if asked.queued else f"{kind} waits for a worker already; it runs once.")
    if not asked.workers:
        say("No worker is running: start `radiant up` or `radiant worker`.")


def _asked(context: typer.Context, what: str, *arguments: Any) -> Any:
    """What `App.schedules` answers."""
    from radiant.app import App

    async def command() -> Any:
        async with await App.open(Settings.from_environment()) as app:
            return await getattr(app.schedules, what)(*arguments)

    return run_command(command, context)


def _show(schedule: Any, json: bool) -> None:
    if json:
        print_json(schedule)
    elif schedule.next_due is None:
        say(f"{schedule.kind}: {schedule.cron}, paused. `radiant schedules resume {schedule.kind}` lets it go on.")
    else:
        say(f"{schedule.kind}: {schedule.cron}, next at {_minute(schedule.next_due)} UTC.")


def _state(schedule: Any) -> str:
    if not schedule.enabled:
        return "paused"
    waits = schedule.paused_until is not None and schedule.paused_until > dt.datetime.now(dt.UTC)
    return f"paused until {_minute(schedule.paused_until)}" if waits else "on"


def _minute(time: dt.datetime | None) -> str | None:
    return None if time is None else f"{time:%Y-%m-%d %H:%M}"
