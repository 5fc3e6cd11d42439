"""What the database says of itself for whoever watches it: no look reads a table that may be large."""

from collections.abc import Sequence

import psycopg

from radiant.domain.metric import FetchedSource, KindOfRun, Measures, SinkBacklog
from radiant.domain.schedule import KINDS, Queue
from radiant.sql import queries

from . import schedules
from .database import Connection

#: What waits for review or at a sink is counted so far.
MOST = 10_000

_SQL = queries("measures")


async def read(connection: Connection, sources: Sequence[str]) -> Measures:
    """One look; `sources` are the public catalogs that there are."""
    review = await (await connection.execute(_SQL["review"], {"most": MOST})).fetchone()
    providers = await (await connection.execute(_SQL["providers"])).fetchall()
    fetched = await (await connection.execute(_SQL["sources"], {"sources": list(sources)})).fetchall()
    tables = await (await connection.execute(_SQL["tables"])).fetchall()
    return Measures(
        runs=tuple(await runs(connection)),
        sources=tuple(FetchedSource(**row) for row in fetched if row["failing"] is not None),
        providers={row["status"]: row["count"] for row in providers},
        counts=dict(await (await connection.execute(_SQL["counts"])).fetchone() or {}),
        sinks=tuple(
            SinkBacklog(**row) for row in await (await connection.execute(_SQL["sinks"], {"most": MOST})).fetchall()
        ),
        review_pending=review["pending"] if review else 0,
        tables={row["name"]: row["bytes"] for row in tables},
    )


async def runs(connection: Connection) -> list[KindOfRun]:
    """How runs of each kind went last."""
    rows = await (await connection.execute(_SQL["runs"], {"kinds": list(KINDS)})).fetchall()
    return [KindOfRun(**row) for row in rows]


async def queue(connection: Connection) -> Queue | None:
    """What waits and runs; None where this role may not look, or the tables of the jobs are damaged."""
    try:
        return await schedules.queue(connection)
    except psycopg.errors.ProgrammingError:
        return None
