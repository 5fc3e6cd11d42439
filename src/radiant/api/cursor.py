"""Cursors: the place where a page ended, as text that goes into an address."""

import base64
from typing import TypeVar

import msgspec

from .problem_types import CURSOR_INVALID
from .problems import Refused

T = TypeVar("T")

#: Characters; ids of models have at most 600.
LONGEST = 2000


def cursor_of(place: object) -> str:
    """The cursor that goes on after `place`."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode()


def place_of(cursor: str | None, kind: type[T]) -> T | None:
    """The place that a cursor stands for. Raises Refused for one that was never given."""
    if cursor is None:
        return None
    try:
        if len(cursor) <= LONGEST:
            return msgspec.json.decode(base64.b64decode(cursor.encode(), b"-_", validate=True), type=kind)
        raise ValueError("too long")
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Refused(CURSOR_INVALID, "`cursor` is not one this registry gave; start again without it.") from error
