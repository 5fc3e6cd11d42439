"""The runs of the sync service."""

from typing import Any, Final
from uuid import UUID

from radiant.domain.errors import UnknownFilterValue
from radiant.domain.sync import RunKind, RunNotFound, RunPlace
from radiant.registry import runs
from radiant.registry.database import Database

from .waiting import begun_or_waiting

#: Runs on a page, where nothing else is asked for.
USUAL: Final = 50


class Runs:
    """Reads of `registry_sync_log`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(
        self, kind: str | None = None, *, limit: int = USUAL, after: RunPlace | None = None
    ) -> list[dict[str, Any]]:
        """So many by their columns, newest first, behind the place `after`. Raises UnknownFilterValue."""
        if kind is not None and kind not in list(RunKind):
            raise UnknownFilterValue("sync_type", kind, tuple(RunKind))
        async with self._database.connection() as connection:
            return await runs.newest(connection, kind=kind, limit=limit, after=after)

    async def found(self, id: UUID) -> dict[str, Any]:
        """One run by its columns, with `sources` and `providers`: what it found at each so far; one that waits for a
        worker is `queued`. Raises RunNotFound."""
        async with self._database.connection() as connection:
            run = await begun_or_waiting(connection, id)
        if run is None:
            raise RunNotFound(id)
        return run
