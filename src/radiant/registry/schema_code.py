"""Drops and creates views, functions and triggers as a whole, and restores the grants on them."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import psycopg
from psycopg import sql

from radiant import sql as files
from radiant.domain.errors import MigrationFailed

from .database import Connection
from .schema import read_objects

_SQL = files.queries("schema")


class Grant(NamedTuple):
    """What a person was granted on a view or function; `grantee` None is everybody."""

    kind: str
    name: str
    privilege: str
    grantable: bool
    grantee: str | None


async def drop_code(connection: Connection) -> list[Grant]:
    """Drop all code, and return what was granted on it."""
    grants = [Grant(**row) for row in await (await connection.execute(_SQL["grants"])).fetchall()]
    known = await (await connection.execute(_SQL["code"])).fetchall()
    for row in known:
        await connection.execute(sql.SQL("DROP {} IF EXISTS {}").format(sql.SQL(row["kind"]), sql.SQL(row["name"])))
    return grants


async def create_code(connection: Connection, grants: Sequence[Grant]) -> None:
    """Make all code of this program with what was granted on it, and put it on record. Raises MigrationFailed."""
    parts = files.code()
    version, digest = files.code_version(), files.code_digest(parts)
    await connection.execute(_SQL["forget_code"])
    objects: list[tuple[str, str]] = []
    for part in parts:
        await run_step(connection, part.file, part.text)
        objects.extend([(kind, await _identity(connection, kind, name)) for kind, name in part.objects])
    async with connection.cursor() as cursor:
        await cursor.executemany(
            _SQL["record_code"],
            [
                {"position": position, "kind": kind, "name": name, "digest": digest, "version": version}
                for position, (kind, name) in enumerate(objects)
            ],
        )
    for grant in grants:
        if (target := _target(grant, objects)) is not None:
            await connection.execute(_statement(grant, target))


async def record_objects(connection: Connection, keep: frozenset[tuple[str, str]]) -> None:
    """Put on record what the schema consists of now. What is in `keep` stays on record as it was."""
    present = await read_objects(connection)
    server = connection.info.server_version // 10000
    ours = [(kind, name) for kind, name in sorted(files.object_names() & present.keys()) if (kind, name) not in keep]
    kept = {"kinds": [kind for kind, _ in keep], "names": [name for _, name in keep]}
    await connection.execute(_SQL["forget_objects"], kept)
    async with connection.cursor() as cursor:
        await cursor.executemany(
            _SQL["record_object"],
            [{"kind": kind, "name": name, "definition": present[kind, name], "server": server} for kind, name in ours],
        )


async def run_step(connection: Connection, name: str, text: str) -> None:
    """Run one file. Raises MigrationFailed, naming it."""
    try:
        await connection.execute(text.encode())
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.DependentObjectsStillExist, psycopg.OperationalError):
        raise
    except psycopg.Error as error:
        raise MigrationFailed(name, f"PostgreSQL said: {str(error).splitlines()[0]}") from error


async def _identity(connection: Connection, kind: str, name: str) -> str:
    """How an object just made is told from others of its name: a function by its arguments too."""
    if kind != "FUNCTION":
        return name
    found = await (await connection.execute(_SQL["identity"], {"name": name})).fetchone()
    return str(found["identity"]) if found else name


def _target(grant: Grant, objects: Collection[tuple[str, str]]) -> str | None:
    """What the grant is for now: a function that takes other arguments than before keeps its grants; what is gone has
    none."""
    if (grant.kind, grant.name) in objects:
        return grant.name
    base = grant.name.partition("(")[0]
    heirs = [name for kind, name in objects if kind == grant.kind and name.partition("(")[0] == base]
    return heirs[0] if heirs else None


def _statement(grant: Grant, target: str) -> sql.Composed:
    return sql.SQL("GRANT {} ON {}{} TO {}{}").format(
        sql.SQL(grant.privilege),
        sql.SQL("FUNCTION " if grant.kind == "FUNCTION" else ""),
        sql.SQL(target),
        sql.Identifier(grant.grantee) if grant.grantee else sql.SQL("PUBLIC"),
        sql.SQL(" WITH GRANT OPTION" if grant.grantable else ""),
    )
