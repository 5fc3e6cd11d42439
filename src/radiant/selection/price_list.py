"""The tariff of a row: which of its columns are its price, times its markup."""

from decimal import Decimal

from radiant.domain.errors import InvalidRow
from radiant.domain.units import COLUMNS, NO_OUTPUT_TOKENS, PRICE_PLACES, UNITS, PricingType

from .reading.row import Row
from .tariff import MARKUP_PLACES, Tariff, whole

_COLUMNS = tuple(COLUMNS.items())
_METER = {unit.type: unit.meter for unit in UNITS.values()}


class PriceList:
    """Reads tariffs; what rows share (the same price, the same tariff) is computed and kept once."""

    def __init__(self) -> None:
        self._amounts: dict[tuple[Decimal, Decimal | None], int] = {}
        self._tariffs: dict[Tariff, Tariff] = {}

    def tariff(self, index: int, row: Row) -> Tariff:
        """Every price of the row is checked, used or not. Raises InvalidRow."""
        prices: dict[str, int] = {}
        for meter, column in _COLUMNS:
            price = getattr(row, column)
            if price is not None:
                prices[meter] = self._tenant(index, row, column, price)
        unit = row.pricing_type
        if unit is PricingType.PER_TOKEN:
            output = prices.get("output")
            if output is None and row.primary_mode in NO_OUTPUT_TOKENS:
                output = 0
            tariff = Tariff(
                unit,
                price=prices.get("input"),
                output=output,
                cached=prices.get("cache_read"),
                request=prices.get("request"),
            )
        elif unit is None:
            tariff = Tariff(None)
        else:
            request = prices.get("request") if unit is PricingType.PER_HOUR else None
            tariff = Tariff(unit, price=prices.get(_METER[unit]), request=request)
        return self._tariffs.setdefault(tariff, tariff)

    def _tenant(self, index: int, row: Row, column: str, price: Decimal) -> int:
        markup = row.markup_rate
        if price.is_finite() and (markup is None or markup.is_finite()):
            known = self._amounts.get((price, markup))
            if known is not None:
                return known
        base = _whole(index, row, column, price, PRICE_PLACES, least=0)
        rate = 0 if markup is None else _whole(index, row, "markup_rate", markup, MARKUP_PLACES, least=-1)
        return self._amounts.setdefault((price, markup), base * (10**MARKUP_PLACES + rate))


def _whole(index: int, row: Row, column: str, value: Decimal, places: int, *, least: int) -> int:
    try:
        number = whole(value, places)
    except ValueError as error:
        raise InvalidRow(index, row.model_id, column, f"{value} {error}") from error
    if number < least * 10**places:
        raise InvalidRow(index, row.model_id, column, f"{value} is less than {least}")
    return number
