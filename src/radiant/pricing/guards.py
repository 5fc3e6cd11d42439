"""What speaks against taking over a new price: each guard with its reason, in a sentence. Pure."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import msgspec

from radiant.domain.meter import METERS
from radiant.domain.price_sheet import Price, Sheet
from radiant.settings import PRICE_GRACE

from .plan import band_starts, charges

#: A price that rises by more than this is told, and reaches tenants after the grace period.
NOTIFY: Final = Decimal("1.1")

#: A price that rises by more than this waits for approval.
HOLD: Final = Decimal(2)

#: From when a rise was told until tenants pay it.
GRACE: Final = PRICE_GRACE

#: What a price is wrong by where somebody took one unit for another, and how near to it is suspicious.
_UNITS: Final = {1_000: "thousand", 1_000_000: "million", 60: "seconds in a minute", 3_600: "seconds in an hour"}
_NEAR: Final = Decimal("0.05")

#: What was free rises beyond any factor.
FROM_FREE: Final = Decimal("Infinity")


class Judged(msgspec.Struct, frozen=True):
    """`reasons` hold a change back; `rise` is the largest factor by which anything rises: 1 where nothing does,
    infinite where it was free."""

    reasons: tuple[str, ...]
    rise: Decimal

    @property
    def told(self) -> bool:
        """Whether tenants are told before they pay."""
        return self.rise > NOTIFY


def judge(old: Sheet, new: Sheet, now: dt.datetime, *, read: dt.date | None = None) -> Judged:
    """Compare a sheet with the one it is to replace. `read` is the day of which the new one's source speaks; a sheet
    that a rate of currencies began says nothing of the age of a source."""
    reasons: dict[tuple[str, str], str] = {}
    rise = Decimal(1)
    for item in _items(old, new):
        rise = max(rise, item.factor)
        if (found := _against(item)) is not None:
            # One for each meter: what is wrong with its tiers and hours as well is wrong by the same slip.
            reasons.setdefault((item.meter, found[0]), ": ".join(found))
    return Judged((*reasons.values(), *_of_sheets(old, new, now, read)), rise)


class _Item(msgspec.Struct, frozen=True):
    """One amount of a sheet and what takes its place: of a meter at some hours and in a band of tiers, or a least
    charge. Amounts are for one; `said` has them as they were stated."""

    meter: str
    said: str
    before: Decimal
    after: Decimal

    @property
    def factor(self) -> Decimal:
        """Infinite from what was free; 1 where it becomes free or stays so."""
        if not self.before:
            return FROM_FREE if self.after else Decimal(1)
        return self.after / self.before if self.after else Decimal(1)


def _items(old: Sheet, new: Sheet) -> Iterator[_Item]:
    """All that both sheets charge. Hours or tiers that one of them does not tell apart have its usual price."""
    before, after = ({(it.meter, it.clock): it for it in sheet.prices} for sheet in (old, new))
    for meter, clock in sorted(before.keys() | after.keys(), key=lambda it: (it[0], it[1] or "")):
        one, other = (it.get((meter, clock)) or it.get((meter, None)) for it in (before, after))
        if one is None or other is None:
            continue
        hours = "" if clock is None else f" ({clock})"
        bands = tuple(sorted({*band_starts(one), *band_starts(other)}))
        pairs = zip((None, *bands), charges(one, old, bands), charges(other, new, bands), strict=True)
        for band, was, then in pairs:
            long = "" if band is None else f" from {band:,} input tokens on"
            said = f"{meter}{hours}{long} from {_told(was.amount, was.per)} to {_told(then.amount, then.per)}"
            yield _Item(meter, said, was.amount / was.per, then.amount / then.per)
        least = [Decimal(it.minimum or 1) for it in (one, other)]
        said = f"what is charged of {meter} at least{hours} from {least[0]:f} to {least[1]:f}"
        yield _Item(meter, said, *least)
    least = [it.minimum or Decimal(0) for it in (old, new)]
    yield _Item("minimum", f"what a request costs at least from {least[0]:f} to {least[1]:f}", *least)


def _against(item: _Item) -> tuple[str, str] | None:
    """The guard that holds an amount, and why."""
    if item.before == item.after:
        return None
    if not item.before or not item.after:
        name, what = ("fall_to_free", "becomes free") if item.before else ("rise_from_free", "was free")
        return name, f"{item.said}; it {what}"
    unit = _unit_taken(item.factor)
    if unit is not None:
        return "unit_suspect", f"{item.said} is a factor of {unit}; somebody may have taken one unit for another"
    return ("rise_above", f"{item.said}, more than double") if item.factor > HOLD else None


def _of_sheets(old: Sheet, new: Sheet, now: dt.datetime, read: dt.date | None) -> Iterator[str]:
    """What speaks against a sheet as a whole."""
    before, after = _plain(old), _plain(new)
    families = [{METERS[meter].family for meter in it} for it in (before, after)]
    if families[0] and families[1] and not families[0] & families[1]:
        was, then = (", ".join(sorted(it)) for it in families)
        yield (f"kind_flip: it was charged by {was} and is to be by {then}")
    lost = sorted(meter for meter, it in before.items() if it.tiers and meter in after and not after[meter].tiers)
    if lost:
        yield (f"tier_lost: long requests had another price for {', '.join(lost)}, and now have none")
    dated = old.said in ("date", "instant") and old.valid_from is not None and old.valid_from <= now
    if dated and not old.derived and old.valid_from is not None and read is not None and read < old.valid_from.date():
        yield f"stale_source: it was read on {read}, before the price in force began ({old.valid_from:%Y-%m-%d})"


def factor_of(rise: Decimal) -> str | None:
    """By how much a price rises, in short; None where it was free."""
    return f"{Decimal(f'{rise:.4g}').normalize():f}" if rise.is_finite() else None


def _plain(sheet: Sheet) -> dict[str, Price]:
    """The prices that hold at all hours, by meter."""
    return {price.meter: price for price in sheet.prices if price.clock is None}


def _told(amount: Decimal, per: int) -> str:
    return f"{amount:f} for {per:,}"


def _unit_taken(factor: Decimal) -> str | None:
    for unit, name in _UNITS.items():
        if any(abs(it / unit - 1) <= _NEAR for it in (factor, 1 / factor)):
            return f"about {unit:,} ({name})"
    return None
