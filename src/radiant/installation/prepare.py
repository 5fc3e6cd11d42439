"""Preparing a registry: schema, catalog, tokens. What only opens one never does any of this."""

import asyncio
import datetime as dt
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from radiant.catalog.in_force import catalog_on
from radiant.catalog.load import load_catalog
from radiant.embedded.hold import hold
from radiant.registry import migrations, schema
from radiant.registry.database import Database, connect
from radiant.settings import Settings
from radiant.sync.seed import SeedReport, seed

from .tokens import keep_tokens


class Prepared(msgspec.Struct, frozen=True):
    """What was done: migrations applied, and what the seed wrote. `limits` and `lost` say what could not be."""

    applied: tuple[str, ...]
    seeded: SeedReport
    limits: str | None = None
    lost: tuple[str, ...] = ()


async def prepare(settings: Settings, url: str, *, today: dt.date | None = None) -> Prepared:
    """Bring the registry at `url` to this program's schema and catalog, and let this home's tokens in.

    Prices are those of `today`, by default the day in UTC: the first start after an announced change takes it over.
    Any number of processes may do so at once; again changes nothing. A registry of a newer program keeps its schema and
    its catalog. Raises RadiantError with a sentence for people.
    """
    async with connect(url) as connection:
        applied = await migrations.migrate(connection)
        state = await schema.read_state(connection)
    database = await Database.open(url)
    try:
        catalog = await asyncio.to_thread(load_catalog, settings.catalog, host=socket.gethostname())
        catalog = catalog_on(catalog, today or dt.datetime.now(dt.UTC).date())
        seeded = SeedReport() if state.newer else await seed(database, catalog)
        await keep_tokens(database, settings)
    finally:
        await database.close()
    return Prepared(tuple(applied), seeded, state.limits, tuple(str(it) for it in state.lost))


@asynccontextmanager
async def made_database(settings: Settings, *, stop: bool = False) -> AsyncIterator[str]:
    """The address of the database that `settings` name; an embedded one is made and started where it is missing.

    With `stop`, an embedded server that was to keep running ends afterwards too, unless others use it.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    server = await hold(settings.home, make=True)
    try:
        yield server.url
    finally:
        await asyncio.to_thread(server.close, stop=stop)
