"""The tables of procrastinate: in a schema of their own, by its own migrations, each on record."""

from collections.abc import Callable

import psycopg
from psycopg.rows import DictRow

from radiant.sql import jobs
from tests.sql.migrating import Query, migrate

OBJECTS = """
    SELECT 'table' AS kind, relname::text AS name, string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', '
           ORDER BY attname) AS definition
      FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
     WHERE relnamespace = 'jobs'::regnamespace AND relkind = 'r' GROUP BY 2
    UNION ALL
    SELECT 'index', relname, '' FROM pg_class WHERE relnamespace = 'jobs'::regnamespace AND relkind = 'i'
    UNION ALL
    SELECT 'function', proname, md5(regexp_replace(prosrc, '\\s+', '', 'g'))
      FROM pg_proc WHERE pronamespace = 'jobs'::regnamespace
    UNION ALL
    SELECT 'trigger', tgname, '' FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
     WHERE relnamespace = 'jobs'::regnamespace AND NOT tgisinternal
    UNION ALL
    SELECT 'value', enumlabel, typname::text FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid
     WHERE typnamespace = 'jobs'::regnamespace
    ORDER BY 1, 2, 3
"""


def test_every_migration_of_the_installed_package_is_listed() -> None:
    there = sorted(file.name for file in jobs.folder().glob("*.sql"))
    assert there == list(jobs.listed()), "look at what is new, then list it in src/radiant/sql/jobs.txt"


async def test_they_make_what_the_package_itself_would(
    empty_database_url: str, standing_url: str, query: Callable[..., list[DictRow]]
) -> None:
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE SCHEMA jobs")
        connection.execute("SET search_path TO jobs")
        connection.execute((jobs.folder().parent / "schema.sql").read_bytes())
    assert query(standing_url, OBJECTS) == query(empty_database_url, OBJECTS)
    assert len(query(standing_url, OBJECTS)) > 50


async def test_each_is_on_record_and_applied_once(empty_database_url: str, query: Query) -> None:
    done = [step for step in await migrate(empty_database_url) if step.startswith("jobs-")]
    assert len(done) == len(jobs.listed())
    recorded = query(
        empty_database_url,
        "SELECT version FROM schema_migrations WHERE version LIKE 'jobs-%' AND compatible ORDER BY 1",
    )
    assert [row["version"] for row in recorded] == [jobs.identity(file)[0] for file in jobs.listed()]
    assert await migrate(empty_database_url) == []


async def test_nothing_of_it_stands_among_our_tables(standing_url: str, query: Query) -> None:
    ours = query(standing_url, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
    assert not [row for row in ours if str(row["relname"]).startswith("procrastinate")]
