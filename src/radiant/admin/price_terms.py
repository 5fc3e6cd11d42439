"""What stands in an order of prices, markups or rates, checked before anything is written. Pure."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from difflib import get_close_matches
from typing import Final

from radiant.domain.currency import CODE, FX_PLACES, HIGHEST_RATE, LEAST_RATE, LONGEST_SOURCE, USD, Rate
from radiant.domain.errors import UsageInvalid
from radiant.domain.markups import RATE_PLACES
from radiant.domain.meter import METERS
from radiant.domain.price_sheet import Context, Price
from radiant.domain.prices import SetPrices
from radiant.domain.units import PRICE_PLACES
from radiant.pricing.lattice import unknown
from radiant.pricing.rating import FIRST, LAST
from radiant.pricing.responses import CONDITIONS
from radiant.pricing.tariff import HIGHEST

#: A rate of 100 is 10,000 %.
_MOST: Final = 100

#: The year of the first rate of a currency that can be stated.
FIRST_RATE: Final = 1970

#: A rate that is so many times that of another day is a slip of the point.
_SLIP: Final = 10

#: How many conditions a kind of requests has at most, and how long each is.
_CONDITIONS: Final = 10
_LONGEST: Final = 100

#: From how alike on a condition is taken for a slip of the pen; others may be any provider's own.
_ALIKE: Final = 0.8


def price_of(meter: str, amount: Decimal) -> Price:
    """A price of a meter, for as many as is usual. Raises UsageInvalid."""
    known = METERS.get(meter)
    if known is None:
        raise UsageInvalid(meter, unknown(meter))
    return Price(meter=meter, amount=amount_of(meter, amount), per=known.per)


def amount_of(name: str, amount: Decimal) -> Decimal:
    """The amount, in USD, if it can be one. Raises UsageInvalid."""
    if not amount.is_finite() or amount < 0:
        raise UsageInvalid(name, f"is {amount!s:.40}; a price is a finite amount from 0")
    if amount.adjusted() > 12 or amount > HIGHEST:
        raise UsageInvalid(name, f"is beyond {HIGHEST:,} USD")
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -PRICE_PLACES:
        raise UsageInvalid(name, f"has more than {PRICE_PLACES} decimal places")
    return amount


def prices_in(wanted: SetPrices) -> dict[str, Price]:
    """By meter, what is to be set, if all of it can be. Raises UsageInvalid."""
    given = {meter: price_of(meter, amount) for meter, amount in wanted.prices.items()}
    if not given:
        raise UsageInvalid("prices", "names no meter")
    if wanted.minimum is not None:
        amount_of("minimum", wanted.minimum)
    context_of(wanted.context)
    sold_at_once_by(wanted.tenant, wanted.sell_at_once)
    return given


def context_of(context: Context) -> Context:
    """Conditions of requests, if they can be such. Raises UsageInvalid."""
    if len(context) > _CONDITIONS:
        raise UsageInvalid("context", f"has {len(context)} conditions; a kind of requests has at most {_CONDITIONS}")
    for name, value in context.items():
        for text in (name, value):
            if not text.strip() or len(text) > _LONGEST or not text.isprintable():
                raise UsageInvalid(
                    "context",
                    f"has {text!r:.60}; a condition has a name and a value of at most {_LONGEST} characters each, such"
                    " as processing and batch",
                )
        close = get_close_matches(name.lower(), CONDITIONS, cutoff=_ALIKE)
        if close and name not in CONDITIONS:
            raise UsageInvalid("context", f"has no condition {name!r:.60}; did you mean {' or '.join(close)}?")
    return context


def sold_at_once_by(tenant: str | None, at_once: bool) -> None:
    """Raises UsageInvalid where a contract is to be sold at once, which it is anyway."""
    if at_once and tenant is not None:
        raise UsageInvalid("sell_at_once", "is for prices that all tenants pay; a contract is paid as soon as it holds")


def rate_of(rate: Decimal, tenant: str | None) -> Decimal:
    """A markup, if it can be one: 0.4 is 40 %. Raises UsageInvalid."""
    if not rate.is_finite() or not -1 < rate < _MOST:
        raise UsageInvalid("rate", f"is {rate!s:.40}; a markup is above -1 and below {_MOST}, and 0.4 makes 1.4 of 1")
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


def code_of(currency: str) -> str:
    """A currency by its code, whose letters may be small. Raises UsageInvalid."""
    code = currency.strip().upper()
    if not CODE.match(code):
        raise UsageInvalid("currency", f"is {currency!a:.40}; expected three letters of ISO 4217, such as EUR")
    if code == USD:
        raise UsageInvalid("currency", "is USD, the currency of the books, which is worth 1")
    return code


def read_at(source: str) -> str:
    """Where a rate was read, in words on one line. Raises UsageInvalid."""
    told = source.strip()
    if not told or not told.isprintable() or len(told) > LONGEST_SOURCE:
        raise UsageInvalid(
            "source",
            f"is {told!a:.40}; expected where the rate was read, on one line of up to {LONGEST_SOURCE} characters",
        )
    return told


def day_of(day: dt.date | None, now: dt.datetime) -> dt.date:
    """The day of a rate; that of now where none is named. Raises UsageInvalid."""
    today = now.astimezone(dt.UTC).date()
    if day is not None and day > today:
        raise UsageInvalid("day", f"is {day}, which is yet to come; it is {today} (UTC), and nobody knows a later rate")
    if day is not None and day.year < FIRST_RATE:
        raise UsageInvalid("day", f"is {day}; expected a day from {FIRST_RATE} on")
    return day or today


def fx_rate_of(currency: str, usd: Decimal, day: dt.date, known: Sequence[Rate]) -> Decimal:
    """What one unit of a currency is worth, if it can be: above 0, and no slip of the point beside what is known of
    other days. Raises UsageInvalid."""
    if not usd.is_finite() or usd <= 0:
        raise UsageInvalid("usd", f"is {usd!s:.40}; one {currency} is worth more than 0 USD")
    if not LEAST_RATE <= usd <= HIGHEST_RATE:
        raise UsageInvalid(
            "usd",
            f"is {usd:.15g}, and no currency is worth that: expected {LEAST_RATE:f} to {HIGHEST_RATE} USD for one"
            f" {currency}, not {currency} for one USD",
        )
    exponent = usd.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -FX_PLACES:
        raise UsageInvalid("usd", f"has more than {FX_PLACES} decimal places")
    beside = min((it for it in known if it.day != day), key=lambda it: abs(it.day - day), default=None)
    if beside is not None and not beside.usd / _SLIP < usd < beside.usd * _SLIP:
        raise UsageInvalid(
            "usd",
            f"is {usd:f}, {_SLIP} times the {beside.usd.normalize():f} of {beside.day} or a part of it, as by a slip of"
            f" the point; if that one is wrong, state the right one of {beside.day} first",
        )
    return usd
