"""What a usage costs: one function for estimates, bills and bills written again. Pure and exact."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import Announced, Book, Context, Line, Rating, Sheet, Usage

from .plan import EXACT, Plan, Shape, total_input
from .quantity import MOST, checked
from .sale import Markup, sold
from .timeline import Timeline

_NO_CONTEXT: Final[Context] = MappingProxyType({})
_ZERO: Final = Decimal(0)

#: Moments of which a price can be asked.
FIRST, LAST = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)

#: So many models are kept ready.
_READY: Final = 10_000

_timelines: dict[int, tuple[object, Timeline]] = {}


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

    `sheet` is one or all sheets of a model, or these made ready; which of them hold is found out, a whole request at
    the prices of its start. One request is counted where none is stated. With a `markup`, it is what a tenant pays;
    with `ahead`, the answer names announced changes. Raises UsageInvalid for meters that there are not, quantities that
    cannot be, and moments without a zone.
    """
    if isinstance(sheet, Timeline):
        timeline = sheet
    else:
        found = _timelines.get(id(sheet))
        timeline = found[1] if found is not None and found[0] is sheet else _made_ready(sheet)
    if at.tzinfo is None or not FIRST <= at < LAST:
        raise UsageInvalid("at", _not_at(at))
    plan = timeline.plan(at, context)
    lines, total, shape, quantities = _lines(plan, usage, markup)
    until = timeline.until(at) if timeline.bounds or timeline.clocked else None
    charged_as = {name: price for place, name, price in shape.fallen if quantities[place]} if shape.fallen else {}
    unpriced = tuple(name for place, name in shape.alone if quantities[place]) if shape.alone else ()
    if charged_as and shape.decomposition.foreign:
        unpriced += tuple(sorted(charged_as.keys() & shape.decomposition.foreign))
    return Rating(
        total=total if lines or (plan.prices and not unpriced) else None,
        lines=tuple(lines),
        unpriced=unpriced,
        charged_as=charged_as,
        valid_until=until,
        announced=_announced(timeline, plan, usage, at, context, markup) if ahead and until is not None else (),
        markup=None if markup is None else markup.rate,
    )


def _made_ready(sheet: Sheet | Sequence[Sheet]) -> Timeline:
    timeline = Timeline((sheet,) if isinstance(sheet, Sheet) else sheet)
    if len(_timelines) >= _READY:
        _timelines.clear()
    if isinstance(sheet, Sheet | tuple):  # a list may be another when it is asked again
        _timelines[id(sheet)] = sheet, timeline
    return timeline


def _lines(
    plan: Plan, usage: Usage, markup: Markup | None
) -> tuple[list[Line], Decimal, Shape, tuple[int | Decimal, ...]]:
    """The items of a usage and their sum, how it was taken apart, and its quantities."""
    if "requests" in plan.prices and "requests" not in usage:
        usage = {**usage, "requests": 1}
    quantities = tuple(usage.values())
    for quantity in quantities:
        if type(quantity) is not int or not 0 <= quantity <= MOST:
            usage = checked(usage)
            quantities = tuple(usage.values())
            break
    names = tuple(usage)
    shape = plan.shape(names)
    for small, large in shape.bounds:
        if quantities[small] > quantities[large]:
            raise UsageInvalid(
                names[small],
                f"{quantities[small]:,} is more than {quantities[large]:,} of {names[large]}, which it is part of",
            )
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
            raise _too_much(shape, place, counted)
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
    return lines, total, shape, quantities


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


def _too_much(shape: Shape, place: int, counted: list[int | Decimal]) -> UsageInvalid:
    part = shape.decomposition.parts[place]
    inside = sum(counted[it] for it in part.less)
    named = " and ".join(name for name, it in zip(part.within, part.less, strict=True) if counted[it])
    return UsageInvalid(
        part.meter, f"{counted[place] + inside:,} is less than {inside:,} of {named} together, which are part of it"
    )


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
        lines, total, *_ = _lines(plan, usage, markup)
        first = next(iter(plan.prices.values()), None)
        found.append(
            Announced(
                at=moment,
                total=total if lines or plan.prices else None,
                source=first[1].source if first else "",
                sheet=first[1].id if first else None,
            )
        )
    return tuple(found)


def _not_at(at: dt.datetime) -> str:
    if at.tzinfo is None:
        return f"{at.isoformat()} has no time zone; say which, such as {at.isoformat()}Z"
    return f"{at.isoformat()} is out of reach; expected a moment from {FIRST.year} to {LAST.year}"
