"""Writes down how far a run is, so that anybody can follow it from any process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID

from radiant.domain.errors import DatabaseError
from radiant.domain.source import SourceResult
from radiant.domain.sync import Progress, ProviderResult, Step
from radiant.registry import runs
from radiant.registry.database import Database

from .telling import Watch
from .together import joined

#: Seconds between two writes: however many providers answer at once, so many transactions a second.
PAUSE: Final = 0.2


class Recorder:
    """A watch that writes each step, two per provider and public catalog at most, and knows the results so far."""

    def __init__(self, database: Database, run: UUID, watch: Watch) -> None:
        self._database, self._run, self._watch = database, run, watch
        # A provider and a public catalog may have the same id.
        self._pending: dict[tuple[type[Step], str], Step] = {}
        self._some = asyncio.Event()
        self._results: dict[str, ProviderResult] = {}
        self._sources: dict[str, SourceResult] = {}

    @property
    def results(self) -> tuple[ProviderResult, ...]:
        """What was found at those that are done, by provider."""
        return tuple(self._results[id] for id in sorted(self._results))

    @property
    def sources(self) -> tuple[SourceResult, ...]:
        """What was found at those that are done, by public catalog."""
        return tuple(self._sources[id] for id in sorted(self._sources))

    def __call__(self, step: Step) -> None:
        self._watch(step)
        if isinstance(step, Progress):
            id = step.provider_id
            if step.result is not None:
                before = self._results.get(id)
                self._results[id] = step.result if before is None else joined(before, step.result)
                step = Progress(provider_id=id, result=self._results[id])
        else:
            id = step.source
            if step.result is not None:
                self._sources[id] = step.result
        self._pending[type(step), id] = step
        self._some.set()

    @asynccontextmanager
    async def recording(self) -> AsyncIterator[None]:
        """Write what comes, beside what else goes on. What is left then stands in the results of the whole run."""
        task = asyncio.create_task(self._write())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _write(self) -> None:
        while True:
            await self._some.wait()
            self._some.clear()
            steps, self._pending = self._pending, {}
            # A run goes on where its steps cannot be written, whatever the reason; its end will tell.
            with suppress(Exception):
                try:
                    async with self._database.connection() as connection, connection.transaction():
                        await runs.keep_steps(connection, self._run, list(steps.values()))
                except DatabaseError:
                    self._pending = steps | self._pending
                    self._some.set()
            await asyncio.sleep(PAUSE)
