"""The worker beside an API: a thread with an event loop of its own, so that no job keeps a request waiting."""

import asyncio
import threading
from typing import TYPE_CHECKING
from uuid import UUID

from radiant.logs import Log
from radiant.registry.address import Address
from radiant.registry.database import Database
from radiant.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping
    from typing import Any

    from radiant.worker import Runner

    Keep = Callable[[], Coroutine[Any, Any, None]]

    #: The environment with the keys of providers, as it is now.
    Environment = Callable[[], Awaitable[Mapping[str, str]]]

_log = Log("radiant.worker")


def runner(database: Database, settings: Settings, environment: "Environment") -> "Runner":
    """What runs each kind, with the keys that `environment` has when a run begins."""

    async def run(
        kind: str,
        trigger: str,
        requested_by: str | None,
        *,
        id: UUID | None = None,
        provider: str | None = None,
        dry_run: bool = False,
    ) -> None:
        from radiant.providers.http import Client
        from radiant.sync import service
        from radiant.sync.manner import Manner
        from radiant.sync.telling import as_events

        async with Client(private=settings.private_networks) as client:
            await service.run(
                database,
                client,
                kind,
                id=id,
                provider=provider,
                dry_run=dry_run,
                trigger=trigger,
                requested_by=requested_by,
                environment=await environment(),
                tell=as_events,
                manner=Manner.of(settings),
            )

    return run


def keeper(database: Database, environment: "Mapping[str, str]") -> "Keep":
    """What keeps self-hosted models warm, with the keys of `environment`."""
    from radiant.sync.keeper import Keeper

    return Keeper(database, environment).keep


class Beside:
    """Works from `start` to `close`, with the keys of `environment`."""

    def __init__(self, address: str | Address, settings: Settings, environment: "Environment") -> None:
        self._address, self._settings, self._environment = address, settings, environment
        self._thread = threading.Thread(target=self._live, name="radiant-worker", daemon=True)
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()

    def start(self) -> None:
        self._thread.start()

    async def close(self) -> None:
        """Let what runs end within the grace, hand the rest back, and wait for that."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        await asyncio.to_thread(self._thread.join)
        self._loop.close()

    def _live(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._work())

    async def _work(self) -> None:
        from radiant.sync.pricing import TakingEffect
        from radiant.worker import Worker  # loaded while requests are served already

        database = Database(self._address)
        try:
            taking = TakingEffect(database)
            run = runner(database, self._settings, self._environment)
            keep = keeper(database, await self._environment())
            work = Worker(database, run, keep=keep, each_tick=taking.look)
            await work.work(self._stopping)
        except Exception as error:  # the API goes on without
            _log.error("the worker ended", problem=repr(error))
        finally:
            await database.close()
