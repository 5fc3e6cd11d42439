"""Bringing a database up to date: once, whole or not at all, and with a sentence where it cannot be done."""

import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

import radiant.sql
from radiant.catalog.load import Catalog
from radiant.domain.errors import DatabaseUnusable, MigrationFailed
from radiant.registry import migrations, schema
from radiant.registry.database import connect
from radiant.sql import Code, Migration

Query = Callable[..., list[DictRow]]

CHILD = """
import asyncio, sys
from radiant.registry.database import connect
from radiant.registry.migrations import migrate

async def main():
    async with connect(sys.argv[1]) as connection:
        print("ready", flush=True)
        sys.stdin.readline()
        print(len(await migrate(connection)), flush=True)

asyncio.run(main())
"""


async def migrate(url: str) -> list[str]:
    async with connect(url) as connection:
        return await migrations.migrate(connection)


async def pending(url: str) -> list[str]:
    async with connect(url) as connection:
        return [*(await schema.read_state(connection)).pending]


async def refusal(url: str) -> str:
    with pytest.raises(DatabaseUnusable) as caught:
        await migrate(url)
    return str(caught.value)


def everything(query: Query, url: str) -> list[Any]:
    """Every object of the schema with its identity and last writer, and the books."""
    objects = query(
        url,
        """
        SELECT 'relation' AS kind, oid, relname AS name, xmin::text, relfilenode AS file FROM pg_class
         WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'function', oid, proname, xmin::text, 0 FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        ORDER BY 1, 2
        """,
    )
    for table in ("schema_migrations", "schema_code"):
        if any(row["name"] == table for row in objects):
            objects += query(url, f"SELECT *, xmin::text FROM {table} ORDER BY 1")
    return objects


@pytest.fixture
def extra_migration(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have the code carry one more migration."""
    ours = radiant.sql.migrations()

    def add(text: str) -> None:
        monkeypatch.setattr(radiant.sql, "migrations", lambda: [*ours, Migration("990", "one_more", text)])

    return add


@pytest.fixture
def another_view(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the code carry a unified view with one more column."""

    def changed(part: Code) -> Code:
        if part.file != "views/unified_model_registry":
            return part
        return part._replace(
            text=part.text.replace("AS license_conditions", "AS license_conditions, 1 AS one").replace(
                "s.license_conditions", "s.license_conditions, 1"
            )
        )

    parts = [changed(part) for part in radiant.sql.code()]
    monkeypatch.setattr(radiant.sql, "code", lambda: parts)


@pytest.fixture
def stranger(server_url: str, query: Query) -> Iterator[str]:
    """A role that was granted nothing. Ask for it before the database, which goes first then."""
    name = f"stranger_{uuid.uuid4().hex[:12]}"
    query(server_url, f"CREATE ROLE {name}")
    yield name
    query(server_url, f"DROP ROLE {name}")


def acting_as(role: str, url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}options=-c%20role%3D{role}"


async def test_an_empty_database_gets_every_step_in_order_and_on_record(empty_database_url: str, query: Query) -> None:
    assert "views and functions" in await pending(empty_database_url)
    done = await migrate(empty_database_url)
    assert done[:2] == ["035_foundations", "036_unified_model_registry"]
    assert done[-1] == "views and functions"
    recorded = query(
        empty_database_url,
        "SELECT version, name, applied_by = session_user AS by_us, now() - applied_at < '1 min' AS just_now"
        ' FROM schema_migrations ORDER BY version COLLATE "C"',
    )
    assert [f"{row['version']}_{row['name']}" for row in recorded] == done[:-1]
    assert all(row["by_us"] and row["just_now"] for row in recorded)
    assert await pending(empty_database_url) == ["036a_seed_self_hosted_models"]


async def test_a_second_time_writes_nothing_at_all(empty_database_url: str, query: Query) -> None:
    await migrate(empty_database_url)
    before = everything(query, empty_database_url)
    assert await migrate(empty_database_url) == []
    assert everything(query, empty_database_url) == before


def test_of_ten_processes_at_once_one_migrates_and_none_fails(empty_database_url: str, query: Query) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", CHILD, empty_database_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(10)
    ]
    for child in children:
        assert child.stdout and child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin
        child.stdin.write("\n")
        child.stdin.flush()
    said = [child.communicate(timeout=60) for child in children]
    assert [errors for _, errors in said] == [""] * 10
    steps = len(radiant.sql.migrations()) + 1
    assert sorted(int(output) for output, _ in said) == [0] * 9 + [steps]
    assert query(empty_database_url, "SELECT count(*) AS n FROM unified_model_registry") == [{"n": 0}]


