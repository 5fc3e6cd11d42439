"""Prices as people see them: one sheet as it stands, a change that waits for approval, and what people may set."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from .cost import SAYS_SOMETHING, TenantName
from .currency import USD
from .errors import RadiantError
from .price_sheet import Price, Sheet

#: A moment that says its zone.
Moment = Annotated[dt.datetime, Meta(tz=True)]

#: Why somebody decided so.
Reason = Annotated[str, Meta(min_length=1, max_length=2000, pattern=SAYS_SOMETHING)]


class PriceLine(msgspec.Struct, frozen=True, kw_only=True):
    """`usd` for `per` of a meter; `above` so many input tokens where it is a tier, at hours of `clock` where named.

    Where its source told it in another `currency`, `quoted` is that amount; `usd` is then null where no rate is known.
    """

    meter: str
    usd: str | None
    per: int
    above: int | None = None
    inclusive: bool = False
    clock: str | None = None
    source: str
    quoted: str | None = None
    currency: str = USD


class RateUsed(msgspec.Struct, frozen=True, kw_only=True):
    """The rate by which prices were reckoned in USD: one unit of `currency` is worth `usd` from `day` on."""

    currency: str
    usd: str
    day: dt.date
    source: str


class PriceSheet(msgspec.Struct, frozen=True, kw_only=True):
    """All prices of a model under a context, from `valid_from` until just before `valid_to`, as believed from
    `known_from` until just before `known_to`. An open side is None. `said` tells how the source told when it holds,
    `ended_by` and `ended_because` who ended it or put another in its place, and why. `rates` are those by which prices
    told in other currencies were reckoned in USD.

    What a `whole` sheet does not name has no price. While it holds, those that would speak after it are `silent`.
    """

    sheet: str | None
    book: str
    tenant: str | None
    context: dict[str, str]
    rank: int
    source: str
    valid_from: dt.datetime | None
    valid_to: dt.datetime | None
    known_from: dt.datetime | None
    known_to: dt.datetime | None
    sold_from: dt.datetime | None
    said: str | None
    reason: str | None
    ended_by: str | None
    ended_because: str | None
    minimum: str | None
    lines: tuple[PriceLine, ...]
    rates: tuple[RateUsed, ...] = ()
    whole: bool = False
    silent: bool = False

    @classmethod
    def of(cls, sheet: Sheet, *, silent: bool = False) -> "PriceSheet":
        rates = {price.rate.id: price.rate for price in sheet.prices if price.rate is not None}
        used = (rates[id] for id in sorted(rates))
        return cls(
            sheet=sheet.id,
            book=sheet.book.value,
            tenant=sheet.tenant_id,
            context=sheet.context,
            rank=sheet.rank,
            source=sheet.source,
            valid_from=sheet.valid_from,
            valid_to=sheet.valid_to,
            known_from=sheet.known_from,
            known_to=sheet.known_to,
            sold_from=sheet.sold_from,
            said=sheet.said,
            reason=sheet.note,
            ended_by=sheet.ended_by,
            ended_because=sheet.ended_because,
            minimum=None if sheet.minimum is None else _plain(sheet.minimum),
            lines=tuple(line for price in sheet.prices for line in _lines(sheet, price)),
            rates=tuple(
                RateUsed(currency=it.currency, usd=_plain(it.usd), day=it.day, source=it.source) for it in used
            ),
            whole=sheet.whole,
            silent=silent,
        )


class SoldBelow(msgspec.Struct, frozen=True, kw_only=True):
    """A meter that is sold below what it costs us: USD for `per` of it, until prices are others again where that is
    known."""

    meter: str
    context: dict[str, str]
    purchase: str
    sale: str
    per: int
    until: dt.datetime | None = None


class ModelPrices(msgspec.Struct, frozen=True, kw_only=True):
    """The sheets of a model: those that hold `at` a moment, as believed at `known`, or all of its history.

    At a moment, `markup` is what is added for the tenant that was asked for, or for all others, and `below_cost` what
    is sold below what it costs us. `unknown` says that prices are told in a currency of which no rate is known then.
    """

    provider_id: str
    model_id: str
    at: dt.datetime | None
    known: dt.datetime | None
    sheets: tuple[PriceSheet, ...]
    tenant: str | None = None
    markup: str | None = None
    markup_source: str | None = None
    below_cost: tuple[SoldBelow, ...] = ()
    unknown: str | None = None


class HeldPrice(msgspec.Struct, frozen=True, kw_only=True):
    """A change of price that a guard held: what it would be, and what speaks against it."""

    id: int
    model: str
    context: dict[str, str]
    reasons: tuple[str, ...]
    before: dict[str, str]
    after: dict[str, str]
    at: dt.datetime
    verdict: str
    decided_by: str | None = None
    decided_at: dt.datetime | None = None
    reason: str | None = None


class PriceClaim(msgspec.Struct, frozen=True, kw_only=True):
    """What a source said of a model's prices, by the keys of catalog files, and while it said so.

    Where it said it in another currency than USD, `usd` is what that is at the `rate` of today, null where there is
    none.
    """

    source: str
    entry: str
    prices: dict[str, Any]
    starts: dt.datetime | None
    said: str | None
    seen_from: dt.datetime
    seen_to: dt.datetime | None
    currency: str = USD
    usd: dict[str, Any] | None = None
    rate: RateUsed | None = None


class SetPrices(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prices that somebody sets: by meter, an amount of USD for as many as `Meter.per` says (a million tokens).

    For a period, where `since` or `until` say so; for one tenant, where named: then it is the tenant's contract, which
    no markup is added to; for one kind of requests, such as `{"processing": "batch"}`, where `context` says so. What a
    `whole` sheet does not name has no price. `minimum` is what a request costs at least, in USD. With `sell_at_once`
    tenants pay a rise without having been told of it before.
    """

    prices: dict[str, Decimal]
    reason: Reason
    since: Moment | None = None
    until: Moment | None = None
    tenant: TenantName | None = None
    minimum: Decimal | None = None
    context: dict[str, str] = {}
    whole: bool = False
    sell_at_once: bool = False


