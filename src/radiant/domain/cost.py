"""What is asked of the cost of a usage, and what is answered."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from .price_sheet import Announced, Book, Line, RatingState

#: How many costs one request may ask for.
LARGEST_BATCH = 1000

#: What people write has more than blanks in it, and PostgreSQL takes no NUL characters.
SAYS_SOMETHING = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"

TenantName = Annotated[str, Meta(min_length=1, max_length=200, pattern=SAYS_SOMETHING)]

#: PostgreSQL takes no NUL characters.
Name = Annotated[str, Meta(min_length=1, max_length=600, pattern=r"^[^\u0000]*$")]


class CostAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `usage`, by the names of meters, or the `response` object of a provider costs with a model.

    `at` is a moment with a zone (RFC 3339) and now where it is left out. `context` are conditions such as
    `{"processing": "batch"}`, beside those a response states. `book` is `purchase`, what we pay, or `sale`, what a
    tenant pays; it is `sale` where a `tenant` is named and no book.
    """

    model: Name
    provider: Name | None = None
    usage: dict[str, Any] | None = None
    response: dict[str, Any] | None = None
    at: str | None = None
    context: dict[str, str] = {}
    book: Book | None = None
    tenant: TenantName | None = None


class CostLine(msgspec.Struct, frozen=True, kw_only=True):
    """One item: `quantity` of a meter at `amount` USD for `per` of it is `usd`. Amounts are exact decimals.

    `meter` is `markup` or `minimum` where the item is none of usage. `sheet` is the id of a stored price sheet.
    """

    meter: str
    quantity: int | str
    amount: str
    per: int
    usd: str
    sheet: str | None
    source: str

    @classmethod
    def of(cls, line: Line) -> "CostLine":
        quantity = line.quantity if isinstance(line.quantity, int) else plain(line.quantity)
        return cls(
            meter=line.meter,
            quantity=quantity,
            amount=plain(line.amount),
            per=line.per,
            usd=plain(line.usd),
            sheet=line.sheet,
            source=line.source,
        )


class CostChange(msgspec.Struct, frozen=True, kw_only=True):
    """An announced change: what the same usage costs from a moment on, null where unknown."""

    at: dt.datetime
    usd: str | None
    source: str
    sheet: str | None

    @classmethod
    def of(cls, change: Announced) -> "CostChange":
        return cls(at=change.at, usd=known(change.total), source=change.source, sheet=change.sheet)


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """The answer: `usd` is the exact sum of `lines`, null where nothing of the usage has a price.

    `unpriced` are meters in use without a price, or that the response does not count to the end; `charged_as` names
    what a meter without a price of its own was charged as, `unmatched` conditions of `context` that no price is for:
    under these the usage was charged as without them. `unread` names numbers of the response that may cost something
    and that no rule reads. `reported_usd` is what the response itself says. `note` says where the prices are from when
    the registry has no such model, or that they are told in a currency of which no rate is known.
    """

    provider: str
    model: str
    book: Book
    at: dt.datetime
    usd: str | None
    state: RatingState
    lines: list[CostLine]
    unpriced: list[str]
    charged_as: dict[str, str]
    usage: dict[str, int | str]
    context: dict[str, str]
    unmatched: list[str] = []
    unread: list[str] = []
    valid_until: dt.datetime | None = None
    announced: list[CostChange] = []
    markup: str | None = None
    reported_usd: str | None = None
    note: str | None = None


class OwnUnit(msgspec.Struct, frozen=True, kw_only=True):
    """USD for one unit of work: `used` where only busy hours are paid for, `reserved` where all are."""

    used: str
    reserved: str


class OwnCost(msgspec.Struct, frozen=True, kw_only=True):
    """What a self-hosted model costs on its hardware, null where its throughput is not known.

    `measured` says that `tokens_per_second` are those of single requests, as outcomes told them. `against_per_million`
    is what `against` takes for a million output tokens with `input_per_output` input tokens for each;
    `break_even_tokens_per_day` are the output tokens a day from which on one's own costs no more than that, and
    `capacity_tokens_per_day` what the instances can do.
    """

    model: str
    hourly: str
    instances: int
    utilization: str
    tokens_per_second: str | None
    measured: bool
    per_million_tokens: OwnUnit | None
    per_image: OwnUnit | None
    per_audio_minute: OwnUnit | None
    input_per_output: str
    against: str | None = None
    against_per_million: str | None = None
    break_even_tokens_per_day: int | None = None
    capacity_tokens_per_day: int | None = None


def plain(amount: Decimal) -> str:
    """In digits, without an exponent and without needless zeros."""
    text = f"{amount:f}"
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def known(amount: Decimal | None) -> str | None:
    return None if amount is None else plain(amount)
