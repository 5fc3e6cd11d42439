"""Bodies as they come: all of one that was asked for, and what can be had of one that only says why there is none."""

import asyncio
import contextlib
from typing import Final

import httpcore2
import httpx2

from .decoding import Body, NotDecoded, TooLarge

#: Seconds for the body of a failure, whose status and headers are there.
EXPLAINED: Final = 1.0

#: What may end a body before its end.
_ENDINGS: Final = (
    TooLarge,
    NotDecoded,
    TimeoutError,
    OSError,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.TimeoutException,
    httpx2.HTTPError,
)


async def whole(response: httpx2.Response, limit: int, *, beginning: bool = False) -> bytes:
    """All of it, unpacked; with `beginning` what is larger is cut at the limit. Raises TooLarge, NotDecoded, and what
    httpcore2 and httpx2 raise."""
    body = _body(response, limit)
    try:
        async for part in response.aiter_raw():
            body.add(part)
    except TooLarge:
        if not beginning:
            raise
        return body.beginning()
    return body.whole()


async def explanation(response: httpx2.Response, limit: int) -> bytes:
    """What comes of it soon and can be unpacked. Never raises for what comes: some servers never end the body of a
    refusal, cut it, or pack it as nobody asked (earendil-works/pi, pull request 4736), and the refusal holds."""
    try:
        body = _body(response, limit)
    except NotDecoded:
        return b""
    with contextlib.suppress(*_ENDINGS):
        async with asyncio.timeout(EXPLAINED):
            async for part in response.aiter_raw():
                body.add(part)
    return body.beginning()


def _body(response: httpx2.Response, limit: int) -> Body:
    return Body(response.headers.get("content-encoding", ""), limit=limit)
