"""What setting prices by hand changes, as a table and sentences for a terminal."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from .aligned import by_point
from .output import print_table, say
from .price_sheets import below_cost, context_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from radiant.domain.prices import PriceChange, PriceEdit

_COLUMNS = ("model", "meter", "before", "USD", "for", "said by", "left as it is")
_OF_KINDS = ("meter", "context", "before", "USD", "for", "said by")
_RIGHT = ("before", "USD", "for")

#: What stands for an amount that is taken away.
_GONE = "none"


def print_edits(found: "list[PriceEdit]") -> None:
    """A line for each price that becomes another, then what has none any more, what reaches tenants later, and what is
    sold below its cost. Where kinds of requests have prices, each model is a table of its own."""
    changes = [(edit, it) for edit in found for it in edit.changes]
    if any(it.context for _, it in changes):
        for edit in found:
            cells = _cells(edit.changes)
            rows = [(row[0], context_of(it.context), *row[1:]) for row, it in zip(cells, edit.changes, strict=True)]
            print_table(edit.model, _OF_KINDS, rows, right=_RIGHT)
            if edit.left:
                say(f"Left as it is: {', '.join(edit.left)}.")
            _say(edit, "")
        return
    cells = _cells([it for _, it in changes])
    rows = [(edit.model, *row, ", ".join(edit.left)) for (edit, _), row in zip(changes, cells, strict=True)]
    print_table("", _COLUMNS, rows, right=_RIGHT, prose=("left as it is",))
    for edit in found:
        _say(edit, f"{edit.model}: ")


def _cells(changes: "Sequence[PriceChange]") -> list[tuple[str | None, ...]]:
    """Meter, before, after, for how many, and who said so; amounts under each other by their points."""
    before = by_point([it.before for it in changes])
    after = iter(by_point([it.after for it in changes if it.after is not None]))
    return [
        (it.meter, was, _GONE if it.after is None else next(after), f"{it.per:,}", it.source)
        for it, was in zip(changes, before, strict=True)
    ]


def _say(edit: "PriceEdit", whose: str) -> None:
    said = []
    if gone := [it for it in edit.changes if it.after is None]:
        said.append(f"no price any more for {', '.join(map(_gone, gone))}.")
    if edit.sheet.sold_from is not None:
        said.append(f"{tenants_later(edit.rise, edit.sheet.sold_from)}.")
    for text in (*said, *map(below_cost, edit.below_cost)):
        say(f"{whose}{text}" if whose else text[0].upper() + text[1:])


def tenants_later(rise: str | None, sold_from: dt.datetime) -> str:
    """From when tenants pay a rise."""
    more = "not free any more" if rise is None or rise == "free" else f"{(Decimal(rise) - 1) * 100:,.0f} % more"
    return f"tenants pay that from {sold_from:%Y-%m-%d %H:%M} UTC on, since it is {more}"


def _gone(it: "PriceChange") -> str:
    under = f" under {context_of(it.context)}" if it.context else ""
    return f"{it.meter}{under}" + (f" (charged as {it.charged_as})" if it.charged_as else "")
