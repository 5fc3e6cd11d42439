"""What the sheets of a model should be where somebody tells its prices in another currency than USD. Pure.

From the day of each rate on, its prices are reckoned in USD by that rate: a new rate is a change of price. Before the
first one the books know no price of it, and the sheet is kept in its own currency.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import msgspec

from radiant.catalog.precedence import Doubts, holding
from radiant.claims.kinds import kind_field
from radiant.domain.currency import Rate, currency_of
from radiant.domain.fact import Fact
from radiant.domain.price_sheet import Price, Sheet
from radiant.domain.units import LIST_PRICES
from radiant.domain.vocabulary import Task
from radiant.pricing.currencies import Rates, currencies, facts_in_usd, quoted, said_in
from radiant.pricing.row_sheets import BATCH, counted_by
from radiant.pricing.stored import said_by
from radiant.pricing.wanted import Said, Wanted, since_of, wanted

_EVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


def wanted_in_usd(said: Said, doubts: Doubts, now: dt.datetime, rates: Rates) -> Wanted:
    """The sheets of a model at the rates that there are; as `wanted` where all of it is told in USD."""
    named = currencies(said.facts)
    if not named:
        return wanted(said, doubts, now)
    known = [rate for currency in named for rate in rates.get(currency, ())]
    begun = min(map(since_of, (fact for fact in said.facts if currency_of(fact.field) is not None)))
    turns = sorted({it.since for it in known if it.since > begun})
    spans = list(pairwise([None, *turns, None]))
    parts = [_between(said, doubts, now, rates, start or begun) for start, _ in spans]
    sheets = [
        it
        for part, (start, end) in zip(parts, spans, strict=True)
        for sheet in part.sheets
        for it in _clipped(sheet, start, end)
    ]
    return msgspec.structs.replace(parts[-1], sheets=tuple(_joined(sheets)))


def _between(said: Said, doubts: Doubts, now: dt.datetime, rates: Rates, at: dt.datetime) -> Wanted:
    """What would be wanted if the rates of a moment held always."""
    facts = facts_in_usd(said.facts, rates, at)
    found = wanted(msgspec.structs.replace(said, facts=tuple(facts)), doubts, now)
    if any(sheet.valid_to is None for sheet in found.sheets):
        held = holding(facts, doubts)
        return msgspec.structs.replace(found, sheets=tuple(_marked(it, said.task, held) for it in found.sheets))
    for currency in currencies(said.facts):
        own = msgspec.structs.replace(said, facts=tuple(said_in(said.facts, currency)), dated=())
        kept = wanted(own, doubts, now)
        if kept.sheets:
            begun = min(it.valid_from or _EVER for it in kept.sheets)
            before = [it for sheet in found.sheets for it in _clipped(sheet, None, begun)]
            foreign = [msgspec.structs.replace(it, currency=currency) for it in kept.sheets]
            return msgspec.structs.replace(kept, sheets=(*before, *foreign))
    return found


def _marked(sheet: Sheet, task: Task, held: dict[str, Fact]) -> Sheet:
    """The sheet with what was said of each price that a rate made."""
    by_meter: dict[str, Rate | None] = {}
    for name, listed in LIST_PRICES.items():
        fact = held.get(listed.fact or "")
        if fact is not None and name.startswith("batch_") is (sheet.context == BATCH) and sheet.context in ({}, BATCH):
            by_meter.setdefault(counted_by(name, task), fact.rate)
    of_kind = held.get(kind_field(sheet.context)) if sheet.context else None
    tiers = of_kind or held.get("price.tiers")
    prices = []
    for price in sheet.prices:
        rate = by_meter.get(price.meter, None if of_kind is None else of_kind.rate)
        if price.clock is not None and "price.hours" in held:
            rate = held["price.hours"].rate
        prices.append(price if rate is None else _said(price, rate, None if tiers is None else tiers.rate))
    return msgspec.structs.replace(sheet, prices=tuple(prices))


def _said(price: Price, rate: Rate, of_tiers: Rate | None) -> Price:
    tiers = tuple(
        it if of_tiers != rate else msgspec.structs.replace(it, quoted=quoted(it.amount, rate)) for it in price.tiers
    )
    return msgspec.structs.replace(price, quoted=quoted(price.amount, rate), rate=rate, tiers=tiers)


def _clipped(sheet: Sheet, start: dt.datetime | None, end: dt.datetime | None) -> Iterable[Sheet]:
    """What of a sheet lies between two moments; what a rate begins holds since its day."""
    begin, stop = sheet.valid_from, sheet.valid_to
    if start is not None and (begin is None or begin < start):
        sheet, begin = msgspec.structs.replace(sheet, valid_from=start, said="date"), start
    if end is not None and (stop is None or stop > end):
        sheet, stop = msgspec.structs.replace(sheet, valid_to=end), end
    if begin is None or stop is None or begin < stop:
        yield sheet


def _joined(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Without seams between sheets that say the same one after the other."""
    found: list[Sheet] = []
    for sheet in sorted(sheets, key=lambda it: (sorted(it.context.items()), it.valid_from or _EVER)):
        last = found[-1] if found else None
        if (
            last is not None
            and last.context == sheet.context
            and last.valid_to is not None
            and last.valid_to == sheet.valid_from
            and (last.source, said_by(last)) == (sheet.source, said_by(sheet))
        ):
            found[-1] = msgspec.structs.replace(last, valid_to=sheet.valid_to)
        else:
            found.append(sheet)
    return found
