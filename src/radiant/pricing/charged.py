"""What a usage costs in both books, as the ledger keeps it: totals, items in short, and a digest of the prices. Pure.

The digest is of meters, amounts and for how many they are: a sheet that was written again and says the same is no other
price, and a price of something that was not used is none either.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

from radiant.domain.cost import CostLine, known, plain
from radiant.domain.price_sheet import Context, Line, Rating, RatingState, Usage

from .adder import Adder, Part, adder
from .plan import Plan
from .rating import FIRST, LAST, rate
from .sale import Markup, sold_whole
from .timeline import Timeline

#: From which share of the computed cost on a reported one differs.
TOLERANCE: Final = Decimal("0.02")

#: So many prices, and sets of them, are kept ready.
_READY: Final = 20_000

_TEXT: Final = msgspec.json.Encoder()

#: The items that a markup adds.
_ON_TOP: Final = ("markup", "minimum")


class _Written(msgspec.Struct, frozen=True, eq=False, gc=False):
    """The parts of an item around its quantity and its USD, and what of it is in the digest. Each is there once."""

    before: str
    between: str
    after: str
    said: str
    stored: bool


#: Items of a rating, and how each is written.
_Items = tuple[tuple[Part, ...], tuple[_Written, ...]]

#: What a digest is of: our items, those of a sale book or what comes on top, and meters without a price.
_Said = tuple[tuple[_Written, ...], tuple[_Written, ...] | str | None, tuple[str, ...]]


class Charged(msgspec.Struct, frozen=True, gc=False):
    """`purchase` and `sale` are totals in USD, None where nothing has a price. `unpriced` are meters without a price in
    one of the books, and `state` is that of both. `stored` says that all prices are of
    stored sheets; `basis` is the digest of the prices."""

    state: RatingState
    purchase: Decimal | None
    sale: Decimal | None
    unpriced: tuple[str, ...]
    stored: bool
    basis: int
    items: _Items
    sale_items: _Items | None
    unmatched: tuple[str, ...] = ()  #: conditions that no price of the purchase book is for

    @property
    def lines(self) -> str:
        """The items of the purchase book as JSON, which `lines_of` reads."""
        return _text(self.items)

    @property
    def sale_lines(self) -> str | None:
        """Those of the sale book; None where they are those of the purchase book with the markup on top."""
        return None if self.sale_items is None else _text(self.sale_items)


class _Form:
    """What usages have in common that state the same meters at the same prices: an adder, where one can say what they
    cost, and by which of the prices were charged and what comes on top, how items are written and the digest."""

    __slots__ = ("adder", "digests")

    def __init__(self, found: Adder | None) -> None:
        self.adder = found
        self.digests: dict[tuple[int, str | None], tuple[tuple[_Written, ...], int, bool]] = {}


class Charging:
    """Charges many usages; what many have in common is written once."""

    def __init__(self) -> None:
        self._written: dict[tuple[object, ...], _Written] = {}
        self._digests: dict[_Said, tuple[int, bool]] = {}
        self._forms: dict[tuple[Plan, tuple[str, ...]], _Form] = {}
        self._markup: tuple[Markup | None, str | None] = (None, None)

    def charge(
        self, purchase: Timeline, sale: Timeline, usage: Usage, at: dt.datetime, context: Context, markup: Markup | None
    ) -> Charged:
        """What `usage` costs us by `purchase`, and a tenant by `sale` and `markup`. Raises UsageInvalid as `rate`."""
        if sale is not purchase or at.tzinfo is None or not FIRST <= at < LAST:
            return self.item_by_item(purchase, sale, usage, at, context, markup)
        plan = purchase.plan(at, context)
        form = self._form(plan, tuple(usage))
        found = None if form.adder is None else form.adder.of(tuple(usage.values()))
        if found is None:
            return self.item_by_item(purchase, sale, usage, at, context, markup)
        total, parts, which = found
        key = (which, self._on_top(markup))
        digest = form.digests.get(key)
        if digest is None:
            charged = self.item_by_item(purchase, sale, usage, at, context, markup)
            if len(form.digests) >= _READY:
                form.digests.clear()
            form.digests[key] = charged.items[1], charged.basis, charged.stored
            return charged
        said, basis, stored = digest
        return Charged(
            RatingState.PRICED if total else RatingState.FREE,
            total,
            total if markup is None or not parts else sold_whole(total, markup),
            (),
            stored,
            basis,
            (parts, said),
            None,
            plan.unmatched,
        )

    def _form(self, plan: Plan, names: tuple[str, ...]) -> _Form:
        key = (plan, names)
        found = self._forms.get(key)
        if found is None:
            if len(self._forms) >= _READY:
                self._forms.clear()
            found = self._forms[key] = _Form(adder(plan, names))
        return found

    def _on_top(self, markup: Markup | None) -> str | None:
        """What of a markup is in the digest."""
        if self._markup[0] is not markup:
            text = None if markup is None else f"{plain(markup.rate)} {known(markup.minimum_charge)}"
            self._markup = markup, text
        return self._markup[1]

    def item_by_item(
        self, purchase: Timeline, sale: Timeline, usage: Usage, at: dt.datetime, context: Context, markup: Markup | None
    ) -> Charged:
        """The same as `charge`, by nothing but the rating function."""
        bought = rate(purchase, usage, at, context, ahead=False)
        said = self._said(bought.lines)
        to_pay = None if sale is purchase else rate(sale, usage, at, context, markup=markup, ahead=False)
        sale_items, total, unpriced, state = None, bought.total, bought.unpriced, bought.state
        on_top: tuple[_Written, ...] | str | None = None if markup is None else self._on_top(markup)
        if to_pay is not None:
            total = to_pay.total
            if _of_its_own(to_pay, bought):
                on_top = self._said(to_pay.lines)
                sale_items = _parts(to_pay.lines), on_top
                unsold = tuple(it for it in to_pay.unpriced if it not in unpriced)
                if unsold and bought.total is not None:  # a whole contract does not name all that we pay for
                    unpriced, state = (*unpriced, *unsold), RatingState.PARTLY_PRICED
        elif markup is not None and total is not None and bought.lines:
            total = sold_whole(total, markup)
        key = (said, on_top, unpriced)
        basis, stored = self._digests.get(key) or self._digest(key)
        return Charged(
            state,
            bought.total,
            total,
            unpriced,
            stored,
            basis,
            (_parts(bought.lines), said),
            sale_items,
            bought.unmatched,
        )

    def _said(self, lines: Sequence[Line]) -> tuple[_Written, ...]:
        known, found = self._written, []
        for line in lines:
            key = (line.meter, line.per, line.amount, line.sheet, line.source)
            found.append(known.get(key) or self._new(key, line))
        return tuple(found)

    def _new(self, key: tuple[object, ...], line: Line) -> _Written:
        if len(self._written) >= _READY:
            self._written.clear()
        amount = plain(line.amount)
        sheet, source = _TEXT.encode(line.sheet).decode(), _TEXT.encode(line.source).decode()
        found = self._written[key] = _Written(
            f'["{line.meter}",',
            f',"{amount}",{line.per},"',
            f'",{sheet},{source}]',
            f"{line.meter} {amount}/{line.per}",
            line.sheet is not None,
        )
        return found

    def _digest(self, key: _Said) -> tuple[int, bool]:
        """The digest of prices, and whether all of what we pay are stored."""
        said, on_top, unpriced = key
        if len(self._digests) >= _READY:
            self._digests.clear()
        text = repr((_texts(said), _texts(on_top), unpriced))
        made = hashlib.blake2b(text.encode(), digest_size=8).digest()
        stored = bool(said) and all(it.stored for it in said)
        found = self._digests[key] = int.from_bytes(made, "big", signed=True), stored
        return found


def _text(items: _Items) -> str:
    written = [
        f"{it.before}{quantity!s}{it.between}{usd!s}{it.after}" for (quantity, usd), it in zip(*items, strict=True)
    ]
    return f"[{','.join(written)}]"


def _parts(lines: Sequence[Line]) -> tuple[Part, ...]:
    return tuple((line.quantity, line.usd) for line in lines)


def _texts(said: tuple[_Written, ...] | str | None) -> list[str] | str | None:
    """What is in the digest of items; a markup is a text by itself."""
    return [it.said for it in said] if isinstance(said, tuple) else said


def _of_its_own(to_pay: Rating, bought: Rating) -> bool:
    """Whether a tenant pays other prices than ours with a markup on top: the sale book has all, and most are ours."""
    ours = len(bought.lines)
    return to_pay.lines[:ours] != bought.lines or any(it.sold or it.meter not in _ON_TOP for it in to_pay.lines[ours:])


def lines_of(items: Sequence[Sequence[object]]) -> list[CostLine]:
    """The items of a rating as they are answered: meter, quantity, amount, per, USD, sheet, source."""
    return [
        CostLine(
            meter=str(meter),
            quantity=quantity if isinstance(quantity, int) else plain(Decimal(str(quantity))),
            amount=str(amount),
            per=int(str(per)),
            usd=plain(Decimal(str(usd))),
            sheet=None if sheet is None else str(sheet),
            source=str(source),
        )
        for meter, quantity, amount, per, usd, sheet, source in items
    ]


def differs(reported: Decimal | None, computed: Decimal | None) -> bool | None:
    """Whether a reported cost is further from the computed one than is tolerated; None where one is unknown."""
    if reported is None or computed is None:
        return None
    return abs(reported - computed) > TOLERANCE * computed
