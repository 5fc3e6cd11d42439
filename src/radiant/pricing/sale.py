"""What a tenant pays: the markup that is most specific, never a sum of several, and a least charge for a request."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

from radiant.domain.price_sheet import Line

from .plan import EXACT

_ZERO: Final = Decimal(0)


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """Whom and what a markup is for; None is all."""

    tenant_id: str | None = None
    hosting: str | None = None
    provider_id: str | None = None
    model_id: str | None = None

    def covers(self, other: "Scope") -> bool:
        """Whether a request of `other`, which names everything, is within it."""
        return all(
            mine is None or mine == its
            for mine, its in zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        )

    @property
    def weight(self) -> tuple[bool, bool, bool, bool]:
        """Larger is more specific: a tenant before everybody, then a model, a provider, a hosting."""
        return (
            self.tenant_id is not None, self.model_id is not None, self.provider_id is not None,
            self.hosting is not None,
        )  # fmt: skip


class Markup(msgspec.Struct, frozen=True, kw_only=True):
    """`rate` is added to the base: 0.4 makes 1.4 of 1. A request costs at least `minimum_charge` USD."""

    scope: Scope
    rate: Decimal
    minimum_charge: Decimal | None = None
    valid_from: dt.datetime | None = None
    valid_to: dt.datetime | None = None
    id: str | None = None
    source: str = "markup"

    def holds(self, at: dt.datetime) -> bool:
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at < self.valid_to)


def markup_for(markups: Iterable[Markup], whom: Scope, at: dt.datetime) -> Markup | None:
    """The one that counts for a request of `whom`, which names everything, at its moment."""
    holding = [it for it in markups if it.holds(at) and it.scope.covers(whom)]
    return max(holding, key=lambda it: it.scope.weight, default=None)


def sold(lines: list[Line], total: Decimal, markup: Markup) -> Decimal:
    """Add to `lines` what a tenant pays on top, and give their new sum. Prices of a sale book are what they are; the
    markup is on all others."""
    base = _ZERO
    for line in lines:
        if not line.sold:
            base = EXACT.add(base, line.usd)
    more = EXACT.multiply(base, markup.rate)
    if more:
        lines.append(Line("markup", base, markup.rate, 1, more, markup.id, markup.source))
        total = EXACT.add(total, more)
    least = markup.minimum_charge
    if least is not None and total < least:
        lines.append(Line("minimum", 1, least, 1, EXACT.subtract(least, total), markup.id, markup.source))
        total = least
    return total


def sold_whole(total: Decimal, markup: Markup) -> Decimal:
    """The sum that `sold` gives where no price is of a sale book, without its items."""
    total = EXACT.add(total, EXACT.multiply(total, markup.rate))
    least = markup.minimum_charge
    return total if least is None or total >= least else least
