"""Streams of server-sent events, which a client goes on with by `Last-Event-ID`."""

from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec
from litestar.response.streaming import ASGIStreamingResponse

from .problem_types import PARAMETER_INVALID
from .problems import AnyRequest, Refused

#: Marks a request whose body nobody sees, in its scope.
HEAD: Final = "radiant.head"

STREAM: Final = "text/event-stream"

#: Far above any number that a registry gives, and exact wherever JSON is read.
LARGEST: Final = 10**15

#: Digits of the largest.
_DIGITS: Final = len(str(LARGEST))

#: What says that a stream lives, where nothing else is to be said.
ALIVE: Final = b": still here\n\n"

_ENCODE = msgspec.json.Encoder().encode


def stream(request: AnyRequest, lines: AsyncIterator[bytes]) -> ASGIStreamingResponse:
    """The answer that sends `lines` as they come; nothing where only its head is asked for."""
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    sent = _nothing() if HEAD in request.scope else lines
    return ASGIStreamingResponse(iterator=sent, media_type=STREAM, headers=headers)


def last_event(request: AnyRequest) -> str:
    """The id of the last event that whoever comes again has; empty where it is the first time."""
    return request.headers.get("last-event-id", "")


def number_of(last: str) -> int:
    """The number that an id is. Raises Refused for what is none."""
    # What is longer is none of ours, and beyond thousands of digits Python refuses to count them.
    if not (last.isascii() and last.isdigit() and len(last) <= _DIGITS and int(last) <= LARGEST):
        raise Refused(PARAMETER_INVALID, "`Last-Event-ID` is not one that this registry gave.")
    return int(last)


def told(event: str, data: Any, id: object = None) -> bytes:
    """One event; `data` is JSON already, or becomes it. Without an id, clients keep the one they have."""
    number = b"" if id is None else b"id: %s\n" % str(id).encode()
    body = data if isinstance(data, bytes) else _ENCODE(data)
    return b"%sevent: %s\ndata: %s\n\n" % (number, event.encode(), body)


async def _nothing() -> AsyncIterator[bytes]:
    yield b""
