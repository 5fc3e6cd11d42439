"""What a tenant pays for one model, in integers.

Prices come and go as decimals. In between, an amount is a count of 10⁻⁴² USD: 30 decimal places for the base
price times 12 for one plus the markup. Every sum and comparison is exact.
"""

from decimal import Decimal

import msgspec

from radiant.domain.units import PRICE_PLACES, PricingType

MARKUP_PLACES = 12
UNIT = 10 ** (PRICE_PLACES + MARKUP_PLACES)  #: amounts in one USD
HIGHEST = 10**12  #: a price or markup beyond it is a mistake


class Tariff(msgspec.Struct, frozen=True, gc=False):
    """Tenant prices, None where unknown; tokens by the thousand.

    `price` is that of one `unit`, or of input tokens. `request` is charged on top of tokens, and stands in for
    the hourly price where a request has no stated duration.
    """

    unit: PricingType | None
    price: int | None = None
    output: int | None = None
    cached: int | None = None
    request: int | None = None


def whole(value: Decimal, places: int) -> int:
    """`value` × 10^`places`. ValueError, in words, for what is no number in reach or has more places."""
    if not value.is_finite():
        raise ValueError("is not a finite number")
    if abs(value) > HIGHEST:
        raise ValueError(f"is beyond {HIGHEST:,}")
    too_fine = f"has more than {places} decimal places"
    if value and value.adjusted() < -places:
        raise ValueError(too_fine)
    top, bottom = value.as_integer_ratio()
    number: int
    number, rest = divmod(top * 10**places, bottom)
    if rest:
        raise ValueError(too_fine)
    return number


def amount(usd: Decimal) -> int:
    """The largest amount that is not above `usd` USD."""
    top, bottom = usd.as_integer_ratio()
    found: int = top * UNIT // bottom
    return found


def usd(amount: int, denominator: int) -> Decimal:
    """`amount` / `denominator` in USD: exact to 30 decimal places, rounded half up beyond."""
    fine = denominator * UNIT // 10**PRICE_PLACES
    digits = str((2 * amount + fine) // (2 * fine)).rjust(PRICE_PLACES + 1, "0")
    return Decimal(f"{digits[:-PRICE_PLACES]}.{digits[-PRICE_PLACES:]}".rstrip("0").rstrip("."))
