"""Follows a run of the sync service from any process, also from the middle of it."""

import contextlib
from collections.abc import AsyncGenerator
from typing import Any, Final
from uuid import UUID

import msgspec

from radiant.domain.errors import DatabaseError
from radiant.domain.sync import RunNotFound, RunReport, Step
from radiant.events.news import News, came
from radiant.registry import runs
from radiant.registry.database import Database

from .waiting import begun_or_waiting

#: Seconds of silence after which a stream says that it is alive.
HEARTBEAT: Final = 15.0


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is new of a run: its columns, `sources` and `providers` so far, and the steps since the last time.

    `silent` are seconds since whoever runs it was last heard of.
    """

    run: dict[str, Any]
    steps: list[Step]
    silent: float

    @property
    def over(self) -> bool:
        return self.run["status"] not in ("queued", "running")

    @property
    def lost(self) -> bool:
        """Whether whoever runs it was not heard of for so long that the next run closes it as failed."""
        return self.silent > runs.SILENCE


class RunFeed:
    """Steps of runs, as they are written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._news = News(database, runs.CHANNEL)

    async def close(self) -> None:
        """Every stream ends."""
        await self._news.close()

    def check_room(self) -> None:
        """Raises TooManyStreams where no more may be opened."""
        self._news.check_room()

    async def follow(self, id: UUID, after: int = 0) -> AsyncGenerator[Seen, None]:
        """First all that became known after a step, then what comes; the last one is `over`. One without steps that is
        not over says that a run which waited was begun, or is a sign of life. Ends with `close`. Raises RunNotFound,
        and TooManyStreams."""
        status = None
        with self._news.stream():
            while not self._news.closed:
                news, seen = self._news.next(), None
                with contextlib.suppress(DatabaseError):  # the task that hears tells of it
                    seen = await self._seen(id, after)
                if seen is not None and (seen.run["status"] != status or seen.steps):
                    status = seen.run["status"]
                    after = seen.steps[-1].step if seen.steps else after
                    yield seen
                    if seen.over:
                        return
                    continue
                if not await came(news, HEARTBEAT) and seen is not None:
                    yield seen

    async def _seen(self, id: UUID, after: int) -> Seen:
        async with self._database.connection() as connection:
            # What ends a run is written with its last steps: once it is over, none comes behind.
            run = await begun_or_waiting(connection, id)
            if run is None:
                raise RunNotFound(id)
            silent = await runs.silence(connection, id)
            # Steps of what had not begun at that look come with the next one, behind the word that it has.
            steps = [] if run["status"] == "queued" else await runs.steps(connection, id, after)
            return Seen(run=run, steps=steps, silent=silent)


def report_of(run: dict[str, Any]) -> RunReport:
    """The report of a run that is over, by its columns, `sources` and `providers`."""
    return RunReport(
        id=run["id"],
        kind=run["sync_type"],
        status=run["status"],
        dry_run=run["dry_run"],
        sources=tuple(run["sources"]),
        providers=tuple(run["providers"]),
        errors=tuple(run["errors"]),
        notes=tuple(run["details"].get("notes", ())),
        problem=run["error_message"],
        duration_ms=run["duration_ms"],
    )
