"""Views, functions and triggers, dropped and made again whole, with what people were granted on them."""

import psycopg
from psycopg import sql

from radiant import sql as files
from radiant.domain.errors import MigrationFailed

from .database import Connection
from .schema import read_objects

_SQL = files.queries("schema")


async def drop_code(connection: Connection) -> list[sql.Composed]:
    """Drop all code, and return the statements that grant again what was granted on it."""
    grants = await _grants(connection)
    known = await (await connection.execute(_SQL["code"])).fetchall()
    for row in known:
        await connection.execute(sql.SQL("DROP {} IF EXISTS {}").format(sql.SQL(row["kind"]), sql.SQL(row["name"])))
    return grants


async def create_code(connection: Connection, grants: list[sql.Composed]) -> None:
    """Make all code of this program, and put it on record. Raises MigrationFailed."""
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
        await connection.execute(grant)


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


async def _grants(connection: Connection) -> list[sql.Composed]:
    """What people were granted on objects that are about to be rebuilt, as statements to grant it again."""
    rows = await (await connection.execute(_SQL["grants"])).fetchall()
    return [
        sql.SQL("GRANT {} ON {} TO {}{}").format(
            sql.SQL(row["privilege"]),
            sql.SQL(row["target"]),
            sql.Identifier(row["grantee"]) if row["grantee"] else sql.SQL("PUBLIC"),
            sql.SQL(" WITH GRANT OPTION" if row["grantable"] else ""),
        )
        for row in rows
    ]
