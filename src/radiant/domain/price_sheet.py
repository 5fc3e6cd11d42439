"""Prices of one model as somebody states them: whole sheets, each with when it holds and since when that is known.

A sheet is never changed: a new price is another sheet that is valid later, a correction one that is known later. A
meter without a price is unknown, 0 is free.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

import msgspec

from .currency import USD, Rate
from .errors import UsageInvalid
from .meter import METERS

#: What one request consumed, by the names of meters; what a meter contains is inside its quantity.
Usage = Mapping[str, int | Decimal]

#: Under which conditions a request was made: `{"processing": "batch"}`, `{"region": "eu"}`.
Context = Mapping[str, str]


class Book(StrEnum):
    """Whose price: what we pay, or what a tenant pays."""

    PURCHASE = "purchase"
    SALE = "sale"


def _check_amount(name: str, amount: object) -> None:
    """Raises UsageInvalid for what is no exact amount; `-0` and the like are 0."""
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        raise UsageInvalid(name, f"is {amount!r:.40}; expected an exact amount, such as Decimal('0.15')")
    if not Decimal(amount).is_finite() or amount < 0:
        raise UsageInvalid(name, f"is {amount!s:.40}; expected a finite amount from 0")


class Tier(msgspec.Struct, frozen=True, gc=False):
    """Another amount for a whole request with more than `above` input tokens, cached and written ones included. Raises
    UsageInvalid for an amount that cannot be.

    `inclusive` says that it begins at exactly `above`. `quoted` is as in `Price`.
    """

    above: int
    inclusive: bool
    amount: Decimal
    quoted: Decimal | None = None

    def __post_init__(self) -> None:
        _check_amount("amount", self.amount)
        if self.above < 0:
            raise UsageInvalid("above", f"is {self.above}; expected a number of input tokens from 0")


class Price(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """`amount` for `per` of what a meter counts: 0.111 for 3,600 seconds is never made 0.0000308 for one.

    `tiers` ascend. `minimum` is the least of the meter that is charged where any of it was used. With a `clock`, the
    name of one of the sheet's, it holds only at that clock's hours, and instead of the price without one. Where it was
    said in another currency, `quoted` is that amount, and `rate` what made `amount` of it. Raises UsageInvalid for a
    meter that there is not, and amounts that cannot be.
    """

    meter: str
    amount: Decimal
    per: int
    tiers: tuple[Tier, ...] = ()
    clock: str | None = None
    minimum: int | Decimal | None = None
    source: str | None = None  #: where it differs from the sheet's
    quoted: Decimal | None = None
    rate: Rate | None = None

    def __post_init__(self) -> None:
        _check_amount("amount", self.amount)
        if self.meter not in METERS:
            raise UsageInvalid(f"{self.meter!s:.60}", "is no meter; docs/reference/meters.md lists them")
        if type(self.per) is not int or self.per < 1:
            raise UsageInvalid("per", f"is {self.per!r:.40}; expected a whole number from 1")
        if self.minimum is not None:
            _check_amount("minimum", self.minimum)


class Clock(msgspec.Struct, frozen=True, kw_only=True):
    """Hours of the week in a zone: `days` from 1 (Monday) to 7, `spans` of wall clock such as ("09:00", "12:00").

    "24:00" is the end of the day. A span that ends before it begins goes over midnight and belongs to the day on which
    it begins. Nothing of it holds on a day of `except_days`.
    """

    name: str
    zone: str
    days: tuple[int, ...]
    spans: tuple[tuple[str, str], ...]
    except_days: tuple[dt.date, ...] = ()


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """All prices of one model under one context, in force from `valid_from` until just before `valid_to`.

    Without a beginning it held always, without an end it holds until further notice; moments have a zone. `rank` is
    higher where a sheet speaks before others, and may name only some meters: an administrator's, or a tenant's
    contract. Where that is `whole`, what it does not name is unknown, and not taken from sheets that speak after it.
    `minimum` is the least that one request costs, in `currency` as amounts are. What is in another than USD has no
    price in the books.
    """

    provider_id: str
    model_id: str
    prices: tuple[Price, ...]
    source: str
    clocks: tuple[Clock, ...] = ()
    context: dict[str, str] = {}
    minimum: Decimal | None = None
    source_url: str | None = None
    valid_from: dt.datetime | None = None
    valid_to: dt.datetime | None = None
    known_from: dt.datetime | None = None
    known_to: dt.datetime | None = None
    currency: str = USD
    book: Book = Book.PURCHASE
    tenant_id: str | None = None
    rank: int = 0
    id: str | None = None  #: of the registry; None where nothing is stored
    said: str | None = None  #: how the source told when it takes effect: `date`, `instant`
    note: str | None = None
    whole: bool = False
    sold_from: dt.datetime | None = None  #: from when tenants pay it, where a rise reaches them later than us
    ended_by: str | None = None  #: who ended it or put another in its place, of what is no longer believed
    ended_because: str | None = None

    def holds(self, at: dt.datetime) -> bool:
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at < self.valid_to)

    @property
    def lasts(self) -> bool:
        """Whether there is a moment at which it holds."""
        return self.valid_from is None or self.valid_to is None or self.valid_from < self.valid_to

    @property
    def derived(self) -> bool:
        """Whether something of it was said in another currency and reckoned in USD."""
        return any(price.rate is not None or any(it.quoted is not None for it in price.tiers) for price in self.prices)

    def __post_init__(self) -> None:
        if self.minimum is not None:
            _check_amount("minimum", self.minimum)


class Line(msgspec.Struct, frozen=True, gc=False):
    """One item of a rating: `quantity` of a meter at `amount` for `per` is `usd`.

    `meter` is `markup` or `minimum` where the item is none of usage. `sheet` is the id of a stored sheet. `sold` says
    that the price is of a sale book, and no markup comes on top.
    """

    meter: str
    quantity: int | Decimal
    amount: Decimal
    per: int
    usd: Decimal
    sheet: str | None
    source: str
    sold: bool = False


class RatingState(StrEnum):
    """How much of a usage has a price."""

    PRICED = "priced"
    PARTLY_PRICED = "partly_priced"
    UNPRICED = "unpriced"
    FREE = "free"


class Announced(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet that takes effect later: what the same usage costs from then on, None where unknown."""

    at: dt.datetime
    total: Decimal | None
    source: str
    sheet: str | None = None


class Rating(msgspec.Struct, frozen=True, kw_only=True):
    """What a usage costs. `total` is the exact sum of `lines`, in USD; None where nothing of it has a price.

    `unpriced` are meters of the usage that have no price and are another thing than what contains them. Where something
    that contains them was charged all the same, `charged_as` names it, as for every meter without a price of its own:
    cached tokens as input tokens. `unmatched` are conditions that no price in force is for: what the usage costs under
    them is taken to be what it always does. The answer is the same until `valid_until`.
    """

    total: Decimal | None
    lines: tuple[Line, ...]
    unpriced: tuple[str, ...] = ()
    charged_as: dict[str, str] = {}
    unmatched: tuple[str, ...] = ()
    valid_until: dt.datetime | None = None
    announced: tuple[Announced, ...] = ()
    markup: Decimal | None = None

    @property
    def state(self) -> RatingState:
        if self.total is None:
            return RatingState.UNPRICED
        if self.unpriced:
            return RatingState.PARTLY_PRICED
        return RatingState.PRICED if self.total else RatingState.FREE
