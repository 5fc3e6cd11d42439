"""Looks at endpoints, writes down what becomes of them, and has runtimes do what was decided."""

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

import msgspec

from radiant.domain.endpoint import Endpoint, Observed
from radiant.domain.thermal import Outcome, Phase
from radiant.domain.vocabulary import ThermalState
from radiant.logs import Log
from radiant.registry import events, thermal
from radiant.registry.database import Connection, Database
from radiant.registry.thermal import Kept
from radiant.runtimes.http import CONNECTIONS, Client
from radiant.runtimes.roster import RUNTIMES, unknown
from radiant.runtimes.runtime import Runtime, RuntimeFailed, Sweeping
from radiant.thermal.machine import step
from radiant.thermal.standing import Ended, Refused, Standing

from .warmth import Moved, about_to_sleep, after_looks, by_model, decided, limits

#: How many endpoints are looked at one time: as many as a client has connections.
AT_ONCE: Final = CONNECTIONS

#: Endpoints that are written in one transaction.
_WRITTEN: Final = 50

#: Times that the next step is taken again because somebody else took one meanwhile.
_TRIES: Final = 5

_log = Log("radiant.thermal")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Round(msgspec.Struct, frozen=True, kw_only=True):
    """What one round saw and did. `changed` counts endpoints whose state or phase is another now; `fell` are those that
    were to come up, are down, and whose runtime says why."""

    kept: tuple[Kept, ...]
    looked: int = 0
    changed: int = 0
    problems: tuple[str, ...] = ()
    fell: tuple[tuple[Kept, str], ...] = ()

    @property
    def under_way(self) -> tuple[Kept, ...]:
        return tuple(it for it in self.kept if it.standing.changing)


