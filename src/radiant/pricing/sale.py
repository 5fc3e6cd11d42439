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
    usual: bool = False  #: what counts where nobody set one: it speaks after all that somebody set

    def holds(self, at: dt.datetime) -> bool:
        return (self.valid_from is None or self.valid_from <= at) and (self.valid_to is None or at < self.valid_to)


def markup_for(markups: Iterable[Markup], whom: Scope, at: dt.datetime) -> Markup | None:
    """The one that counts for a request of `whom`, which names everything, at its moment."""
    holding = [it for it in markups if it.holds(at) and it.scope.covers(whom)]
    return max(holding, key=lambda it: (not it.usual, it.scope.weight), default=None)


def with_column(markups: Iterable[Markup], model: Scope, column: Decimal | None) -> tuple[Markup, ...]:
    """The markups that can count for `model`, which names no tenant, and what the column of its row says besides.

    The column shows what somebody set or what is usual. Another number is of whoever entered the model, such as a
    catalog file, and speaks before what is usual.
    """
    found = tuple(it for it in markups if msgspec.structs.replace(it.scope, tenant_id=None).covers(model))
    shown = {it.rate for it in found if it.scope.tenant_id is None}
    if column is None or column in shown:
        return found
    scope = Scope(provider_id=model.provider_id, model_id=model.model_id)
    return (*found, Markup(scope=scope, rate=column, usual=True, source="markup of the model"))


def next_turn(markups: Iterable[Markup], whom: Scope, at: dt.datetime) -> tuple[dt.datetime, Markup | None] | None:
    """The first moment after `at` from which another markup counts for `whom`, and that one."""
    markups = tuple(markups)
    now = markup_for(markups, whom, at)
    bounds = {bound for it in markups for bound in (it.valid_from, it.valid_to) if bound is not None and bound > at}
    for moment in sorted(bounds):
        then = markup_for(markups, whom, moment)
        if (then and (then.rate, then.minimum_charge)) != (now and (now.rate, now.minimum_charge)):
            return moment, then
    return None


def sold(lines: list[Line], total: Decimal, markup: Markup) -> Decimal:
    """Add to `lines` what a tenant pays on top, and give their new sum. Prices of a sale book are what they are; the
    markup is on all others, and so is its least charge."""
    if all(line.sold for line in lines):
        return total
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
