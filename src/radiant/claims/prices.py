"""Prices as exact decimals in the units of our catalog, and which of them cannot be meant."""

from decimal import Context, Decimal
from typing import Final, NamedTuple

#: What stands behind the tenth significant digit is left over from somebody's binary arithmetic.
_EXACT: Final = Context(prec=10)


class Unit(NamedTuple):
    """What a meter counts, the highest price of it that can be meant, in USD, and whether it counts tokens."""

    name: str
    highest: int
    tokens: bool = False


#: The dearest tokens known are 600 USD a million; beyond four times that, somebody forgot to divide by a thousand.
_MTOK: Final = Unit("million tokens", 2_500, tokens=True)

#: The meters of `Price`; what counts tokens there is no price.
PER_UNIT: Final = {
    "input_per_mtok": _MTOK,
    "output_per_mtok": _MTOK,
    "cache_read_per_mtok": _MTOK,
    "cache_write_per_mtok": _MTOK,
    "batch_input_per_mtok": _MTOK,
    "batch_output_per_mtok": _MTOK,
    "reasoning_per_mtok": _MTOK,
    "audio_input_per_mtok": _MTOK,
    "audio_output_per_mtok": _MTOK,
    "image_input_per_mtok": _MTOK,
    "image_output_per_mtok": _MTOK,
    "video_output_per_mtok": _MTOK,
    "per_request": Unit("request", 1_000),
    "per_search": Unit("search", 100),
    "per_image": Unit("image", 100),
    "per_input_image": Unit("image that goes in", 100),
    "per_second": Unit("second", 100),
    "per_minute": Unit("minute", 1_000),
    "per_million_characters": Unit("million characters", 10_000),
    "per_thousand_pages": Unit("thousand pages", 10_000),
}


def usd(amount: int | Decimal, times: Decimal | int = 1, power: int = 0) -> Decimal:
    """`amount` × `times` × 10^`power`, exact to ten significant digits, without trailing zeros."""
    product = Decimal(amount) if times == 1 else Decimal(amount) * times
    value = product.scaleb(power)
    if len(value.as_tuple().digits) > _EXACT.prec:
        value = _EXACT.plus(value)
    value = value.normalize()
    exponent = value.as_tuple().exponent
    return Decimal(int(value)) if isinstance(exponent, int) and exponent > 0 else value


def problem_with_price(meter: str, amount: Decimal) -> str | None:
    """Say why this cannot be the price of the meter's unit, or None."""
    unit = PER_UNIT[meter]
    if amount < 0:
        return "a price is not negative"
    if amount > unit.highest:
        return f"{amount:,f} USD per {unit.name} is taken for a mistake; at most {unit.highest:,} is believed"
    return None


def plain(amount: Decimal) -> str:
    """In digits, without an exponent."""
    return format(amount, "f")
