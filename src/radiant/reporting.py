"""Outcomes on their way to the registry: they wait in memory, and are written together.

Whoever tells of one never waits and never fails. While the database is away they stay, up to a bound; then the oldest
are dropped, and counted.
"""

import asyncio
import contextlib
import datetime as dt
import hashlib
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol
from uuid import UUID, uuid4

import msgspec

from radiant.domain.errors import DatabaseError, RadiantError
from radiant.domain.outcome import Buffered, Outcome
from radiant.health.outcome import observed
from radiant.logs import Log
from radiant.registry import health
from radiant.registry.database import Address, Database
from radiant.registry.health import Identified

log = Log(__name__)

#: Outcomes that wait at most: 20 seconds of 5,000 a second.
MOST: Final = 100_000

#: Outcomes written in one transaction at most.
BATCH: Final = 5_000

#: Seconds between writings, and at most while the database is away.
PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 2.0


class Chosen(Protocol):
    """What was asked; every choice is one."""

    @property
    def provider_id(self) -> str: ...
    @property
    def model_id(self) -> str: ...


def digest(id: str) -> UUID:
    """What is kept of a caller's id."""
    return UUID(bytes=hashlib.blake2b(id.encode("utf-8", "surrogatepass"), digest_size=16).digest())


class Reports:
    """Takes outcomes from any thread; writes them in the event loop in which it was started."""

    def __init__(self, address: str | Address, *, most: int = MOST, pause: float = PAUSE) -> None:
        self._database = Database(address, largest=1)
        self._most, self._pause = most, pause
        self._waiting: deque[Identified] = deque()
        self._lock = threading.Lock()
        self._task: asyncio.Task[None] | None = None
        self._written = self._dropped = self._duplicate = self._in_hand = 0
        self._away = False

    def start(self) -> None:
        """Write what comes, from now on."""
        self._task = asyncio.create_task(self._write_always(), name="radiant-reports")

    def add(self, outcomes: Sequence[Identified]) -> None:
        """Let them wait; the oldest ones make room where there is none."""
        with self._lock:
            self._waiting.extend(outcomes)
            self._make_room()

    def tell(self, choice: Chosen, told: Mapping[str, Any]) -> None:
        """What a caller tells of a request to the chosen model. Never fails; what is not right is left out."""
        try:
            outcome = msgspec.convert(dict(told), Outcome)
            seen = observed(outcome, choice.provider_id, choice.model_id, dt.datetime.now(dt.UTC))
            id = uuid4() if outcome.id is None else digest(outcome.id)
        except Exception as error:
            log.warning("an outcome is not right and was left out", reason=str(error))
        else:
            self.add([Identified(id, seen)])

    @property
    def buffered(self) -> Buffered:
        """How many wait, and what became of the others."""
        return Buffered(
            waiting=len(self._waiting) + self._in_hand,
            written=self._written,
            dropped=self._dropped,
            duplicate=self._duplicate,
        )

    async def close(self) -> None:
        """Write what waits, once, and end."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        try:
            await self._write()
        except DatabaseError as error:
            log.warning("outcomes are lost at the end", outcomes=len(self._waiting), reason=str(error))
        await self._database.close()

    async def _write_always(self) -> None:
        pause = self._pause
        while True:
            await asyncio.sleep(pause)
            try:
                await self._write()
                pause, self._away = self._pause, False
            except DatabaseError as error:
                pause = min(2 * pause, LONGEST_PAUSE)
                if not self._away:
                    log.warning("outcomes wait for the database", outcomes=len(self._waiting), reason=str(error))
                self._away = True
            except Exception as error:  # whatever it is, to stop writing would be worse
                log.error("outcomes could not be written", exc_info=error)

    async def _write(self) -> None:
        """All that waits, batch by batch. What is being written waits at its place until it stands."""
        while batch := self._next():
            self._in_hand = len(batch)
            try:
                await self._record(batch)
            except DatabaseError:
                with self._lock:
                    self._waiting.extendleft(reversed(batch))
                    self._make_room()
                raise
            except asyncio.CancelledError:
                with self._lock:
                    self._waiting.extendleft(reversed(batch))
                raise
            except RadiantError as error:
                await self._one_by_one(batch, error)
            finally:
                self._in_hand = 0
            await asyncio.sleep(0)  # requests come between

    def _next(self) -> list[Identified]:
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]

    async def _record(self, batch: Sequence[Identified]) -> None:
        async with self._database.connection() as connection:
            new = await health.record_outcomes(connection, batch)
        self._written += new
        self._duplicate += len(batch) - new

    async def _one_by_one(self, batch: Sequence[Identified], error: RadiantError) -> None:
        """One that the registry refuses does not take the others with it."""
        if len(batch) == 1:
            self._dropped += 1
            log.warning("an outcome was refused", provider=batch[0].seen.provider_id, reason=str(error))
            return
        for each in batch:
            try:
                await self._record([each])
            except DatabaseError:
                self.add([each])
            except RadiantError as refused:
                await self._one_by_one([each], refused)

    def _make_room(self) -> None:
        over = len(self._waiting) - self._most
        for _ in range(over):
            self._waiting.popleft()
        self._dropped += max(over, 0)
