"""`radiant thermal`: how warm your own models are."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from radiant.domain.thermal import Target
from radiant.domain.vocabulary import ThermalState

from .command import asked, typed
from .output import JsonOption, print_json, print_table, say

if TYPE_CHECKING:
    from radiant.app import App
    from radiant.domain.warmth import Asked, ModelWarmth, Warmth, WarmthMetrics

thermal = typer.Typer(no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="MODEL_ID", help="The model, by any of its names.")]


@thermal.command("list")
def list_(
    state: Annotated[ThermalState | None, typer.Option("--state", help="Only those in this state.")] = None,
    json: JsonOption = False,
) -> None:
    """List your own models: how warm they are, why, and what sleeping saves."""
    found: list[ModelWarmth] = asked(lambda app: app.warmth.listed(state=state))
    if json:
        print_json(found)
        return
    shown = [it for it in found if it.endpoint_id is not None or it.target is not Target.AUTOMATIC]
    if shown:
        columns = ("model", "state", "target", "warm-up", "asleep", "saved", "stood in for", "why")
        rows = [
            (it.model_id, _state(it), it.target, _seconds(it.expected_seconds), f"{it.hours_asleep:,.1f} h",
             _usd(it.saved_usd), it.handovers or None, it.problem or it.why)
            for it in shown
        ]  # fmt: skip
        print_table("", columns, rows, right=("warm-up", "asleep", "saved", "stood in for"), prose=("why",))
        metrics: WarmthMetrics = asked(lambda app: app.warmth.metrics())
        say(f"In {metrics.days} days sleeping saved {metrics.saved_usd:,.2f} USD ({metrics.hours_asleep:,.0f} hours); "
            f"others stood in {metrics.handovers:,} times, for {metrics.handover_usd:.4f} USD.")  # fmt: skip
    if rest := len(found) - len(shown):
        say(f"{rest} more without an endpoint: `radiant endpoints add MODEL_ID --runtime ollama --url URL`.")


@thermal.command()
def show(model: Id, json: JsonOption = False) -> None:
    """Show one model with its last warm-ups."""
    found: Warmth = asked(lambda app: app.warmth.of(model))
    print_json(found) if json else _show(found)


@thermal.command("set")
def set_(
    model: Id,
    target: Annotated[
        Target | None, typer.Option("--target", help="How warm it is held; AUTOMATIC lets it be.")
    ] = None,
    idle: Annotated[
        int | None, typer.Option("--idle-minutes", min=1, max=525600, help="Minutes without work until it sleeps.")
    ] = None,
    window: Annotated[
        list[str] | None,
        typer.Option(
            "--window",
            metavar="CRON/MINUTES[/ZONE]",
            help="Warm at these times, such as '0 8 * * mon-fri/600/Europe/Berlin'; replaces all, and may be repeated.",
        ),
    ] = None,
    no_windows: Annotated[bool, typer.Option("--no-windows", help="Take all windows away.")] = False,
    json: JsonOption = False,
) -> None:
    """Say how warm a model is held, when it counts as idle, and at which times it is warm before anybody asks."""
    from radiant.domain.warmth import WarmthChange

    given: dict[str, Any] = {"target": target, "scale_to_zero_minutes": idle}
    said = {name: value for name, value in given.items() if value is not None}
    if window and no_windows:
        raise typer.BadParameter("either sets windows or takes them all away", param_hint="--window, --no-windows")
    if window or no_windows:
        said["windows"] = tuple(_window(it) for it in window or ())
    if not said:
        raise typer.BadParameter("say what to set: --target, --idle-minutes or --window")
    change = typed(said, WarmthChange, scale_to_zero_minutes="--idle-minutes", windows="--window")
    found: Warmth = asked(lambda app: app.warmth.set(model, change, by="cli"))
    print_json(found) if json else _show(found)


@thermal.command()
def warm(
    model: Id,
    minutes: Annotated[int, typer.Option("--for", min=1, max=1440, help="Minutes for which it is wanted.")] = 15,
    json: JsonOption = False,
) -> None:
    """Ask for a model to be brought up; a worker does it."""
    found: Asked = asked(lambda app: app.warmth.warm(model, minutes, by="cli", anew=True))
    if json:
        print_json(found)
    elif found.problem is not None:
        say(f"{model} stays {found.state}: {found.problem}.", err=True)
    elif found.state in (ThermalState.WARM, ThermalState.HOT):
        say(f"{model} is {found.state}.")
    else:
        about = "" if found.expected_seconds is None else f" Warm-ups take about {found.expected_seconds:,} s."
        say(f"{model} is asked for{'' if found.started else ' already'}.{about} `radiant thermal watch` follows.")
    if found.problem is not None:
        raise typer.Exit(1)


@thermal.command()
def cool(model: Id, json: JsonOption = False) -> None:
    """Send a model to sleep as soon as nothing is in flight; whoever asks wakes it again."""
    found: Warmth = asked(lambda app: app.warmth.cool(model, by="cli"))
    print_json(found) if json else say(f"{model} goes to sleep once nothing is in flight.")


@thermal.command()
def watch(json: JsonOption = False) -> None:
    """Follow what happens to the warmth of models, until Ctrl-C."""

    async def follow(app: "App") -> None:
        async for page in app.events.follow(None):
            for event in page:
                if event.type.startswith("radiant.thermal."):
                    print_json(event) if json else say(_told(event))

    asked(follow)


def _show(found: "Warmth") -> None:
    it = found.model
    say(f"{it.display_name} ({it.model_id}) is {_state(it)}, and held {it.target}.")
    if it.problem or it.why:
        say(f"{it.problem or it.why}.")
    if it.p50_seconds is not None:
        say(f"Its last warm-ups took {it.p50_seconds} s, the slowest {it.p95_seconds} s.")
    say(f"It sleeps after {it.scale_to_zero_minutes} minutes without work; {it.hours_asleep:,.1f} hours asleep in 30 "
        f"days saved {_usd(it.saved_usd) or 'an unknown amount'}.")  # fmt: skip
    if it.handovers:
        say(f"Others stood in {it.handovers:,} times, for {it.handover_usd:.4f} USD: {it.break_even}.")
    for window in found.windows:
        never = "never, as it is disabled" if not window.enabled else window.problem and f"never: {window.problem}"
        times = f"from `{window.cron}` in {window.time_zone} for {window.duration_minutes} minutes"
        say(f"Warm {times}{f', but {never}' if never else '.'}")
    if found.warmups:
        rows = [
            (f"{each.started_at:%Y-%m-%d %H:%M:%S}", each.endpoint_id, each.outcome or "under way",
             each.ended_at and f"{(each.ended_at - each.started_at).total_seconds():,.1f} s",
             each.problem or each.requested_by)
            for each in found.warmups
        ]  # fmt: skip
        print_table("Warm-ups", ("began (UTC)", "endpoint", "ended", "took", "why"), rows, prose=("why",))


def _told(event: Any) -> str:
    data, what = event.data, event.type.removeprefix("radiant.thermal.").replace("_", " ")
    if "after" in data:
        moving = ", under way" if data.get("is_transitioning") else ""
        return f"{event.time:%H:%M:%S}  {data['model_id']}  {data['before']} → {data['after']}{moving}"
    named = ("outcome", "seconds", "progress", "requested_by", "problem")
    said = ", ".join(f"{name.replace('_', ' ')} {data[name]}" for name in named if data.get(name) is not None)
    return f"{event.time:%H:%M:%S}  {data['model_id']}  {what}: {said}"


def _window(text: str) -> Any:
    from radiant.domain.warmth import NewWindow

    # A cron expression has slashes of its own, as in */5.
    parts = text.split("/")
    for count in (1, 2, 3, 4):
        if len(parts) > count and parts[-count].strip().isdigit():
            cron, minutes = "/".join(parts[:-count]), int(parts[-count])
            zone = "/".join(parts[len(parts) - count + 1 :])
            given = {"cron": cron.strip(), "duration_minutes": minutes, "time_zone": zone or "UTC"}
            return typed(given, NewWindow, option="--window")
    problem = f"{text!r:.60} is no window; expected CRON/MINUTES or CRON/MINUTES/ZONE"
    raise typer.BadParameter(problem, param_hint="--window")


def _state(it: "ModelWarmth") -> str:
    if not it.is_transitioning:
        return it.state
    done = "" if it.progress is None else f" {it.progress:.0%}"
    left = "" if it.ready_in_seconds is None else f", about {it.ready_in_seconds:,.0f} s left"
    return f"{it.state}, {it.phase or 'moving'}{done}{left}"


def _seconds(value: int | None) -> str | None:
    return None if value is None else f"{value:,} s"


def _usd(value: Any) -> str | None:
    return None if value is None else f"{value:,.2f} USD"
