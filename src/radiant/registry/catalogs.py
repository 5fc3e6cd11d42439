"""The catalogs that were seeded into the registry, and which rows came from each."""

from typing import Any

from radiant.sql import queries

from .database import Connection
from .schema import SEED_NAME, SEED_VERSION

_SQL = queries("catalogs")


async def version(connection: Connection, name: str) -> str | None:
    """The newest version of a catalog that was seeded, None where none was or none is known."""
    row = await (await connection.execute(_SQL["version"], {"name": name})).fetchone()
    return row["version"] if row else None


async def record(connection: Connection, name: str, *, version: str | None, folder: str | None) -> None:
    """Note a catalog that is being seeded; the same again writes nothing."""
    await connection.execute(_SQL["record"], {"name": name, "version": version, "folder": folder})


async def record_first(connection: Connection) -> None:
    """Note that the registry has been seeded; again is no change."""
    await connection.execute(_SQL["record_first"], {"version": SEED_VERSION, "name": SEED_NAME})


async def listed(connection: Connection) -> list[dict[str, Any]]:
    """Each catalog with how many models that are not deprecated came from it."""
    return await (await connection.execute(_SQL["listed"])).fetchall()


async def starting_with(connection: Connection, prefix: str) -> list[dict[str, Any]]:
    """The names of the catalogs that begin so."""
    return await (await connection.execute(_SQL["starting_with"], {"prefix": prefix})).fetchall()


async def drop(connection: Connection, name: str) -> int | None:
    """Deprecate what came from a catalog and forget the catalog; how many models that was, None where there is none."""
    asked = {"name": name}
    if await (await connection.execute(_SQL["hold"], asked)).fetchone() is None:
        return None
    count = 0
    for retire in ("retire_models", "retire_self_hosted"):
        count += (await connection.execute(_SQL[retire], asked)).rowcount
    for forget in ("release_providers", "release_defaults", "forget_facts", "forget_import", "forget"):
        await connection.execute(_SQL[forget], asked)
    return count
