"""Begins runs of the sync service, here or beside what else goes on, and shows them."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

from radiant.domain.errors import ProviderNotFound, RadiantError, UnknownFilterValue
from radiant.domain.observation import SELF_HOSTED
from radiant.domain.schedule import Begun, Order
from radiant.domain.sync import RunKind, RunReport, Trigger
from radiant.logs import Log
from radiant.providers.http import Client
from radiant.registry import compliance, lists, runs, schedules
from radiant.registry.database import Database
from radiant.settings import Settings
from radiant.sync import service
from radiant.sync.manner import Manner
from radiant.sync.telling import Tell, Watch

_log = Log("radiant.sync")


class Syncing:
    """Runs with the keys of an environment. `tell` is told of changes, in their transactions. With
    `queueing`, what is started here is done by a worker, with the keys of that one."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        environment: Mapping[str, str],
        tell: Tell | None = None,
        queueing: bool = False,
    ) -> None:
        self._database, self._settings = database, settings
        self._environment, self._tell, self._queueing = environment, tell, queueing
        self._going: set[asyncio.Task[None]] = set()

    async def run(
        self,
        kind: str,
        *,
        provider: str | None = None,
        dry_run: bool = False,
        requested_by: str | None = None,
        progress: Watch = service.silent,
    ) -> RunReport:
        """Carry out one run to its end. Raises AlreadyRunning, UnknownFilterValue, ProviderNotFound."""
        id = await self._begin(kind, provider, dry_run, requested_by)
        return await self._carry_out(id, kind, provider, dry_run, progress)

    async def start(
        self, kind: str, *, provider: str | None = None, dry_run: bool = False, requested_by: str | None = None
    ) -> Begun:
        """Begin a run that goes on by itself, or order one. Raises what `run` raises."""
        if self._queueing:
            return await self._order(Order(kind=kind, provider=provider, dry_run=dry_run, requested_by=requested_by))
        id = await self._begin(kind, provider, dry_run, requested_by)

        async def going() -> None:
            try:
                await self._carry_out(id, kind, provider, dry_run, service.silent)
            except RadiantError as error:
                _log.warning("a run failed", kind=kind, id=str(id), problem=str(error))
            except Exception as error:  # nobody waits for it who could be told
                _log.error("a run failed", kind=kind, id=str(id), exc_info=error)

        task = asyncio.create_task(going())
        self._going.add(task)
        task.add_done_callback(self._going.discard)
        return Begun(id=id)

    async def close(self) -> None:
        """End what goes on; such runs are closed as failed."""
        for task in self._going:
            task.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)

    async def _order(self, order: Order) -> Begun:
        await self._check(order.kind, order.provider)
        async with self._database.connection() as connection:
            if not order.dry_run:
                await runs.check_way(connection, order.kind)
            id = await schedules.order(connection, order)
            return Begun(id=id, workers=(await schedules.queue(connection)).workers)

    async def _check(self, kind: str, provider: str | None) -> None:
        if kind not in list(RunKind):
            raise UnknownFilterValue("sync_type", kind, tuple(RunKind))
        if provider is not None and kind == RunKind.THERMAL:
            if provider != SELF_HOSTED:
                raise UnknownFilterValue("provider", provider, (SELF_HOSTED,))
        elif provider is not None:
            async with self._database.connection() as connection:
                if not await lists.providers(connection, provider):
                    raise ProviderNotFound(provider, tuple(await compliance.alike(connection, provider)))

    async def _begin(self, kind: str, provider: str | None, dry_run: bool, requested_by: str | None) -> UUID:
        await self._check(kind, provider)
        return await service.begin(
            self._database,
            kind,
            provider=provider,
            dry_run=dry_run,
            trigger=Trigger.PERSON,
            requested_by=requested_by,
        )

    async def _carry_out(self, id: UUID, kind: str, provider: str | None, dry_run: bool, progress: Watch) -> RunReport:
        async with Client(private=self._settings.private_networks) as client:
            return await service.carry_out(
                self._database,
                client,
                id,
                kind,
                provider=provider,
                dry_run=dry_run,
                environment=self._environment,
                tell=self._tell,
                progress=progress,
                manner=Manner.of(self._settings),
            )
