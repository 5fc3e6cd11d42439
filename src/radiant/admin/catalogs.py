"""Catalogs in the registry: public ones imported and adopted, folders of one's own listed and dropped."""

import datetime as dt
from pathlib import Path
from typing import Any

from radiant.catalog.load import SHIPPED
from radiant.claims.document import MAX_BYTES
from radiant.domain.errors import UnknownFilterValue
from radiant.providers.http import download, read_file
from radiant.public_catalogs.roster import BY_ID, PublicSource
from radiant.registry import catalog_tables, catalogs
from radiant.registry.database import Database
from radiant.sync.importing import AdoptionReport, ImportReport, adopt, import_facts


class Catalogs:
    """Writes of `facts` and of what follows from them in `models`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def import_(self, source: str, body: bytes) -> ImportReport:
        """Read a public catalog into the table of facts. Raises SourceUnreadable, UnknownFilterValue."""
        return await import_facts(self._database, public_source(source), body, _today())

    async def adopt(self, source: str, providers: list[str] | None) -> AdoptionReport:
        """Make registry models of what an imported catalog lists; `providers` None is all of them."""
        return await adopt(self._database, public_source(source), providers)

    async def listed(self) -> list[dict[str, Any]]:
        """The catalogs this registry was seeded from: name, version, folder, seeded_at, seeded_by, and how many models
        (external, self_hosted) each has there."""
        async with self._database.connection() as connection:
            return await catalogs.listed(connection)

    async def drop(self, name: str) -> int:
        """Deprecate what came from a folder of somebody's own and forget the folder; how many models that was.

        Raises UnknownFilterValue for a catalog there is not, or for our own.
        """
        async with self._database.connection() as connection, connection.transaction():
            await catalog_tables.begin(connection)
            count = None if name == SHIPPED else await catalogs.drop(connection, name)
            if count is None:
                there = [row["name"] for row in await catalogs.listed(connection) if row["name"] != SHIPPED]
                raise UnknownFilterValue("catalog", name, tuple(there))
            return count


async def catalog_body(source: str, *, file: Path | None, url: str | None) -> bytes:
    """A public catalog from a file, from an address, or else from where it is published.

    Raises SourceUnreachable, UnknownFilterValue.
    """
    usual = public_source(source).url
    return read_file(file, limit=MAX_BYTES) if file is not None else await download(url or usual, limit=MAX_BYTES)


def public_source(source: str) -> PublicSource:
    """The public catalog of that id. Raises UnknownFilterValue."""
    if source not in BY_ID:
        raise UnknownFilterValue("source", source, tuple(BY_ID))
    return BY_ID[source]


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
