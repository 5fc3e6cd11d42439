"""Whether quantities of a usage can be: not negative, whole where a part of one makes no sense."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from radiant.domain.errors import UsageInvalid
from radiant.domain.json_text import decimal_of
from radiant.domain.meter import METERS
from radiant.domain.units import PRICE_PLACES

from .lattice import unknown

#: The largest quantity that is taken for one; a price times it is exact.
MOST: Final = 10**15

#: Integers of more bits are not shown: Python refuses to write very long ones.
_SHOWN: Final = 200

#: Digits behind the point that a quantity may have.
PLACES: Final = 12


def checked(usage: Mapping[str, Any]) -> dict[str, int | Decimal]:
    """The usage with integers where parts make no sense, and decimals elsewhere. Raises UsageInvalid."""
    return {name: _quantity(name, value) for name, value in usage.items()}


def usd_of(name: str, cost: Any) -> Decimal:
    """What somebody says a request cost. Raises UsageInvalid, which names it `name`, where none can cost that."""
    if isinstance(cost, int) and cost.bit_length() >= _SHOWN:
        raise UsageInvalid(name, f"is larger than anything that is counted; expected 0 to {MOST:,}")
    try:
        found = decimal_of(cost)
    except InvalidOperation as error:
        raise UsageInvalid(name, f"is {cost!r:.40}; expected an amount of USD such as 0.00042") from error
    if not found.is_finite() or not 0 <= found <= MOST:
        raise UsageInvalid(name, f"is {cost!s:.40}; expected 0 to {MOST:,}")
    exponent = found.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PRICE_PLACES:
        raise UsageInvalid(name, f"is {cost!s:.40}; expected at most {PRICE_PLACES} decimal places")
    return found


def _quantity(name: str, value: Any) -> int | Decimal:
    meter = METERS.get(name)
    if meter is None:
        raise UsageInvalid(f"{name:.60}", unknown(f"{name:.60}"))
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise UsageInvalid(name, f"is {str(value)[:40]}; expected a number")
    if isinstance(value, int):
        if not 0 <= value <= MOST:
            shown = value if value.bit_length() < _SHOWN else "larger than anything that is counted"
            raise UsageInvalid(name, f"is {shown}; expected 0 to {MOST:,}")
        return value
    try:
        number = decimal_of(value)
    except InvalidOperation as error:
        raise UsageInvalid(name, f"is {value!r:.40}; expected a number") from error
    if not number.is_finite() or number < 0 or number > MOST:
        raise UsageInvalid(name, f"is {value!s:.40}; expected 0 to {MOST:,}")
    exponent = number.as_tuple().exponent
    if number == number.to_integral_value():
        return int(number)
    if meter.whole:
        raise UsageInvalid(name, f"is {value!s:.40}; a part of one makes no sense, so a whole number is expected")
    if isinstance(exponent, int) and exponent < -PLACES:
        raise UsageInvalid(name, f"is {value!s:.40}; expected at most {PLACES} decimal places")
    return number
