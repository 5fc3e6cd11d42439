"""What has to change so that stored sheets say what sources say, and what a guard holds back. Pure."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final

import msgspec

from radiant.catalog.precedence import CURATED
from radiant.domain.currency import USD
from radiant.domain.price_sheet import Sheet
from radiant.pricing.guards import GRACE, judge
from radiant.pricing.stored import as_sold, holding_at, replacing, said_by
from radiant.pricing.wanted import Wanted

from .rated_anew import overlaid


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Sheets to append, in order; with `reasons` they wait for approval. `rise` is the largest factor of a rise, and
    `digest` says of what was held or refused before whether it is this; without reasons there is none."""

    sheets: tuple[Sheet, ...] = ()
    reasons: tuple[str, ...] = ()
    rise: Decimal | None = None
    digest: str = ""

    @property
    def held(self) -> bool:
        return bool(self.reasons)

    @property
    def at_once(self) -> "Plan":
        """The same without a guard."""
        return msgspec.structs.replace(self, reasons=(), digest="")


NOTHING: Final = Plan()


def plan(
    stored: Sequence[Sheet],
    wanted: Wanted,
    sheets: Sequence[Sheet],
    now: dt.datetime,
    grace: dt.timedelta = GRACE,
    rated: Sequence[Sheet] = (),
    doubted: Mapping[str, str] = MappingProxyType({}),
) -> Plan:
    """Compare the believed sheets of one offer with those that are wanted of it.

    The past is only added to, or corrected by the source that said it, and by rates of currencies: `rated` are what
    these make of stored sheets. Prices that people wrote into a catalog are not held; they are told all the same where
    they rise, and reach tenants after `grace`. Amounts of two currencies are not compared. `doubted` says of meters why
    what is said of them is in doubt: a price that is lost by that is held.
    """
    if not stored:
        return Plan(sheets=tuple(sheets))
    new: list[Sheet] = []
    reasons: dict[str, None] = {}
    rises = []
    there = overlaid(stored, rated)
    for before, sheet, effective in (*_by_rates(stored, rated, now), *_said(there, sheets, now)):
        changed = msgspec.structs.replace(sheet, valid_from=effective)
        if effective == now and sheet.valid_from != now:
            changed = msgspec.structs.replace(changed, said=None)  # when we heard of it is no day of its source
        if before is not None and before.currency == sheet.currency:
            reasons |= dict.fromkeys(_reasons(before, sheet, now, wanted.read))
            reasons |= dict.fromkeys(_lost(before, sheet, doubted))
            judged = judge(before, sheet, now)
            paid = holding_at(as_sold(stored), max(now, effective or now)) or before
            if judged.told:
                rises.append(judged.rise)
                changed = msgspec.structs.replace(changed, sold_from=max(effective or now, now + grace))
            elif before.sold_from is not None and judge(paid, sheet, now).told:  # they were told of it already
                changed = msgspec.structs.replace(changed, sold_from=before.sold_from)
        new.append(changed)
    for ended in _ended(there, sheets, now):
        before = holding_at(there, ended.valid_from)
        reasons |= dict.fromkeys(() if before is None else _lost(before, ended, doubted))
        new.append(ended)
    return Plan(
        sheets=tuple(new),
        reasons=tuple(reasons),
        rise=max(rises) if rises else None,
        digest=digest_of(new) if reasons else "",
    )


#: What a sheet is to replace where a guard has to compare them, the sheet, and from when on.
_Change = tuple[Sheet | None, Sheet, dt.datetime | None]


def _by_rates(stored: Sequence[Sheet], rated: Sequence[Sheet], now: dt.datetime) -> Iterable[_Change]:
    for sheet in rated:
        lasts = sheet.valid_to is None or sheet.valid_to > now
        yield (holding_at(stored, max(now, _begin(sheet))) if lasts else None), sheet, sheet.valid_from


def _said(stored: Sequence[Sheet], sheets: Sequence[Sheet], now: dt.datetime) -> Iterable[_Change]:
    for sheet in sorted(sheets, key=_begin):
        past = _of_the_past(sheet, stored, now)
        begin = None if sheet.valid_to is not None and sheet.valid_to <= now else _first_difference(sheet, stored, now)
        before = None if begin is None else holding_at(stored, begin) or holding_at(stored, now)
        effective = None if begin is None else _effective(sheet, before, begin, now, past)
        for it in past:
            if begin is None or (effective is not None and _begin(it) < effective):
                yield None, it, it.valid_from
        if begin is not None:
            yield before, sheet, effective


def _ended(stored: Iterable[Sheet], sheets: Iterable[Sheet], now: dt.datetime) -> list[Sheet]:
    """What is believed from now on and nobody says: sheets without a price for as long."""
    found = []
    for there in sorted(stored, key=_begin):
        start = max(_begin(there), now)
        if there.valid_to is not None and there.valid_to <= start:
            continue
        for since, until in _gaps(sheets, start, there.valid_to):
            found.append(msgspec.structs.replace(there, valid_from=since, valid_to=until, prices=(), said=None))
    return found


