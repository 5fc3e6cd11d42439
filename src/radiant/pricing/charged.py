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

from radiant.domain.cost import CostLine, plain
from radiant.domain.price_sheet import Context, Line, Rating, RatingState, Usage

from .plan import EXACT
from .rating import rate
from .sale import Markup, sold
from .timeline import Timeline

#: From which share of the computed cost on a reported one differs.
TOLERANCE: Final = Decimal("0.02")

#: So many prices, and sets of them, are kept ready.
_READY: Final = 20_000

_TEXT: Final = msgspec.json.Encoder()
_ZERO: Final = Decimal(0)

#: The items that a markup adds.
_ON_TOP: Final = ("markup", "minimum")


class Charged(msgspec.Struct, frozen=True):
    """`purchase` and `sale` are totals in USD, None where nothing has a price. `lines` is JSON, as `lines_of` reads it;
    `sale_lines` too, None where they are those of the purchase book with the markup on top. `stored` says that all
    prices are of stored sheets."""

    state: RatingState
    purchase: Decimal | None
    sale: Decimal | None
    lines: str
    sale_lines: str | None
    unpriced: tuple[str, ...]
    stored: bool
    basis: int


class _Written(msgspec.Struct, frozen=True, gc=False):
    """The parts of an item around its quantity and its USD, and what of it is in the digest."""

    before: str
    between: str
    after: str
    said: str


class Charging:
    """Charges many usages; what many have in common is written once."""

    def __init__(self) -> None:
        self._written: dict[tuple[object, ...], _Written] = {}
        self._digests: dict[str, int] = {}

    def charge(
        self, purchase: Timeline, sale: Timeline, usage: Usage, at: dt.datetime, context: Context, markup: Markup | None
    ) -> Charged:
        """What `usage` costs us by `purchase`, and a tenant by `sale` and `markup`. Raises UsageInvalid as `rate`."""
        bought = rate(purchase, usage, at, context, ahead=False)
        lines, said = self._lines(bought.lines)
        to_pay = None if sale is purchase else rate(sale, usage, at, context, markup=markup, ahead=False)
        sale_lines, total = None, bought.total
        if to_pay is not None and _of_its_own(to_pay, bought):
            total = to_pay.total
            sale_lines, more = self._lines(to_pay.lines)
            said += "|" + more
        elif markup is not None:
            said += f"|{plain(markup.rate)}|{markup.minimum_charge}"
            if total is not None and bought.lines:
                total = sold(list(bought.lines), total, markup)
        if bought.unpriced:
            said += "|" + ",".join(bought.unpriced)
        return Charged(
            bought.state,
            bought.total,
            total,
            lines,
            sale_lines,
            bought.unpriced,
            bool(bought.lines) and all(line.sheet is not None for line in bought.lines),
            self._digest(said),
        )

    def _lines(self, lines: Sequence[Line]) -> tuple[str, str]:
        items, said = [], []
        for line in lines:
            key = (line.meter, line.per, line.amount, line.sheet, line.source)
            written = self._written.get(key) or self._new(key, line)
            quantity = line.quantity if isinstance(line.quantity, int) else f"{line.quantity:f}"
            items.append(f"{written.before}{quantity}{written.between}{line.usd:f}{written.after}")
            said.append(written.said)
        return f"[{','.join(items)}]", ";".join(said)

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
        )
        return found

    def _digest(self, said: str) -> int:
        found = self._digests.get(said)
        if found is None:
            if len(self._digests) >= _READY:
                self._digests.clear()
            made = hashlib.blake2b(said.encode(), digest_size=8).digest()
            found = self._digests[said] = int.from_bytes(made, "big", signed=True)
        return found


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


def change(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """By how much a total changes where what is unknown counts nothing; None where it is unknown before and after."""
    if before is None and after is None:
        return None
    return EXACT.subtract(after or _ZERO, before or _ZERO)
