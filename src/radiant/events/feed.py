"""Reads what happened, and follows what happens.

An open stream reads page by page after the last number it had: a slow reader holds up nobody, and one page of it is in
memory.
"""

import contextlib
from collections.abc import AsyncIterator
from typing import Final

from radiant.domain.errors import RadiantError
from radiant.domain.event import Event
from radiant.registry import events
from radiant.registry.database import Connection, Database

from .news import News, came

#: Events that a stream reads at once.
PAGE: Final = 100

#: Seconds of silence after which a stream says that it is alive.
HEARTBEAT: Final = 15.0


class Feed:
    """What happened, and what happens."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._news = News(database, events.CHANNEL)

    async def close(self) -> None:
        """Every stream ends."""
        await self._news.close()

    def check_room(self) -> None:
        """Raises TooManyStreams where no more may be opened."""
        self._news.check_room()

    async def after(self, seq: int, *, limit: int) -> list[Event]:
        """Events that became known after a number, oldest first."""
        async with self._database.connection() as connection:
            await _number(connection)
            return await events.after(connection, seq, limit=limit)

    async def newest(self, count: int) -> list[Event]:
        """The last so many, oldest first."""
        async with self._database.connection() as connection:
            await _number(connection)
            return await events.last(connection, count)

    async def follow(self, after: int | None) -> AsyncIterator[list[Event]]:
        """Pages of events that became known after the number `after`, None for those from now on; an empty page is a
        sign of life. Ends with `close`. Raises TooManyStreams."""
        with self._news.stream():
            while not self._news.closed:
                news, page = self._news.next(), list[Event]()
                with contextlib.suppress(RadiantError):  # the task that hears tells of it
                    async with self._database.connection() as connection:
                        await _number(connection)
                        if after is None:
                            after = await events.newest(connection)
                        page = await events.after(connection, after, limit=PAGE)
                if page:
                    after = page[-1].seq
                    yield page
                elif not await came(news, HEARTBEAT):
                    yield []


async def _number(connection: Connection) -> None:
    """Whoever may only read sees what others have numbered; whoever delivers does so within moments."""
    with contextlib.suppress(RadiantError):
        await events.number(connection)
