"""Bringing a database up to date: once, whole or not at all."""

import subprocess
import sys
from collections.abc import Callable

import pytest

import radiant.sql
from radiant.catalog.load import Catalog
from radiant.domain.errors import MigrationFailed
from radiant.sql import Migration
from tests.sql.migrating import Query, everything, migrate, pending

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


@pytest.fixture
def extra_migration(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have the code carry one more migration."""
    ours = radiant.sql.migrations()

    def add(text: str) -> None:
        monkeypatch.setattr(radiant.sql, "migrations", lambda: [*ours, Migration("990", "one_more", text)])

    return add


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
