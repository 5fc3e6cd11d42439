"""Outcomes on their way to the registry: they wait in memory, and are written together.

Whoever tells of one never waits and never fails. While the database is away they stay, up to a bound; then the oldest
are dropped, and counted.
"""

import asyncio
import contextlib
import datetime as dt
import hashlib
import math
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol
from uuid import UUID, uuid4

import msgspec

from radiant import wording
from radiant.domain.errors import DatabaseError, RadiantError
from radiant.domain.json_text import whole_numbers
from radiant.domain.outcome import Buffered, Outcome
from radiant.health.moments import too_far
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

#: Seconds between two warnings that outcomes are lost.
WARNED_EVERY: Final = 60.0


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
        self._loop: asyncio.AbstractEventLoop | None = None
        self._came = asyncio.Event()  # set while something waits
        self._written = self._dropped = self._duplicate = self._in_hand = 0
        self._away, self._warned = False, -math.inf
        #: Called with the id of each outcome that was dropped; whoever tells it again is heard.
        self.forget: Callable[[UUID], None] = lambda id: None

    def start(self) -> None:
        """Write what comes, from now on."""
        self._loop = asyncio.get_running_loop()
        self._came.set()
        self._task = asyncio.create_task(self._write_always(), name="radiant-reports")

    def add(self, outcomes: Sequence[Identified]) -> None:
        """Let them wait; the oldest ones make room where there is none."""
        with self._lock:
            first = not self._waiting
            self._waiting.extend(outcomes)
            dropped = self._make_room()
        if first and self._loop is not None:
            with contextlib.suppress(RuntimeError):  # in a loop that has ended nothing is written any more
                self._loop.call_soon_threadsafe(self._came.set)
        self._drop(dropped, "too many wait")

    def tell(self, choice: Chosen, told: Mapping[str, Any]) -> None:
        """What a caller tells of a request to the chosen model. Never fails; what is not right is left out."""
        try:
            outcome = msgspec.convert(whole_numbers(dict(told)), Outcome)
            seen = observed(outcome, choice.provider_id, choice.model_id, dt.datetime.now(dt.UTC))
            id = uuid4() if outcome.id is None else digest(outcome.id)
        except msgspec.ValidationError as error:
            log.warning("an outcome is not right and was left out", reason=wording.sentence(error, Outcome))
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
            lost = list(self._waiting)
            self._waiting.clear()
            self._drop(lost, f"the registry was closed: {error}")
        await self._database.close()

    async def _write_always(self) -> None:
        pause = self._pause
        while True:
            if not self._waiting:
                self._came.clear()
            await self._came.wait()  # a process that has nothing to tell is not woken
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
                await self._write_parts(batch)
            finally:
                self._in_hand = 0
            await asyncio.sleep(0)  # requests come between

    async def _write_parts(self, batch: list[Identified]) -> None:
        """Halves of what could not be written, and halves of these: one that is at fault takes no other with it."""
        parts = [batch]
        while parts:
            part = parts.pop()
            try:
                await self._record(part)
            except (DatabaseError, asyncio.CancelledError):
                self._put_back([*part, *(each for later in reversed(parts) for each in later)])
                raise
            except Exception as error:
                if len(part) == 1:
                    self._drop(
                        part, str(error) or type(error).__name__, None if isinstance(error, RadiantError) else error
                    )
                else:
                    middle = len(part) // 2
                    parts += [part[middle:], part[:middle]]

    def _next(self) -> list[Identified]:
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]

    async def _record(self, batch: Sequence[Identified]) -> None:
        now = dt.datetime.now(dt.UTC)
        late = [each for each in batch if too_far(each.seen.at, now)]
        timely = [each for each in batch if not too_far(each.seen.at, now)] if late else batch
        if timely:
            async with self._database.connection() as connection:
                new = await health.record_outcomes(connection, timely, now=now)
            self._written += new
            self._duplicate += len(timely) - new
        self._drop(late, "they waited until they said nothing any more")

    def _put_back(self, outcomes: Sequence[Identified]) -> None:
        with self._lock:
            self._waiting.extendleft(reversed(outcomes))
            dropped = self._make_room()
        self._drop(dropped, "too many wait")

    def _make_room(self) -> list[Identified]:
        """Those for which there is none."""
        return [self._waiting.popleft() for _ in range(len(self._waiting) - self._most)]

    def _drop(self, outcomes: Sequence[Identified], why: str, error: Exception | None = None) -> None:
        """Count them, and let them be told again. The log has it once in `WARNED_EVERY` seconds."""
        if not outcomes:
            return
        with self._lock:
            self._dropped += len(outcomes)
            told = time.monotonic() - self._warned < WARNED_EVERY
            if not told:
                self._warned = time.monotonic()
        for each in outcomes:
            self.forget(each.id)
        if not told:
            provider = outcomes[0].seen.provider_id
            log.warning("outcomes are lost", so_far=self._dropped, reason=why, provider=provider, exc_info=error)
