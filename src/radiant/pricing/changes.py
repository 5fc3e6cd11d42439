"""What sources say of prices that are to come, each from its own price list on. Pure.

A source that knows of a change says its whole price list from then on; others still say the list of before.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from radiant.catalog.announced import after, midnight
from radiant.claims.agreement import agree
from radiant.claims.doubt import Place
from radiant.domain.fact import Fact
from radiant.domain.units import BY_KEY

_STEPS = "price.steps"

#: A source and its entry.
_Of = tuple[str, str]


class Told(NamedTuple):
    """What all sources say, and the places that speak first: a price that changes, of a source that is right about the
    one in force."""

    facts: tuple[Fact, ...]
    first: frozenset[Place] = frozenset()


def changes(
    facts: Sequence[Fact], ahead: Iterable[Mapping[str, Any]], prices: Mapping[str, Any]
) -> list[tuple[dt.datetime, Told]]:
    """From which moments on something else is told: by steps in `facts`, and by dated price lists `ahead`. `prices` are
    those in force by the keys of catalog files."""
    lists = _lists(facts)
    said: dict[dt.datetime, dict[_Of, Mapping[str, Any]]] = defaultdict(dict)
    for of, table in lists.items():
        for step in sorted(table.get("steps") or (), key=lambda step: str(step["from"])):
            table = after(table, step)
            said[midnight(step["from"])][of] = table
    for block in ahead:
        said[block["starts"]][block["source"], block["entry"]] = block["prices"]
    now: dict[_Of, Mapping[str, Any]] = {}
    found = []
    for moment in sorted(said):
        now = now | said[moment]
        first = frozenset(
            (*of, f"price.{key}")
            for of, table in now.items()
            for key in BY_KEY
            if _announced(lists.get(of, {}).get(key), table.get(key), prices.get(key))
        )
        found.append((moment, Told(tuple(_then(facts, now)), first)))
    return found


def _announced(before: Any, then: Any, holds: Any) -> bool:
    """Whether another price is announced by who says today's as it is."""
    if before is None or then is None or holds is None:
        return False
    return agree("", before, holds) and not agree("", before, then)


def _lists(facts: Iterable[Fact]) -> dict[_Of, dict[str, Any]]:
    """What each entry of each source says of prices, by the keys of catalog files."""
    found: dict[_Of, dict[str, Any]] = defaultdict(dict)
    for fact in facts:
        found[fact.source, fact.entry][fact.field.removeprefix("price.")] = fact.value
    return found


def _then(facts: Iterable[Fact], now: Mapping[_Of, Mapping[str, Any]]) -> Iterable[Fact]:
    """The facts with price lists in place of what their entries said."""
    known: dict[_Of, dict[str, Fact]] = defaultdict(dict)
    for fact in facts:
        of = (fact.source, fact.entry)
        if of in now:
            known[of][fact.field] = fact
        else:
            yield fact
    for of, table in now.items():
        if of not in known:
            continue  # a list of which nothing is told now is none that anybody asked about
        some = next(iter(known[of].values()))
        for key, value in table.items():
            field = f"price.{key}"
            if field != _STEPS and value is not None:
                yield msgspec.structs.replace(known[of].get(field, some), field=field, value=value)
