"""Lists and changes schedules, asks for runs, and looks at the queue."""

import datetime as dt

import msgspec

from radiant.domain.errors import RuleViolated, UnknownFilterValue
from radiant.domain.schedule import KINDS, Queue, Requested, Schedule, ScheduleNotFound
from radiant.registry import schedules
from radiant.registry.database import Database
from radiant.timetable import checked, next_due


class Schedules:
    """What runs by the clock. A change holds at once for every worker."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self) -> list[Schedule]:
        """All, by kind."""
        async with self._database.connection() as connection:
            found, now = await schedules.listed(connection)
        return [_with_next(it, now) for it in found]

    async def of(self, kind: str) -> Schedule:
        """One. Raises ScheduleNotFound."""
        known = await self.listed()
        found = next((it for it in known if it.kind == kind), None)
        if found is None:
            raise ScheduleNotFound(kind, tuple(it.kind for it in known))
        return found

    async def set(self, kind: str, cron: str) -> Schedule:
        """Give a kind another expression, or its first. Raises UnknownFilterValue, RuleViolated."""
        _known(kind)
        told = checked(cron)
        async with self._database.connection() as connection:
            await schedules.change(connection, kind, told)
        return await self.of(kind)

    async def pause(self, kind: str, until: dt.datetime | None = None) -> Schedule:
        """Stop a schedule until a time to come, or until it is resumed. Raises UnknownFilterValue, ScheduleNotFound and
        RuleViolated."""
        _known(kind)
        async with self._database.connection() as connection:
            if until is not None:
                _check_to_come(until, await schedules.clock(connection))
            await schedules.pause(connection, kind, until)
        return await self.of(kind)

    async def resume(self, kind: str) -> Schedule:
        """Let a schedule go on from now; what was missed meanwhile is not made up. Raises UnknownFilterValue,
        ScheduleNotFound."""
        _known(kind)
        async with self._database.connection() as connection:
            await schedules.resume(connection, kind)
        return await self.of(kind)

    async def run(self, kind: str, requested_by: str) -> Requested:
        """Have a kind run as soon as a worker is free. Raises UnknownFilterValue."""
        _known(kind)
        async with self._database.connection() as connection:
            queued = await schedules.request(connection, kind, requested_by)
            waiting = await schedules.queue(connection)
        return Requested(kind=kind, queued=queued, workers=waiting.workers)

    async def queue(self) -> Queue:
        """What waits and what runs."""
        async with self._database.connection() as connection:
            return await schedules.queue(connection)


def _known(kind: str) -> None:
    if kind not in KINDS:
        raise UnknownFilterValue("kind", kind[:100], KINDS)


def _check_to_come(until: dt.datetime, now: dt.datetime) -> None:
    """A pause that is over already would let a paused schedule go on. Raises RuleViolated."""
    if until <= now:
        said, is_now = (it.isoformat(timespec="seconds") for it in (until, now))
        sentence = f"A pause ends in the time to come; {said} is over, it is {is_now}."
        more = "Say a later time, or none to pause until resumed."
        raise RuleViolated("schedule_pause", "invalid", f"{sentence} {more}", field="until")


def _with_next(schedule: Schedule, now: dt.datetime) -> Schedule:
    try:
        following = next_due(schedule.cron, max(now, schedule.paused_until or now))
    except RuleViolated as error:  # written past us
        return msgspec.structs.replace(schedule, problem=str(error))
    return msgspec.structs.replace(schedule, next_due=following if schedule.enabled else None)
