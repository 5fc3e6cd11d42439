"""Compares the schema of a database with what this program knows. Only reads, and needs no more than SELECT."""

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
    state = await read_state(connection, reading=True)
    if not state.applied:
        raise NoRegistry(f"the database {connection.info.dbname}")
    if state.lacking:
        raise DatabaseUnusable(
            f"The registry is older than this program: it lacks {', '.join(state.lacking)}. "
            "Bring it up to date with `radiant db migrate`."
        )
    if gone := state.damage:
        lost = [str(it) for it in gone if it in state.lost]
        raise DatabaseUnusable(
            f"The registry is damaged: {', '.join(lost)}. Restore it from a backup."
            if lost
            else f"The registry is damaged: {', '.join(map(str, gone))}. Make it again with `radiant db migrate`."
        )
    return state


async def read_state(connection: Connection, *, reading: bool = False) -> SchemaState:
    """What the database has and lacks. Raises DatabaseUnusable for another program's, or for one that is too new.

    With `reading` only what a reader needs is looked for: its damage is what is gone, by name, and code of
    this program's number is taken to be this program's.
    """
    applied = await applied_rows(connection)
    done = {row["version"]: row for row in applied}
    ours = {migration.version: migration.name for migration in files.migrations()}
    strange = [version for version in done if version not in ours and version != SEED_VERSION]
    missing = tuple(f"{version}_{name}" for version, name in sorted(ours.items()) if version not in done)
    if blocking := [version for version in strange if not done[version]["compatible"]]:
        raise DatabaseUnusable(
            f"This database was migrated by a newer Radiant: it has {', '.join(blocking)}, this one knows up to "
            f"{max(it for it in ours if it[0].isdigit())}. Upgrade this Radiant, or use another database."
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
        code_is_current=newer or (version == files.code_version() and (reading or digest == _own_digest())),
        newer=newer,
        damage=() if missing or not applied else await (read_missing if reading else read_damage)(connection),
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
    """(kind, name) and definition of everything in the schemas public and jobs, ours or not."""
    rows = await _in_public(connection, "objects")
    return {(row["kind"], row["name"]): row["definition"] for row in rows}


async def read_damage(connection: Connection) -> tuple[Damage, ...]:
    """What is gone or altered since the last migration; nothing where the record of that may not be read.

    Another major version of PostgreSQL tells the same definition in other words: there, only what is gone counts.
    """
    if (there := await _has_record(connection)) is None:
        return ()
    rows = await (await connection.execute(_SQL["recorded"])).fetchall() if there else []
    if not rows:
        return (_NO_RECORD,)
    present = await read_objects(connection)
    same_server = {row["server"] for row in rows} == {connection.info.server_version // 10000}
    found = []
    for row in rows:
        kind, name = row["kind"], row["name"]
        now = present.get((kind, name))
        if now is None or (same_server and now != row["definition"]):
            found.append(Damage(kind, name, now is None, _is_code(kind, name)))
    return tuple(_outermost(found))


async def read_missing(connection: Connection) -> tuple[Damage, ...]:
    """The tables, columns, views and functions that are gone, without which a reader would fail in the middle of its
    work. Nobody has to tell how they are defined, which takes far longer."""
    if (there := await _has_record(connection)) is None:
        return ()
    rows = await _in_public(connection, "missing") if there else []
    if not there or any(row["name"] is None for row in rows):
        return (_NO_RECORD,)
    return tuple(_outermost([Damage(it["kind"], it["name"], True, _is_code(it["kind"], it["name"])) for it in rows]))


#: Where nothing is on record, the record itself was lost.
_NO_RECORD = Damage("table", "schema_objects", missing=True, rebuilt=True)


async def _has_record(connection: Connection) -> bool | None:
    """Whether there is a record of the objects; None where this role may not read it."""
    found = await (await connection.execute(_SQL["may_compare"])).fetchone()
    if not found or found["gone"]:
        return False
    return True if found["ours"] else None


async def _in_public(connection: Connection, query: str) -> list[DictRow]:
    """The rows of a query that tells names without the schema public."""
    async with connection.transaction():
        await connection.execute(_SQL["in_public"])
        return await (await connection.execute(_SQL[query])).fetchall()


def _outermost(found: list[Damage]) -> list[Damage]:
    """Of a table that is gone, not also each of its columns."""
    gone = {it.name for it in found if it.missing}
    return [it for it in found if it.name.rpartition(".")[0] not in gone]


def _is_code(kind: str, name: str) -> bool:
    """Whether a rebuild makes this again."""
    made = {made for part in files.code() for kind, made in part.objects if kind != "TRIGGER"}
    return kind == "trigger" or name.startswith("jobs.") or name.split("(")[0].split(".")[0] in made


def _own_digest() -> str:
    return files.code_digest(files.code())


async def _code(connection: Connection) -> tuple[int, str]:
    """Version and digest of the code in the database; (0, "") where it was never completed."""
    rows = await (await connection.execute(_SQL["code_version"])).fetchall()
    return (rows[0]["version"], rows[0]["digest"]) if len(rows) == 1 else (0, "")
