"""What stands in an order of prices or markups, checked before anything is written. Pure."""

import datetime as dt
from decimal import Decimal
from typing import Final

from radiant.domain.errors import UsageInvalid
from radiant.domain.markups import RATE_PLACES
from radiant.domain.meter import METERS
from radiant.domain.price_sheet import Price
from radiant.domain.units import PRICE_PLACES
from radiant.pricing.lattice import unknown
from radiant.pricing.rating import FIRST, LAST
from radiant.pricing.tariff import HIGHEST

#: A rate of 100 is 10,000 %.
_MOST: Final = 100


def price_of(meter: str, amount: Decimal) -> Price:
    """A price of a meter, for as many as is usual. Raises UsageInvalid."""
    known = METERS.get(meter)
    if known is None:
        raise UsageInvalid(meter, unknown(meter))
    return Price(meter=meter, amount=amount_of(meter, amount), per=known.per)


def amount_of(name: str, amount: Decimal) -> Decimal:
    """The amount, in USD, if it can be one. Raises UsageInvalid."""
    if not amount.is_finite() or amount < 0:
        raise UsageInvalid(name, f"is {amount}; a price is a finite amount from 0")
    if amount.adjusted() > 12 or amount > HIGHEST:
        raise UsageInvalid(name, f"is beyond {HIGHEST:,} USD")
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PRICE_PLACES:
        raise UsageInvalid(name, f"has more than {PRICE_PLACES} decimal places")
    return amount


def rate_of(rate: Decimal, tenant: str | None) -> Decimal:
    """A markup, if it can be one: 0.4 is 40 %. Raises UsageInvalid."""
    if not rate.is_finite() or not -1 < rate < _MOST:
        raise UsageInvalid("rate", f"is {rate}; a markup is above -1 and below {_MOST}, and 0.4 makes 1.4 of 1")
    if rate < 0 and tenant is None:
        raise UsageInvalid("rate", "is below 0; only one tenant can have less than it costs, so name the tenant")
    if rate != round(rate, RATE_PLACES):
        raise UsageInvalid("rate", f"has more than {RATE_PLACES} decimal places")
    return rate


def period_of(
    since: dt.datetime | None, until: dt.datetime | None, now: dt.datetime
) -> tuple[dt.datetime, dt.datetime | None]:
    """From when until when something is to hold; now where no beginning is named. Raises UsageInvalid."""
    for name, moment in (("since", since), ("until", until)):
        if moment is not None and not FIRST <= moment < LAST:
            raise UsageInvalid(name, f"is out of reach; expected a moment from {FIRST.year} to {LAST.year}")
    begins = since or now
    if until is not None and until <= begins:
        raise UsageInvalid("until", f"is {until:%Y-%m-%d %H:%M}, not after it begins")
    return begins, until
