"""`radiant prices currencies` and `currency`: what other currencies are worth in USD, day by day."""

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from radiant.domain.counted import counted

from .command import asked
from .output import JsonOption, print_json, print_table, say
from .price_setting import usd
from .price_sheets import rate_in_words

if TYPE_CHECKING:
    from radiant.domain.currency import CurrencyRate, RateSet


def currencies(
    ever: Annotated[bool, typer.Option("--ever", help="Also what was replaced by another rate of its day.")] = False,
    json: JsonOption = False,
) -> None:
    """List what units of other currencies are worth in USD, as somebody stated it, each with its source."""
    found: list[CurrencyRate] = asked(lambda app: app.currencies.listed(ever=ever))
    if json:
        print_json(found)
        return
    if not found:
        say("No rate is stated: `radiant prices currency EUR RATE --source WHERE` states one.")
        return
    columns = ("currency", "from", "USD", "source", "by", "replaced")
    rows = [
        (
            it.currency,
            f"{it.day:%Y-%m-%d}",
            it.usd,
            it.source,
            it.set_by,
            it.known_to and f"{it.known_to:%Y-%m-%d %H:%M}",
        )
        for it in found
    ]
    shown = len(columns) if ever else len(columns) - 1
    print_table("", columns[:shown], [row[:shown] for row in rows], right=("USD",), prose=("source",), extra=("by",))


def currency(
    context: typer.Context,
    currency: Annotated[str, typer.Argument(metavar="CURRENCY", help="By ISO 4217, such as EUR.")],
    rate: Annotated[str, typer.Argument(metavar="RATE", help="How many USD one unit of it is worth: 1.08.")],
    source: Annotated[str, typer.Option("--source", help='Where you read it: "ECB reference rate".')],
    day: Annotated[
        str | None, typer.Option("--day", help="From which day on, such as 2026-11-26.  [default: today, UTC]")
    ] = None,
    json: JsonOption = False,
) -> None:
    """State what a unit of a currency is worth in USD from a day on. Prices told in it follow at once."""
    import getpass

    from radiant.domain.currency import RateTerms

    terms = RateTerms(currency=currency, usd=usd("RATE", rate), source=source, day=None if day is None else _day(day))
    by = getpass.getuser()
    found: RateSet = asked(lambda app: app.currency_rates.state(terms, by=by), context, {"rate": "usd"})
    if json:
        print_json(found)
        return
    say(f"{rate_in_words(found.rate)}.")
    if not found.told:
        say(f"No price is told in {found.rate.currency} yet.")
        return
    held = f"; {counted(found.held, 'change')} held for approval (`radiant prices held`)" if found.held else ""
    models = counted(found.told, "model")
    say(f"Prices of {models} are told in {found.rate.currency}: {counted(found.sheets, 'new sheet')}{held}.")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text[:50]!r} is no day, such as 2026-11-26.", param_hint="--day") from error
