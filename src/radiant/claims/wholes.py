"""Which prices are parts of others, and which of several claims go with the whole that holds. Pure.

A cached token is an input token, so its price is stated beside that of input. Where somebody else's price of input
holds, and this source says another, its price of the cached token is one of another price list.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from types import MappingProxyType
from typing import Any, Final

import msgspec

from radiant.domain.fact import Fact
from radiant.domain.units import BY_KEY

from .agreement import agree
from .kinds import is_kind

#: The price of what contains a part, by the keys of catalog files.
WHOLE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cache_read_per_mtok": "input_per_mtok",
        "cache_write_per_mtok": "input_per_mtok",
        "cache_write_5m_per_mtok": "input_per_mtok",
        "cache_write_1h_per_mtok": "input_per_mtok",
        "batch_input_per_mtok": "input_per_mtok",
        "audio_input_per_mtok": "input_per_mtok",
        "audio_cache_read_per_mtok": "input_per_mtok",
        "audio_cache_write_per_mtok": "input_per_mtok",
        "image_input_per_mtok": "input_per_mtok",
        "image_cache_read_per_mtok": "input_per_mtok",
        "video_input_per_mtok": "input_per_mtok",
        "batch_output_per_mtok": "output_per_mtok",
        "reasoning_per_mtok": "output_per_mtok",
        "citation_per_mtok": "output_per_mtok",
        "audio_output_per_mtok": "output_per_mtok",
        "image_output_per_mtok": "output_per_mtok",
        "video_output_per_mtok": "output_per_mtok",
    }
)

_TIERS: Final = "price.tiers"
_HOURS: Final = "price.hours"


def going_together(claims: Iterable[Fact], given: Mapping[str, Any]) -> dict[str, Fact]:
    """By field, the first of `claims` whose source says the same of the whole as what holds of it.

    `given` are values that hold whatever is claimed. Of tiers, hours and kinds of requests those prices are kept that
    go with the usual ones. A source that is silent about the whole is at odds with nobody.
    """
    by_field: dict[str, list[Fact]] = defaultdict(list)
    said: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for fact in claims:
        by_field[fact.field].append(fact)
        said[fact.source, fact.entry].setdefault(fact.field, fact.value)
    found: dict[str, Fact] = {}

    def goes(fact: Fact, field: str) -> bool:
        theirs = said[fact.source, fact.entry].get(field)
        holds = given.get(field, found[field].value if field in found else None)
        return theirs is None or holds is None or agree(field, theirs, holds)

    for field in sorted(by_field, key=_depth):
        for fact in by_field[field]:
            whole = WHOLE.get(field.removeprefix("price."))
            kept: Fact | None = fact
            if _is_table(field):
                kept = _kept(fact, {key for key in BY_KEY if all(goes(fact, it) for it in _usual(key))})
            elif whole is not None and not goes(fact, f"price.{whole}"):
                kept = None
            if kept is not None:
                found[field] = kept
                break
    return found


def _depth(field: str) -> int:
    """Wholes come before their parts, and usual prices before those of long requests, hours and kinds."""
    if _is_table(field):
        return 2
    return 1 if field.removeprefix("price.") in WHOLE else 0


def _is_table(field: str) -> bool:
    return field in (_TIERS, _HOURS) or is_kind(field)


def _usual(key: str) -> list[str]:
    """The fields that a price of a tier, of hours or of a kind stands beside: the usual one, and its whole."""
    return [f"price.{it}" for it in (key, WHOLE.get(key)) if it is not None]


def _kept(fact: Fact, going: Set[str]) -> Fact | None:
    """The fact without prices whose usual ones another source says otherwise; None where nothing is left."""
    value = without(fact.value, BY_KEY.keys() - going)
    if value == fact.value:
        return fact
    return msgspec.structs.replace(fact, value=value) if value else None


def without(table: Any, keys: Set[str]) -> Any:
    """Tiers, hours or a kind of requests without some prices; empty where none is left."""
    if isinstance(table, list | tuple):
        return [it for it in (without(one, keys) for one in table) if it]
    if not isinstance(table, Mapping) or not (keys & table.keys() or table.get("tiers")):
        return table
    left = {key: value for key, value in table.items() if key not in keys}
    if table.get("tiers"):
        left["tiers"] = without(table["tiers"], keys)
    has_price = any(key in BY_KEY and value is not None for key, value in left.items())
    return left if has_price or left.get("tiers") else {}
