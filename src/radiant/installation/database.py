"""The database this machine is set to use: its address, the state of its schema, stopping it, its psql."""

import asyncio
import datetime as dt
import os
import shutil
from collections.abc import Mapping
from typing import Any

from radiant.catalog.check import CheckReport as CheckReport
from radiant.catalog.check import check_catalog as check_catalog
from radiant.catalog.example import write_example as write_example
from radiant.catalog.expiring import AHEAD as AHEAD
from radiant.domain.errors import DatabaseUnusable
from radiant.domain.source import Contacts
from radiant.embedded.server import EmbeddedServer, psql_path
from radiant.pricing.guards import GRACE
from radiant.registry import defaults, lists, overrides, schema, sources
from radiant.registry.database import Address, connect, place
from radiant.registry.rds import address_of
from radiant.settings import Settings
from radiant.sync.contacts import contacts
from radiant.sync.ends import Leaving, leaving_defaults

from .prepare import prepare


def database_url(settings: Settings) -> str:
    """The address of a database that is up; an embedded one that had to be started stays up.

    A new embedded one is prepared first, so that there is something to ask. Another's is left as it is.
    """
    if settings.database_url:
        return settings.database_url
    new = not EmbeddedServer.is_made(settings.home)
    with EmbeddedServer.open(settings.home, keep_running=True) as server:
        if new:
            asyncio.run(prepare(settings, server.url))
        return server.url


def stop_database(settings: Settings) -> bool:
    """Stop the embedded server; False where none ran. Raises DatabaseUnusable for a database that is not ours."""
    if settings.database_url:
        raise DatabaseUnusable("The database of RADIANT_DATABASE_URL is not Radiant's to stop.")
    return EmbeddedServer.stop(settings.home)


async def database_status(settings: Settings) -> dict[str, Any]:
    """What is applied and pending; changes nothing. An embedded server runs only meanwhile."""
    if settings.database_url:
        return await schema_status(address_of(settings, settings.database_url))
    server = await asyncio.to_thread(EmbeddedServer.open, settings.home)
    try:
        return await schema_status(server.url)
    finally:
        await asyncio.to_thread(server.close)


async def schema_status(url: str | Address) -> dict[str, Any]:
    """What is applied to the database at `url`, what is pending, what is damaged, and what cannot be done with it."""
    async with connect(url) as connection:
        state = await schema.read_state(connection)
        return {
            "place": place(url),
            "server_version": connection.info.parameter_status("server_version"),
            "applied": list(state.applied),
            "pending": list(state.pending),
            "damaged": [str(it) for it in state.damage],
            "lost": [str(it) for it in state.lost],
            "limits": state.limits,
        }


async def edits(url: str | Address) -> tuple[int, int]:
    """How many models were deleted by hand, and how many fields of anything were changed, at `url`."""
    async with connect(url) as connection:
        return await overrides.counts(connection)


async def helpless_defaults(url: str | Address) -> list[defaults.HelplessDefault]:
    """The default models that can answer no request at `url`."""
    async with connect(url) as connection:
        return await defaults.helpless(connection)


async def defaults_about_to_go(url: str | Address, today: dt.date) -> list[Leaving]:
    """The default models that are deprecated, or retire within 90 days, at `url`."""
    async with connect(url) as connection:
        return await leaving_defaults(connection, today)


async def outward_contacts(url: str | Address, settings: Settings, environment: Mapping[str, str]) -> Contacts:
    """Whom runs speak to from here, by the registry at `url` and the keys in `environment`."""
    async with connect(url) as connection:
        rows, said = await lists.providers(connection), await sources.said(connection)
    return contacts(rows, said, environment, online=settings.online)


def psql_settings(settings: Settings) -> dict[str, str]:
    """What psql is told by its environment: how much later than us tenants pay a rise that is written by hand. Only
    where that is not the usual, since some poolers refuse options of a session."""
    if settings.price_grace == GRACE:
        return {}
    said = f"-c radiant.price_grace={settings.price_grace.total_seconds():.0f}s"
    return {"PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} {said}".strip()}


def psql_program() -> str:
    """The psql of this machine, or the embedded server's own. Raises DatabaseUnusable."""
    found = shutil.which("psql") or psql_path()
    if found is None:
        raise DatabaseUnusable("There is no psql on this machine. Install PostgreSQL's client package.")
    return str(found)
