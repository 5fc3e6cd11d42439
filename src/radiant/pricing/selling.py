"""What a tenant pays for a usage, now and from each announced moment on, at the markup of then. Pure."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from radiant.domain.price_sheet import Announced, Context, Rating, Usage

from .rating import rate
from .sale import Markup, Scope, markup_for, next_turn
from .timeline import Timeline


def rate_sold(
    prices: Timeline, usage: Usage, at: dt.datetime, context: Context, *, markups: Sequence[Markup], whom: Scope
) -> Rating:
    """`rate()` with `prices` of the sale book and the one markup that counts for `whom`, who names everything.

    Where another markup is to count later, that is announced as a change of price is. Raises as `rate()` does.
    """
    found = rate(prices, usage, at, context, markup=markup_for(markups, whom, at))
    turn = next_turn(markups, whom, at)
    if turn is None or found.total is None:
        return found
    moment, then = turn
    announced = {it.at: it for it in found.announced}
    unlike = Announced(
        at=moment,
        total=None,
        source="no markup" if then is None else then.source,
        sheet=None if then is None else then.id,
    )
    announced.setdefault(moment, unlike)
    later = tuple(
        msgspec.structs.replace(it, total=_total(prices, usage, it.at, context, markups, whom))
        for _, it in sorted(announced.items())
    )
    until = moment if found.valid_until is None else min(moment, found.valid_until)
    return msgspec.structs.replace(found, announced=later, valid_until=until)


def _total(
    prices: Timeline, usage: Usage, at: dt.datetime, context: Context, markups: Sequence[Markup], whom: Scope
) -> Decimal | None:
    return rate(prices, usage, at, context, markup=markup_for(markups, whom, at), ahead=False).total
