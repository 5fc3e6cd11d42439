"""Iterates over the entries of a document, refuses ids that cannot be used, and shortens values for messages."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, TypeGuard

from .document import Repeated
from .reading import Refusal, Refusals

LONGEST_ID: Final = 512

_NUMBER: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?\Z")

_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+\Z")

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def entries(raw: Mapping[str, Any], refused: Refusals, *, within: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of an object by key, those with a usable key and an object behind it."""
    for key, problem in repeats(raw):
        refused.append(Refusal(shorten(within + key), problem))
    for key, value in raw.items():
        unusable = problem_with_id(key)
        if unusable:
            refused.append(Refusal(shorten(within + key), unusable))
        elif not isinstance(value, dict):
            refused.append(Refusal(within + key, f"is {shown(value)}; expected an object"))
        else:
            yield key, value


def listed(raw: Iterable[Any], refused: Refusals, *, within: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list by their `id`. The first of two alike is kept; of two that differ, none."""
    found: dict[str, dict[str, Any]] = {}
    for place, value in enumerate(raw):
        where = f"{within}[{place}]"
        if not isinstance(value, dict):
            refused.append(Refusal(where, f"is {shown(value)}; expected an object"))
        elif type(value.get("id")) is not str:
            refused.append(Refusal(where, f"has the id {shown(value.get('id'))}; expected text"))
        elif problem := problem_with_id(value["id"]):
            refused.append(Refusal(shorten(within + value["id"]), problem))
        elif value["id"] in found:
            same = found[value["id"]] == value
            refused.append(Refusal(within + value["id"], _repeated(same)))
            if not same:
                found[value["id"]] = {}
        else:
            found[value["id"]] = value
    yield from ((id, value) for id, value in found.items() if value)


def repeats(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Keys that stand more than once, and what became of them."""
    if isinstance(raw, Repeated):
        yield from ((key, _repeated(True)) for key in raw.equal)
        yield from ((key, _repeated(False)) for key in raw.differing)


def problem_with_id(id: str) -> str | None:
    """Say why `id` cannot name anything, or None."""
    if not id.strip():
        return "has an empty id"
    if len(id) > LONGEST_ID:
        return f"has an id of {len(id):,} characters; at most {LONGEST_ID} are read"
    if not id.isprintable():
        return "has control characters in its id"
    return None


def number(raw: Any) -> int | Decimal | None:
    """A number, or a text that is plainly one (`"0.000002"`, `"200000"`, `"3E-5"`); None for anything else."""
    if type(raw) is str and _NUMBER.match(raw):
        return int(raw) if raw.isdigit() else Decimal(raw)
    return raw if type(raw) in (int, Decimal) else None


def whole(raw: Any) -> int | None:
    """A whole number, or a text that is plainly one, also with commas between its thousands (`"128,000"`).

    Only counts are read so: in a price a comma may be somebody's decimal point.
    """
    said = number(raw.replace(",", "") if type(raw) is str and _GROUPED.match(raw) else raw)
    return int(said) if said is not None and said == int(said) else None


def is_day(raw: Any) -> TypeGuard[str]:
    """Whether `raw` is a date as YYYY-MM-DD that the registry can hold: from 1970 to 2199."""
    if type(raw) is not str or not _DAY.match(raw) or not "1970" <= raw[:4] <= "2199":
        return False
    try:
        dt.date.fromisoformat(raw)
    except ValueError:
        return False
    return True


def shown(raw: Any) -> str:
    """A value as it stood in the source, cut short."""
    if raw is None:
        return "null"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, dict):
        return "an object"
    if isinstance(raw, list):
        return "a list"
    if type(raw) is str:
        return f'"{shorten(raw)}"'
    return shorten(str(raw))


def shorten(text: str, limit: int = 60) -> str:
    """Printable, and at most `limit` characters."""
    cut = text if len(text) <= limit else f"{text[: limit - 1]}…"
    return cut if cut.isprintable() else ascii(cut)[1:-1]


def _repeated(same: bool) -> str:
    if same:
        return "stands more than once, with the same value; read once"
    return "stands more than once with different values; none was read"
