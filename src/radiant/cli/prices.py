"""`radiant prices`: what models cost at any moment, what was believed of it, and what people decide about it."""

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any

import typer

from radiant.domain.counted import counted
from radiant.settings import Settings

from . import completion
from .command import run
from .output import JsonOption, print_json, print_table, say
from .price_chart import chart
from .rerating import close, rerate

if TYPE_CHECKING:
    from radiant.domain.prices import HeldPrice, ModelPrices, PriceClaim, PriceSheet

prices = typer.Typer(no_args_is_help=True)
prices.command()(rerate)
prices.command()(close)

Model = Annotated[
    str,
    typer.Argument(metavar="MODEL", help="Provider and model, or a model id.", autocompletion=completion.models),
]
Chosen = Annotated[
    list[str], typer.Argument(help="Numbers as `radiant prices held` shows them, models such as openai/gpt-5, or all.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why.")]
At = Annotated[str | None, typer.Option("--at", help="When, with a zone: 2026-12-01T00:00:00Z.  [default: now]")]
Known = Annotated[
    str | None, typer.Option("--known", help="As it was believed then.  [default: as it is believed now]")
]


@prices.command()
def show(model: Model, at: At = None, known: Known = None, json: JsonOption = False) -> None:
    """Show the prices of a model at a moment, each with its source."""
    from radiant.app import App
    from radiant.insight.costs import moment

    async def command() -> "list[ModelPrices]":
        when, believed = (None if it is None else moment(it) for it in (at, known))
        async with await App.open(Settings.from_environment()) as app:
            return await app.prices.at(model, when, believed)

    found: list[ModelPrices] = run(command)
    if json:
        print_json(found)
        return
    for it in found:
        _sheets(it)


@prices.command()
def history(
    model: Model,
    ever: Annotated[bool, typer.Option("--ever", help="Also what was believed once and is no longer.")] = False,
    json: JsonOption = False,
) -> None:
    """Show all prices of a model over time, with a chart of the input price, and what is announced."""
    from radiant.app import App

    async def command() -> "list[ModelPrices]":
        async with await App.open(Settings.from_environment()) as app:
            return await app.prices.history(model, ever=ever)

    found: list[ModelPrices] = run(command)
    if json:
        print_json(found)
        return
    for it in found:
        for line in chart(it.sheets):
            say(line)
        _sheets(it)


@prices.command()
def compare(model: Model, json: JsonOption = False) -> None:
    """Show what each source says of the prices of a model, and said before."""
    from radiant.app import App

    async def command() -> "list[tuple[str, list[PriceClaim]]]":
        async with await App.open(Settings.from_environment()) as app:
            return await app.prices.claims(model)

    found: list[tuple[str, list[PriceClaim]]] = run(command)
    if json:
        print_json([{"model": name, "claims": claims} for name, claims in found])
        return
    for name, claims in found:
        rows = [
            (
                it.source,
                it.entry,
                None if it.starts is None else f"{it.starts:%Y-%m-%d}",
                ", ".join(f"{key} {value}" for key, value in it.prices.items() if not isinstance(value, list)),
                f"{it.seen_from:%Y-%m-%d}" + ("" if it.seen_to is None else f" to {it.seen_to:%Y-%m-%d}"),
            )
            for it in claims
        ]
        print_table(name, ("source", "entry", "from", "prices", "said since"), rows, prose=("prices",))
        if not claims:
            say("No source is kept of it; `radiant sync pricing` reads what catalogs say.")


