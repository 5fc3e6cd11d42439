"""Which usages cost something else by the prices that are believed now, and what is to be written of them. Pure.

Only stored prices are asked, and what sources claim of a model that the registry has not: what the row of a model says
now was not what it said then. A usage that was rated by such a row is rated again once the history has all of its
prices, and stays until then.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, localcontext

import msgspec

from radiant.domain.cost import known, plain
from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import Book, RatingState, Sheet
from radiant.domain.usage import RatedAgain

from .books import of_book
from .charged import Charged, Charging
from .plan import EXACT
from .sale import Markup, Scope
from .timeline import Timeline

Model = tuple[str, str]

_ZERO = Decimal(0)
_WHOLE = (RatingState.PRICED, RatingState.FREE)

#: How COPY reads nothing.
_NULL = "\\N"


class Counting(msgspec.Struct, frozen=True, array_like=True, gc=False):
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
    """What some usages cost before and after, and by how much that changes; unknown while none of them has a price."""

    __slots__ = ("after", "before", "change")

    def __init__(self) -> None:
        self.before: Decimal | None = None
        self.after: Decimal | None = None
        self.change = _ZERO

    def add(self, before: Decimal | None, after: Decimal | None) -> Decimal | None:
        """The change of one usage, which counts from now on. Exact where the context of decimals is."""
        if before is None:
            if after is None:
                return None
            changed = after
            self.after = after if self.after is None else self.after + after
        elif after is None:
            changed = -before
            self.before = before if self.before is None else self.before + before
        else:
            changed = after - before
            self.before = before if self.before is None else self.before + before
            self.after = after if self.after is None else self.after + after
        self.change += changed
        return changed


class _Group:
    """The usages of one tenant and model, and the prices of both books for them."""

    __slots__ = ("books", "corrections", "purchase", "rows", "sale")

    def __init__(self, prices: Timeline, tenant: str | None) -> None:
        self.books = of_book(prices, Book.PURCHASE, None), of_book(prices, Book.SALE, tenant)
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
        self._markups: dict[tuple[Decimal, Decimal | None], Markup] = {}
        self._groups: dict[tuple[str | None, str, str], _Group] = {}
        self._charging = Charging()
        self.rows = self.changed = self.kept = self.failed = 0
        self.why: str | None = None

    def judge(self, page: Iterable[Counting], *, write: bool = True) -> list[str]:
        """Of each usage that costs something else, its new rating: the columns that `append` of the ledger reads, but
        for the run, which comes last. Nothing where nobody will `write` it; it is counted all the same."""
        with localcontext(EXACT):
            return [line for it in page if (line := self._judged(it, write)) is not None]

    def _judged(self, it: Counting, write: bool) -> str | None:
        self.rows += 1
        key = (it.tenant_id, it.provider_id, it.model_id)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = _Group(self._prices.get(key[1:]) or Timeline(()), it.tenant_id)
        markup = None if it.markup is None else self._markup(it.markup, it.minimum_charge)
        try:
            new = self._charging.charge(*group.books, it.quantities, it.at, it.context, markup)
        except UsageInvalid as error:
            self.failed += 1
            self.why = self.why or f"{it.provider_id}/{it.model_id}: {error}"
            return None
        if new.basis == it.basis and new.purchase == it.purchase and new.sale == it.sale:
            return None
        if not it.stored and it.purchase is not None and new.state not in _WHOLE:
            self.kept += 1
            return None
        return self._counted(it, new, group, write)

    def groups(self) -> list[RatedAgain]:
        """What changed by tenant and model, the largest difference first."""
        changed = [it for it in self._groups.items() if it[1].rows]
        ordered = sorted(changed, key=lambda it: (-abs(it[1].purchase.change), -abs(it[1].sale.change), str(it[0])))
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

    def _markup(self, rate: Decimal, minimum: Decimal | None) -> Markup:
        """The markup of then, which a correction of prices does not touch."""
        found = self._markups.get((rate, minimum))
        if found is None:
            found = self._markups[rate, minimum] = Markup(scope=Scope(), rate=rate, minimum_charge=minimum)
        return found

    def _counted(self, it: Counting, new: Charged, group: _Group, write: bool) -> str | None:
        self.changed += 1
        booked, corrects = it.booked_at, None
        if self._closed and it.at < self._closed[-1]:
            # Of a closed period by when it was, also where it was told after that and is booked in one that is open.
            corrects = self._closed[bisect_right(self._closed, it.at)]
            booked = max(booked, self._now) if booked < self._closed[-1] else booked
            group.corrections += 1
        group.rows += 1
        purchase = group.purchase.add(it.purchase, new.purchase)
        sale = group.sale.add(it.sale, new.sale)
        if not write:
            return None
        unpriced, unmatched = _list(new.unpriced), _list(new.unmatched)
        lines, sale_lines = (_NULL if it is None else it.replace("\\", "\\\\") for it in (new.lines, new.sale_lines))
        return (
            f"{it.id}\t{booked.isoformat()}\t{_NULL if corrects is None else corrects.isoformat()}\t{it.state}\t"
            f"{new.state.value}\t{_text(new.purchase)}\t{_text(new.sale)}\t{_text(purchase)}\t{_text(sale)}\t"
            f"{_text(it.markup)}\t{_text(it.minimum_charge)}\t{new.stored}\t{new.basis}\t{unpriced}\t{unmatched}\t"
            f"{lines}\t{sale_lines}"
        )


def _list(names: Sequence[str]) -> str:
    """A list as COPY takes it, which reads each backslash once before the list is read."""
    quoted = (name.replace("\\", r"\\").replace('"', r"\"") for name in names)
    text = ",".join(f'"{name}"' for name in quoted).replace("\\", r"\\")
    return f"{{{text}}}" if names else _NULL


def _text(amount: Decimal | None) -> str:
    return _NULL if amount is None else str(amount)
