"""The sum that `rate` gives, of many usages that state the same meters, without an item for each part. Pure.

What an adder cannot say it leaves to `rate`, which says why; a property test holds the two equal.
"""

from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from radiant.domain.errors import UsageInvalid

from .plan import EXACT, Plan, Shape, total_input
from .quantity import MOST

_ZERO: Final = Decimal(0)

#: What was charged: a quantity, and its USD.
Part = tuple[int | Decimal, Decimal]

#: Places to add, the first of them apart, items to subtract, and the price of one in each band of tiers.
_Item = tuple[int, tuple[int, ...], tuple[int, ...], tuple[Decimal, ...]]


class Adder:
    """Prices of one plan for usages that state certain meters, each of which has one."""

    __slots__ = ("_bands", "_bounds", "_items", "_shape")

    def __init__(self, shape: Shape, items: Sequence[_Item]) -> None:
        self._shape, self._items = shape, items
        self._bounds, self._bands = shape.bounds, shape.bands

    def of(self, counts: tuple[Any, ...]) -> tuple[Decimal, tuple[Part, ...], int] | None:
        """The sum in USD, what was charged in the order of items, and a number that is the same where the same prices
        were. None for counts that are no plain integers, or cannot be."""
        for count in counts:
            if type(count) is not int or not 0 <= count <= MOST:
                return None
        for small, large in self._bounds:
            if counts[small] > counts[large]:
                return None
        for apart, whole in self._shape.sums:
            if sum(counts[it] for it in apart) > counts[whole]:
                return None
        band = bisect_right(self._bands, total_input(self._shape, counts)) if self._bands else 0
        total, which = _ZERO, band
        parts: list[Part] = []
        counted: list[int] = []
        multiply, add = EXACT.multiply, EXACT.add
        for first, others, less, units in self._items:
            left = counts[first]
            for other in others:
                left += counts[other]
            for part in less:
                left -= counted[part]
            counted.append(left)
            which += which
            if left > 0:
                usd = multiply(left, units[band])
                parts.append((left, usd))
                total = add(total, usd)
                which += 1
            elif left < 0:
                return None
        return total, tuple(parts), which


def adder(plan: Plan, names: tuple[str, ...]) -> Adder | None:
    """How usages of `names` are charged; None where not every meter has a price of a power of ten, or a least charge
    can apply."""
    if plan.minimum is not None or not names or ("requests" in plan.prices and "requests" not in names):
        return None
    try:
        shape = plan.shape(names)
    except UsageInvalid:
        return None
    if shape.alone or shape.decomposition.foreign or (shape.bands and shape.decomposition.total_input is None):
        return None
    items: list[_Item] = []
    for of, less, charges in shape.items:
        units = tuple(it.unit for it in charges or () if it.unit is not None and it.minimum is None)
        if charges is None or len(units) != len(charges):
            return None
        items.append((of[0], of[1:], less, units))
    return Adder(shape, items)
