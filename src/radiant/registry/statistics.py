"""Counts of the registry: as they are now, and as of the last run."""

from radiant.sql import queries

from .database import Connection

_SQL = queries("statistics")


async def counts(connection: Connection) -> dict[str, int]:
    """As they are now, by the columns of `registry_statistics`."""
    return dict(await (await connection.execute(_SQL["counts"])).fetchone() or {})


async def refresh(connection: Connection, *, many: bool = False) -> None:
    """Bring those of the last run up to date; with `many` models written, the planner's as well."""
    if many:
        await connection.execute(_SQL["analyze"])
    await connection.execute(_SQL["refresh"])
