"""Where a tenant pays less than we do: by a contract, a markup below 0, or a rise that has not reached them. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from radiant.domain.cost import plain
from radiant.domain.price_sheet import Book, Sheet
from radiant.domain.prices import SoldBelow

from .plan import Plan, band_starts, charges
from .sale import Markup, Scope, markup_for
from .stored import of_book
from .timeline import Timeline


class BelowCost(msgspec.Struct, frozen=True, kw_only=True):
    """A meter that is sold below what it costs us, in USD for `per`; of prices by tiers where most is lost. `until` is
    when prices are others again, None where that is not known."""

    meter: str
    context: dict[str, str]
    purchase: Decimal
    sale: Decimal
    per: int
    until: dt.datetime | None

    def told(self) -> SoldBelow:
        """The same with amounts as exact text."""
        return SoldBelow(
            meter=self.meter,
            context=self.context,
            purchase=plain(self.purchase),
            sale=plain(self.sale),
            per=self.per,
            until=self.until,
        )


def below_cost(sheets: Sequence[Sheet], markups: Iterable[Markup], whom: Scope, at: dt.datetime) -> list[BelowCost]:
    """What `whom`, who names everything, pays less for at `at` than we do, under each context of `sheets`."""
    markup = markup_for(markups, whom, at)
    rate = Decimal(0) if markup is None else markup.rate
    bought, sold = (Timeline(of_book(sheets, book, whom.tenant_id)) for book in (Book.PURCHASE, Book.SALE))
    contexts: list[dict[str, str]] = []
    for context in ({}, *(it.context for it in sheets)):
        if context not in contexts:
            contexts.append(context)
    found: list[BelowCost] = []
    for context in contexts:
        losses = _losses(bought.plan(at, context), sold.plan(at, context), rate)
        said = {(it.meter, it.purchase, it.sale) for it in found}
        until = sold.until(at)
        found += [
            BelowCost(meter=meter, context=context, purchase=ours, sale=theirs, per=per, until=until)
            for meter, ours, theirs, per in losses
            if (meter, ours, theirs) not in said
        ]
    return found


def _losses(bought: Plan, sold: Plan, rate: Decimal) -> Iterable[tuple[str, Decimal, Decimal, int]]:
    for meter, (price, sheet) in bought.prices.items():
        if meter not in sold.prices:
            continue
        other, of = sold.prices[meter]
        bands = tuple(sorted({*band_starts(price), *band_starts(other)}))
        times = 1 if of.book is Book.SALE else 1 + rate
        pairs = [
            (ours.amount, theirs.amount * times * ours.per / theirs.per)
            for ours, theirs in zip(charges(price, sheet, bands), charges(other, of, bands), strict=True)
        ]
        ours, theirs = min(pairs, key=lambda pair: pair[1] - pair[0])
        if theirs < ours:
            yield meter, ours, theirs, price.per
