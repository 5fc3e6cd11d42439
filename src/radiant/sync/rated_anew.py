"""What stored sheets should be once rates of currencies are stated, or stated otherwise. Pure.

A rate is about what was told then: the amounts stand in the sheets, whatever their source says now.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from radiant.domain.currency import USD, Rate
from radiant.domain.price_sheet import Price, Sheet
from radiant.pricing.currencies import Rates, rate_at, usd
from radiant.pricing.stored import said_by


def rated_anew(stored: Sequence[Sheet], rates: Rates) -> list[Sheet]:
    """Of sheets of one offer, the spans for which rates make other sheets than are stored."""
    return [it for sheet in stored for it in _anew(sheet, rates)]


def overlaid(stored: Sequence[Sheet], new: Sequence[Sheet]) -> list[Sheet]:
    """The sheets of one offer as they are once `new` are stored, which take the place of what they overlap."""
    found = list(stored)
    for sheet in new:
        found = [*(part for it in found for part in _outside(it, sheet)), sheet]
    return found


def _outside(sheet: Sheet, other: Sheet) -> Iterable[Sheet]:
    """What of a sheet lies before and after another."""
    begin, end = other.valid_from, other.valid_to
    if begin is not None and (sheet.valid_from is None or sheet.valid_from < begin):
        yield sheet if _ends(sheet, begin) else msgspec.structs.replace(sheet, valid_to=begin)
    if end is not None and not _ends(sheet, end):
        late = sheet.valid_from is not None and sheet.valid_from >= end
        yield sheet if late else msgspec.structs.replace(sheet, valid_from=end)


def _ends(sheet: Sheet, moment: dt.datetime) -> bool:
    return sheet.valid_to is not None and sheet.valid_to <= moment


def _anew(sheet: Sheet, rates: Rates) -> Iterable[Sheet]:
    named = {_told_in(sheet, price) for price in sheet.prices} - {USD}
    start, end = sheet.valid_from, sheet.valid_to
    turns = {it.since for name in named for it in rates.get(name, ())}
    within = sorted(it for it in turns if (start is None or start < it) and (end is None or it < end))
    for since, until in pairwise([start, *within, end]) if named else ():
        by = {name: None if since is None else rate_at(rates, name, since) for name in named}
        if None in by.values():
            continue
        prices = tuple(_at(price, sheet, by.get(_told_in(sheet, price))) for price in sheet.prices)
        found = msgspec.structs.replace(sheet, prices=prices, currency=USD, valid_from=since, valid_to=until)
        if said_by(found) == said_by(sheet):
            continue
        yield found if since == start else msgspec.structs.replace(found, said="date", sold_from=None)


def _told_in(sheet: Sheet, price: Price) -> str:
    return sheet.currency if price.rate is None else price.rate.currency


def _at(price: Price, sheet: Sheet, rate: Rate | None) -> Price:
    """A price as it was said, in USD at a rate."""
    if rate is None:
        return price
    own = sheet.currency != USD
    tiers = []
    for it in price.tiers:
        said = it.amount if own else it.quoted
        tiers.append(it if said is None else msgspec.structs.replace(it, amount=usd(said, rate), quoted=said))
    said = price.amount if own else price.quoted
    if said is None:
        return price
    return msgspec.structs.replace(price, amount=usd(said, rate), quoted=said, rate=rate, tiers=tuple(tiers))
