"""One run by a function: its tick claimed, carried out by the ordinary service, closed before the time is up."""

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

import msgspec

from radiant.domain.errors import RadiantError
from radiant.domain.sync import AlreadyRunning, RunKind, RunReport, Trigger
from radiant.events.deliver import Deliverer
from radiant.installation.cleaning import clean
from radiant.logs import Log
from radiant.providers.http import Client
from radiant.registry import runs, schedules
from radiant.registry.database import Connection, Database
from radiant.settings import Settings
from radiant.sync import service
from radiant.sync.manner import Manner
from radiant.sync.pricing import TakingEffect
from radiant.sync.telling import as_events
from radiant.timetable import due

from .asked import Asked

#: Seconds before the deadline at which a run is closed; then for telling of it; and that are left to hand back.
LAST: Final = 30.0
DRAIN: Final = 20.0
SPARE: Final = 2.0

#: Seconds without a sign of life after which a run is given up: three heartbeats.
STALLED: Final = 3 * service.BEAT

#: How far the clock of AWS may be ahead of the database's, in seconds.
AHEAD: Final = 60.0

#: Who runs, in the row of a run: what a function did not bring to its end, a function does again.
FUNCTION: Final = "function "

_log = Log("radiant.aws")


class TimeUp(RadiantError):
    """The time of a function ended before its run."""

    def __init__(self, kind: str, id: UUID) -> None:
        super().__init__(f"The run {id} of the kind {kind} was closed as failed: the time of the function is up.")


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds between two looks whether the run that is in the way has ended."""

    again: float = 2.0


PACE: Final = Pace()


class Skipped(msgspec.Struct, frozen=True):
    """Why nothing was to be done."""

    why: str


class Function:
    """What a function does, over an open registry. `name` is what it is called, `remaining` how many seconds it has."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        environment: Mapping[str, str],
        *,
        name: str,
        remaining: Callable[[], float],
        pace: Pace = PACE,
        deliverer: Callable[[Database], Deliverer] | None = None,
    ) -> None:
        self._database, self._settings, self._environment = database, settings, environment
        self._name, self._remaining, self._pace = name, remaining, pace
        self._deliverer = deliverer or self._ordinary

    async def run(self, asked: Asked) -> dict[str, Any]:
        """Carry out what is asked, and tell the sinks of it; what became of it, for who called.

        Raises AlreadyRunning where another run is in the way to the end, TimeUp, DatabaseError.
        """
        begun = await self._begun(asked)
        if isinstance(begun, Skipped):
            _log.info("nothing to do", kind=asked.kind, reason=begun.why)
            return {"syncType": asked.kind, "skipped": begun.why}
        try:
            await TakingEffect(self._database).look()
            report = await self._carried_out(begun, asked.kind)
            if asked.kind == RunKind.FULL:
                await clean(self._database, self._settings.retention)
        finally:
            await self._tell()
        return {
            "syncType": asked.kind,
            "syncId": str(begun),
            "status": report.status,
            "durationMs": report.duration_ms,
            "errors": len(report.errors),
        }

    async def _begun(self, asked: Asked) -> UUID | Skipped:
        await self._close_lost()
        while True:
            try:
                async with self._database.connection() as connection, connection.transaction():
                    return await self._begin(connection, asked)
            except AlreadyRunning as error:
                if asked.kind != RunKind.FULL and error.sync_type == RunKind.FULL:
                    return await self._left_to(error, asked)
                if self._remaining() - self._pace.again < 2 * LAST:
                    raise
            await asyncio.sleep(self._pace.again)

    async def _close_lost(self) -> None:
        """Close the runs whose process is dead."""
        async with self._database.connection() as connection, connection.transaction():
            lost = await schedules.close_lost(connection, STALLED) if await schedules.alone(connection) else []
        for kind, worker in lost:
            _log.warning("a run was lost with its process", kind=kind, process=worker)

    async def _begin(self, connection: Connection, asked: Asked) -> UUID | Skipped:
        """Claim the tick and begin the run in one transaction: who dies in between has done neither.

        Raises AlreadyRunning.
        """
        by = asked.by
        if asked.tick is not None:
            claimed = await self._claimed(connection, asked.kind, asked.tick)
            if isinstance(claimed, Skipped):
                return claimed
            by = claimed
        return await runs.begin(
            connection,
            RunKind(asked.kind),
            trigger=Trigger(asked.trigger),
            requested_by=by,
            provider=None,
            dry_run=False,
            worker=f"{FUNCTION}{self._name}"[:500],
        )

    async def _claimed(self, connection: Connection, kind: str, tick: dt.datetime) -> str | Skipped:
        """The schedule whose tick this is from now on; or why it is not ours.

        What a function began for the newest tick and did not bring to its end is done again.
        """
        row = next((it for it in await schedules.active(connection) if it["kind"] == kind), None)
        if row is None:
            return Skipped("its schedule is paused, disabled, or not there")
        ahead = dt.timedelta(seconds=AHEAD)
        now = max(row["now"], min(tick, row["now"] + ahead))
        latest = due(row["cron"], row["since"], now)
        if latest is None:
            ours = await runs.came_to_nothing(
                connection, kind, worker=FUNCTION, since=row["last_due"] - ahead, seconds=STALLED
            )
        else:
            ours = await schedules.claim(connection, row, latest)
        return f"schedule {row['cron']}" if ours else Skipped("this tick was taken already")

    async def _left_to(self, full: AlreadyRunning, asked: Asked) -> Skipped:
        """A full run does this kind too: its tick counts as done."""
        if asked.tick is not None:
            async with self._database.connection() as connection, connection.transaction():
                await self._claimed(connection, asked.kind, asked.tick)
        return Skipped(f"the full run {full.id} does it")

    async def _carried_out(self, id: UUID, kind: str) -> RunReport:
        async with Client(private=self._settings.private_networks) as client:
            running = asyncio.create_task(
                service.carry_out(
                    self._database,
                    client,
                    id,
                    kind,
                    environment=self._environment,
                    tell=as_events,
                    manner=Manner.of(self._settings),
                    left=lambda: self._remaining() - 2 * LAST,
                )
            )
            done, _ = await asyncio.wait({running}, timeout=max(0.0, self._remaining() - LAST))
            if done:
                return running.result()
            running.cancel("the time of the function is up")
            await asyncio.wait({running}, timeout=max(0.0, self._remaining() - DRAIN))
            raise TimeUp(kind, id)

    async def _tell(self) -> None:
        """Take events to their sinks, in the time that is left. What is not told now is told by the next one."""
        deliverer = self._deliverer(self._database)
        try:
            async with asyncio.timeout(max(0.0, min(DRAIN, self._remaining()) - SPARE)):
                await deliverer.once()
        except (TimeoutError, RadiantError) as error:
            _log.warning("events wait", reason=str(error) or "the time of the function is up")
        finally:
            await deliverer.close()

    def _ordinary(self, database: Database) -> Deliverer:
        return Deliverer(database, private=self._settings.private_networks, environment=self._environment)
