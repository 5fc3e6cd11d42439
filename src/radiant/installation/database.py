"""The database of this machine, from outside: its address, its schema, its programs."""

import asyncio
import shutil
from typing import Any

from radiant.catalog.check import CheckReport as CheckReport
from radiant.catalog.check import check_catalog as check_catalog
from radiant.catalog.expiring import AHEAD as AHEAD
from radiant.domain.errors import DatabaseUnusable, RadiantError
from radiant.embedded.server import EmbeddedServer, psql_path
from radiant.registry import overrides, schema
from radiant.registry.database import connect, place
from radiant.settings import Settings

from .prepare import prepare


def database_url(settings: Settings) -> str:
    """The address of a database that is up; an embedded one that had to be started stays up.

    A new embedded one is prepared first, so that there is something to ask. Another's is left as it is.
    """
    if settings.database_url:
        return settings.database_url
    new = EmbeddedServer.status(settings.home).version is None
    with EmbeddedServer.open(settings.home, keep_running=True) as server:
        if new:
            asyncio.run(prepare(settings, server.url))
        return server.url


def running_address(settings: Settings) -> str | None:
    if settings.database_url is not None:
        return settings.database_url
    try:
        found = EmbeddedServer.status(settings.home)
    except RadiantError:
        return None
    return found.url if found.running else None


def stop_database(settings: Settings) -> bool:
    """Stop the embedded server; False where none ran. Raises DatabaseUnusable for a database that is not ours."""
    if settings.database_url:
        raise DatabaseUnusable("The database of RADIANT_DATABASE_URL is not Radiant's to stop.")
    return EmbeddedServer.stop(settings.home)


async def database_status(settings: Settings) -> dict[str, Any]:
    """What is applied and pending; changes nothing. An embedded server runs only meanwhile."""
    if settings.database_url:
        return await schema_status(settings.database_url)
    server = await asyncio.to_thread(EmbeddedServer.open, settings.home)
    try:
        return await schema_status(server.url)
    finally:
        await asyncio.to_thread(server.close)


async def schema_status(url: str) -> dict[str, Any]:
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


async def edits(url: str) -> tuple[int, int]:
    """How many models were deleted by hand, and how many fields of anything were changed, at `url`."""
    async with connect(url) as connection:
        return await overrides.counts(connection)


def psql_program() -> str:
    """The psql of this machine, or the embedded server's own. Raises DatabaseUnusable."""
    found = shutil.which("psql") or psql_path()
    if found is None:
        raise DatabaseUnusable("There is no psql on this machine. Install PostgreSQL's client package.")
    return str(found)
