"""Prepares a registry: migrates the schema, seeds the catalog, makes tokens. Opening a registry does none of this."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec

from radiant.embedded.hold import hold
from radiant.registry import migrations, schema
from radiant.registry.database import Address, Database, connect
from radiant.registry.rds import address_of
from radiant.settings import Role, Settings
from radiant.sync.carried import carried
from radiant.sync.seed import SeedReport, seed

from .tokens import keep_tokens


class Prepared(msgspec.Struct, frozen=True):
    """What was done: migrations applied, what the seed wrote, the roles whose token is new.

    `limits` and `lost` say what could not be done, `day` whose prices were seeded.
    """

    applied: tuple[str, ...]
    seeded: SeedReport
    day: dt.date
    tokens: tuple[Role, ...] = ()
    limits: str | None = None
    lost: tuple[str, ...] = ()


async def prepare(
    settings: Settings, url: "str | Address", *, today: dt.date | None = None, homeless: bool = False
) -> Prepared:
    """Bring the registry at `url` to this program's schema and catalog, and let this home's tokens in. Who is
    `homeless` has none.

    Prices are those of `today`, by default the day in UTC: the first start after an announced change takes it over.
    Any number of processes may do so at once; again changes nothing. A registry of a newer program keeps its schema and
    its catalog. Raises RadiantError with a sentence for people.
    """
    async with connect(url) as connection:
        applied = await migrations.migrate(connection)
        state = await schema.read_state(connection)
    day = today or dt.datetime.now(dt.UTC).date()
    database = await Database.open(url)
    try:
        seeded = await seed_as_of(database, settings, day)
        tokens = () if homeless else await keep_tokens(database, settings)
    finally:
        await database.close()
    return Prepared(tuple(applied), seeded, day, tokens, state.limits, tuple(str(it) for it in state.lost))


async def seed_as_of(database: Database, settings: Settings, day: dt.date) -> SeedReport:
    """Seed the catalog that this machine carries, at the prices of `day`.

    Where a newer program keeps the registry, nothing is written. Raises CatalogInvalid and other RadiantErrors.
    """
    async with database.connection() as connection:
        state = await schema.read_state(connection)
    if state.newer:
        return SeedReport()
    return await seed(database, await carried(database, settings.catalog, today=day), grace=settings.price_grace)


@asynccontextmanager
async def made_database(settings: Settings, *, stop: bool = False) -> AsyncIterator[Address]:
    """The address of the database that `settings` name; an embedded one is made and started where it is missing.

    With `stop`, an embedded server that was to keep running ends afterwards too, unless others use it.
    """
    if settings.database_url is not None:
        yield address_of(settings, settings.database_url)
        return
    server = await hold(settings.home, make=True)
    try:
        yield Address(server.url)
    finally:
        await asyncio.to_thread(server.close, stop=stop)
