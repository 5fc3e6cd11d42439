"""Waiting for what another task or process does, which tells nobody. The bound is that of a hang, never a claim."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

#: Seconds after which what is waited for will not come any more, on a machine however busy.
HANG = 90.0


async def until(seen: Callable[[], T]) -> T:
    """Wait until `seen` returns something true, and return it. Raises AssertionError after HANG seconds."""
    deadline = time.monotonic() + HANG
    while not (found := seen()):
        assert time.monotonic() < deadline, "not seen in time"
        await asyncio.sleep(0.005)
    return found


async def until_said(ask: Callable[[], Awaitable[T]]) -> T:
    """The same of what has to be asked for."""
    deadline = time.monotonic() + HANG
    while not (found := await ask()):
        assert time.monotonic() < deadline, "not said in time"
        await asyncio.sleep(0.01)
    return found


def appeared(seen: Callable[[], T]) -> T:
    """The same where nothing else runs in this thread."""
    deadline = time.monotonic() + HANG
    while not (found := seen()):
        assert time.monotonic() < deadline, "not seen in time"
        time.sleep(0.005)
    return found