@prices.command()
def conflicts(
    context: typer.Context,
    provider: Annotated[
        str | None, typer.Option("--provider", "-p", help="Only this one.", autocompletion=completion.providers)
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 50,
    json: JsonOption = False,
) -> None:
    """Show where sources disagree about prices, the largest gap first."""
    from .catalog import conflicts as all_conflicts

    all_conflicts(context, provider=provider, prices=True, limit=limit, json=json)


@prices.command()
def held(
    decided: Annotated[bool, typer.Option("--decided", help="Also those that somebody decided.")] = False,
    json: JsonOption = False,
) -> None:
    """List changes of price that a guard held, each with what speaks against it."""
    from radiant.app import App

    async def command() -> "list[HeldPrice]":
        async with await App.open(Settings.from_environment()) as app:
            return await app.prices.held(decided=decided)

    found: list[HeldPrice] = run(command)
    if json:
        print_json(found)
        return
    if not found:
        say("No change of price waits for approval.")
        return
    rows = [(it.id, it.model, _context(it.context), "; ".join(it.reasons), it.verdict, it.reason) for it in found]
    columns = ("number", "model", "context", "what speaks against it", "verdict", "why")
    print_table("", columns, rows, right=("number",), prose=("what speaks against it",), extra=("verdict", "why"))
    say(f"{counted(len(found), 'change')}; `radiant prices approve NUMBER` takes one over.")


@prices.command()
def approve(chosen: Chosen, reason: Reason = None) -> None:
    """Take these changes over, from now on or from when they were announced for."""
    _decide(chosen, True, reason)


@prices.command()
def refuse(chosen: Chosen, reason: Reason = None) -> None:
    """Refuse these; the same is not proposed again."""
    _decide(chosen, False, reason)


def _decide(chosen: list[str], yes: bool, reason: str | None) -> None:
    import getpass

    from radiant.app import App

    async def command() -> list[str]:
        async with await App.open(Settings.from_environment()) as app:
            return await app.price_decisions.decide(chosen, approve=yes, by=getpass.getuser(), reason=reason)

    for model in run(command):
        say(f"{model}: {'taken over' if yes else 'refused; its price stays'}.")


@prices.command(name="set")
def set_(
    model: Model,
    given: Annotated[
        list[str],
        typer.Argument(metavar="METER=USD", help="Such as input_tokens=2.5 for a million, images=0.04 for one."),
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    since: Annotated[str | None, typer.Option("--since", help="From when, with a zone.  [default: now]")] = None,
    until: Annotated[str | None, typer.Option("--until", help="Until just before when.")] = None,
    tenant: Annotated[str | None, typer.Option("--tenant", help="Of this tenant alone: its contract.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would be, and write nothing.")] = False,
) -> None:
    """Set prices by hand, before whatever sources say; what is not named stays as it is."""
    import getpass

    from radiant.app import App
    from radiant.domain.prices import PriceSheet, SetPrices
    from radiant.insight.costs import moment

    async def command() -> "PriceSheet":
        wanted = SetPrices(
            prices=dict(_amount(it) for it in given),
            reason=reason,
            since=None if since is None else moment(since),
            until=None if until is None else moment(until),
            tenant=tenant,
        )
        async with await App.open(Settings.from_environment()) as app:
            sheet = await app.price_decisions.set(model, wanted, by=getpass.getuser(), dry_run=dry_run)
        return PriceSheet.of(sheet)

    found: PriceSheet = run(command)
    print_table("", _COLUMNS, _rows(found), right=("USD", "for"))
    say("Nothing was written." if dry_run else "It speaks before all sources; what it does not name is left to them.")


@prices.command()
def unset(
    model: Model, tenant: Annotated[str | None, typer.Option("--tenant", help="The contract of this tenant.")] = None
) -> None:
    """End what was set by hand; sources speak again from now on, and history keeps what was set."""
    import getpass

    from radiant.app import App

    async def command() -> str:
        async with await App.open(Settings.from_environment()) as app:
            return await app.price_decisions.unset(model, by=getpass.getuser(), tenant=tenant)

    say(f"{run(command)}: what was set has ended.")


def _amount(text: str) -> tuple[str, Decimal]:
    meter, equals, amount = text.partition("=")
    try:
        return meter, Decimal(amount if equals else "")
    except InvalidOperation as error:
        raise typer.BadParameter(f"{text!r} is no METER=USD, such as input_tokens=2.5") from error


_COLUMNS = ("from", "until", "context", "meter", "USD", "for", "source")


def _sheets(found: "ModelPrices") -> None:
    rows = [row for sheet in found.sheets for row in _rows(sheet)]
    print_table(f"{found.provider_id}/{found.model_id}", _COLUMNS, rows, right=("USD", "for"))
    if not rows:
        say("No price is known of it at that moment.")


def _rows(sheet: "PriceSheet") -> list[tuple[Any, ...]]:
    context = _context(sheet.context | ({"tenant": sheet.tenant} if sheet.tenant else {}))
    return [
        (
            _day(sheet.valid_from),
            _day(sheet.valid_to),
            context,
            line.meter
            + ("" if line.above is None else f" from {'' if line.inclusive else 'above '}{line.above:,} in")
            + ("" if line.clock is None else f" ({line.clock})"),
            line.usd,
            f"{line.per:,}",
            line.source,
        )
        for line in sheet.lines
    ]


def _context(context: dict[str, str]) -> str | None:
    return ", ".join(f"{name} {value}" for name, value in context.items()) or None


def _day(moment: dt.datetime | None) -> str | None:
    if moment is None:
        return None
    return f"{moment:%Y-%m-%d}" if moment.time() == dt.time() else f"{moment:%Y-%m-%d %H:%M:%S}"
