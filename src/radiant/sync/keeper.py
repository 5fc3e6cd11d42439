"""Keeps self-hosted models as warm as they are to be: at once when somebody asks, fast while something moves.

Any number of processes keep watch, and one of them acts: the one whose connection holds the lock. When it dies its
connection ends, and the next one goes on from what is written.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from typing import Final

import msgspec

from radiant.domain.counted import counted
from radiant.domain.errors import RadiantError
from radiant.domain.sync import ProviderResult
from radiant.domain.thermal import Phase
from radiant.logs import Log
from radiant.registry import thermal
from radiant.registry.database import Connection, Database
from radiant.registry.listening import confirm_primary, heard
from radiant.registry.thermal import Kept
from radiant.runtimes.http import Client
from radiant.runtimes.roster import RUNTIMES
from radiant.runtimes.runtime import Runtime

from .thermal import Orders, Thermal

_log = Log("radiant.thermal")


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds between two looks: at what moves; at what is up; at what could not be seen or failed, or was found asleep
    by callers; at what sleeps. Then those between two decisions, and between two attempts to become the one who acts.
    `told` is how long a runtime has to begin before what it says counts as the answer."""

    moving: float = 0.2
    up: float = 15.0
    troubled: float = 2.0
    asleep: float = 60.0
    decide: float = 1.0
    follow: float = 1.0
    told: float = 2.0


USUAL: Final = Pace()

#: Seconds for which one run follows what it began.
PATIENCE: Final = 240.0

#: Seconds between looks whether the connection that holds the lock still leads anywhere.
_CONFIRM: Final = 5.0


class Keeper:
    """Keeps models warm until it is cancelled; a database that is away is waited for."""

    def __init__(
        self,
        database: Database,
        environment: Mapping[str, str],
        *,
        runtimes: Mapping[str, Runtime] = RUNTIMES,
        pace: Pace = USUAL,
    ) -> None:
        self._database, self._environment, self._runtimes, self._pace = database, environment, runtimes, pace
        self._looked_at: dict[int, float] = {}
        #: Models that callers found cold and nobody looked at since, and when that was done last.
        self._cold: set[str] = set()
        self._cold_at: dict[str, float] = {}
        self._complaint: str | None = None

    async def keep(self) -> None:
        """Never returns."""
        while True:
            try:
                async with thermal.listening(self._database.address) as connection:
                    while not await thermal.lead(connection):
                        await heard(connection, self._pace.follow)
                    await self._lead(connection)
            except (RadiantError, OSError) as error:
                self._complain(str(error))
            except Exception as error:  # whatever it is, models that nobody keeps would be worse
                self._complain(f"{type(error).__name__}: {error}")
            await asyncio.sleep(self._pace.follow)

    async def _lead(self, connection: Connection) -> None:
        async with Client(environment=self._environment) as client:
            rounds = Thermal(self._database, client, runtimes=self._runtimes)
            orders = Orders(rounds)
            confirmed = time.monotonic()
            try:
                moving = await self._round(rounds, orders, None)
                everything = time.monotonic()
                while True:
                    called = await heard(connection, self._pace.moving if moving else self._pace.decide)
                    self._cold |= thermal.cold_ones(called)
                    here = time.monotonic()
                    if here - confirmed > _CONFIRM:
                        await confirm_primary(connection, self._database.address)
                        confirmed = here
                    if called or here - everything >= self._pace.decide:
                        moving, everything = await self._round(rounds, orders, None), here
                    elif moving:
                        moving = await self._round(rounds, orders, moving)
                    self._complaint = None
            finally:
                await orders.close()

    async def _round(self, rounds: Thermal, orders: Orders, models: list[str] | None) -> list[str]:
        """One round; the models that have to be looked at again at once."""
        found = await rounds.round(models, look=self._due, cold=self._found_cold() if models is None else ())
        await orders.follow(found, self._pace.told)
        return sorted({it.endpoint.model_id for it in found.kept if it.standing.changing or not it.looked})

    def _found_cold(self) -> set[str]:
        """Those that are looked at now: of thousands of callers who say the same, one counts for a while."""
        here = time.monotonic()
        now = {it for it in self._cold if here - self._cold_at.get(it, float("-inf")) >= self._pace.troubled}
        self._cold -= now
        self._cold_at |= dict.fromkeys(now, here)
        return now

    def _due(self, it: Kept) -> bool:
        """Whether it is looked at now."""
        here, id, standing = time.monotonic(), it.endpoint.id, it.standing
        if standing.changing:
            pause = self._pace.moving / 2
        elif not it.looked or standing.phase is Phase.FAILED or (standing.up and standing.problem):
            pause = self._pace.troubled
        else:
            pause = self._pace.up if standing.up else self._pace.asleep
        if here - self._looked_at.get(id, float("-inf")) < pause:
            return False
        self._looked_at[id] = here
        return True

    def _complain(self, problem: str) -> None:
        """Say it once, not each second."""
        if self._complaint != problem:
            self._complaint = problem
            _log.warning("models are not kept warm now", problem=problem)


async def look_at_all(
    database: Database,
    environment: Mapping[str, str],
    *,
    dry_run: bool = False,
    patience: float = PATIENCE,
    runtimes: Mapping[str, Runtime] = RUNTIMES,
) -> ProviderResult | None:
    """One run over all endpoints: look and write down; None where there is none. Where no keeper acts it decides as one
    would, and follows what it began for at most `patience` seconds. Raises DatabaseError."""
    began = time.monotonic()
    async with contextlib.AsyncExitStack() as held, Client(environment=environment) as client:
        rounds = Thermal(database, client, runtimes=runtimes)
        connection = await held.enter_async_context(thermal.listening(database.address))
        leads = not dry_run and await thermal.lead(connection)
        found = first = await rounds.round(decide=leads, write=not dry_run)
        if leads:
            orders = Orders(rounds)
            held.push_async_callback(orders.close)
            while found.under_way and time.monotonic() - began < patience:
                await orders.follow(found, USUAL.told)
                await asyncio.sleep(USUAL.moving)
                found = await rounds.round(look=lambda it: it.standing.changing)
    if not first.kept:
        return None
    moved = len(found.under_way)
    return ProviderResult(
        provider_id="self_hosted",
        seen=first.looked,
        status_changes=first.changed,
        note=f"{counted(first.looked, 'endpoint')} looked at" + (f", {moved} under way" if moved else ""),
        errors=first.problems,
        duration_ms=round((time.monotonic() - began) * 1000),
    )
