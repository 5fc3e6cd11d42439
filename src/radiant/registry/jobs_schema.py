"""Makes the schema in which the jobs stand again, where something of it is gone or altered.

Its tables and functions are procrastinate's, and only fit together: all of them are made again. What waits goes on
waiting, and what was running is done again.
"""

import psycopg
from psycopg.rows import DictRow

from radiant import sql as files
from radiant.sql import jobs

from .database import Connection
from .schema import read_objects
from .schema_code import run_step

_SQL = files.queries("schema")


async def are_whole(connection: Connection) -> bool:
    """Whether all is there, by name."""
    present = await read_objects(connection)
    return all(it in present for it in files.object_names() if it[1].startswith(f"{jobs.SCHEMA}."))


async def make_again(connection: Connection) -> None:
    """Drop what is there and make all of it, within the caller's transaction. Raises MigrationFailed."""
    unfinished = await _unfinished(connection)
    await connection.execute(_SQL["drop_jobs"])
    await run_step(connection, jobs.SCHEMA, jobs.whole())
    await connection.execute(_SQL["among_jobs"])
    async with connection.cursor() as cursor:
        await cursor.executemany(_SQL["put_back"], unfinished)
    await connection.execute(_SQL["in_public"])


async def _unfinished(connection: Connection) -> list[DictRow]:
    """What waits or runs; nothing where that can be read no more."""
    try:
        async with connection.transaction():
            return await (await connection.execute(_SQL["unfinished_jobs"])).fetchall()
    except psycopg.errors.ProgrammingError:
        return []
