"""The log of runs."""

from typing import Any

from radiant.sql import queries

from .database import Connection

NEWEST = 50

_SQL = queries("runs")


async def record_completed(
    connection: Connection, sync_type: str, *, providers: int, added: int, updated: int, deprecated: int
) -> None:
    """Log a run that began and ended with the transaction around it."""
    await connection.execute(
        _SQL["record_completed"],
        {
            "sync_type": sync_type,
            "providers": providers,
            "added": added,
            "updated": updated,
            "deprecated": deprecated,
        },
    )


async def newest(connection: Connection) -> list[dict[str, Any]]:
    """The newest 50 runs, newest first."""
    return await (await connection.execute(_SQL["newest"], {"limit": NEWEST})).fetchall()