def _reasons(before: Sheet, sheet: Sheet, now: dt.datetime, read: dt.date | None) -> tuple[str, ...]:
    """Why a change is held; none is for meters of which people wrote the price: somebody read it already."""
    people = {it.meter for it in sheet.prices if (it.source or sheet.source).startswith(CURATED)}
    one, other = (
        msgspec.structs.replace(whole, prices=tuple(it for it in whole.prices if it.meter not in people))
        for whole in (before, sheet)
    )
    return () if said_by(one) == said_by(other) or not other.prices else judge(one, other, now, read=read).reasons


def _lost(before: Sheet, sheet: Sheet, doubted: Mapping[str, str]) -> Iterable[str]:
    """Why prices are held that would be lost, since what is said of them now is in doubt."""
    stay = {it.meter for it in sheet.prices}
    for meter in sorted({it.meter for it in before.prices} & doubted.keys() - stay):
        yield f"unit_suspect: {meter} would have no price any more. {doubted[meter]}"


def corrected(stored: Sequence[Sheet], new: Iterable[Sheet]) -> list[Sheet]:
    """The believed sheets of one offer once others are appended to them."""
    found = list(stored)
    for sheet in new:
        found = [it for it in replacing(found, sheet) if it.prices]
    return found


def digest_of(sheets: Collection[Sheet]) -> str:
    """One text for what sheets charge, whenever it is asked: the moment of an undated change is not in it."""
    said = [
        (said_by(it), it.valid_from if it.said in ("date", "instant", "always") else None, it.valid_to) for it in sheets
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _begin(sheet: Sheet) -> dt.datetime:
    return sheet.valid_from or dt.datetime.min.replace(tzinfo=dt.UTC)


def _of_the_past(sheet: Sheet, stored: Sequence[Sheet], now: dt.datetime) -> list[Sheet]:
    """What a sheet tells of the time before now: where nothing is stored, or where its source corrects itself."""
    if sheet.valid_from is not None and sheet.valid_from >= now:
        return []
    until = now if sheet.valid_to is None else min(sheet.valid_to, now)
    meets = [it for it in stored if _overlap(it, sheet.valid_from, until)]
    if meets and (sheet.derived or sheet.currency != USD):
        return []  # what is told in other currencies has no dates: what it was before is what was told then
    whole = sheet.valid_to is not None and sheet.valid_to <= now
    if whole and meets and all(it.source == sheet.source and it.said is not None for it in meets):
        return [sheet] if any(said_by(it) != said_by(sheet) for it in meets) else []
    gaps = _gaps(meets, sheet.valid_from, until)
    if sheet.said is None:
        gaps = [it for it in gaps if it[0] == sheet.valid_from]  # since then, or since somebody named it again
    return [msgspec.structs.replace(sheet, valid_from=start, valid_to=end) for start, end in gaps]


_Span = tuple[dt.datetime | None, dt.datetime | None]


def _gaps(sheets: Iterable[Sheet], start: dt.datetime | None, end: dt.datetime | None) -> list[_Span]:
    """The spans from `start` until `end` of which none of the sheets is."""
    found: list[_Span] = []
    for it in sorted(sheets, key=_begin):
        if not _overlap(it, start, end):
            continue
        if it.valid_from is not None and (start is None or start < it.valid_from):
            found.append((start, it.valid_from))
        if it.valid_to is None:
            return found
        start = it.valid_to
    return [*found, (start, end)] if start is None or end is None or start < end else found


def _overlap(sheet: Sheet, start: dt.datetime | None, end: dt.datetime | None) -> bool:
    def before(end: dt.datetime | None, start: dt.datetime | None) -> bool:
        return end is not None and start is not None and end <= start

    return not before(sheet.valid_to, start) and not before(end, sheet.valid_from)


def _first_difference(sheet: Sheet, stored: Sequence[Sheet], now: dt.datetime) -> dt.datetime | None:
    """The first moment from now on, within the sheet's, at which another price is stored."""
    start = max(now, _begin(sheet))
    within = sorted(
        it.valid_from
        for it in stored
        if it.valid_from is not None
        and it.valid_from > start
        and (sheet.valid_to is None or it.valid_from < sheet.valid_to)
    )
    for moment in (start, *within):
        there = holding_at(stored, moment)
        if there is None or said_by(there) != said_by(sheet):
            return moment
    return None


def _effective(
    sheet: Sheet, before: Sheet | None, begin: dt.datetime, now: dt.datetime, past: Sequence[Sheet]
) -> dt.datetime | None:
    """From when a change holds: from the day that its source says, where that is after what it replaces began, or where
    nothing was stored since then."""
    if begin > now:
        return begin
    whole = [it for it in past if it.valid_from == sheet.valid_from and it.valid_to == now]
    if before is None:
        return sheet.valid_from if whole or _begin(sheet) >= now else now
    dated = sheet.said in ("date", "instant") and sheet.valid_from is not None
    if dated and sheet.valid_from is not None and sheet.valid_from > _begin(before):
        return sheet.valid_from
    return now