async def test_a_failing_migration_is_named_and_leaves_an_empty_database_empty(
    empty_database_url: str, query: Query, extra_migration: Callable[[str], None]
) -> None:
    extra_migration("CREATE TABLE half ();\nSELECT 1 / 0;")
    with pytest.raises(MigrationFailed) as caught:
        await migrate(empty_database_url)
    assert str(caught.value) == (
        "Migration 990_one_more failed and was rolled back; the database is as it was. "
        "PostgreSQL said: division by zero"
    )
    assert everything(query, empty_database_url) == []


async def test_a_failing_migration_leaves_a_registry_as_it_was(
    database_url: str, query: Query, extra_migration: Callable[[str], None]
) -> None:
    before = everything(query, database_url)
    extra_migration("ALTER TABLE models ADD COLUMN half text;\nUPDATE models SET nothing = 1;")
    with pytest.raises(MigrationFailed, match=r'990_one_more.*column "nothing" of relation "models" does not exist'):
        await migrate(database_url)
    assert everything(query, database_url) == before


async def test_a_migration_after_the_first_runs_once_and_keeps_the_data(
    database_url: str, query: Query, catalog: Catalog, extra_migration: Callable[[str], None]
) -> None:
    extra_migration("ALTER TABLE models ADD COLUMN extra integer DEFAULT 7;")
    assert await pending(database_url) == ["990_one_more"]
    assert await migrate(database_url) == ["990_one_more", "views and functions"]
    assert await migrate(database_url) == []
    models = len(catalog.external)
    found = query(database_url, "SELECT count(*) AS n, sum(extra) AS extra FROM models")
    assert found == [{"n": models, "extra": 7 * models}]


async def test_a_database_newer_than_the_code_is_refused_and_untouched(database_url: str, query: Query) -> None:
    query(database_url, "INSERT INTO schema_migrations (version, name) VALUES ('991', 'from_the_future')")
    before = everything(query, database_url)
    latest = max(migration.version for migration in radiant.sql.migrations())
    assert await refusal(database_url) == (
        f"This database was migrated by a newer Radiant: it has 991, this one knows up to {latest}. "
        "Upgrade this Radiant, or use another database."
    )
    assert everything(query, database_url) == before


@pytest.mark.usefixtures("another_view")
async def test_a_changed_view_is_rebuilt_and_what_was_granted_on_it_survives(
    stranger: str, database_url: str, query: Query
) -> None:
    query(
        database_url,
        f"GRANT SELECT ON unified_model_registry TO {stranger} WITH GRANT OPTION;"
        f"GRANT SELECT ON unified_model_stats TO {stranger}; GRANT SELECT ON registry_statistics TO PUBLIC",
    )
    granted = """
        SELECT relname, grantee, privilege_type, is_grantable FROM pg_class, aclexplode(relacl)
         WHERE relnamespace = 'public'::regnamespace AND grantee <> relowner ORDER BY relname
    """
    before = query(database_url, granted)
    assert await pending(database_url) == ["views and functions"]
    assert await migrate(database_url) == ["views and functions"]
    assert query(database_url, "SELECT DISTINCT one FROM unified_model_registry") == [{"one": 1}]
    assert len(before) == 3
    assert query(database_url, granted) == before
    counted = query(acting_as(stranger, database_url), "SELECT count(*) AS n FROM unified_model_registry")
    assert counted == query(database_url, "SELECT count(*) AS n FROM unified_model_registry")


@pytest.mark.usefixtures("another_view")
async def test_a_view_that_somebody_built_on_ours_is_named_and_kept(database_url: str, query: Query) -> None:
    query(database_url, "CREATE VIEW mine AS SELECT model_id FROM unified_model_registry")
    before = everything(query, database_url)
    assert await refusal(database_url) == (
        "Something of yours is built on a view or function of Radiant that has to be rebuilt: "
        "view mine depends on view unified_model_registry. Drop it, migrate, and create it again."
    )
    assert everything(query, database_url) == before


