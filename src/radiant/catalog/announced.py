"""Prices after a change that names only some of them. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from radiant.claims.wholes import WHOLE, without
from radiant.domain.units import BY_KEY

#: Lists of prices beside the usual ones.
_TABLES: Final = frozenset({"tiers", "hours", "variants"})

#: What a price was and is.
_Change = tuple[Decimal, Decimal]


def after(prices: Mapping[str, Any], step: Mapping[str, Any]) -> dict[str, Any]:
    """The prices of one price list from a step of it on, both by the keys of catalog files.

    What the step does not name stays, but where it followed from what changes: a part that cost as much as its whole,
    less, or more, and would no longer; and so of tiers, hours and kinds of requests beside the usual price. What is
    left out is charged as what it is beside.
    """
    named = {key: value for key, value in step.items() if key != "from" and value not in (None, (), [])}
    changed = {
        key: (Decimal(str(prices[key])), Decimal(str(named[key])))
        for key in BY_KEY
        if key in named and prices.get(key) is not None
    }
    lost = {key for key in WHOLE if _turns(prices, key, changed.get(WHOLE[key]))}
    stays = {key: value for key, value in prices.items() if key not in lost}
    for table in _TABLES & stays.keys():
        stays[table] = _staying(stays[table] or (), changed)
    return {**stays, **named}


def midnight(day: Any) -> dt.datetime:
    """The moment at which a day begins, in UTC."""
    date = day if isinstance(day, dt.date) else dt.date.fromisoformat(str(day))
    return dt.datetime.combine(date, dt.time(), dt.UTC)


def _staying(tables: Sequence[Mapping[str, Any]], changed: Mapping[str, _Change]) -> list[Mapping[str, Any]]:
    """Tiers, hours or kinds of requests, without what followed from the usual price of before."""
    found = []
    for table in tables:
        left = without(table, {key for key in changed if _turns(table, key, changed[key])})
        if left and left.get("tiers"):
            left = {**left, "tiers": _staying(left["tiers"], changed)}
        if left:
            found.append(left)
    return found


def _turns(table: Mapping[str, Any], key: str, change: _Change | None) -> bool:
    """Whether a price stood otherwise to what it is beside before than after a change of that."""
    if change is None or table.get(key) is None:
        return False
    own = Decimal(str(table[key]))
    return len({(own > it, own < it) for it in change}) > 1
