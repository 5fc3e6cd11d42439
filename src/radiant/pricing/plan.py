"""The prices of one model in force under one context, made ready for many usages."""

from bisect import bisect_right
from collections.abc import Mapping
from decimal import Context as Arithmetic
from decimal import Decimal
from typing import Final

import msgspec

from radiant.domain.errors import UsageInvalid
from radiant.domain.meter import ancestors
from radiant.domain.price_sheet import Book, Price, Sheet, Tier

from .lattice import TOTAL_INPUT, Decomposition, decompose

#: Of one item no digit is lost: 15 of a quantity, 12 before and 30 behind the point of a price.
EXACT: Final = Arithmetic(prec=80)

#: So many kinds of usage are kept ready.
_SHAPES: Final = 256

#: Where a division does not end. Items so fine are added exactly by whoever adds them with 28 digits, as most do.
PLACES: Final = 20
_PLACE: Final = Decimal(1).scaleb(-PLACES)
_TENS: Final = {10**power: -power for power in range(13)}


class Charge(msgspec.Struct, frozen=True, gc=False):
    """A price in force: `unit` is that of one of the meter, exactly, or None where `amount` does not divide."""

    amount: Decimal
    per: int
    unit: Decimal | None
    sheet: str | None
    source: str
    minimum: int | Decimal | None
    sold: bool

    def usd(self, quantity: int | Decimal) -> Decimal:
        """What a quantity costs: exact, and to `PLACES` where the division does not end."""
        if self.unit is not None:
            return EXACT.multiply(quantity, self.unit)
        return EXACT.quantize(EXACT.divide(EXACT.multiply(quantity, self.amount), self.per), _PLACE)


#: A part of a usage: places to add, parts to subtract, and its charge in each band of tiers.
Item = tuple[tuple[int, ...], tuple[int, ...], tuple[Charge, ...] | None]


class Shape(msgspec.Struct, frozen=True):
    """How a usage that states certain meters is charged. `bands` are input tokens from which a next band begins.

    `alone` are meters without a price, each with its place among the items; `fallen` those charged with another, each
    with its place among the stated and the items inside it, which are charged otherwise.
    """

    names: tuple[str, ...]
    decomposition: Decomposition
    bounds: tuple[tuple[int, int], ...]
    sums: tuple[tuple[tuple[int, ...], int], ...]
    items: tuple[Item, ...]
    bands: tuple[int, ...]
    alone: tuple[tuple[int, str], ...]
    fallen: tuple[tuple[int, str, str, tuple[int, ...]], ...]


class Plan:
    """Prices by meter with the sheet that says each; `minimum` is the least a request costs, with its sheet as well.
    `unmatched` are conditions that no price is for."""

    __slots__ = ("_shapes", "minimum", "prices", "unmatched")

    def __init__(
        self,
        prices: Mapping[str, tuple[Price, Sheet]],
        minimum: tuple[Decimal, Sheet] | None,
        unmatched: tuple[str, ...] = (),
    ) -> None:
        self.prices, self.minimum, self.unmatched = prices, minimum, unmatched
        self._shapes: dict[tuple[str, ...], Shape] = {}

    def shape(self, names: tuple[str, ...]) -> Shape:
        """Raises UsageInvalid as `decompose` does."""
        return self._shapes.get(names) or self._new(names)

    def _new(self, names: tuple[str, ...]) -> Shape:
        found = decompose(names, self.prices.keys())
        charged = [self.prices[part.price] for part in found.parts if part.price is not None]
        bands = tuple(sorted({start for price, _ in charged for start in band_starts(price)}))
        shape = Shape(
            names=tuple(part.meter for part in found.parts),
            decomposition=found,
            bounds=found.bounds,
            sums=found.sums,
            items=tuple(
                (part.of, part.less, None if part.price is None else charges(*self.prices[part.price], bands))
                for part in found.parts
            ),
            bands=bands,
            alone=tuple((place, part.meter) for place, part in enumerate(found.parts) if part.price is None),
            fallen=tuple((names.index(name), name, price, _inside(name, found)) for name, price in found.fallen),
        )
        if len(self._shapes) >= _SHAPES:
            self._shapes.clear()
        self._shapes[names] = shape
        return shape

    def same_as(self, other: "Plan") -> bool:
        """Whether nothing costs otherwise. A price of a contract is another than ours, which a markup comes on."""
        if _least(self.minimum) != _least(other.minimum) or self.prices.keys() != other.prices.keys():
            return False
        return all(_said(*said) == _said(*other.prices[meter]) for meter, said in self.prices.items())


def _inside(name: str, found: Decomposition) -> tuple[int, ...]:
    return tuple(place for place, part in enumerate(found.parts) if name in ancestors(part.meter))


def band_starts(price: Price) -> list[int]:
    """The input tokens from which a tier of the price holds."""
    return [_from(tier) for tier in price.tiers]


def _from(tier: Tier) -> int:
    return tier.above if tier.inclusive else tier.above + 1


def _said(price: Price, sheet: Sheet) -> tuple[object, ...]:
    return price.amount, price.per, price.tiers, price.minimum, sheet.book


def _least(minimum: tuple[Decimal, Sheet] | None) -> tuple[object, ...] | None:
    return None if minimum is None else (minimum[0], minimum[1].book)


def charges(price: Price, sheet: Sheet, bands: tuple[int, ...]) -> tuple[Charge, ...]:
    """The price below all bands, and in each of them."""
    starts = band_starts(price)
    amounts = [price.amount]
    for band in bands:
        place = bisect_right(starts, band)
        amounts.append(price.tiers[place - 1].amount if place else price.amount)
    return tuple(_charge(price, sheet, amount) for amount in amounts)


def _charge(price: Price, sheet: Sheet, amount: Decimal) -> Charge:
    power = _TENS.get(price.per)
    return Charge(
        amount=amount,
        per=price.per,
        unit=None if power is None else EXACT.scaleb(amount, power),
        sheet=sheet.id,
        source=price.source or sheet.source,
        minimum=price.minimum,
        sold=sheet.book is Book.SALE,
    )


def total_input(shape: Shape, quantities: tuple[int | Decimal, ...]) -> int:
    """All input tokens of a usage, which tiers are counted by. Raises UsageInvalid where they cannot be told."""
    places = shape.decomposition.total_input
    if places is None:
        raise UsageInvalid(TOTAL_INPUT, "is not stated, and the price depends on it")
    return sum(int(quantities[place]) for place in places)
