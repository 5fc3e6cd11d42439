"""The ways in which SageMaker serves a model, and what each is asked."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

import msgspec

from radiant.domain.endpoint import Endpoint
from radiant.runtimes.driver import Seen
from radiant.runtimes.said import Unanswered

from .account import Account, NotThere


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds between two looks at what is being created or deleted, and for how many it is waited for."""

    pause: float = 5.0
    longest: float = 900.0


class Strategy(Protocol):
    """`what` it is in words; `lists`: the operation, the member of its answer, where entries have name and status."""

    what: str
    lists: tuple[str, str, str, str]

    async def describe(self, account: Account, endpoint: Endpoint) -> Mapping[str, Any]:
        """What AWS says of it. Raises Unanswered, NotThere."""

    def read(self, said: Mapping[str, Any], *, may_create: bool) -> Seen:
        """What that means."""

    def lacks(self, endpoint: Endpoint) -> str | None:
        """What has to be said before one that is not there can be created, as far as that is known."""

    async def up(self, account: Account, endpoint: Endpoint, seen: Seen, count: int, pace: Pace) -> None:
        """Have `count` copies or instances run, and create what is missing where that is allowed.

        Raises Unanswered, RuntimeFailed.
        """

    async def down(self, account: Account, endpoint: Endpoint) -> None:
        """Have none run. Raises Unanswered, RuntimeFailed."""


async def until(pace: Pace, done: Callable[[], Awaitable[bool]], what: str) -> None:
    """Look until it is done. Raises Unanswered where that takes too long."""
    end = time.monotonic() + pace.longest
    while not await done():
        if time.monotonic() > end:
            raise Unanswered(f"{what} took longer than {pace.longest:g} seconds")
        await asyncio.sleep(pace.pause)


async def is_gone(request: Awaitable[Any]) -> bool:
    """Whether a description says that there is nothing. Raises Unanswered."""
    try:
        await request
    except NotThere:
        return True
    return False