class Thermal:
    """Rounds over endpoints, with one client for all of them.

    A change is written before a runtime is told, so that whoever goes on after a process that died finds it, and tells
    the runtime again: runtimes do nothing where a model is up or loading already.
    """

    def __init__(
        self,
        database: Database,
        client: Client,
        *,
        runtimes: Mapping[str, Runtime] = RUNTIMES,
        clock: Callable[[], dt.datetime] = now,
    ) -> None:
        self._database, self._client, self._runtimes, self._clock = database, client, runtimes, clock
        self._looks = asyncio.Semaphore(AT_ONCE)

    async def round(
        self,
        models: Sequence[str] | None = None,
        *,
        look: Callable[[Kept], bool] = lambda _: True,
        cold: Collection[str] = (),
        decide: bool = True,
        write: bool = True,
    ) -> Round:
        """Look at endpoints where `look` says so, at those of models that callers found `cold`, and where a model would
        be put to sleep otherwise; with `decide`, begin what the policy wants. Raises DatabaseError."""
        async with self._database.connection() as connection:
            kept = await thermal.kept(connection, models)
        at = self._clock()
        sleepy = {it.endpoint.id for group in by_model(kept) if decide and about_to_sleep(group, at) for it in group}
        anew = {it.endpoint.id for it in kept if it.endpoint.model_id in cold}
        looked = [it.endpoint for it in kept if look(it) or it.endpoint.id in sleepy | anew]
        seen = await self.observe(looked, anew=anew)
        at = max(self._clock(), *(it.at for it in seen.values())) if seen else at
        moved = after_looks(kept, seen, at)
        if decide:
            moved = decided(moved, at)
        written = await self._written(moved, at) if write else {}
        changed = [it for it in moved if _place(it.kept.standing) != _place(it.after)]
        now_kept = {it.endpoint.id: written.get(it.endpoint.id, it) for it in kept}
        return Round(
            kept=tuple(now_kept.values()),
            fell=tuple((now_kept[it.kept.endpoint.id], why) for it in moved if (why := _fell(it)) is not None),
            looked=len(seen),
            changed=len(changed),
            problems=tuple(_problem(it) for it in moved if it.seen is not None and it.after.problem),
        )

    async def observe(self, endpoints: Sequence[Endpoint], *, anew: Collection[int] = ()) -> dict[int, Observed]:
        """What is seen of each, by its id: at most `AT_ONCE` looks at one time, where no runtime tells of many. Nothing
        that is remembered counts of those in `anew`."""
        found: dict[int, Observed] = {}
        groups: dict[str, list[Endpoint]] = {}
        for it in endpoints:
            groups.setdefault(it.runtime, []).append(it)
        async with asyncio.TaskGroup() as tasks:
            looks = []
            for name, some in groups.items():
                runtime = self._runtimes.get(name)
                if runtime is None:
                    found |= {it.id: unknown(name, self._clock()) for it in some}
                elif isinstance(runtime, Sweeping):
                    looks.append(tasks.create_task(self._swept(runtime, some, anew)))
                else:
                    looks += [tasks.create_task(self._looked(runtime, it)) for it in some]
        for look in looks:
            found |= look.result()
        return found

    async def _swept(
        self, runtime: Sweeping, endpoints: Sequence[Endpoint], anew: Collection[int]
    ) -> dict[int, Observed]:
        return dict(await runtime.sweep(endpoints, self._client, anew=anew))

    async def _looked(self, runtime: Runtime, endpoint: Endpoint) -> dict[int, Observed]:
        async with self._looks:
            return {endpoint.id: await runtime.observe(endpoint, self._client)}

    async def _written(self, moved: Sequence[Moved], at: dt.datetime) -> dict[int, Kept]:
        """Write what is news; endpoints as they stand now, by id, of those that nobody else moved meanwhile."""
        told = [it for it in moved if it.news]
        found: dict[int, Kept] = {}
        for first in range(0, len(told), _WRITTEN):
            async with self._database.connection() as connection, connection.transaction():
                for it in await self._write(connection, told[first : first + _WRITTEN], at):
                    found[it.kept.endpoint.id] = msgspec.structs.replace(
                        it.kept, standing=it.after, generation=it.kept.generation + 1
                    )
        async with self._database.connection() as connection, connection.transaction():
            busy = {it.kept.endpoint.model_id for it in moved if it.seen is not None and it.seen.in_flight}
            await thermal.worked(connection, sorted(busy), at)
            await thermal.explain(connection, _whys(moved))
        return found

    async def _write(self, connection: Connection, moved: Sequence[Moved], at: dt.datetime) -> list[Moved]:
        """Write the next steps with what follows from them; those that nobody else had taken."""
        ids = await thermal.advance(connection, [thermal.Step(it.kept, it.after, it.seen) for it in moved])
        taken = [it for it in moved if it.kept.endpoint.id in ids]
        for it in taken:
            await self._note(connection, it, at)
        return taken

    async def _note(self, connection: Connection, it: Moved, at: dt.datetime) -> None:
        """Write what a step means for a warm-up."""
        before, after = it.kept.standing, it.after
        if after.up and before.phase is Phase.WARMING:
            await thermal.end_warmup(connection, it.kept, at, Outcome.READY)
        for effect in it.effects:
            if isinstance(effect, Ended):
                await thermal.end_warmup(connection, it.kept, at, effect.outcome, effect.problem)
        if after.phase is Phase.WARMING and not after.up and after.since != before.since:
            await thermal.begin_warmup(connection, it.kept, after.since, it.why or "it was seen coming up")
        await _tell_progress(connection, it, at)

    async def order(self, it: Kept) -> None:
        """Tell the runtime what was decided. What it refuses is written down; returns once it has accepted."""
        runtime, standing = self._runtimes.get(it.endpoint.runtime), it.standing
        if runtime is None:
            return
        try:
            if standing.phase is Phase.WARMING or standing.aim:
                await runtime.warm(it.endpoint, self._client, instances=max(1, standing.aim))
            else:
                await runtime.cool(it.endpoint, self._client)
        except RuntimeFailed as error:
            refused = Refused(
                at=self._clock(), problem=error.problem, permanent=error.permanent, retry_after=error.retry_after
            )
            await self.refused(it, refused)

    async def refused(self, it: Kept, refused: Refused) -> None:
        """Write that the runtime refused, unless something else was begun meanwhile."""
        for _ in range(_TRIES):
            async with self._database.connection() as connection, connection.transaction():
                found = await thermal.kept(connection, [it.endpoint.model_id])
                current = next((other for other in found if other.endpoint.id == it.endpoint.id), None)
                if current is None or current.standing.since != it.standing.since:
                    return
                after, effects = step(current.standing, refused, limits(current))
                moved = Moved(kept=current, after=after, seen=None, effects=effects, why=None)
                if await self._write(connection, [moved], refused.at):
                    _log.warning("a runtime refused", model=it.endpoint.model_id, problem=refused.problem)
                    return


