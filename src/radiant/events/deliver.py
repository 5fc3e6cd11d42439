"""Takes events to all sinks, each on its own: who is slow or away delays nobody else."""

import asyncio
import contextlib
import os
import random
from collections.abc import Callable, Mapping
from typing import Final

from radiant.domain.errors import RadiantError
from radiant.domain.event import Event, SinkKind
from radiant.logs import Log
from radiant.providers.http import Client
from radiant.registry import event_sinks, events
from radiant.registry.database import Database
from radiant.registry.event_sinks import Claim
from radiant.registry.listening import confirm_primary, heard, listening

from .outcome import Fate, Outcome, settled
from .sinks import Sink
from .sinks.eventbridge import EventBridgeSink
from .sinks.log import LogSink
from .sinks.webhook import PATIENCE, WebhookSink

log = Log(__name__)

#: Seconds for which a sink is ours; whoever dies loses it then. Longer than any sink may take for a batch.
LEASE: Final = 60.0

#: Seconds that a batch may take in all.
LONGEST_BATCH: Final = 45.0

#: Seconds between looks when nothing was announced: pauses between attempts end unannounced.
LOOK: Final = 2.0

#: Seconds before the database is looked for again, and that deliveries have to end when we are told to stop.
RETRY: Final = 1.0
GRACE: Final = 3.0

Maker = Callable[[Claim], Sink]

_RANDOM: Final = random.SystemRandom()


class Deliverer:
    """Delivers what stands in the outbox; any number of them on any number of machines.

    `private` allows webhooks at private addresses.
    """

    def __init__(
        self,
        database: Database,
        *,
        private: bool = False,
        environment: Mapping[str, str] = os.environ,
        maker: Maker | None = None,
        chance: Callable[[], float] = _RANDOM.random,
    ) -> None:
        self._database, self._environment, self._chance = database, environment, chance
        self._client = Client(private=private, patience=PATIENCE)
        self._maker = maker or self._sink
        self._running: dict[str, asyncio.Task[None]] = {}
        self._bridges: dict[str, EventBridgeSink] = {}

    async def close(self) -> None:
        await self._client.__aexit__(None, None, None)

    async def once(self) -> None:
        """Deliver to every sink that is due until nothing waits or it fails, to all at once."""
        await self._begin()
        await asyncio.gather(*self._running.values())

    async def run(self) -> None:
        """Deliver until cancelled; deliveries under way then have a few seconds."""
        try:
            while True:
                try:
                    async with listening(self._database.address, events.CHANNEL) as ear:
                        while True:
                            await self._begin()
                            if not await heard(ear, LOOK):
                                await confirm_primary(ear, self._database.address)
                except RadiantError as error:
                    log.warning("events cannot be read; they wait", reason=str(error))
                except Exception as error:  # whatever it is, events that are never delivered would be worse
                    log.error("events could not be delivered; they wait", exc_info=error)
                await asyncio.sleep(RETRY)
        finally:
            await self._end()

    async def _begin(self) -> None:
        """Number what is new, and start a delivery to each sink that is due."""
        self._running = {name: task for name, task in self._running.items() if not task.done()}
        async with self._database.connection() as connection:
            await events.number(connection)
            due = await event_sinks.due(connection)
        for name in due:
            if name not in self._running:
                self._running[name] = asyncio.create_task(self._drain(name), name=f"radiant-events-{name}")

    async def _end(self) -> None:
        if tasks := list(self._running.values()):
            _, late = await asyncio.wait(tasks, timeout=GRACE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _drain(self, name: str) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            try:
                while await self._batch(name):
                    pass
            except RadiantError as error:
                log.warning("events could not be delivered; they wait", sink=name, reason=str(error))
            except Exception as error:
                log.error("events could not be delivered; they wait", sink=name, exc_info=error)

    async def _batch(self, name: str) -> bool:
        """Deliver the next events of a sink; whether there may be more to deliver at once."""
        async with self._database.connection() as connection:
            held = await event_sinks.claim(connection, name, LEASE)
            if held is None:
                return False
            sink = self._maker(held)
            batch = await event_sinks.batch(connection, held, sink.batch)
        outcomes = await _sent(sink, name, batch) if batch else []
        done = settled(held, batch, outcomes, self._chance)
        async with self._database.connection() as connection:
            noted = await event_sinks.release(connection, held, done)
        if done.error is not None:
            log.warning("a sink did not take an event", sink=name, reason=done.error, dead=len(done.dead))
        return bool(batch) and noted and done.pause == 0

    def _sink(self, held: Claim) -> Sink:
        if held.kind == SinkKind.WEBHOOK:
            return WebhookSink(held.settings, held.secret_env, environment=self._environment, client=self._client)
        if held.kind == SinkKind.LOG:
            return LogSink()
        known = self._bridges.get(held.name)  # making a client of AWS takes longer than a request
        if known is None or known.settings != held.settings:
            known = self._bridges[held.name] = EventBridgeSink(held.settings)
        return known


async def _sent(sink: Sink, name: str, batch: list[Event]) -> list[Outcome]:
    """What became of each event; a sink that breaks has taken nothing."""
    try:
        async with asyncio.timeout(LONGEST_BATCH):
            return await sink.send(batch)
    except TimeoutError:
        return [Outcome(Fate.LATER, f"it took longer than {LONGEST_BATCH:g} seconds") for _ in batch]
    except Exception as error:
        log.error("a sink broke", sink=name, exc_info=error)
        return [Outcome(Fate.LATER, f"it broke: {type(error).__name__}") for _ in batch]
