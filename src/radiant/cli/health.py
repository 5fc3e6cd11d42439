"""`radiant health`: how providers are, and what they were."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from radiant.domain.counted import counted
from radiant.domain.health import Window
from radiant.domain.observation import Reason

from . import completion
from .command import asked
from .output import JsonOption, print_json, print_table, say
from .sparkline import sparkline

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from radiant.app import App
    from radiant.domain.health import (
        PaidProbe,
        Point,
        ProviderHealth,
        ProviderHistory,
        RegionHealth,
        Spending,
        StatusPage,
    )

_SPANS = {Window.HOUR: "the last hour", Window.DAY: "the last 24 hours", Window.MONTH: "the last 30 days"}
_STEPS = {Window.HOUR: "2 minutes", Window.DAY: "an hour", Window.MONTH: "a day"}

#: Puts the cursor on the upper left of an empty screen.
_CLEAR = "\x1b[H\x1b[2J"


def health(
    context: typer.Context,
    provider: Annotated[
        str | None, typer.Argument(help="Its id, such as openai.", autocompletion=completion.providers)
    ] = None,
    window: Annotated[
        str,
        typer.Option(
            "--window", "-w", help="1h, 24h or 30d.", autocompletion=completion.one_of(it.value for it in Window)
        ),
    ] = Window.DAY.value,
    completion: Annotated[
        bool,
        typer.Option(
            "--completion", help="Pay for a few tokens of its cheapest chat model, within RADIANT_PROBE_BUDGET."
        ),
    ] = False,
    model: Annotated[
        str | None, typer.Option("--model", help="With --completion: of this model, by its id there.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Show it again and again, until Ctrl-C.")] = False,
    every: Annotated[float, typer.Option(min=0.2, max=3600, help="Seconds between two looks of --watch.")] = 5.0,
    json: JsonOption = False,
) -> None:
    import asyncio

    if completion and (provider is None or watch):
        raise typer.BadParameter("--completion is of one PROVIDER, and once")
    if model is not None and not completion:
        raise typer.BadParameter("--model goes with --completion")

    async def look(app: "App") -> None:
        if completion:
            paid = await app.paid_probes.ask(str(provider), model)
            print_json(paid) if json else _tell_paid(paid)
            return
        await _show(app, provider, window, json=json)
        while watch:
            await asyncio.sleep(every)
            await _show_again(app, provider, window, json=json)

    asked(look, context)


async def _show(app: "App", provider: str | None, window: str, *, json: bool, anew: bool = False) -> None:
    """What is known now; `anew`, on an empty screen, as soon as it is read."""
    import sys

    tell = await (_looked_at_all(app, window, json) if provider is None else _looked_at(app, provider, window, json))
    if anew and sys.stdout.isatty() and not json:
        typer.echo(_CLEAR, nl=False)
    tell()


async def _show_again(app: "App", provider: str | None, window: str, *, json: bool) -> None:
    """While the registry does not answer, what was shown last stays, and why is told below it."""
    from radiant.domain.errors import DatabaseError

    try:
        await _show(app, provider, window, json=json, anew=True)
    except DatabaseError as error:
        say(f"{error} It is looked at again.", err=True)


async def _looked_at(app: "App", provider: str, window: str, json: bool) -> "Callable[[], None]":
    found = await app.health.of(provider, window)
    return lambda: print_json(found) if json else _show_one(found)


async def _looked_at_all(app: "App", window: str, json: bool) -> "Callable[[], None]":
    curves = await app.health.curves(window)
    listed, spending = await app.health.listed(), await app.health.spending()

    def tell() -> None:
        if json:
            print_json({"providers": listed, "paid_probes": spending})
            return
        show_all(listed, curves, Window(window))
        if spending.spent_usd:
            say(_spent(spending))

    return tell


def show_all(listed: "list[ProviderHealth]", curves: "dict[str, list[Point]]", window: Window) -> None:
    """Print a table of those of whom anything is known."""
    known = [it for it in listed if it.resting or any(region.last_check_at for region in it.regions)]
    if known:
        columns = ["provider", "status", "ms", "p95", "errors", window.value, "why"]
        rows = [_row(it, curves.get(it.provider_id, [])) for it in known]
        if any(it.status_page for it in known):
            columns.append("status page")
            rows = [(*row, _page(it.status_page)) for row, it in zip(rows, known, strict=True)]
        # A curve is never cut: what is left out would be now.
        right = ("ms", "p95", "errors", window.value)
        print_table("", columns, rows, right=right, extra=("p95",), prose=("why", "status page"))
    for it in known:
        _tell_resting(it)
    if rest := len(listed) - len(known):
        few = f"{counted(rest, 'provider')} {'was' if rest == 1 else 'were'} never asked"
        how = "who can be asked at no cost is probed once there is a key here"
        say(f"{few}: {how}; `radiant health PROVIDER` says why one is not.")


def _row(it: "ProviderHealth", points: "list[Point]") -> tuple[object, ...]:
    best = it.best
    if best is None:
        return (it.provider_id, it.status, None, None, None, sparkline(points), None)
    return (
        it.provider_id,
        it.status,
        _ms(best.avg_latency_ms),
        _ms(best.p95_latency_ms),
        _share(best.error_rate),
        sparkline(points),
        best.reason,
    )


def _page(page: "StatusPage | None") -> str | None:
    return None if page is None else page.problem or page.description


def _show_one(it: "ProviderHistory") -> None:
    best = it.best
    why = f" ({best.reason})" if best is not None and best.reason is not None else ""
    say(f"{it.display_name}: {it.status}{why}")
    known = [
        f"{name} {value}"
        for name, value in (
            ("uptime", _share(it.uptime, 2)),
            ("success", _share(it.success_rate, 2)),
            ("p50", _ms(it.p50_latency_ms, "ms")),
            ("p95", _ms(it.p95_latency_ms, "ms")),
            ("p99", _ms(it.p99_latency_ms, "ms")),
        )
        if value is not None
    ]
    say(f"In {_SPANS[it.window]}: {', '.join(known) if known else 'nothing was measured'}.")
    if any(point.ok or point.failed for point in it.points):
        say(f"{sparkline(it.points)}  {_STEPS[it.window]} each; × failed, · not asked")
    if it.status_page is not None:
        say(f"Its status page at {_minute(it.status_page.at)}: {_page(it.status_page)}.")
    _show_regions(it)
    if it.incidents:
        rows = [
            (
                _minute(each.began_at),
                _minute(each.ended_at) if each.ended_at else "still",
                each.region,
                each.status,
                each.reason,
            )
            for each in it.incidents
        ]
        typer.echo()
        print_table("Incidents", ("from", "to", "region", "status", "reason"), rows)
    if it.models:
        rows_of_models = [
            (
                each.model_id,
                each.status,
                _ms(each.avg_latency_ms),
                _ms(each.p95_latency_ms),
                _share(each.error_rate),
                each.reason,
            )
            for each in it.models
        ]
        columns = ("model", "status", "ms", "p95", "errors", "reason")
        typer.echo()
        print_table("Models, as real requests met them", columns, rows_of_models, right=("ms", "p95", "errors"))
    _tell_resting(it)


def _show_regions(it: "ProviderHealth") -> None:
    columns = ("region", "status", "ms", "p95", "p99", "errors", "last check", "why")
    rows = [
        (
            each.region,
            each.status,
            _ms(each.avg_latency_ms),
            _ms(each.p95_latency_ms),
            _ms(each.p99_latency_ms),
            _share(each.error_rate),
            _minute(each.last_check_at) if each.last_check_at else None,
            _why(each) or None,
        )
        for each in it.regions
    ]
    typer.echo()
    print_table("Regions", columns, rows, right=("ms", "p95", "p99", "errors"), prose=("why",))


def _tell_paid(paid: "PaidProbe") -> None:
    how = f"answered in {paid.latency_ms:,.0f} ms" if paid.latency_ms is not None else f"failed: {paid.message}"
    say(f"{paid.provider_id}/{paid.model_id} {how}; that cost {_usd(paid.cost_usd)} USD.")
    say(_spent(paid.today))


def _spent(spending: "Spending") -> str:
    budget = _usd(spending.budget_usd)
    return f"Completions that were asked for cost {_usd(spending.spent_usd)} of the {budget} USD of today."


def _usd(amount: "Decimal") -> str:
    return f"{amount.normalize():f}"


def _tell_resting(it: "ProviderHealth") -> None:
    for model in it.resting:
        last = f", last: {model.reason}" if model.reason else ""
        say(
            f"{it.provider_id}/{model.model_id} rests until {model.until:%H:%M:%S}: "
            f"{counted(model.failures, 'failure')} in a row{last}."
        )


def _why(region: "RegionHealth") -> str:
    """What went wrong, and why it is not asked now."""
    reason = "" if region.reason == Reason.NO_KEY else region.reason
    told = [region.last_error or reason or ""]
    if region.not_probed is not None:
        told.append(f"not probed: {region.not_probed}")
    return "; ".join(filter(None, told))


def _ms(value: float | None, unit: str = "") -> str | None:
    return None if value is None else f"{value:,.0f} {unit}".rstrip()


def _share(value: float | None, places: int = 0) -> str | None:
    return None if value is None else f"{value * 100:.{places}f} %"


def _minute(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
