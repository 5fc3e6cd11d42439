"""Bring a database to the schema of this code: tables step by step, views, functions and triggers rebuilt whole.

Everything happens in one transaction under an advisory lock, so any number of processes may start at once and a
failure leaves nothing behind.
"""

import psycopg

from radiant import sql as files
from radiant.domain.errors import DatabaseUnusable
from radiant.domain.schema import CODE, JOBS, SchemaState
from radiant.sql import jobs

from .database import Connection
from .jobs_schema import are_whole, make_again
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
            await connection.execute(_SQL["alone"], {"lock": _LOCK})
            await connection.execute(_SQL["in_public"])
            await connection.execute(_SQL["as_service"])
            await connection.execute(files.books().encode())
            return await _apply(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseUnusable(_right_to_ask_for(str(error))) from error
    except psycopg.errors.DependentObjectsStillExist as error:
        raise DatabaseUnusable(
            "Something of yours is built on a view or function of Radiant that has to be rebuilt: "
            f"{(error.diag.message_detail or str(error)).splitlines()[0]}. Drop it, migrate, and create it again."
        ) from error


def _right_to_ask_for(said: str) -> str:
    if "for database" in said or f"for schema {jobs.SCHEMA}" in said:
        return (
            f"This database user may not make the schema `{jobs.SCHEMA}`, in which jobs stand. Have the owner of the "
            f"database run: CREATE SCHEMA {jobs.SCHEMA} AUTHORIZATION <user>; or grant it: "
            "GRANT CREATE ON DATABASE <database> TO <user>."
        )
    return (
        "This database user may not create tables in schema public. "
        "Grant it: GRANT CREATE, USAGE ON SCHEMA public TO <user>; or make it the owner of the database."
    )


def _steps(state: SchemaState) -> tuple[str, ...]:
    if state.missing or CODE in state.pending:
        return (*state.missing, *((JOBS,) if JOBS in state.pending else ()), CODE)
    return (JOBS,) if JOBS in state.pending else ()


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
    if JOBS in steps:
        await make_again(connection)
    if CODE in steps:
        await _bring(connection, state)
    if not await are_whole(connection):  # damaged before anything of them was on record
        await make_again(connection)
    await record_objects(connection, frozenset((it.kind, it.name) for it in state.lost))
    await connection.execute(_SQL["announce"])
    return list(steps)


async def _bring(connection: Connection, state: SchemaState) -> None:
    """Apply the migrations that are missing, and make all code again."""
    grants = await drop_code(connection)
    first, *_ = map(jobs.identity, jobs.listed())
    no_jobs_yet = "_".join(first) in state.missing
    for migration in files.migrations():
        name = f"{migration.version}_{migration.name}"
        if name in state.missing:
            if not (no_jobs_yet and migration.of_jobs):
                await run_step(connection, name, migration.text)
            elif (migration.version, migration.name) == first:
                await run_step(connection, name, jobs.whole())
            await connection.execute(
                _SQL["apply"],
                {"version": migration.version, "name": migration.name, "compatible": migration.compatible},
            )
    await create_code(connection, grants)
