"""A database that cannot be migrated is told so in a sentence, and left as it was."""

import uuid

import psycopg
import pytest

import radiant.sql
from radiant.registry import schema
from tests.sql.migrating import Query, acting_as, everything, migrate, refusal


async def test_a_database_newer_than_the_code_is_refused_and_untouched(database_url: str, query: Query) -> None:
    query(database_url, "INSERT INTO schema_migrations (version, name) VALUES ('991', 'from_the_future')")
    before = everything(query, database_url)
    latest = max(migration.version for migration in radiant.sql.migrations() if not migration.of_jobs)
    assert await refusal(database_url) == (
        f"This database was migrated by a newer Radiant: it has 991, this one knows up to {latest}. "
        "Upgrade this Radiant, or use another database."
    )
    assert everything(query, database_url) == before


async def test_a_user_without_rights_is_told_which_to_ask_for(stranger: str, empty_database_url: str) -> None:
    assert await refusal(acting_as(stranger, empty_database_url)) == (
        "This database user may not create tables in schema public. "
        "Grant it: GRANT CREATE, USAGE ON SCHEMA public TO <user>; or make it the owner of the database."
    )


async def test_a_user_who_may_not_make_the_schema_of_jobs_is_told_so_and_does_with_one_that_was_made(
    stranger: str, empty_database_url: str, query: Query
) -> None:
    query(empty_database_url, f"GRANT CREATE, USAGE ON SCHEMA public TO {stranger}")
    acting = acting_as(stranger, empty_database_url)
    assert "may not make the schema `jobs`" in await refusal(acting)
    query(empty_database_url, f"CREATE SCHEMA jobs AUTHORIZATION {stranger}")
    await migrate(acting)
    assert query(empty_database_url, "SELECT count(*) AS n FROM jobs.procrastinate_jobs") == [{"n": 0}]


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
