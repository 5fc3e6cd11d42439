"""Which usages cost something else by the prices that are believed now, and what is to be written of them. Pure.

Only stored prices are asked: what the row of a model says now was not what it said then. A usage that was rated by such
a row is rated again once the history has all of its prices, and stays until then.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import msgspec

from radiant.domain.cost import known, plain
from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import Book, RatingState, Sheet
from radiant.domain.usage import RatedAgain

from .books import of_book
from .charged import Charged, Charging, change
from .plan import EXACT
from .sale import Markup, Scope
from .timeline import Timeline

Model = tuple[str, str]

_ZERO = Decimal(0)
_WHOLE = (RatingState.PRICED, RatingState.FREE)


class Counting(msgspec.Struct, frozen=True, array_like=True):
    """A usage with the rating that counts of it."""

    id: int
    provider_id: str
    model_id: str
    at: dt.datetime
    booked_at: dt.datetime
    tenant_id: str | None
    context: dict[str, str]
    quantities: dict[str, int | Decimal]
    state: str
    purchase: Decimal | None
    sale: Decimal | None
    markup: Decimal | None
    minimum_charge: Decimal | None
    stored: bool
    basis: int


class _Sum:
    """What some usages cost before and after, unknown while none of them has a price."""

    __slots__ = ("after", "before", "change")

    def __init__(self) -> None:
        self.before: Decimal | None = None
        self.after: Decimal | None = None
        self.change = _ZERO

    def add(self, before: Decimal | None, after: Decimal | None) -> Decimal | None:
        if before is not None:
            self.before = EXACT.add(self.before or _ZERO, before)
        if after is not None:
            self.after = EXACT.add(self.after or _ZERO, after)
        changed = change(before, after)
        if changed is not None:
            self.change = EXACT.add(self.change, changed)
        return changed


class _Group:
    """The usages of one tenant and model."""

    __slots__ = ("corrections", "purchase", "rows", "sale")

    def __init__(self) -> None:
        self.rows = self.corrections = 0
        self.purchase, self.sale = _Sum(), _Sum()


class Again:
    """Rates usages by the stored sheets of their models. `closed` are the ends of closed periods, ascending; what
    belongs to one of them is booked at `now`."""

    def __init__(
        self, sheets: Mapping[Model, Sequence[Sheet]], closed: Sequence[dt.datetime], now: dt.datetime
    ) -> None:
        self._prices = {key: Timeline(it) for key, it in sheets.items()}
        self._closed = closed
        self._now = max(now, closed[-1]) if closed else now
        self._books: dict[tuple[str, str, str | None], tuple[Timeline, Timeline]] = {}
        self._markups: dict[tuple[Decimal, Decimal | None], Markup] = {}
        self._groups: dict[tuple[str | None, str, str], _Group] = {}
        self._charging = Charging()
        self.rows = self.changed = self.kept = self.failed = 0
        self.why: str | None = None

    def judge(self, page: Iterable[Counting]) -> list[str]:
        """Of each usage that costs something else, its new rating: the columns that `append` of the ledger reads, but
        for the run, which comes last."""
        found = []
        for it in page:
            self.rows += 1
            try:
                new = self._charged(it)
            except UsageInvalid as error:
                self.failed += 1
                self.why = self.why or f"{it.provider_id}/{it.model_id}: {error}"
                continue
            if new.basis == it.basis and new.purchase == it.purchase and new.sale == it.sale:
                continue
            if not it.stored and it.purchase is not None and new.state not in _WHOLE:
                self.kept += 1
                continue
            found.append(self._written(it, new))
        self.changed += len(found)
        return found

    def groups(self) -> list[RatedAgain]:
        """What changed by tenant and model, the largest difference first."""
        ordered = sorted(
            self._groups.items(), key=lambda it: (-abs(it[1].purchase.change), -abs(it[1].sale.change), str(it[0]))
        )
        return [
            RatedAgain(
                tenant=tenant,
                model=f"{provider}/{model}",
                rows=it.rows,
                corrections=it.corrections,
                old_usd=known(it.purchase.before),
                new_usd=known(it.purchase.after),
                difference_usd=plain(it.purchase.change),
                old_sale_usd=known(it.sale.before),
                new_sale_usd=known(it.sale.after),
                difference_sale_usd=plain(it.sale.change),
            )
            for (tenant, provider, model), it in ordered
        ]

    def difference(self) -> tuple[str, str]:
        """In all, of what we pay and of what tenants pay."""
        purchase = sale = _ZERO
        for it in self._groups.values():
            purchase, sale = EXACT.add(purchase, it.purchase.change), EXACT.add(sale, it.sale.change)
        return plain(purchase), plain(sale)

    def _charged(self, it: Counting) -> Charged:
        key = (it.provider_id, it.model_id, it.tenant_id)
        books = self._books.get(key)
        if books is None:
            prices = self._prices.get(key[:2]) or Timeline(())
            books = self._books[key] = of_book(prices, Book.PURCHASE, None), of_book(prices, Book.SALE, it.tenant_id)
        markup = None if it.markup is None else self._markup(it.markup, it.minimum_charge)
        return self._charging.charge(*books, it.quantities, it.at, it.context, markup)

    def _markup(self, rate: Decimal, minimum: Decimal | None) -> Markup:
        """The markup of then, which a correction of prices does not touch."""
        found = self._markups.get((rate, minimum))
        if found is None:
            found = self._markups[rate, minimum] = Markup(scope=Scope(), rate=rate, minimum_charge=minimum)
        return found

    def _written(self, it: Counting, new: Charged) -> str:
        place = bisect_right(self._closed, it.booked_at)
        corrects = self._closed[place] if place < len(self._closed) else None
        group = self._groups.setdefault((it.tenant_id, it.provider_id, it.model_id), _Group())
        group.rows += 1
        group.corrections += corrects is not None
        purchase = group.purchase.add(it.purchase, new.purchase)
        sale = group.sale.add(it.sale, new.sale)
        booked = it.booked_at if corrects is None else self._now
        columns = (
            it.id, booked, corrects, it.state, new.state.value, new.purchase, new.sale, purchase, sale, it.markup,
            it.minimum_charge, new.stored, new.basis, f"{{{','.join(new.unpriced)}}}" if new.unpriced else None,
            new.lines.replace("\\", "\\\\"),
            None if new.sale_lines is None else new.sale_lines.replace("\\", "\\\\"),
        )  # fmt: skip
        return "\t".join(["\\N" if value is None else str(value) for value in columns])
