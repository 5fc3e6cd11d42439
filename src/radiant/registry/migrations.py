"""Bring a database to the schema of this code: tables step by step, views, functions and triggers rebuilt whole.

Everything happens in one transaction under an advisory lock, so any number of processes may start at once and a
failure leaves nothing behind.
"""

import psycopg

from radiant import sql as files
from radiant.domain.errors import DatabaseUnusable
from radiant.domain.schema import CODE, SchemaState

from .database import Connection
from .schema import check_server, read_state
from .schema_code import create_code, drop_code, record_objects, run_step

_SQL = files.queries("schema")

#: One number for "somebody is migrating a Radiant database", the same in every process.
_LOCK = 0x52616469616E74


async def migrate(connection: Connection) -> list[str]:
    """Apply what is missing, make damaged code again, and return what that was; a sound database is only read.

    A database of a newer Radiant is left as it is (`SchemaState.limits` says so).
    Raises DatabaseUnusable (too old, too new, another program's, no rights, a table lost) and MigrationFailed.
    """
    await check_server(connection)
    if not _steps(await read_state(connection)):
        return []
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            await connection.execute("SET LOCAL search_path TO public")
            await connection.execute("SET LOCAL radiant.writer = 'service'")
            await connection.execute(files.books().encode())
            return await _apply(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseUnusable(
            "This database user may not create tables in schema public. "
            "Grant it: GRANT CREATE, USAGE ON SCHEMA public TO <user>; or make it the owner of the database."
        ) from error
    except psycopg.errors.DependentObjectsStillExist as error:
        raise DatabaseUnusable(
            "Something of yours is built on a view or function of Radiant that has to be rebuilt: "
            f"{(error.diag.message_detail or str(error)).splitlines()[0]}. Drop it, migrate, and create it again."
        ) from error


def _steps(state: SchemaState) -> tuple[str, ...]:
    return (*state.missing, CODE) if state.missing or CODE in state.pending else ()


async def _apply(connection: Connection) -> list[str]:
    state = await read_state(connection)
    steps = _steps(state)
    if not steps:  # another process was first
        return []
    if lost := [str(it) for it in state.lost if it.missing and it.kind in ("table", "column")]:
        raise DatabaseUnusable(
            f"The schema of this database is damaged, and Radiant cannot make again what held data: {', '.join(lost)}. "
            "Restore it from a backup."
        )
    grants = await drop_code(connection)
    for migration in files.migrations():
        if f"{migration.version}_{migration.name}" in state.missing:
            await run_step(connection, f"{migration.version}_{migration.name}", migration.text)
            await connection.execute(
                _SQL["apply"],
                {"version": migration.version, "name": migration.name, "compatible": migration.compatible},
            )
    await create_code(connection, grants)
    await record_objects(connection, frozenset((it.kind, it.name) for it in state.lost))
    await connection.execute("SELECT announce_everything()")
    return list(steps)