def _place(it: Standing) -> tuple[object, ...]:
    return it.state, it.phase, it.since if it.changing else None


def _fell(it: Moved) -> str | None:
    """Why a model is down that was to come up, as its runtime says."""
    seen = it.seen
    if it.after.phase is not Phase.WARMING or seen is None or seen.transitioning or seen.state is not ThermalState.COLD:
        return None
    return seen.problem


def _problem(it: Moved) -> str:
    endpoint = it.kept.endpoint
    return f"{endpoint.model_id} at {endpoint.runtime}: {it.after.problem}"


def _whys(moved: Sequence[Moved]) -> dict[str, str]:
    """By model, why it is to be as warm as it is to be, where that is another reason than before."""
    found = {it.kept.endpoint.model_id: it.why for it in moved if it.why is not None}
    before = {it.kept.endpoint.model_id: it.kept.why for it in moved}
    return {model: why for model, why in found.items() if why != before[model]}


async def _tell_progress(connection: Connection, it: Moved, at: dt.datetime) -> None:
    """Each tenth is an event."""
    if it.seen is None or it.seen.progress is None or it.after.phase is not Phase.WARMING:
        return
    if int(it.seen.progress * 10) <= int((it.kept.progress or 0.0) * 10):
        return
    endpoint = it.kept.endpoint
    data = {
        "model_id": endpoint.model_id,
        "endpoint_id": endpoint.id,
        "progress": round(it.seen.progress, 3),
        "seconds": round((at - it.after.since).total_seconds(), 1),
    }
    subject = f"self_hosted/{endpoint.model_id}"
    await events.emit(connection, "radiant.thermal.warmup_progress", subject, data)


class Orders:
    """What this process told runtimes, so that each is told once, and again where that seems to be lost."""

    def __init__(self, rounds: Thermal, *, again: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._rounds, self._again, self._clock = rounds, again, clock
        self._given: dict[int, tuple[dt.datetime, float]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: dict[int, asyncio.Task[None]] = {}

    def give(self, kept: Sequence[Kept]) -> None:
        """Tell runtimes what is under way and was not told yet from here."""
        here = self._clock()
        for it in kept:
            since, when = self._given.get(it.endpoint.id, (None, 0.0))
            lost = since == it.standing.since and here - when > self._again
            if since != it.standing.since or lost:
                self._given[it.endpoint.id] = (it.standing.since, here)
                task = asyncio.create_task(self._rounds.order(it), name=f"radiant-thermal-{it.endpoint.id}")
                self._tasks.add(task)
                self._last[it.endpoint.id] = task
                task.add_done_callback(self._done)

    async def follow(self, found: Round, patience: float) -> None:
        """Tell runtimes what is under way. What is down, `patience` seconds after its runtime was told from here, that
        runtime has refused: it says why. While it has not answered yet, its answer says more."""
        self.give(found.under_way)
        for it, problem in found.fell:
            since, when = self._given.get(it.endpoint.id, (None, 0.0))
            last = self._last.get(it.endpoint.id)
            answered = last is None or last.done()
            if answered and since == it.standing.since and self._clock() - when > patience:
                await self._rounds.refused(it, Refused(at=now(), problem=problem))

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.warning("an order could not be carried out", problem=str(error))

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
