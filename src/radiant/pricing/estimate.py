"""What a request of a task is expected to consume, by meters: what `rate()` then charges line by line."""

from decimal import Decimal
from fractions import Fraction
from typing import Final

from radiant.domain.criteria import Usage as Asked
from radiant.domain.meter import METERS, ancestors

from .formula import formula
from .media import Media
from .quantities import of_usage
from .quantity import PLACES
from .tariff import TOKEN_PLACES, Tariff

_MILLION: Final = 10**TOKEN_PLACES

#: What selection assumes goes in and out, that a price of something in it says nothing of.
_INSIDE: Final = ("input_tokens", "output_tokens", "images")


def expected(tariff: Tariff, asked: Asked, media: Media = Media.NONE) -> dict[str, int | Decimal] | None:
    """What a request of the tariff's task consumes of what it is charged for: as stated, else as the task assumes.

    Parts of things that are only counted whole are rounded. None where no price is known for what it gives.
    """
    quantities = of_usage(asked, tariff.task)
    found = formula(tariff, quantities, media)
    if found is None:
        return None
    exact: dict[str, Fraction] = {}
    for place, _, meter, of_one in found:
        count = Fraction((quantities.counts[place] or 0) * of_one, quantities.common * _MILLION)
        for name in (meter, *(it for it in ancestors(meter) if it in _INSIDE)):
            exact[name] = exact.get(name, Fraction(0)) + count
    if tariff.tiers and tariff.input is None and "output_tokens" in exact:  # tiers are counted by what is not charged
        exact.setdefault("input_tokens", Fraction(quantities.input_tokens))
    exact.setdefault("requests", Fraction(0))
    return {name: _quantity(name, count) for name, count in exact.items()}


def _quantity(name: str, count: Fraction) -> int | Decimal:
    if METERS[name].whole or count.denominator == 1:
        return round(count)
    return Decimal(round(count * 10**PLACES)).scaleb(-PLACES)
