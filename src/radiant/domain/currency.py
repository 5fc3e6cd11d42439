"""Currencies: what a unit of one is worth in USD, and how facts name what was said in another than USD."""

import datetime as dt
import re
from decimal import Decimal
from typing import Annotated, Final

import msgspec
from msgspec import Meta

#: The currency of the books. What is said in another is reckoned in it at a rate that somebody stated.
USD: Final = "USD"

#: As ISO 4217 writes currencies.
CODE: Final = re.compile(r"[A-Z]{3}\Z")

#: Bounds of what one unit is worth: nobody's currency is worth more than 10 USD or less than a ten-millionth of one.
LEAST_RATE: Final = Decimal("0.0000001")
HIGHEST_RATE: Final = Decimal(10)

#: At how many decimals a rate ends.
FX_PLACES: Final = 12

#: Of the words that say where a rate was read.
LONGEST_SOURCE: Final = 200

#: How the field of a price begins: in USD, and in a currency whose code, in small letters, follows.
PRICE: Final = "price."
PRICE_IN: Final = "price_in_"


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """One unit of `currency` is worth `usd` from 00:00 UTC of `day` on, as `source` says; `id` is that of the row."""

    currency: str
    day: dt.date
    usd: Decimal
    source: str
    id: int = 0

    @property
    def since(self) -> dt.datetime:
        """The moment from which it holds."""
        return dt.datetime.combine(self.day, dt.time(), dt.UTC)


class RateTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate that somebody states: one unit of `currency` (ISO 4217: EUR) is worth `usd` US dollars from `day` on,
    today (UTC) where it is left out, until the day of the next rate. `source` is where it was read."""

    currency: Annotated[str, Meta(min_length=1, max_length=20)]
    usd: Decimal
    source: Annotated[str, Meta(min_length=1, max_length=LONGEST_SOURCE)]
    day: dt.date | None = None


class CurrencyRate(msgspec.Struct, frozen=True, kw_only=True):
    """A rate as the registry has it: one unit of `currency` is worth `usd`, exact decimal text, from `day` on.

    `known_to` is when another was stated of the same day, null while it is believed.
    """

    currency: str
    day: dt.date
    usd: str
    source: str
    set_by: str
    known_from: dt.datetime
    known_to: dt.datetime | None


class RateSet(msgspec.Struct, frozen=True, kw_only=True):
    """What stating a rate did: the rate, `told`, the models of which something is said in the currency, and how many
    price sheets follow from it now, or wait for approval."""

    rate: CurrencyRate
    told: int
    sheets: int
    held: int


def in_currency(currency: str | None, field: str) -> str:
    """The field of a fact, `price.input_per_mtok`, as it is called where it is said in a currency; None is USD."""
    return field if currency in (None, USD) else f"{PRICE_IN}{str(currency).lower()}.{field.removeprefix(PRICE)}"


def usual_field(field: str) -> str:
    """`price.input_per_mtok` for `price_in_eur.input_per_mtok`; any other as it is."""
    return f"{PRICE}{field.partition('.')[2]}" if field.startswith(PRICE_IN) else field


def currency_of(field: str) -> str | None:
    """The currency that a fact's field names; None for those of USD, and those that are no price."""
    return field[len(PRICE_IN) :].partition(".")[0].upper() if field.startswith(PRICE_IN) else None
