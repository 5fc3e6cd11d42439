"""What can be asked of the registry of this machine without opening it as an App."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

from radiant.access import read_token
from radiant.app import App
from radiant.catalog.check import CheckReport as CheckReport
from radiant.catalog.check import check_catalog as check_catalog
from radiant.claims.document import MAX_BYTES
from radiant.domain.errors import DatabaseUnusable, DataFolderError
from radiant.embedded.server import EmbeddedServer, psql_path
from radiant.providers.http import download, read_file
from radiant.registry import migrations
from radiant.registry.database import connect, place
from radiant.settings import Settings


def database_url(settings: Settings) -> str:
    """The address of a database that is up; an embedded one that had to be started stays up.

    A new embedded one gets schema and catalog first, so that there is something to ask. Another's is left as it is.
    """
    if settings.database_url:
        return settings.database_url
    with EmbeddedServer.open(settings.home, keep_running=True) as server:
        asyncio.run(_fill(settings, server.url))
        return server.url


async def _fill(settings: Settings, url: str) -> None:
    if (await schema_status(url))["pending"]:
        async with await App.open(settings):
            pass


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
    """What is applied to the database at `url`, and what is pending."""
    async with connect(url) as connection:
        return {
            "place": place(url),
            "server_version": connection.info.parameter_status("server_version"),
            "applied": await migrations.applied_rows(connection),
            "pending": await migrations.pending(connection),
        }


def psql_program() -> str:
    """The psql of this machine, or the embedded server's own. Raises DatabaseUnusable."""
    found = shutil.which("psql") or psql_path()
    if found is None:
        raise DatabaseUnusable("There is no psql on this machine. Install PostgreSQL's client package.")
    return str(found)


def saved_token(settings: Settings, role: str) -> str:
    """The token for `admin` or `reader`. Raises DataFolderError where none was made yet."""
    file = settings.admin_token_file if role == "admin" else settings.reader_token_file
    found = read_token(file)
    if found is None:
        raise DataFolderError(f"There is no token in {file} yet. Start the registry once: `radiant up`.")
    return found


async def catalog_body(file: Path | None, url: str) -> bytes:
    """A public catalog from `file`, or from `url` where no file is given. Raises SourceUnreachable."""
    return read_file(file, limit=MAX_BYTES) if file is not None else await download(url, limit=MAX_BYTES)