class PriceChange(msgspec.Struct, frozen=True, kw_only=True):
    """A price that becomes another, in USD for `per` of a meter: `before` is what holds without it, and `source` says
    so; null where nothing is known.

    `after` is null where there is no price any more: then it is charged as the meter `charged_as`, or not at all. Of
    requests of another kind than what is set, only what becomes another is named, under their `context`.
    """

    meter: str
    context: dict[str, str]
    before: str | None
    after: str | None
    per: int
    source: str | None
    charged_as: str | None = None


class PriceEdit(msgspec.Struct, frozen=True, kw_only=True):
    """What setting prices did to one model, or would: each change, `left`, the meters that stay what sources or others
    say, and `below_cost`, what is then sold below what it costs us.

    `rise` is the largest factor by which tenants pay more, where that is more than a tenth, and `free` where it was
    free; `sold_from` of the sheet says from when.
    """

    model: str
    sheet: PriceSheet
    changes: tuple[PriceChange, ...]
    left: tuple[str, ...]
    below_cost: tuple[SoldBelow, ...] = ()
    rise: str | None = None


class PriceUnset(msgspec.Struct, frozen=True, kw_only=True):
    """A model of which what was set by hand has ended: for us at once, and for tenants at `sold_from` where that is a
    rise of more than a tenth. `rise` is as in `PriceEdit`."""

    model: str
    sold_from: dt.datetime | None = None
    rise: str | None = None


class NothingHeld(RadiantError):
    """No change of price waits under this name."""

    def __init__(self, name: str, known: tuple[str, ...] = ()) -> None:
        self.known = known
        super().__init__(f"No change of price of {name} waits for approval.")


class NothingSet(RadiantError):
    """Nobody set the prices of this model."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"Nobody set a price of {name}.")


def _lines(sheet: Sheet, price: Price) -> Iterator[PriceLine]:
    """The price and its tiers, with what their source said."""
    told = USD if price.rate is None else price.rate.currency

    def line(amount: Decimal, quoted: Decimal | None) -> PriceLine:
        own = sheet.currency != USD  # nobody knows what it is in USD
        said = amount if own else quoted
        return PriceLine(
            meter=price.meter, usd=None if own else _plain(amount), per=price.per, clock=price.clock,
            source=price.source or sheet.source, quoted=None if said is None else _plain(said),
            currency=sheet.currency if own else USD if quoted is None else told,
        )  # fmt: skip

    yield line(price.amount, price.quoted)
    for it in price.tiers:
        yield msgspec.structs.replace(line(it.amount, it.quoted), above=it.above, inclusive=it.inclusive)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
