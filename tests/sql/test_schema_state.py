"""A damaged schema is told and mended; an older program neither breaks a newer database nor is broken by it."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from psycopg.rows import DictRow

import radiant.sql
from radiant.domain.errors import DatabaseUnusable, NoRegistry
from radiant.domain.schema import SchemaState
from radiant.registry import schema
from radiant.registry.database import connect
from radiant.registry.migrations import migrate
from radiant.sql import Migration

Query = Callable[..., list[DictRow]]


async def state(url: str) -> SchemaState:
    async with connect(url) as connection:
        return await schema.read_state(connection)


async def check(url: str) -> SchemaState:
    async with connect(url) as connection:
        return await schema.check(connection)


async def mend(url: str) -> list[str]:
    async with connect(url) as connection:
        return await migrate(connection)


# Damage


async def test_a_sound_schema_has_no_damage(database_url: str) -> None:
    found = await check(database_url)
    assert (found.damage, found.pending, found.limits) == ((), (), None)


SELECT_MODEL = (
    "select_model(text,text[],text[],integer,text,text[],integer,boolean,text[],text[],text[],text,numeric,numeric,"
    "boolean,text[],numeric,bigint,bigint)"
)

REBUILT = [
    ("DROP VIEW unified_model_registry CASCADE", [
        "materialized view unified_model_stats is missing", "view registry_statistics is missing",
        "view unified_model_registry is missing"]),
    ("DROP FUNCTION select_model", [f"function {SELECT_MODEL} is missing"]),
    ("DROP TRIGGER announce_update ON models", ["trigger models.announce_update is missing"]),
    ("ALTER TABLE models DISABLE TRIGGER remember_override", ["trigger models.remember_override is altered"]),
    ("CREATE OR REPLACE FUNCTION refresh_statistics() RETURNS void LANGUAGE sql AS ''", [
        "function refresh_statistics() is altered"]),
    ("DROP INDEX unified_model_stats_only_row", [
        "index unified_model_stats.unified_model_stats_only_row is missing"]),
    ("DROP TABLE schema_objects", ["table schema_objects is missing"]),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "told"), REBUILT, ids=[it[0] for it in REBUILT])
async def test_damaged_code_is_named_and_made_again(
    database_url: str, query: Query, damage: str, told: list[str]
) -> None:
    query(database_url, damage)
    found = await state(database_url)
    assert [str(it) for it in found.damage] == told
    assert (found.pending, found.lost) == (("views and functions",), ())
    assert await mend(database_url) == ["views and functions"]
    found = await state(database_url)
    assert (found.damage, found.pending) == ((), ())
    assert await mend(database_url) == []


LOST = [
    ("DROP INDEX models_category", "index models.models_category is missing"),
    ("ALTER TABLE models DROP CONSTRAINT model_tier", "constraint models.model_tier is missing"),
    ("ALTER TABLE models ALTER COLUMN markup_rate SET DEFAULT 0.9", "column models.markup_rate is altered"),
    ("ALTER TABLE models DROP CONSTRAINT model_tier, ADD CONSTRAINT model_tier CHECK (min_tier > 0)",
     "constraint models.model_tier is altered"),
    ("DROP TABLE fact_imports", "table fact_imports is missing"),
    ("ALTER TABLE providers DROP COLUMN website", "column providers.website is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "told"), LOST, ids=[it[0] for it in LOST])
async def test_what_cannot_be_made_again_is_named_before_and_after_a_migration(
    database_url: str, query: Query, damage: str, told: str
) -> None:
    query(database_url, damage)
    query(database_url, "DROP FUNCTION select_model")
    assert told in [str(it) for it in (await state(database_url)).lost]
    if told.split()[0] in ("table", "column") and told.endswith("missing"):
        with pytest.raises(DatabaseUnusable, match=r"cannot make again what held data: .*Restore it from a backup"):
            await mend(database_url)
    else:
        assert await mend(database_url) == ["views and functions"]
    assert told in [str(it) for it in (await state(database_url)).lost]


async def test_what_people_add_is_no_damage_and_theirs_to_drop(database_url: str, query: Query) -> None:
    query(database_url, "CREATE TABLE mine (n integer); CREATE INDEX mine_too ON models (max_output)")
    query(database_url, "DROP FUNCTION select_model")
    await mend(database_url)
    query(database_url, "DROP TABLE mine; DROP INDEX mine_too")
    assert (await state(database_url)).damage == ()


async def test_opening_a_damaged_registry_says_what_is_missing_and_what_to_do(database_url: str, query: Query) -> None:
    query(database_url, "ALTER TABLE models DISABLE TRIGGER remember_override")
    await check(database_url)
    query(database_url, "DROP FUNCTION select_model")
    with pytest.raises(DatabaseUnusable) as caught:
        await check(database_url)
    assert str(caught.value) == (
        f"The registry is damaged: function {SELECT_MODEL} is missing. Make it again with `radiant db migrate`."
    )
    query(database_url, "DROP TABLE thermal_states CASCADE")
    with pytest.raises(DatabaseUnusable) as caught:
        await check(database_url)
    lost = str(caught.value)
    assert lost.startswith("The registry is damaged: ") and lost.endswith(". Restore it from a backup.")
    assert "table thermal_states is missing" in lost and "view" not in lost, "only what no migration brings back"


async def test_another_major_version_tells_the_same_in_other_words_which_is_no_damage(
    database_url: str, query: Query
) -> None:
    query(database_url, "UPDATE schema_objects SET server = 14, definition = definition || ' '")
    assert (await state(database_url)).damage == ()
    query(database_url, "DROP INDEX models_category")
    assert [str(it) for it in (await state(database_url)).damage] == ["index models.models_category is missing"]


# Opening


async def test_a_database_without_a_registry_is_none(empty_database_url: str) -> None:
    with pytest.raises(NoRegistry):
        await check(empty_database_url)


@pytest.fixture
def reader(server_url: str, query: Query) -> Iterator[str]:
    name = f"reader_{uuid.uuid4().hex[:12]}"
    query(server_url, f"CREATE ROLE {name}")
    yield name
    query(server_url, f"DROP ROLE {name}")


@pytest.mark.parametrize("tables", ["ALL TABLES IN SCHEMA public", "schema_migrations, schema_code"])
async def test_a_role_that_may_only_read_can_check_and_changes_nothing(
    reader: str, database_url: str, query: Query, tables: str
) -> None:
    query(database_url, f"GRANT SELECT ON {tables if 'ALL' in tables else 'TABLE ' + tables} TO {reader}")
    try:
        acting = f"{database_url}{'&' if '?' in database_url else '?'}options=-c%20role%3D{reader}"
        assert (await check(acting)).damage == ()
        assert query(acting, "SELECT registry_fingerprint() IS NOT NULL AS known") == [{"known": True}]
    finally:
        query(database_url, f"DROP OWNED BY {reader}")


# An older program


def older_program(monkeypatch: pytest.MonkeyPatch, *, less_migrations: int = 0, less_versions: int = 0) -> None:
    """Have the code be that of an earlier release: without the last migrations, with an earlier version of the code."""
    migrations, versions = radiant.sql.migrations(), radiant.sql.code_versions()
    monkeypatch.setattr(radiant.sql, "migrations", lambda: migrations[: len(migrations) - less_migrations])
    if less_versions:
        number = versions[-1][0] - less_versions
        monkeypatch.setattr(radiant.sql, "code_version", lambda: number)
        monkeypatch.setattr(radiant.sql, "code_digest", lambda parts: "another")


def add_migration(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    ours = radiant.sql.migrations()
    monkeypatch.setattr(radiant.sql, "migrations", lambda: [*ours, Migration("990", "one_more", text)])


def books(query: Query, url: str) -> Any:
    return query(url, "SELECT *, xmin::text FROM schema_migrations ORDER BY 1"), query(
        url, "SELECT *, xmin::text FROM schema_code ORDER BY 1"
    )


NEWER = (
    "This database was prepared by a newer Radiant: this one reads it and selects from it, but does not migrate it or "
    "bring its catalog into it. Upgrade this Radiant for that."
)


async def test_a_program_with_older_code_reads_and_rebuilds_nothing(
    database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = books(query, database_url)
    older_program(monkeypatch, less_versions=1)
    found = await check(database_url)
    assert (found.newer, found.pending, found.limits) == (True, (), NEWER)
    assert await mend(database_url) == []
    query(database_url, "DROP FUNCTION refresh_statistics")
    assert [str(it) for it in (await state(database_url)).lost] == ["function refresh_statistics() is missing"]
    assert await mend(database_url) == []
    assert books(query, database_url) == before


async def test_a_newer_program_rebuilds_older_code(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    older_program(monkeypatch, less_versions=-1)
    with pytest.raises(DatabaseUnusable, match="older than this program: it lacks views and functions"):
        await check(database_url)
    assert await mend(database_url) == ["views and functions"]
    assert (await check(database_url)).pending == ()


async def test_an_older_program_reads_a_database_with_a_migration_that_is_marked_compatible(
    database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        add_migration(newer, "--! compatible\nALTER TABLE models ADD COLUMN extra integer;")
        assert await mend(database_url) == ["990_one_more", "views and functions"]
        assert (await check(database_url)).newer is False
    before = books(query, database_url)
    found = await check(database_url)
    assert (found.newer, found.limits) == (True, NEWER)
    assert await mend(database_url) == []
    assert books(query, database_url) == before
    assert len(query(database_url, "SELECT * FROM select_model('chat', '{text}', '{text}', 3)")) == 10


async def test_an_older_program_refuses_a_database_with_any_other_migration(
    database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as newer:
        add_migration(newer, "ALTER TABLE models ADD COLUMN extra integer;")
        await mend(database_url)
    before = books(query, database_url)
    for attempt in (check, mend):
        with pytest.raises(DatabaseUnusable, match=r"migrated by a newer Radiant: it has 990, .*Upgrade this Radiant"):
            await attempt(database_url)
    assert books(query, database_url) == before


async def test_a_database_of_another_line_is_refused(
    database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    query(database_url, "INSERT INTO schema_migrations (version, name, compatible) VALUES ('991', 'theirs', true)")
    add_migration(monkeypatch, "SELECT 1;")
    for attempt in (check, mend):
        with pytest.raises(DatabaseUnusable, match=r"another line of Radiant: it lacks 990_one_more"):
            await attempt(database_url)
