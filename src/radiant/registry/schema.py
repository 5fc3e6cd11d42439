"""What schema a database has, beside what this program knows. Only reads, and needs no more than SELECT."""

from psycopg.rows import DictRow

from radiant import sql as files
from radiant.domain.errors import DatabaseUnusable, NoRegistry
from radiant.domain.schema import SEED, Damage, SchemaState

from .database import Connection

_SQL = files.queries("schema")

OLDEST_POSTGRESQL = 150000

SEED_VERSION, SEED_NAME = SEED.split("_", 1)


async def check_server(connection: Connection) -> None:
    """Raises DatabaseUnusable for a PostgreSQL that is too old, or a database that is not UTF8."""
    version = connection.info.server_version
    if version < OLDEST_POSTGRESQL:
        raise DatabaseUnusable(
            f"This PostgreSQL is {version // 10000}; Radiant needs {OLDEST_POSTGRESQL // 10000} or newer."
        )
    if connection.info.parameter_status("server_encoding") != "UTF8":
        raise DatabaseUnusable(
            "This database does not use UTF8. Create one with: createdb --encoding=UTF8 --template=template0 NAME"
        )


async def check(connection: Connection) -> SchemaState:
    """Whether this program can read the registry at `connection`.

    Raises NoRegistry where there is none, DatabaseUnusable for one that this program does not fit, or that is damaged.
    """
    await check_server(connection)
    state = await read_state(connection)
    if not state.applied:
        raise NoRegistry(f"the database {connection.info.dbname}")
    if state.lacking:
        raise DatabaseUnusable(
            f"The registry is older than this program: it lacks {', '.join(state.lacking)}. "
            "Bring it up to date with `radiant db migrate`."
        )
    if gone := [str(it) for it in state.damage if it.missing and it.kind in _READ]:
        raise DatabaseUnusable(
            f"The registry is damaged: {', '.join(gone)}. `radiant db migrate` makes again what holds no data."
        )
    return state


#: Without these a reader would fail in the middle of its work.
_READ = ("table", "column", "view", "materialized view", "function")


async def read_state(connection: Connection) -> SchemaState:
    """What the database has and lacks. Raises DatabaseUnusable for another program's, or for one that is too new."""
    applied = await applied_rows(connection)
    done = {row["version"]: row for row in applied}
    ours = {migration.version: migration.name for migration in files.migrations()}
    strange = [version for version in done if version not in ours and version != SEED_VERSION]
    missing = tuple(f"{version}_{name}" for version, name in sorted(ours.items()) if version not in done)
    if blocking := [version for version in strange if not done[version]["compatible"]]:
        raise DatabaseUnusable(
            f"This database was migrated by a newer Radiant: it has {', '.join(blocking)}, this one knows up to "
            f"{max(ours)}. Upgrade this Radiant, or use another database."
        )
    version, digest = await _code(connection) if applied else (0, "")
    newer = bool(strange) or version > files.code_version()
    if newer and missing:
        raise DatabaseUnusable(
            f"This database was prepared by another line of Radiant: it lacks {', '.join(missing)}, and has "
            "what this one does not know. Use the program that prepared it, or one newer than both."
        )
    return SchemaState(
        applied=tuple(applied),
        missing=missing,
        seeded=SEED_VERSION in done,
        code_is_current=newer or (version, digest) == (files.code_version(), files.code_digest(files.code())),
        newer=newer,
        damage=await read_damage(connection) if applied and not missing else (),
    )


async def applied_rows(connection: Connection) -> list[DictRow]:
    """What is on record, in order; empty for a database that holds no registry."""
    found = await (await connection.execute(_SQL["books"])).fetchone()
    if not found or found["books"] is None:
        return []
    if found["ours"] is None:
        raise DatabaseUnusable(
            "This database has a table schema_migrations of another program. Give Radiant a database of its own, "
            "made with: createdb --encoding=UTF8 --template=template0 radiant"
        )
    return await (await connection.execute(_SQL["applied"])).fetchall()


async def read_objects(connection: Connection) -> dict[tuple[str, str], str]:
    """(kind, name) and definition of everything in schema public, ours or not."""
    async with connection.transaction():
        await connection.execute("SET LOCAL search_path TO public")
        rows = await (await connection.execute(_SQL["objects"])).fetchall()
    return {(row["kind"], row["name"]): row["definition"] for row in rows}


async def read_damage(connection: Connection) -> tuple[Damage, ...]:
    """What is gone or altered since the last migration; nothing where the record of that may not be read.

    Another major version of PostgreSQL tells the same definition in other words: there, only what is gone counts.
    """
    readable = await (await connection.execute(_SQL["may_compare"])).fetchone()
    rows: list[DictRow] = []
    if readable and not readable["gone"]:
        if not readable["ours"]:
            return ()
        rows = await (await connection.execute(_SQL["recorded"])).fetchall()
    if not rows:
        return (Damage("table", "schema_objects", missing=True, rebuilt=True),)
    present = await read_objects(connection)
    same_server = {row["server"] for row in rows} == {connection.info.server_version // 10000}
    found = []
    for row in rows:
        kind, name = row["kind"], row["name"]
        now = present.get((kind, name))
        if now is None or (same_server and now != row["definition"]):
            found.append(Damage(kind, name, now is None, _is_code(kind, name)))
    return tuple(_outermost(found))


def _outermost(found: list[Damage]) -> list[Damage]:
    """Of a table that is gone, not also each of its columns."""
    gone = {it.name for it in found if it.missing}
    return [it for it in found if "." not in it.name or it.name.split(".")[0] not in gone]


def _is_code(kind: str, name: str) -> bool:
    """Whether a rebuild makes this again."""
    made = {made for part in files.code() for kind, made in part.objects if kind != "TRIGGER"}
    return kind == "trigger" or name.split("(")[0].split(".")[0] in made


async def _code(connection: Connection) -> tuple[int, str]:
    """Version and digest of the code in the database; (0, "") where it was never completed."""
    rows = await (await connection.execute(_SQL["code_version"])).fetchall()
    return (rows[0]["version"], rows[0]["digest"]) if len(rows) == 1 else (0, "")
