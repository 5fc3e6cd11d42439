"""Whatever column there is, also one of tomorrow: no control characters, no crooked lists, no endless times."""

from typing import Any

import psycopg
import pytest

from radiant.catalog.bounds import is_name
from tests.sql.rows import Connection, filled


def columns(connection: Connection, *types: str) -> list[Any]:
    """Those of these types, but for what the program itself notes about the schema and about changes."""
    return connection.execute(
        """
        SELECT relname AS table, quote_ident(attname) AS column
          FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped
           AND attgenerated = '' AND format_type(atttypid, NULL) = ANY (%s)
           AND relname NOT LIKE 'schema\\_%%' AND relname NOT LIKE 'registry\\_changes%%'
         ORDER BY 1, 2
        """,
        [list(types)],
    ).fetchall()


_REFUSED = (psycopg.errors.CheckViolation, psycopg.errors.ForeignKeyViolation)


def taken(connection: Connection, found: list[Any], value: str) -> list[str]:
    """The columns that took `value` in a row of their table."""
    filled(connection)
    takers = []
    for it in found:
        try:
            with connection.transaction():
                one = f"ctid = (SELECT ctid FROM {it['table']} LIMIT 1)"
                update = f"UPDATE {it['table']} SET {it['column']} = {value} WHERE {one}"
                changed = connection.execute(update.encode()).rowcount
        except (*_REFUSED, psycopg.errors.IntegrityConstraintViolation):  # the last: what is only appended to
            continue
        takers.append(f"{it['table']}.{it['column']} ({changed} rows)")
    return takers


def _name(found: Any) -> str:
    return f"{found['table']}.{found['column']}"


#: What other hosts say is kept as they said it; whoever shows it makes it printable.
FROM_OUTSIDE = {
    *("discovered_models.family", "discovered_models.model_id", "discovered_models.reason", "model_evidence.digest"),
    *("model_evidence.model_id", "sync_results.digest", "sync_results.errors", "sync_results.note"),
    *("sync_results.skipped", "event_dead_letters.error", "event_sinks.last_error", "event_sinks.why_disabled"),
    *("events.subject", "source_results.error"),
}


@pytest.mark.parametrize("value", ["e'a\\u0007b'", "e'a\\u009bb'"])
def test_no_text_takes_a_control_character(connection: Connection, value: str) -> None:
    found = [it for it in columns(connection, "text", "character varying") if _name(it) not in FROM_OUTSIDE]
    assert taken(connection, found, value) == []


@pytest.mark.parametrize("value", ["ARRAY[e'a\\u0007b']", "'[2:3]={a,b}'", "'{\"\"}'", "'{NULL}'", "'{{a},{b}}'"])
def test_no_list_takes_what_a_reader_stumbles_over(connection: Connection, value: str) -> None:
    assert taken(connection, columns(connection, "text[]"), value) == []


@pytest.mark.parametrize("value", ["'infinity'", "'-infinity'", "'0044-03-15 BC'", "'99999-01-01'"])
def test_no_time_is_endless_or_outside_of_the_calendar(connection: Connection, value: str) -> None:
    connection.execute("SET LOCAL session_replication_role = replica")  # updated_at is set by a trigger
    assert taken(connection, columns(connection, "timestamp with time zone", "date"), value) == []


def test_a_catalog_file_may_name_what_the_schema_takes_and_nothing_else(connection: Connection) -> None:
    """Every character there is, alone and within a name."""
    rows = connection.execute(
        """
        SELECT n, is_name(chr(n)) AS alone, is_name('a' || chr(n)) AS within FROM generate_series(1, 1114111) AS n
         WHERE n NOT BETWEEN 55296 AND 57343
        """
    )
    differing = [
        row for row in rows if (row["alone"], row["within"]) != (is_name(chr(row["n"])), is_name(f"a{chr(row['n'])}"))
    ]
    assert differing == []
