"""By how much what tenants pay rises by what somebody sets, and from when on they pay it. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

import msgspec

from radiant.domain.price_sheet import Book, Context, Sheet

from .guards import FROM_FREE, NOTIFY
from .lattice import price_for
from .plan import Plan, band_starts, charges
from .stored import of_book
from .timeline import Timeline

_NONE: Final = Decimal(1)


class Rise(msgspec.Struct, frozen=True):
    """`factor` is the largest by which something gets dearer, 1 where nothing does. `sold_from` is the first moment
    from which tenants pay it: None where that is its beginning."""

    factor: Decimal
    sold_from: dt.datetime | None

    @property
    def told(self) -> bool:
        """Whether tenants are told before they pay."""
        return self.factor > NOTIFY


def rise_between(
    before: Sequence[Sheet], after: Sequence[Sheet], contexts: Iterable[Context], since: dt.datetime,
    until: dt.datetime | None, *, now: dt.datetime, told_until: dt.datetime,
) -> Rise:  # fmt: skip
    """How much dearer requests of all `contexts` get for tenants by the sheets `after` in place of those `before`,
    which differ from `since` until `until`.

    Tenants pay a rise once they were told of it long enough, at `told_until`, or as soon as what they were told before
    makes it none. What is only announced and does not come is no rise.
    """
    was, will_be = (Timeline(of_book(sheets, Book.SALE, None)) for sheets in (before, after))
    limit = max(since, told_until)
    last = limit if until is None else min(limit, until)
    turns = sorted({it for it in (*was.bounds, *will_be.bounds) if since < it < last})
    factor, sold_from = _NONE, since
    contexts, begin = list(contexts), max(since, now)
    for moment, end in zip((since, *turns), (*turns, limit), strict=True):
        here = max(
            min(rise(was.plan(paid, it), will_be.plan(moment, it)) for paid in (moment, min(moment, begin)))
            for it in contexts
        )
        factor = max(factor, here)
        if here > NOTIFY:
            sold_from = end
    return Rise(factor, None if sold_from == since else sold_from)


def rise(before: Plan, after: Plan) -> Decimal:
    """The largest factor by which something costs more, tiers and what a request costs at least included."""
    factors = [_NONE]
    for meter in before.prices.keys() | after.prices.keys():
        names = [price_for(meter, it.prices) for it in (before, after)]
        if names[0] is None or names[1] is None:
            continue
        pairs = before.prices[names[0]], after.prices[names[1]]
        bands = tuple(sorted({start for price, _ in pairs for start in band_starts(price)}))
        was, will_be = (charges(*it, bands) for it in pairs)
        factors += [_factor(a.amount * b.per, b.amount * a.per) for a, b in zip(was, will_be, strict=True)]
    if before.prices:
        one, other = (Decimal(0) if it.minimum is None else it.minimum[0] for it in (before, after))
        factors.append(_factor(one, other))
    return max(factors)


def _factor(one: Decimal, other: Decimal) -> Decimal:
    if one == other:
        return _NONE
    return other / one if one else FROM_FREE
