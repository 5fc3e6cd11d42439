"""What has to change so that stored sheets say what sources say, and what a guard holds back. Pure."""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal

import msgspec

from radiant.domain.currency import USD
from radiant.domain.price_sheet import Sheet
from radiant.pricing.guards import GRACE, judge
from radiant.pricing.stored import as_sold, holding_at, overlap, said_by

from .rated_anew import overlaid
from .wanted_prices import Wanted


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


def plan(
    stored: Sequence[Sheet],
    wanted: Wanted,
    sheets: Sequence[Sheet],
    now: dt.datetime,
    grace: dt.timedelta = GRACE,
    rated: Sequence[Sheet] = (),
) -> Plan:
    """Compare the believed sheets of one offer with those that are wanted of it.

    The past is only added to, or corrected by the source that said it, and by rates of currencies: `rated` are what
    these make of stored sheets. What people wrote into a catalog is not held; it is told all the same where it rises,
    and reaches tenants after `grace`. Amounts of two currencies are not compared.
    """
    if not stored:
        return Plan(sheets=tuple(sheets))
    new: list[Sheet] = []
    reasons: dict[str, None] = {}
    rises = []
    for before, sheet, effective in (*_by_rates(stored, rated, now), *_said(overlaid(stored, rated), sheets, now)):
        changed = msgspec.structs.replace(sheet, valid_from=effective)
        if before is not None and before.currency == sheet.currency:
            judged = judge(before, sheet, now, read=wanted.read)
            reasons |= dict.fromkeys(() if wanted.curated else judged.reasons)
            paid = holding_at(as_sold(stored), max(now, effective or now)) or before
            if judged.told:
                rises.append(judged.rise)
                changed = msgspec.structs.replace(changed, sold_from=max(effective or now, now + grace))
            elif before.sold_from is not None and judge(paid, sheet, now).told:  # they were told of it already
                changed = msgspec.structs.replace(changed, sold_from=before.sold_from)
        new.append(changed)
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
        if sheet.valid_to is not None and sheet.valid_to <= now:
            if _is_news(sheet, stored):
                yield None, sheet, sheet.valid_from
            continue
        begin = _first_difference(sheet, stored, now)
        if begin is not None:
            before = holding_at(stored, begin) or holding_at(stored, now)
            yield before, sheet, _effective(sheet, before, begin, now)


def digest_of(sheets: Collection[Sheet]) -> str:
    """One text for what sheets charge, whenever it is asked: the moment of an undated change is not in it."""
    said = [
        (said_by(it), it.valid_from if it.said in ("date", "instant", "always") else None, it.valid_to) for it in sheets
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _begin(sheet: Sheet) -> dt.datetime:
    return sheet.valid_from or dt.datetime.min.replace(tzinfo=dt.UTC)


def _is_news(sheet: Sheet, stored: Sequence[Sheet]) -> bool:
    """Whether a sheet of the past tells what is not known, or corrects what the same source said. What is told in other
    currencies has no dates: what it was before is what was told then."""
    meets = [it for it in stored if overlap(it, sheet)]
    if not meets:
        return True
    if sheet.derived or sheet.currency != USD:
        return False
    return all(it.source == sheet.source and it.said is not None for it in meets) and any(
        said_by(it) != said_by(sheet) for it in meets
    )


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


def _effective(sheet: Sheet, before: Sheet | None, begin: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """From when a change holds: from the day that its source says, where that is after what it replaces began."""
    if begin > now or before is None:
        return begin if begin > now else sheet.valid_from
    dated = sheet.said in ("date", "instant") and sheet.valid_from is not None
    if dated and sheet.valid_from is not None and sheet.valid_from > _begin(before):
        return sheet.valid_from
    return now
