"""Which of the sheets that hold speak, and in which order. Pure.

Who speaks first names a meter's price. A whole sheet speaks alone: of what it does not name, nobody after it is asked.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from radiant.domain.price_sheet import Context, Sheet


def speaking(sheets: Iterable[Sheet], context: Context) -> list[Sheet]:
    """Those for the context, who speaks first before the others; of those for the same, the newest alone.

    What the newest does not price is not taken from the one it replaced.
    """
    newest: dict[tuple[object, ...], Sheet] = {}
    for sheet in sheets:
        if sheet.context.items() <= context.items():
            key = (sheet.rank, sheet.book, sheet.tenant_id, *sorted(sheet.context.items()))
            other = newest.get(key)
            if other is None or _age(sheet) >= _age(other):
                newest[key] = sheet
    found = sorted(newest.values(), key=lambda sheet: (-sheet.rank, -len(sheet.context)))
    whole = [it for it in found if it.whole]
    return [it for it in found if not any(_after(it, of) for of in whole)] if whole else found


def audible(sheets: Sequence[Sheet]) -> list[Sheet]:
    """Those that speak for some kind of request: all that no whole sheet of a higher rank covers."""
    whole = [it for it in sheets if it.whole]
    if not whole:
        return list(sheets)
    return [
        it for it in sheets if not any(of.rank > it.rank and of.context.items() <= it.context.items() for of in whole)
    ]


def _after(sheet: Sheet, whole: Sheet) -> bool:
    """Whether it speaks after a whole sheet for the same request: less is its rank, or less special its kind."""
    if sheet.rank != whole.rank:
        return sheet.rank < whole.rank
    return sheet.context.items() < whole.context.items()


def _age(sheet: Sheet) -> tuple[dt.datetime, dt.datetime]:
    ever = dt.datetime.min.replace(tzinfo=dt.UTC)
    return sheet.valid_from or ever, sheet.known_from or ever
