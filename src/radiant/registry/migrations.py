"""Bring a database to the schema of this code: tables step by step, views and functions rebuilt whole.

Everything happens in one transaction under an advisory lock, so any number of processes may start at once and a
failure leaves nothing behind.
"""

import psycopg
from psycopg import sql
from psycopg.rows import DictRow

from radiant import sql as files
from radiant.domain.errors import DatabaseUnusable, MigrationFailed

from .database import Connection

OLDEST_POSTGRESQL = 150000

#: One number for "somebody is migrating a Radiant database", the same in every process.
_LOCK = 0x52616469616E74

#: Recorded by the first complete seed of the catalog, not by a file.
SEED = ("036a", "seed_self_hosted_models")

#: How the views and functions are called as one step.
CODE = "views and functions"

_BOOKS = """
    CREATE TABLE IF NOT EXISTS schema_migrations (
        version text PRIMARY KEY,
        name text NOT NULL,
        applied_by text NOT NULL DEFAULT session_user,
        applied_at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE IF NOT EXISTS schema_code (
        position integer PRIMARY KEY,
        kind text NOT NULL,
        name text NOT NULL,
        digest text NOT NULL
    );
    COMMENT ON TABLE schema_migrations IS 'What has been applied to this database.';
    COMMENT ON TABLE schema_code IS 'The views and functions that are rebuilt whole, and of which version they are.';
"""


async def migrate(connection: Connection) -> list[str]:
    """Apply what is missing and return what that was; an up-to-date database is only read.

    Raises DatabaseUnusable (too old, too new, another program's, no rights) and MigrationFailed.
    """
    await _check_server(connection)
    if await _is_current(connection):
        return []
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            await connection.execute("SET LOCAL search_path TO public")
            await connection.execute("SET LOCAL radiant.writer = 'service'")
            await connection.execute(_BOOKS.encode())
            return await _apply(connection)
    except psycopg.errors.InsufficientPrivilege as error:
        raise DatabaseUnusable(
            "This database user may not create tables in schema public. "
            "Grant it: GRANT CREATE, USAGE ON SCHEMA public TO <user>; or make it the owner of the database."
        ) from error
    except psycopg.errors.DependentObjectsStillExist as error:
        raise DatabaseUnusable(
            "Something of yours is built on a view of Radiant that has to be rebuilt: "
            f"{(error.diag.message_detail or str(error)).splitlines()[0]}. Drop it, migrate, and create it again."
        ) from error


async def applied_rows(connection: Connection) -> list[DictRow]:
    """What is on record, in order; empty for a database that holds no registry."""
    found = await (
        await connection.execute(
            "SELECT to_regclass('public.schema_migrations') AS books, to_regclass('public.schema_code') AS ours"
        )
    ).fetchone()
    if not found or found["books"] is None:
        return []
    if found["ours"] is None:
        raise DatabaseUnusable(
            "This database has a table schema_migrations of another program. Give Radiant a database of its own, "
            "made with: createdb --encoding=UTF8 --template=template0 radiant"
        )
    return await (
        await connection.execute('SELECT * FROM public.schema_migrations ORDER BY version COLLATE "C"')
    ).fetchall()


async def applied(connection: Connection) -> list[str]:
    """The versions on record, in order."""
    return [row["version"] for row in await applied_rows(connection)]


async def pending(connection: Connection) -> list[str]:
    """What this code has and the database lacks, by version and name."""
    done = await applied(connection)
    steps = [(migration.version, migration.name) for migration in files.migrations()] + [SEED]
    lacking = [f"{version}_{name}" for version, name in sorted(steps) if version not in done]
    return lacking if done and await _has_this_code(connection) else [*lacking, CODE]


async def _check_server(connection: Connection) -> None:
    version = connection.info.server_version
    if version < OLDEST_POSTGRESQL:
        raise DatabaseUnusable(
            f"This PostgreSQL is {version // 10000}; Radiant needs {OLDEST_POSTGRESQL // 10000} or newer."
        )
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise DatabaseUnusable(
            "This database does not use UTF8. Create one with: createdb --encoding=UTF8 --template=template0 NAME"
        )


async def _is_current(connection: Connection) -> bool:
    done = await applied(connection)
    if not done:
        return False
    refuse_newer(done)
    if any(migration.version not in done for migration in files.migrations()):
        return False
    return await _has_this_code(connection)


