"""What speaks against taking over a new price: each guard with its reason, in a sentence. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Final

import msgspec

from radiant.domain.meter import METERS
from radiant.domain.price_sheet import Price, Sheet
from radiant.settings import PRICE_GRACE

#: A price that rises by more than this is told, and reaches tenants after the grace period.
NOTIFY: Final = Decimal("1.1")

#: A price that rises by more than this waits for approval.
HOLD: Final = Decimal(2)

#: From when a rise was told until tenants pay it.
GRACE: Final = PRICE_GRACE

#: What a price is wrong by where somebody took one unit for another, and how near to it is suspicious.
_UNITS: Final = {1_000: "thousand", 1_000_000: "million", 60: "seconds in a minute", 3_600: "seconds in an hour"}
_NEAR: Final = Decimal("0.05")


class Judged(msgspec.Struct, frozen=True):
    """`reasons` hold a change back; `rise` is the largest factor by which a price rises, 1 where none does."""

    reasons: tuple[str, ...]
    rise: Decimal

    @property
    def told(self) -> bool:
        """Whether tenants are told before they pay."""
        return self.rise > NOTIFY


def judge(old: Sheet, new: Sheet, now: dt.datetime, *, read: dt.date | None = None) -> Judged:
    """Compare a sheet with the one it is to replace. `read` is the day of which the new one's source speaks."""
    before, after = _plain(old), _plain(new)
    reasons = []
    rise = Decimal(1)
    for meter in sorted(before.keys() & after.keys()):
        one, other = _unit(before[meter]), _unit(after[meter])
        said = f"{meter} from {_told(before[meter])} to {_told(after[meter])}"
        if one == other:
            continue
        if not one or not other:
            name, what = ("fall_to_free", "becomes free") if one else ("rise_from_free", "was free")
            reasons.append(f"{name}: {said}; it {what}")
            continue
        factor = other / one
        rise = max(rise, factor)
        unit = _unit_taken(factor)
        if unit is not None:
            reasons.append(f"unit_suspect: {said} is a factor of {unit}; somebody may have taken one unit for another")
        elif factor > HOLD:
            reasons.append(f"rise_above: {said}, more than double")
    families = [{METERS[meter].family for meter in it} for it in (before, after)]
    if families[0] and families[1] and not families[0] & families[1]:
        was, then = (", ".join(sorted(it)) for it in families)
        reasons.append(f"kind_flip: it was charged by {was} and is to be by {then}")
    lost = sorted(meter for meter, it in before.items() if it.tiers and meter in after and not after[meter].tiers)
    if lost:
        reasons.append(f"tier_lost: long requests had another price for {', '.join(lost)}, and now have none")
    dated = old.said in ("date", "instant") and old.valid_from is not None and old.valid_from <= now
    if dated and old.valid_from is not None and read is not None and read < old.valid_from.date():
        reasons.append(
            f"stale_source: it was read on {read}, before the price in force began ({old.valid_from:%Y-%m-%d})"
        )
    return Judged(tuple(reasons), rise)


def _plain(sheet: Sheet) -> dict[str, Price]:
    """The prices that hold at all hours, by meter."""
    return {price.meter: price for price in sheet.prices if price.clock is None}


def _unit(price: Price) -> Decimal:
    return price.amount / price.per


def _told(price: Price) -> str:
    return f"{price.amount:f} for {price.per:,}"


def _unit_taken(factor: Decimal) -> str | None:
    for unit, name in _UNITS.items():
        if any(abs(it / unit - 1) <= _NEAR for it in (factor, 1 / factor)):
            return f"about {unit:,} ({name})"
    return None
