"""What setting prices by hand changes, as a table and sentences for a terminal."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from .aligned import by_point
from .output import print_table, say
from .price_sheets import below_cost, context_of

if TYPE_CHECKING:
    from radiant.domain.prices import PriceChange, PriceEdit

_COLUMNS = ("model", "context", "meter", "before", "USD", "for", "said by", "left as it is")

#: Those that are shown where they say something.
_WHERE_SAID = ("context", "left as it is")

#: What stands for an amount that is taken away.
_GONE = "none"


def print_edits(found: "list[PriceEdit]") -> None:
    """A line for each price that becomes another, then what has none any more, what reaches tenants later, and what is
    sold below its cost."""
    changes = [(edit, it) for edit in found for it in edit.changes]
    before = by_point([it.before for _, it in changes])
    after = iter(by_point([it.after for _, it in changes if it.after is not None]))
    rows = [
        (
            edit.model,
            context_of(it.context),
            it.meter,
            was,
            _GONE if it.after is None else next(after),
            f"{it.per:,}",
            it.source,
            ", ".join(edit.left) or None,
        )
        for (edit, it), was in zip(changes, before, strict=True)
    ]
    shown = [place for place, name in enumerate(_COLUMNS) if name not in _WHERE_SAID or any(row[place] for row in rows)]
    columns, cells = [_COLUMNS[it] for it in shown], [[row[it] for it in shown] for row in rows]
    print_table("", columns, cells, right=("before", "USD", "for"), prose=("left as it is",))
    for edit in found:
        if gone := [it for it in edit.changes if it.after is None]:
            say(f"{edit.model}: no price any more for {', '.join(map(_gone, gone))}.")
        if edit.sheet.sold_from is not None:
            say(f"{edit.model}: {tenants_later(edit.rise, edit.sheet.sold_from)}.")
        for below in edit.below_cost:
            say(f"{edit.model}: {below_cost(below)}")


def tenants_later(rise: str | None, sold_from: dt.datetime) -> str:
    """From when tenants pay a rise."""
    more = "not free any more" if rise is None or rise == "free" else f"{(Decimal(rise) - 1) * 100:,.0f} % more"
    return f"tenants pay that from {sold_from:%Y-%m-%d %H:%M} UTC on, since it is {more}"


def _gone(it: "PriceChange") -> str:
    under = f" under {context_of(it.context)}" if it.context else ""
    return f"{it.meter}{under}" + (f" (charged as {it.charged_as})" if it.charged_as else "")