async def _has_this_code(connection: Connection) -> bool:
    rows = await (await connection.execute("SELECT DISTINCT digest FROM public.schema_code")).fetchall()
    return [row["digest"] for row in rows] == [files.code_digest(files.code())]


def refuse_newer(done: list[str]) -> None:
    """Raises DatabaseUnusable for a database with migrations that this program does not know."""
    known = {migration.version for migration in files.migrations()} | {SEED[0]}
    if strange := [version for version in done if version not in known]:
        raise DatabaseUnusable(
            f"This database was migrated by a newer Radiant: it has {', '.join(strange)}, this one knows up to "
            f"{max(known)}. Upgrade this Radiant, or use another database."
        )


async def _apply(connection: Connection) -> list[str]:
    done = await applied(connection)
    refuse_newer(done)
    missing = [migration for migration in files.migrations() if migration.version not in done]
    parts = files.code()
    digest = files.code_digest(parts)
    known = await (
        await connection.execute("SELECT kind, name, digest FROM schema_code ORDER BY position DESC")
    ).fetchall()
    rebuild = bool(missing) or {row["digest"] for row in known} != {digest}
    if not rebuild:
        return []
    grants = await _grants(connection)
    for row in known:
        await connection.execute(sql.SQL("DROP {} IF EXISTS {}").format(sql.SQL(row["kind"]), sql.SQL(row["name"])))
    for migration in missing:
        await connection.execute(
            "INSERT INTO schema_migrations (version, name) VALUES (%s, %s)", [migration.version, migration.name]
        )
        await _run(connection, f"{migration.version}_{migration.name}", migration.text)
    await connection.execute("DELETE FROM schema_code")
    objects: list[tuple[str, str]] = []
    for part in parts:
        await _run(connection, part.file, part.text)
        objects.extend([(kind, await _identity(connection, kind, name)) for kind, name in part.objects])
    for position, (kind, name) in enumerate(objects):
        await connection.execute("INSERT INTO schema_code VALUES (%s, %s, %s, %s)", [position, kind, name, digest])
    for grant in grants:
        await connection.execute(grant)
    return [*(f"{migration.version}_{migration.name}" for migration in missing), CODE]


async def _run(connection: Connection, name: str, text: str) -> None:
    try:
        await connection.execute(text.encode())
    except (psycopg.errors.InsufficientPrivilege, psycopg.OperationalError):
        raise
    except psycopg.Error as error:
        raise MigrationFailed(name, f"PostgreSQL said: {str(error).splitlines()[0]}") from error


async def _identity(connection: Connection, kind: str, name: str) -> str:
    """How an object just made is told from others of its name: a function by its arguments too."""
    if kind != "FUNCTION":
        return name
    found = await connection.execute(
        "SELECT oid::regprocedure::text AS it FROM pg_proc WHERE proname = %s AND pronamespace = 'public'::regnamespace"
        " ORDER BY oid DESC LIMIT 1",
        [name],
    )
    return str((await found.fetchone() or {"it": name})["it"])


async def _grants(connection: Connection) -> list[sql.Composed]:
    """What people were granted on objects that are about to be rebuilt, as statements to grant it again."""
    rows = await (
        await connection.execute(
            """
        SELECT o.target, a.privilege_type AS privilege, a.is_grantable AS grantable,
               CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END AS grantee
          FROM schema_code s
         CROSS JOIN LATERAL (
            SELECT s.name AS target, c.relacl AS acl, c.relowner AS owner FROM pg_class c
             WHERE s.kind <> 'FUNCTION' AND c.oid = to_regclass(s.name)
            UNION ALL
            SELECT 'FUNCTION ' || s.name, p.proacl, p.proowner FROM pg_proc p
             WHERE s.kind = 'FUNCTION' AND p.oid = to_regprocedure(s.name)
         ) o
         CROSS JOIN LATERAL aclexplode(o.acl) a
         WHERE a.grantee <> o.owner AND NOT (s.kind = 'FUNCTION' AND a.grantee = 0)
        """
        )
    ).fetchall()
    return [
        sql.SQL("GRANT {} ON {} TO {}{}").format(
            sql.SQL(row["privilege"]),
            sql.SQL(row["target"]),
            sql.Identifier(row["grantee"]) if row["grantee"] else sql.SQL("PUBLIC"),
            sql.SQL(" WITH GRANT OPTION" if row["grantable"] else ""),
        )
        for row in rows
    ]
