"""What a selector tells the registry of models that are not warm: that they are wanted, and who stood in for them."""

import asyncio
import contextlib
from decimal import Decimal
from typing import Final

from radiant.domain.errors import RadiantError
from radiant.registry import snapshots, thermal
from radiant.registry.database import Database

#: Seconds in which hand-overs gather before they are written.
GATHERED: Final = 1.0

#: Seconds for what is written at the end.
LAST: Final = 2.0


class WarmupRequests:
    """Asks the registry for warm-ups; callers who ask for a model while it is being asked for share the answer."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asking: dict[str, asyncio.Task[bool]] = {}
        self._counted: dict[str, tuple[int, int, Decimal]] = {}
        self._writing: asyncio.Task[None] | None = None
        self._ending = asyncio.Event()

    async def request(self, model_id: str) -> bool:
        """True for the one caller, among all processes, whose request counts. Raises DatabaseError."""
        asking = self._asking.get(model_id)
        if asking is not None:
            await asyncio.shield(asking)
            return False
        task = self._asking[model_id] = asyncio.create_task(self._ask(model_id))
        task.add_done_callback(lambda done: self._asked(model_id, done))
        return await asyncio.shield(task)

    def count(self, model_id: str, cost: Decimal | None) -> None:
        """Another model stood in for this one, at that cost in USD; written in the background."""
        served, priced, total = self._counted.get(model_id, (0, 0, Decimal(0)))
        self._counted[model_id] = (served + 1, priced + (cost is not None), total + (cost or Decimal(0)))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_later())

    async def close(self) -> None:
        """Write what was counted, in `LAST` seconds at most, and end; the database stays open."""
        self._ending.set()
        if self._writing is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LAST):
                    await self._writing
        for task in list(self._asking.values()):
            task.cancel()

    async def _ask(self, model_id: str) -> bool:
        async with self._database.connection() as connection:
            return await snapshots.request_warmup(connection, model_id)

    def _asked(self, model_id: str, task: asyncio.Task[bool]) -> None:
        self._asking.pop(model_id, None)
        if not task.cancelled():
            task.exception()  # who asked has it; nobody may have waited to the end

    async def _write_later(self) -> None:
        while self._counted:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(GATHERED):
                    await self._ending.wait()
            await self._write()

    async def _write(self) -> None:
        """What was counted is lost where the database does not answer: it is no more than statistics."""
        counted, self._counted = self._counted, {}
        with contextlib.suppress(RadiantError, OSError):
            async with self._database.connection() as connection, connection.transaction():
                for model_id, (served, priced, cost) in sorted(counted.items()):
                    await thermal.count_handovers(connection, model_id, served, priced, cost)
