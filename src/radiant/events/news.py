"""Hears that something was announced, once per process for all streams that wait for it."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Final

from radiant.domain.errors import RadiantError, TooManyStreams
from radiant.logs import Log
from radiant.registry.database import Database
from radiant.registry.listening import confirm_primary, heard, listening

log = Log(__name__)

#: Streams that are open at once in one process. Each reads for itself when something was announced.
MOST: Final = 200

#: Seconds between looks when nothing was announced, and before a database that is away is looked for again.
LOOK: Final = 5.0
RETRY: Final = 1.0


class News:
    """What is announced on a channel. `closed` once every stream is to end."""

    def __init__(self, database: Database, channel: str) -> None:
        self._database, self._channel = database, channel
        self._next = asyncio.Event()
        self._hearing: asyncio.Task[None] | None = None
        self._streams = 0
        self.closed = False

    async def close(self) -> None:
        """Every stream ends."""
        self.closed = True
        self._wake()
        if self._hearing is not None:
            self._hearing.cancel()
            await asyncio.wait({self._hearing})

    def check_room(self) -> None:
        """Raises TooManyStreams where no more may be opened."""
        if self._streams >= MOST:
            raise TooManyStreams(MOST)

    @contextlib.contextmanager
    def stream(self) -> Iterator[None]:
        """While a stream is open. Raises TooManyStreams."""
        self.check_room()
        if self._hearing is None and not self.closed:
            self._hearing = asyncio.create_task(self._hear(), name=f"hearing of {self._channel}")
        self._streams += 1
        try:
            yield
        finally:
            self._streams -= 1

    def next(self) -> asyncio.Event:
        """Is set at the next announcement. Asked for before what was announced is read, so that none is missed."""
        return self._next

    def _wake(self) -> None:
        news, self._next = self._next, asyncio.Event()
        news.set()

    async def _hear(self) -> None:
        while True:
            try:
                async with listening(self._database.address, self._channel) as ear:
                    while True:
                        self._wake()
                        if not await heard(ear, LOOK):
                            await confirm_primary(ear, self._database.address)
            except RadiantError as error:
                log.warning("nothing new is heard of; open streams wait", channel=self._channel, reason=str(error))
            except Exception as error:  # whatever it is, streams that never hear again would be worse
                log.error("nothing new is heard of; open streams wait", channel=self._channel, exc_info=error)
            await asyncio.sleep(RETRY)
            self._wake()


async def came(news: asyncio.Event, seconds: float) -> bool:
    """Wait for an announcement, at most `seconds`."""
    try:
        async with asyncio.timeout(seconds):
            return await news.wait()
    except TimeoutError:
        return False
