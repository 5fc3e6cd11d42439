"""What a seed from this machine carries: our catalog, the registry's shelves, and the folder of one's own."""

import asyncio
import datetime as dt
import socket
from collections.abc import Sequence
from pathlib import Path

from radiant.catalog.in_force import catalog_on
from radiant.catalog.load import Catalog, load_catalog
from radiant.catalog.shelf import PREFIX, shelf_names
from radiant.registry import catalogs
from radiant.registry.database import Database


async def carried(
    database: Database, folder: Path | None, *, today: dt.date | None = None, adding: Sequence[str] = ()
) -> Catalog:
    """The catalog with the shelves that the registry has, and those of `adding`, at the prices of `today` in UTC.

    A shelf that this program does not have is left as it is. Raises CatalogInvalid, UnknownFilterValue.
    """
    async with database.connection() as connection:
        named = {it["name"].removeprefix(PREFIX) for it in await catalogs.starting_with(connection, PREFIX)}
    shelves = sorted(named & set(shelf_names()) | set(adding))
    catalog = await asyncio.to_thread(load_catalog, folder, host=socket.gethostname(), shelves=shelves)
    return catalog_on(catalog, today or dt.datetime.now(dt.UTC).date())
