"""Sheets of prices, and what tenants pay beside them, as tables and sentences for a terminal."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from radiant.domain.counted import counted

from .aligned import by_point
from .output import print_table, say

if TYPE_CHECKING:
    from radiant.domain.currency import CurrencyRate
    from radiant.domain.prices import ModelPrices, PriceSheet, RateUsed, SoldBelow

_COLUMNS = ("from", "until", "context", "meter", "USD", "for", "source")


def print_sheets(found: "ModelPrices") -> None:
    """All prices of a model, amounts under each other by their points."""
    rows = [row for sheet in found.sheets if not sheet.silent for row in _rows(sheet)]
    amounts = by_point([row[4] for row in rows])
    lined = [(*row[:4], amount, *row[5:]) for row, amount in zip(rows, amounts, strict=True)]
    print_table(f"{found.provider_id}/{found.model_id}", _COLUMNS, lined, right=("USD", "for"))
    if not rows and found.unknown is None:
        say("No price is known of it at that moment.")
    told: dict[str, dict[str, None]] = {}
    for sheet in found.sheets:
        if sheet.rates:
            told.setdefault(_told_in(sheet), {}).update(dict.fromkeys(map(rate_in_words, sheet.rates)))
    for said, rates in told.items():
        say(f"{said} {'; '.join(rates)}.")
    if found.unknown is not None:
        say(found.unknown)
    for sheet in found.sheets if found.at is not None else ():
        if sheet.whole and not sheet.silent:
            say(_whole(sheet, sum(it.silent for it in found.sheets)))
        if sheet.sold_from is not None and found.at is not None and found.at < sheet.sold_from:
            say(f"Tenants pay what {_whose(sheet)} says from {sheet.sold_from:%Y-%m-%d %H:%M} UTC on.")


def below_cost(it: "SoldBelow") -> str:
    """That a meter is sold below its cost, in a sentence."""
    under = f" ({context_of(it.context)})" if it.context else ""
    until = "" if it.until is None else f", until {it.until:%Y-%m-%d %H:%M} UTC"
    paid = f"we pay {it.purchase} USD for {it.per:,} and the tenant {it.sale}"
    return f"Sold below cost: {it.meter}{under}; {paid}{until}."


def percent(rate: str) -> str:
    """A markup as people say it: 0.4 is 40 %."""
    return f"{(Decimal(rate) * 100).normalize():f} %"


def context_of(context: dict[str, str]) -> str | None:
    """Conditions in words; None where there are none."""
    return ", ".join(f"{name} {value}" for name, value in context.items()) or None


def day(moment: dt.datetime | None) -> str | None:
    """A moment as short as it can be said."""
    if moment is None:
        return None
    return f"{moment:%Y-%m-%d}" if moment.time() == dt.time() else f"{moment:%Y-%m-%d %H:%M:%S}"


def rate_in_words(rate: "CurrencyRate | RateUsed") -> str:
    """A rate as a sentence begins with it."""
    return f"1 {rate.currency} = {rate.usd} USD since {rate.day:%Y-%m-%d} ({rate.source})"


def _told_in(sheet: "PriceSheet") -> str:
    """What its source said of a sheet in another currency."""
    said = ", ".join(
        f"{line.meter} {line.quoted} {line.currency}" + ("" if line.above is None else f" above {line.above:,}")
        for line in sheet.lines
        if line.quoted is not None
    )
    under = f" ({context_of(sheet.context)})" if sheet.context else ""
    return f"Told in another currency{under}: {said}."


def _whole(sheet: "PriceSheet", silent: int) -> str:
    others = "" if not silent else f" {counted(silent, 'sheet of others is', 'sheets of others are')} not asked."
    return f"The sheet of {_whose(sheet)} is whole: what it does not name has no price.{others}"


def _whose(sheet: "PriceSheet") -> str:
    under = f" ({context_of(sheet.context)})" if sheet.context else ""
    return f"{sheet.source}{'' if sheet.tenant is None else f' of tenant {sheet.tenant}'}{under}"


def _rows(sheet: "PriceSheet") -> list[tuple[Any, ...]]:
    context = context_of(sheet.context | ({"tenant": sheet.tenant} if sheet.tenant else {}))
    least = (
        day(sheet.valid_from),
        day(sheet.valid_to),
        context,
        "a request at least",
        sheet.minimum,
        "1",
        sheet.source,
    )
    return [
        (
            day(sheet.valid_from),
            day(sheet.valid_to),
            context,
            line.meter
            + ("" if line.above is None else f" from {'' if line.inclusive else 'above '}{line.above:,} in")
            + ("" if line.clock is None else f" ({line.clock})"),
            line.usd or f"{line.quoted} {line.currency}",
            f"{line.per:,}",
            f"{line.source}, whole" if sheet.whole else line.source,
        )
        for line in sheet.lines
    ] + ([] if sheet.minimum is None else [least])
