"""Takes over, in a registry that stays up, what the catalog says from a day on."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable

from radiant.domain.errors import RadiantError
from radiant.logs import Log
from radiant.registry.database import Database
from radiant.settings import Settings

from .prepare import seed_as_of

log = Log(__name__)

#: Seconds between two looks at the clock. A machine that slept notices the new day at the next one.
LOOK = 30.0

#: Seconds of rest after an attempt that failed.
RETRY = 600.0


def _today_utc() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


class DailySeed:
    """Seeds the catalog anew whenever a day begins in UTC, as a restart would, from `start` to `close`.

    `today` returns the day; `since` is the day of the seed that was made before. An attempt that fails is told in the
    log and made again; the registry serves on with what it has. Several processes may do so for one registry: whoever
    comes second finds nothing to change.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        *,
        since: dt.date,
        today: Callable[[], dt.date] = _today_utc,
        look: float = LOOK,
        retry: float = RETRY,
    ) -> None:
        self._settings, self._database = settings, database
        self._seeded, self._today = since, today
        self._look, self._retry = look, retry
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._follow(), name="radiant-daily-seed")

    async def close(self) -> None:
        """Stop. A seed that has begun is one transaction, and leaves nothing where it is cut off."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self._look)
            day = self._today()
            if day != self._seeded and not await self._seed(day):
                await asyncio.sleep(self._retry)

    async def _seed(self, day: dt.date) -> bool:
        """Whether the registry now says what the catalog says of `day`."""
        try:
            report = await seed_as_of(self._database, self._settings, day)
        except RadiantError as error:
            log.error("the catalog of the new day could not be taken over", day=str(day), reason=str(error))
            return False
        except Exception as error:  # whatever it is, days that are never taken over again would be worse
            log.error("the catalog of the new day could not be taken over", day=str(day), exc_info=error)
            return False
        self._seeded = day
        if report:
            log.info("the catalog of the new day was taken over", day=str(day), models=report.models_updated)
        return True
