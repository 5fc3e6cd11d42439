"""What a usage costs: one function for estimates, bills and bills written again. Pure and exact."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations
from types import MappingProxyType
from typing import Final

import msgspec

from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import Announced, Book, Context, Line, Rating, Sheet, Usage

from .lattice import overlap
from .plan import EXACT, Plan, Shape, total_input
from .quantity import MOST, checked
from .sale import Markup, sold
from .timeline import Timeline

_NO_CONTEXT: Final[Context] = MappingProxyType({})
_ZERO: Final = Decimal(0)

#: What a reranker does for one query and a number of documents.
_SEARCHES: Final = "rerank_searches"

#: Moments of which a price can be asked.
FIRST, LAST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


def rate(
    sheet: Sheet | Sequence[Sheet] | Timeline,
    usage: Usage,
    at: dt.datetime,
    context: Context = _NO_CONTEXT,
    *,
    markup: Markup | None = None,
    ahead: bool = True,
) -> Rating:
    """What `usage` costs at `at`, a moment with a zone, under `context`.

    `sheet` is one or all sheets of a model, or a Timeline of them, which makes many usages cheaper; which of them hold
    is found out, a whole request at the prices of its start. One request is counted where none is stated. With a
    `markup`, it is what a tenant pays; with `ahead`, the answer names announced changes. Raises UsageInvalid for meters
    that there are not, quantities that cannot be, and moments without a zone.
    """
    timeline = sheet if isinstance(sheet, Timeline) else Timeline((sheet,) if isinstance(sheet, Sheet) else sheet)
    if at.tzinfo is None or not FIRST <= at < LAST:
        raise UsageInvalid("at", _not_at(at))
    plan = timeline.plan(at, context)
    found = _lines(plan, usage, markup)
    until = timeline.until(at) if timeline.bounds or timeline.clocked else None
    charged_as, unpriced = _without_price(found)
    if _SEARCHES in usage and _SEARCHES not in found.shape.decomposition.stated:
        charged_as[_SEARCHES] = "requests"
    return Rating(
        total=_known(found, plan, usage, unpriced),
        lines=tuple(found.lines),
        unpriced=unpriced,
        charged_as=charged_as,
        unmatched=plan.unmatched,
        valid_until=until,
        announced=_announced(timeline, plan, usage, at, context, markup) if ahead and until is not None else (),
        markup=None if markup is None else markup.rate,
    )


def _without_price(found: "_Items") -> tuple[dict[str, str], tuple[str, ...]]:
    """What was used and has no price of its own: what it is charged as, and what has none that it could be. What is
    wholly made of what has a price is not without one."""
    shape = found.shape
    charged_as = {
        name: price
        for place, name, price, inside in shape.fallen
        if found.quantities[place] > sum(found.counted[it] for it in inside)
    }
    unpriced = tuple(name for place, name in shape.alone if found.counted[place]) if shape.alone else ()
    if charged_as and shape.decomposition.foreign:
        unpriced += tuple(sorted(charged_as.keys() & shape.decomposition.foreign))
    if found.overlaps:
        unpriced = tuple(dict.fromkeys((*unpriced, *found.overlaps)))
    return charged_as, unpriced


def _known(found: "_Items", plan: Plan, usage: Usage, unpriced: tuple[str, ...]) -> Decimal | None:
    """The total where anything has a price, and 0 where prices are known and nothing was used that has none."""
    return found.total if found.lines or (usage and plan.prices and not unpriced) else None


class _Items(msgspec.Struct, gc=False):
    """The items of a usage and their sum, how it was taken apart, its quantities and those of the parts. `overlaps` are
    meters of which nobody said how much they count, only that it is something."""

    lines: list[Line]
    total: Decimal
    shape: Shape
    quantities: tuple[int | Decimal, ...]
    counted: list[int | Decimal]
    overlaps: tuple[str, ...] = ()


def _lines(plan: Plan, usage: Usage, markup: Markup | None, overlaps: tuple[str, ...] = ()) -> _Items:
    if "requests" in plan.prices:
        if _SEARCHES in usage and _SEARCHES not in plan.prices:
            usage = _by_search(usage)
        elif "requests" not in usage:
            usage = {**usage, "requests": 1}
    quantities = tuple(usage.values())
    for quantity in quantities:
        if type(quantity) is not int or not 0 <= quantity <= MOST:
            usage = checked(usage)
            quantities = tuple(usage.values())
            break
    shape = plan.shape(tuple(usage))
    if shape.bounds or shape.sums:
        _bounded(shape, quantities)
    bands = shape.bands
    band = bisect_right(bands, total_input(shape, quantities)) if bands else 0
    lines: list[Line] = []
    total = _ZERO
    counted: list[int | Decimal] = []
    multiply, add = EXACT.multiply, EXACT.add
    for place, (of, less, charges) in enumerate(shape.items):
        quantity = quantities[of[0]]
        for other in of[1:]:
            quantity += quantities[other]
        for part in less:
            quantity -= counted[part]
        counted.append(quantity)
        if not quantity:
            continue
        if quantity < 0:
            both = _both(shape, place, counted, usage)
            return _lines(plan, {**usage, both[0]: both[1]}, markup, (*overlaps, both[0]))
        if charges is None:
            continue
        charge = charges[band]
        if charge.minimum is not None and quantity < charge.minimum:
            quantity = charge.minimum
        usd = charge.usd(quantity) if charge.unit is None else multiply(quantity, charge.unit)
        lines.append(
            Line(shape.names[place], quantity, charge.amount, charge.per, usd, charge.sheet, charge.source, charge.sold)
        )
        total = add(total, usd)
    if lines:
        total = _on_top(plan, lines, total, markup)
    return _Items(lines, total, shape, quantities, counted, overlaps)


def _by_search(usage: Usage) -> Usage:
    """A price for a request of a reranker is for one search, of which a request with many documents is more than one:
    https://docs.aws.amazon.com/bedrock/latest/userguide/rerank-pricing.html, 2026-11-27; LiteLLM reckons so, too."""
    searches = checked({_SEARCHES: usage[_SEARCHES]})[_SEARCHES]
    return {**{name: it for name, it in usage.items() if name != _SEARCHES}, "requests": searches}


