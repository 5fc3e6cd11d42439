"""The runs of the sync service."""

from typing import Any

from radiant.registry import runs
from radiant.registry.database import Database


class Runs:
    """Reads of `registry_sync_log`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self) -> list[dict[str, Any]]:
        """The newest 50, newest first, by their columns."""
        async with self._database.connection() as connection:
            return await runs.newest(connection)
