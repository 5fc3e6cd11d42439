"""Catalogs in the registry: public ones imported and adopted, folders of one's own and shelves."""

import asyncio
import datetime as dt
from pathlib import Path
from typing import Any

import msgspec

from radiant.catalog.load import SHIPPED, load_catalog
from radiant.catalog.shelf import PREFIX, shelf_folder, shelf_names
from radiant.claims.document import MAX_BYTES
from radiant.domain.errors import UnknownFilterValue
from radiant.providers.http import download, read_file
from radiant.public_catalogs.roster import BY_ID, PublicSource
from radiant.registry import catalog_tables, catalogs, statistics
from radiant.registry.database import Database
from radiant.sync.carried import carried
from radiant.sync.importing import AdoptionReport, ImportReport, adopt, import_facts
from radiant.sync.seed import SeedReport, seed


class ShelfModel(msgspec.Struct, frozen=True):
    """A model on a shelf. `license` is that of the weights; `serving` is ready or bring_your_own_code."""

    model_id: str
    display_name: str
    task: str
    parameters: int | None
    license: str | None
    serving: str


class Shelf(msgspec.Struct, frozen=True):
    """An optional catalog that comes with Radiant; `added` where this registry has it."""

    name: str
    added: bool
    models: tuple[ShelfModel, ...]


class Catalogs:
    """Writes of `facts` and of what follows from them in `models`. Rises of prices reach tenants after `grace`."""

    def __init__(self, database: Database, *, grace: dt.timedelta) -> None:
        self._database, self._grace = database, grace

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
        count = None if name == SHIPPED else await self._drop(name)
        if count is None:
            there = [row["name"] for row in await self.listed() if row["name"] != SHIPPED]
            raise UnknownFilterValue("catalog", name, tuple(there))
        return count

    async def shelves(self) -> list[Shelf]:
        """Every shelf that comes with this Radiant."""
        added = {row["name"] for row in await self.listed()}
        models = await asyncio.to_thread(_shelf_models)
        return [Shelf(name, f"{PREFIX}{name}" in added, models[name]) for name in shelf_names()]

    async def add_shelf(self, name: str, folder: Path | None) -> SeedReport:
        """Carry a shelf into the registry beside what a start with `folder` carries; again writes only what changed.

        Raises UnknownFilterValue, CatalogInvalid.
        """
        shelf_folder(name)
        catalog = await carried(self._database, folder, adding=(name,))
        return await seed(self._database, catalog, grace=self._grace)

    async def remove_shelf(self, name: str) -> int | None:
        """Deprecate what came from a shelf and forget the shelf; how many models that was, None where it was not added.

        Raises UnknownFilterValue.
        """
        shelf_folder(name)
        return await self._drop(f"{PREFIX}{name}")

    async def _drop(self, catalog: str) -> int | None:
        async with self._database.connection() as connection, connection.transaction():
            await catalog_tables.begin(connection)
            count = await catalogs.drop(connection, catalog)
        if count:
            async with self._database.connection() as connection:
                await statistics.refresh(connection)
        return count


def _shelf_models() -> dict[str, tuple[ShelfModel, ...]]:
    """What stands on each shelf, by id."""
    catalog = load_catalog(shelves=shelf_names())
    found: dict[str, list[ShelfModel]] = {name: [] for name in shelf_names()}
    for id, model in sorted(catalog.self_hosted.items()):
        shelf = catalog.owner("self_hosted", id).removeprefix(PREFIX)
        if shelf in found:
            weights = model.license.weights or model.license.code
            found[shelf].append(
                ShelfModel(
                    model_id=id,
                    display_name=model.display_name,
                    task=model.task.value,
                    parameters=model.parameters,
                    license=weights.license if weights else None,
                    serving=model.serving.readiness.value,
                )
            )
    return {name: tuple(models) for name, models in found.items()}


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