def _bounded(shape: Shape, quantities: tuple[int | Decimal, ...]) -> None:
    """Raises UsageInvalid where parts are more than the whole."""
    names = shape.decomposition.stated
    for small, large in shape.bounds:
        if quantities[small] > quantities[large]:
            raise UsageInvalid(
                names[small],
                f"{quantities[small]:,} is more than {quantities[large]:,} of {names[large]}, which it is part of",
            )
    for apart, whole in shape.sums:
        inside = sum(quantities[it] for it in apart)
        if inside > quantities[whole]:
            raise _less(names[whole], quantities[whole], inside, [names[it] for it in apart if quantities[it]])


def _both(shape: Shape, place: int, counted: list[int | Decimal], usage: Usage) -> tuple[str, int | Decimal]:
    """A meter that two parts of too small a whole both count, and how much they do at least: cached tokens and those of
    sound, where nobody says which sound was cached. Raises UsageInvalid where nothing can be both."""
    part = shape.decomposition.parts[place]
    for one, other in combinations(part.less, 2):
        both = overlap(shape.names[one], shape.names[other])
        least = min(-counted[place], counted[one], counted[other])
        if both is not None and both not in usage and least > 0:
            return both, least
    inside = sum(counted[it] for it in part.less)
    named = [name for name, it in zip(part.within, part.less, strict=True) if counted[it]]
    raise _less(part.meter, counted[place] + inside, inside, named)


def _less(whole: str, quantity: int | Decimal, inside: int | Decimal, parts: Sequence[str]) -> UsageInvalid:
    return UsageInvalid(
        whole, f"{quantity:,} is less than {inside:,} of {' and '.join(parts)} together, which are part of it"
    )


def _on_top(plan: Plan, lines: list[Line], total: Decimal, markup: Markup | None) -> Decimal:
    """The total with what a request costs at least and the markup: it is on our least charge as on all that we pay, and
    in that of a contract, which is what it says."""
    least = plan.minimum
    of_contract = least is not None and least[1].book is Book.SALE
    if least is not None and not of_contract:
        total = _at_least(*least, lines, total)
    if markup is not None:
        total = sold(lines, total, markup)
    if least is not None and of_contract:
        total = _at_least(*least, lines, total)
    return total


def _at_least(least: Decimal, of: Sheet, lines: list[Line], total: Decimal) -> Decimal:
    """The total with what a request costs at least; what is missing is a line of its own."""
    if total >= least:
        return total
    lines.append(Line("minimum", 1, least, 1, EXACT.subtract(least, total), of.id, of.source, of.book is Book.SALE))
    return least


def _announced(
    timeline: Timeline, now: Plan, usage: Usage, at: dt.datetime, context: Context, markup: Markup | None
) -> tuple[Announced, ...]:
    """The changes after `at` that are known, with what the usage costs from each on."""
    found: list[Announced] = []
    before = now
    for moment in timeline.ahead(at):
        plan = timeline.plan(moment, context)
        if plan.same_as(before):
            continue
        before = plan
        then = _lines(plan, usage, markup)
        _, unpriced = _without_price(then)
        first = next(iter(plan.prices.values()), None)
        found.append(
            Announced(
                at=moment,
                total=_known(then, plan, usage, unpriced),
                source=first[1].source if first else "",
                sheet=first[1].id if first else None,
            )
        )
    return tuple(found)


def _not_at(at: dt.datetime) -> str:
    if at.tzinfo is None:
        return f"{at.isoformat()} has no time zone; say which, such as {at.isoformat()}Z"
    return f"{at.isoformat()} is out of reach; expected a moment from {FIRST.year} to {LAST.year}"
