"""What people decided by hand: seen, and handed back to the catalog."""

from radiant.domain.errors import NothingDecided
from radiant.domain.override import Override
from radiant.registry import overrides
from radiant.registry.database import Database


class Overrides:
    """Reads and deletes rows of `overrides`. The catalog takes a field back at the next seed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, subject: str | None = None) -> list[Override]:
        """All decisions, or those on one subject, deletions among them."""
        async with self._database.connection() as connection:
            return await overrides.listed(connection, subject)

    async def drop(self, subject: str, field: str | None = None) -> list[str]:
        """Forget what was decided about a field, or about the whole subject; the fields that was.

        Raises NothingDecided, naming subjects or fields that are there.
        """
        async with self._database.connection() as connection:
            dropped = await overrides.drop(connection, subject, field)
            if not dropped:
                there = await overrides.listed(connection)
                fields = [it.field for it in there if it.subject == subject]
                close = list(dict.fromkeys(it.subject for it in there if subject.split(":")[-1] in it.subject))
                raise NothingDecided(subject, field, tuple(fields or close[:5]))
            return dropped
