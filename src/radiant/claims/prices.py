"""Converts prices to exact decimals in our catalog's units, and refuses implausible ones."""

from decimal import Context, Decimal
from functools import cache
from typing import Final

from radiant.domain.units import BY_KEY

#: What stands behind the tenth significant digit is left over from somebody's binary arithmetic.
_EXACT: Final = Context(prec=10)


def usd(amount: int | Decimal, times: Decimal | int = 1, power: int = 0) -> Decimal:
    """`amount` × `times` × 10^`power`, exact to ten significant digits, without trailing zeros."""
    product = Decimal(amount) if times == 1 else Decimal(amount) * times
    value = product.scaleb(power)
    if len(value.as_tuple().digits) > _EXACT.prec:
        value = _EXACT.plus(value)
    value = value.normalize()
    exponent = value.as_tuple().exponent
    return Decimal(int(value)) if isinstance(exponent, int) and exponent > 0 else value


@cache
def times(key: str, per: int) -> Decimal:
    """What a source's price for `per` of what is counted is multiplied with; a power of ten loses no digit."""
    return (Decimal(BY_KEY[key].per) / per).normalize()


def problem_with_price(key: str, amount: Decimal) -> str | None:
    """Say why this cannot be the price at a key of `Price`, or None."""
    meter = BY_KEY[key]
    if amount < 0:
        return "a price is not negative"
    if amount > meter.highest:
        return f"{amount:,f} USD per {meter.noun} is taken for a mistake; at most {meter.highest:,} is believed"
    return None


def plain(amount: Decimal) -> str:
    """In digits, without an exponent."""
    return format(amount, "f")
