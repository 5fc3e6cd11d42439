"""Deletes what is too old, in a registry that stays up."""

import asyncio
import contextlib

from radiant.domain.errors import RadiantError
from radiant.domain.retention import Retention
from radiant.logs import Log
from radiant.registry import retention
from radiant.registry.database import Database

log = Log(__name__)

#: Seconds between two times.
PAUSE = 3600.0


class Cleaning:
    """Cleans at once and every hour, from `start` to `close`; an attempt that fails is told in the log."""

    def __init__(self, database: Database, keep: Retention, *, pause: float = PAUSE) -> None:
        self._database, self._keep, self._pause = database, keep, pause
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._clean(), name="radiant-cleaning")

    async def close(self) -> None:
        """Stop. What was begun is undone or done, each table for itself."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _clean(self) -> None:
        while True:
            await clean(self._database, self._keep)
            await asyncio.sleep(self._pause)


async def clean(database: Database, keep: Retention) -> None:
    """Delete what is too old. Whoever cleans has other work to do, too: an attempt that fails is told in the log."""
    try:
        async with database.connection() as connection:
            gone = await retention.forget(connection, keep)
    except RadiantError as error:
        log.warning("what is too old could not be deleted; it is tried again", reason=str(error))
    except Exception as error:  # whatever it is, a registry that only grows would be worse
        log.error("what is too old could not be deleted; it is tried again", exc_info=error)
    else:
        if gone:
            log.info("what is too old was deleted", events=gone.events, runs=gone.runs, evidence=gone.evidence)
