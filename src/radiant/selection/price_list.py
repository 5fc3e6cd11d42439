"""Makes the tariff of a row: all its prices, with the markup."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from radiant.domain.errors import InvalidRow
from radiant.domain.external import TOKEN_COUNTS
from radiant.domain.units import COLUMNS, LIST_PRICES, PRICE_PLACES
from radiant.pricing.tariff import FINER, MARKUP_PLACES, TOKEN_PLACES, Tariff, Tier, whole

from .costing import compared_price
from .reading.row import Row

#: What a row's columns are called in a tariff, and how many of the tariff's units the column's price is for.
_COLUMNS: Final = tuple(
    (column, "second" if name == "minute" else "instance_second" if name == "hour" else name,
     60 if name == "minute" else 3600 if name == "hour" else 1)
    for name, column in COLUMNS.items()
)  # fmt: skip

_in_columns: Callable[[Row], tuple[Decimal | None, ...]] = attrgetter(*(column for column, *_ in _COLUMNS))

#: Meters without a column that a request is charged by, with how many of the tariff's units their price is for.
_FURTHER: Final = {
    listed.key: (name, listed.per // 1000 if listed.tokens else listed.per)
    for name, listed in LIST_PRICES.items()
    if listed.key is not None and name in Tariff.__struct_fields__ and name not in COLUMNS
}
#: Prices, each with its markup, that are remembered: few registries have as many.
PRICES = 8192

_COUNTS: Final = {key: key.removesuffix("_per_second") for key in TOKEN_COUNTS}
_TIERED: Final = {
    listed.key: (name, listed.per // 1000)
    for name, listed in LIST_PRICES.items()
    if listed.key is not None and listed.tiered and name in Tier.__struct_fields__
}


class PriceList:
    """Reads tariffs; what rows share is computed and kept once. `known` are tariffs that there are already."""

    def __init__(self, known: Iterable[Tariff] = ()) -> None:
        self._tariffs: dict[Tariff, Tariff] = {tariff: tariff for tariff in known}
        self._compared: dict[int, int | None] = {}

    def tariff(self, index: int, row: Row) -> Tariff:
        """Every price of the row is checked, used or not. Raises InvalidRow."""
        prices: dict[str, Any] = {}
        for (column, name, divisor), price in zip(_COLUMNS, _in_columns(row), strict=True):
            if price is not None:
                prices[name] = self._tenant(index, row, column, price) // divisor
        if row.further_prices:
            self._further(index, row, row.further_prices, prices)
        if row.minimum_price is not None:
            prices["minimum"] = self._tenant(index, row, "minimum_price", row.minimum_price)
        if row.minimum_charge is not None:
            least = _whole(index, row, "minimum_charge", row.minimum_charge, PRICE_PLACES, least=0)
            prices["minimum"] = max(least * 10**MARKUP_PLACES * FINER, prices.get("minimum", 0))
        tariff = Tariff(task=row.primary_mode, **prices)
        return self._tariffs.setdefault(tariff, tariff)

    def compared(self, tariff: Tariff) -> int | None:
        """What the amount of work costs that the task of one of these tariffs is compared by."""
        known = self._compared
        if (key := id(tariff)) not in known:
            known[key] = compared_price(tariff)
        return known[key]

    def _further(self, index: int, row: Row, further: Mapping[str, Any], prices: dict[str, Any]) -> None:
        for key, (name, divisor) in _FURTHER.items():
            if key in further:
                prices[name] = self._price(index, row, key, further[key]) // divisor
        for key, name in _COUNTS.items():
            if key in further:
                prices[name] = _whole(index, row, key, _decimal(index, row, key, further[key]), TOKEN_PLACES, least=0)
        if tiers := further.get("tiers"):
            prices["tiers"] = self._tiers(index, row, tiers)

    def _tiers(self, index: int, row: Row, tiers: Any) -> tuple[Tier, ...]:
        found = []
        for tier in tiers if isinstance(tiers, list) else [tiers]:
            above = tier.get("above_input_tokens") if isinstance(tier, Mapping) else None
            if not isinstance(above, int):
                raise InvalidRow(index, row.model_id, "further_prices", "has a tier without above_input_tokens")
            prices = {
                name: self._price(index, row, key, tier[key]) // divisor
                for key, (name, divisor) in _TIERED.items()
                if tier.get(key) is not None
            }
            found.append(Tier(above, **prices))
        return tuple(sorted(found, key=lambda tier: tier.above))

    def _price(self, index: int, row: Row, key: str, value: Any) -> int:
        return self._tenant(index, row, key, _decimal(index, row, key, value))

    def _tenant(self, index: int, row: Row, column: str, price: Decimal) -> int:
        markup = row.markup_rate
        if price.is_finite() and (markup is None or markup.is_finite()):
            try:
                return _amount(price, markup)
            except ValueError:
                pass  # what is wrong with which of the two is said below
        base = _whole(index, row, column, price, PRICE_PLACES, least=0)
        rate = 0 if markup is None else _whole(index, row, "markup_rate", markup, MARKUP_PLACES, least=-1)
        return base * (10**MARKUP_PLACES + rate) * FINER


@lru_cache(maxsize=PRICES)
def _amount(price: Decimal, markup: Decimal | None) -> int:
    """Raises ValueError for a price or a markup that is none."""
    base, rate = whole(price, PRICE_PLACES), 0 if markup is None else whole(markup, MARKUP_PLACES)
    if base < 0 or rate < -(10**MARKUP_PLACES):
        raise ValueError("is too small")
    return base * (10**MARKUP_PLACES + rate) * FINER


def _decimal(index: int, row: Row, key: str, value: Any) -> Decimal:
    try:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation as error:
        raise InvalidRow(index, row.model_id, "further_prices", f"{key} is {value!r:.40}; expected a number") from error


def _whole(index: int, row: Row, column: str, value: Decimal, places: int, *, least: int) -> int:
    try:
        number = whole(value, places)
    except ValueError as error:
        raise InvalidRow(index, row.model_id, column, f"{value} {error}") from error
    if number < least * 10**places:
        raise InvalidRow(index, row.model_id, column, f"{value} is less than {least}")
    return number
