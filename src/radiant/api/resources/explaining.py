"""An explanation of every model of a registry as JSON, made while it is sent: never all of it is in memory at once."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Any

import msgspec

from radiant.domain.choice import ChoiceDocument, ModelName
from radiant.domain.explanation import AtLength, Explanation, RefusalGroup

from .compliance import advised_on

#: Models that are told in one piece: some ten milliseconds of work, and 100 kB.
PIECE = 200

_ENCODE = msgspec.json.Encoder().encode


class Selected(msgspec.Struct):
    """The chosen model, and with `explain=true` how every candidate, or the best, was judged."""

    choice: ChoiceDocument
    explanation: Explanation | None = None


def told_at_length(choice: ChoiceDocument, found: AtLength) -> Iterator[bytes]:
    """The pieces of the document that `Selected` with the whole explanation would be."""
    summary = msgspec.structs.replace(found.summary, refused=())
    before, between, after = _parted(_ENCODE(Selected(choice, summary)), "verdicts", "refused")
    yield before
    yield from _listed(found.verdicts)
    yield between
    for number, (group, models) in enumerate(found.groups):
        yield from ((b",",) if number else ())
        yield from _group(group, models)
    yield after


def _group(group: RefusalGroup, models: Iterator[ModelName]) -> Iterator[bytes]:
    first = next(models)
    before, after = _parted(_ENCODE(advised_on(group, first.model_id)), "models")
    yield before
    yield from _listed(chain((first,), models))
    yield after


def _listed(items: Iterable[Any]) -> Iterator[bytes]:
    """What stands between the brackets of a list."""
    rest, separator = iter(items), b""
    while some := list(islice(rest, PIECE)):
        yield separator + _ENCODE(some)[1:-1]
        separator = b","


def _parted(document: bytes, *fields: str) -> list[bytes]:
    """A document cut open within the empty lists of these fields. A text holds no bare quotes, so none is mistaken."""
    parts = []
    for field in fields:
        part, _, document = document.partition(f'"{field}":[]'.encode())
        parts.append(part + f'"{field}":['.encode())
        document = b"]" + document
    return [*parts, document]
