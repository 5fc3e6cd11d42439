"""Facts: what a source says of a field, whether it holds, and where sources disagree."""

import datetime as dt
from typing import Any, NamedTuple

import msgspec

from .currency import PRICE, PRICE_IN, Rate


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """What `source` says of one field of its `entry`. Prices are USD in the unit the field names, exact, or in the
    currency that it names: `price_in_eur.input_per_mtok`.

    `reference` is where it was read, `source_date` the source's own date, `seen_at` when this value was first seen.
    With a `rate`, the price was said in the rate's currency and is reckoned in USD by it.
    """

    source: str
    entry: str
    field: str
    value: Any
    provider_id: str | None
    model_id: str | None
    reference: str | None
    source_date: dt.date | None
    seen_at: dt.datetime
    rate: Rate | None = None


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A fact in the light of the others: whether it holds, and why or why not."""

    field: str
    value: Any
    source: str
    holds: bool
    why: str
    entry: str | None
    reference: str | None
    source_date: dt.date | None
    seen_at: dt.datetime


class ConflictPlace(NamedTuple):
    """Where a conflict stands in their order: prices first, then the largest gap, then by name."""

    is_price: bool
    gap: float | None
    provider_id: str
    model_id: str
    field: str


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Sources that say different things of one field, or one that says what is in doubt. `said` is by source.

    `gap` is 1 − smallest / largest of the numbers, those of other offerings that speak against one included; None
    where they are no numbers. `doubts` says in words what speaks against a source's number.
    """

    provider_id: str
    model_id: str
    field: str
    said: dict[str, Any]
    gap: float | None
    doubts: list[str] = []

    @property
    def place(self) -> ConflictPlace:
        return ConflictPlace(
            self.field.startswith((PRICE, PRICE_IN)), self.gap, self.provider_id, self.model_id, self.field
        )