async def test_a_user_without_rights_is_told_which_to_ask_for(stranger: str, empty_database_url: str) -> None:
    assert await refusal(acting_as(stranger, empty_database_url)) == (
        "This database user may not create tables in schema public. "
        "Grant it: GRANT CREATE, USAGE ON SCHEMA public TO <user>; or make it the owner of the database."
    )


async def test_a_user_who_may_not_read_a_registry_is_told_so(stranger: str, empty_database_url: str) -> None:
    await migrate(empty_database_url)
    assert "lets this user do too little: permission denied for table schema_migrations" in await refusal(
        acting_as(stranger, empty_database_url)
    )


async def test_a_read_only_database_is_told_apart(empty_database_url: str, query: Query) -> None:
    name = query(empty_database_url, "SELECT current_database() AS name")[0]["name"]
    query(empty_database_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert "is read-only (a replica?). Point at the primary." in await refusal(empty_database_url)


async def test_a_database_of_another_program_is_left_alone(empty_database_url: str, query: Query) -> None:
    query(empty_database_url, "CREATE TABLE schema_migrations (version varchar PRIMARY KEY)")
    before = everything(query, empty_database_url)
    assert await refusal(empty_database_url) == (
        "This database has a table schema_migrations of another program. Give Radiant a database of its own, "
        "made with: createdb --encoding=UTF8 --template=template0 radiant"
    )
    assert everything(query, empty_database_url) == before


async def test_a_postgresql_too_old_is_refused(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "OLDEST_POSTGRESQL", 990000)
    assert (await refusal(empty_database_url)).endswith("; Radiant needs 99 or newer.")


async def test_a_database_that_is_not_utf8_is_refused(empty_database_url: str, server_url: str, query: Query) -> None:
    name = f"radiant_test_{uuid.uuid4().hex[:12]}"
    query(
        server_url,
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING SQL_ASCII LOCALE_PROVIDER libc LOCALE 'C'",
    )
    try:
        assert await refusal(_other(empty_database_url, name)) == (
            "This database does not use UTF8. Create one with: createdb --encoding=UTF8 --template=template0 NAME"
        )
    finally:
        query(server_url, f"DROP DATABASE {name} WITH (FORCE)")


def _other(url: str, name: str) -> str:
    with psycopg.connect(url) as connection:
        return url.replace(connection.info.dbname, name)


async def test_a_function_of_ones_own_with_the_same_name_is_no_obstacle(
    empty_database_url: str,
) -> None:
    async with connect(empty_database_url) as connection:
        await migrations.migrate(connection)
        await connection.execute("CREATE FUNCTION select_model(text) RETURNS text LANGUAGE sql AS 'SELECT $1'")
        await connection.execute("UPDATE schema_code SET digest = 'older'")
        assert await migrations.migrate(connection) == ["views and functions"]
        kept = await connection.execute("SELECT select_model('mine') AS answer")
        assert await kept.fetchone() == {"answer": "mine"}


async def test_grants_on_functions_survive_a_rebuild(empty_database_url: str) -> None:
    async with connect(empty_database_url) as connection:
        await migrations.migrate(connection)
        role = f"caller_{uuid.uuid4().hex[:12]}"
        await connection.execute(f"CREATE ROLE {role}".encode())
        try:
            await connection.execute("REVOKE EXECUTE ON FUNCTION request_warmup FROM PUBLIC")
            await connection.execute(f"GRANT EXECUTE ON FUNCTION request_warmup TO {role}".encode())
            await connection.execute("UPDATE schema_code SET digest = 'older'")
            await migrations.migrate(connection)
            found = await connection.execute(
                "SELECT count(*) AS n FROM pg_proc, aclexplode(proacl) a"
                " WHERE proname = 'request_warmup' AND a.grantee = %s::regrole",
                [role],
            )
            assert await found.fetchone() == {"n": 1}
        finally:
            await connection.execute(f"DROP OWNED BY {role}".encode())
            await connection.execute(f"DROP ROLE {role}".encode())
