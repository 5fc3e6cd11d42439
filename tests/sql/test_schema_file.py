"""schema.sql is what the migrations make, on every PostgreSQL."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
from psycopg.rows import DictRow

from radiant import sql
from radiant.registry.database import connect
from radiant.registry.migrations import migrate
from tools.schema_lists import code_versions_txt, objects_txt_of

ROOT = Path(__file__).parents[2]
SQL = ROOT / "src/radiant/sql"
FILE = SQL / "schema.sql"

COMMENTS = """
    SELECT 'comment' AS kind, oid::regclass::text AS name, obj_description(oid, 'pg_class') AS definition
      FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')
"""


@pytest.mark.skipif(
    "RADIANT_TEST_DATABASE_URL" in os.environ, reason="pg_dump of the embedded PostgreSQL writes it for its own version"
)
async def test_the_committed_schema_is_what_the_migrations_make(generate: ModuleType, empty_database_url: str) -> None:
    async with connect(empty_database_url) as connection:
        await migrate(connection)
    assert FILE.read_text("utf-8") == generate.schema_sql_of(empty_database_url), "run `make generated`"


async def test_the_names_of_all_objects_are_what_the_migrations_make(empty_database_url: str) -> None:
    async with connect(empty_database_url) as connection:
        await migrate(connection)
    assert await objects_txt_of(empty_database_url) == (SQL / "objects.txt").read_text("utf-8"), "run `make generated`"


def test_changed_views_functions_and_triggers_have_a_new_number() -> None:
    assert (SQL / "code_versions.txt").read_text("utf-8") == code_versions_txt(), "run `make generated`"
    numbers = [number for number, _ in sql.code_versions()]
    assert numbers == sorted(set(numbers))


async def test_the_committed_schema_can_be_loaded_and_makes_the_same(
    empty_database_url: str, standing_url: str, query: Callable[..., list[DictRow]]
) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute(FILE.read_bytes())
    loaded, migrated = (
        {
            (row["kind"], row["name"]): _bare(row["definition"])
            for text in (sql.queries("schema")["objects"].decode(), COMMENTS)
            for row in query(url, text)
            if not row["name"].startswith(f"{sql.jobs.SCHEMA}.")  # the package's own file has it
        }
        for url in (empty_database_url, standing_url)
    )
    assert len(migrated) > 200
    assert loaded == migrated


def _bare(text: str | None) -> str | None:
    """Without parentheses and spaces, which PostgreSQL sets anew whenever it reads an expression."""
    return text and re.sub(r"[()\s]+", "", text)
