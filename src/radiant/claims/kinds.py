"""Kinds of requests with prices of their own: a list of them where they are kept, a field each where it is asked whose
word holds. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

#: The field with the list.
KINDS: Final = "price.variants"


def apart(field: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A field and its value; of the list of kinds each by itself: `price.variants{"processing": "batch"}`."""
    if field != KINDS or not isinstance(value, list | tuple):
        yield field, value
        return
    for kind in value:
        yield kind_field(kind["when"]), kind


def kind_field(when: Mapping[str, str]) -> str:
    """The field of the kind of requests under these conditions."""
    return f"{KINDS}{json.dumps(when, sort_keys=True, ensure_ascii=False)}"


def is_kind(field: str) -> bool:
    """Whether it is the field of one kind, or of all."""
    return field.startswith(KINDS)


def together(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The reverse: values by field, kinds as one list in their order."""
    found: dict[str, Any] = {}
    kinds: list[Mapping[str, Any]] = []
    for field, value in fields:
        if is_kind(field):
            kinds.append(value)
        else:
            found[field] = value
    if kinds:
        found[KINDS] = sorted(kinds, key=lambda kind: sorted(kind["when"].items()))
    return found
