"""Prices as people see them: one sheet as it stands, a change that waits for approval, and what people may set."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from .errors import RadiantError
from .price_sheet import Sheet

#: A moment that says its zone.
Moment = Annotated[dt.datetime, Meta(tz=True)]

#: Why somebody decided so.
Reason = Annotated[str, Meta(min_length=1, max_length=2000)]


class PriceLine(msgspec.Struct, frozen=True, kw_only=True):
    """`usd` for `per` of a meter; `above` so many input tokens where it is a tier, at hours of `clock` where named."""

    meter: str
    usd: str
    per: int
    above: int | None = None
    inclusive: bool = False
    clock: str | None = None
    source: str


class PriceSheet(msgspec.Struct, frozen=True, kw_only=True):
    """All prices of a model under a context, from `valid_from` until just before `valid_to`, as believed from
    `known_from` until just before `known_to`. An open side is None. `said` tells how the source told when it holds,
    `ended_by` and `ended_because` who ended it or put another in its place, and why."""

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

    @classmethod
    def of(cls, sheet: Sheet) -> "PriceSheet":
        lines = []
        for price in sheet.prices:
            source = price.source or sheet.source
            usual = PriceLine(
                meter=price.meter, usd=_plain(price.amount), per=price.per, clock=price.clock, source=source
            )
            lines.append(usual)
            lines += [
                msgspec.structs.replace(usual, usd=_plain(it.amount), above=it.above, inclusive=it.inclusive)
                for it in price.tiers
            ]
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
            lines=tuple(lines),
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
    is sold below what it costs us.
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
    """What a source said of a model's prices, by the keys of catalog files, and while it said so."""

    source: str
    entry: str
    prices: dict[str, Any]
    starts: dt.datetime | None
    said: str | None
    seen_from: dt.datetime
    seen_to: dt.datetime | None


class SetPrices(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prices that somebody sets: by meter, an amount of USD for as many as `Meter.per` says (a million tokens).

    For a period, where `since` or `until` say so; for one tenant, where named: then it is the tenant's contract, which
    no markup is added to. `minimum` is what a request costs at least, in USD.
    """

    prices: dict[str, Decimal]
    reason: Reason
    since: Moment | None = None
    until: Moment | None = None
    tenant: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    minimum: Decimal | None = None


class PriceChange(msgspec.Struct, frozen=True, kw_only=True):
    """A price that somebody sets, in USD for `per` of a meter: `before` is what holds without it, and `source` says so;
    null where nothing is known."""

    meter: str
    before: str | None
    after: str
    per: int
    source: str | None


class PriceEdit(msgspec.Struct, frozen=True, kw_only=True):
    """What setting prices did to one model, or would: each change, `left`, the meters that stay what sources or others
    say, and `below_cost`, what is then sold below what it costs us."""

    model: str
    sheet: PriceSheet
    changes: tuple[PriceChange, ...]
    left: tuple[str, ...]
    below_cost: tuple[SoldBelow, ...] = ()


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


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
