"""The price of a model, short enough for a column."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final, Protocol

from radiant.domain.units import LIST_PRICES, UNITS, ListPrice, PricingType, Unit


class Priced(Protocol):
    """A model, or as much of one as has the fields `PRICED_BY`."""

    @property
    def pricing_type(self) -> str | None: ...


#: What of a model its price in words is made of.
PRICED_BY: Final = (
    "pricing_type",
    *dict.fromkeys(
        listed.column
        for listed in (LIST_PRICES["input"], LIST_PRICES["output"], *(unit.price for unit in UNITS.values()))
        if listed.column is not None
    ),
)


_VALUES = attrgetter(*PRICED_BY)


def price_in_words(model: Priced) -> str | None:
    """The list price in its unit, such as `0.15 / 0.6 per M tokens`; None where it is unknown."""
    return None if model.pricing_type is None else _in_words(_VALUES(model))


@lru_cache(4096)  # many of thousands of models have the same price
def _in_words(values: tuple[Any, ...]) -> str | None:
    """The same for the values of the fields PRICED_BY."""
    of = dict(zip(PRICED_BY, values, strict=True))
    unit = UNITS[PricingType(of["pricing_type"])]
    prices = [LIST_PRICES["input"], LIST_PRICES["output"]] if unit.type is PricingType.PER_TOKEN else [unit.price]
    amounts = [_amount(of, listed, unit) for listed in prices]
    if all(amount is None for amount in amounts):
        return None
    return f"{' / '.join(map(shown, amounts))} per {unit.label}"


def shown(amount: Decimal | None) -> str:
    """The amount without needless zeros and without an exponent."""
    return "?" if amount is None else f"{amount.normalize():f}"


def _amount(of: Mapping[str, Any], listed: ListPrice, unit: Unit) -> Decimal | None:
    price: Decimal | None = None if listed.column is None else of[listed.column]
    return None if price is None else price * (unit.label_per // listed.column_per)
