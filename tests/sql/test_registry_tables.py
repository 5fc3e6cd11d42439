"""What people rely on in SQL is there: columns and their types, views, indexes, defaults."""

from decimal import Decimal

import pytest

from radiant.domain.registry_model import RegistryModel
from tests.sql.rows import Connection, external, self_hosted
from tests.sql.surface import (
    COLUMNS,
    SELECT_MODEL_ANSWER,
    SELECT_MODEL_ARGUMENTS,
    SELECT_MODEL_FURTHER,
    SELF_HOSTED_DEFAULTS,
    VIEW,
)


def columns(connection: Connection, relation: str) -> dict[str, str]:
    rows = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
        " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [relation],
    ).fetchall()
    return {row["attname"]: row["type"] for row in rows}


@pytest.mark.parametrize("table", COLUMNS)
def test_a_table_has_the_columns_people_rely_on(connection: Connection, table: str) -> None:
    found = columns(connection, table)
    assert {name: found.get(name) for name in COLUMNS[table]} == COLUMNS[table]


def test_the_unified_view_begins_with_the_agreed_columns_in_their_order(connection: Connection) -> None:
    found = columns(connection, "unified_model_registry")
    assert list(found.items())[: len(VIEW)] == list(VIEW.items())
    assert tuple(found) == RegistryModel.__struct_encode_fields__


def test_the_named_objects_are_of_the_agreed_kind(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relname IN ('unified_model_registry', 'unified_model_stats', 'providers') ORDER BY relname"
    ).fetchall()
    assert [(row["relname"], row["relkind"]) for row in rows] == [
        ("providers", "r"),
        ("unified_model_registry", "v"),
        ("unified_model_stats", "m"),
    ]


def test_select_model_has_the_agreed_signature(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT pg_get_function_arguments(oid) AS arguments, pg_get_function_result(oid) AS answer"
        " FROM pg_proc WHERE proname = 'select_model'"
    ).fetchall()
    arguments = f"{SELECT_MODEL_ARGUMENTS}, {SELECT_MODEL_FURTHER}"
    assert rows == [{"arguments": arguments, "answer": SELECT_MODEL_ANSWER}]


def test_the_registry_is_migration_036_and_its_seed_036a(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT version, name FROM schema_migrations WHERE version LIKE '036%' ORDER BY version"
    ).fetchall()
    assert [(row["version"], row["name"]) for row in rows] == [
        ("036", "unified_model_registry"),
        ("036a", "seed_self_hosted_models"),
    ]


def test_self_hosted_models_are_indexed_where_people_filter(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT pg_get_indexdef(indexrelid, 1, true) AS first FROM pg_index"
        " WHERE indrelid = 'self_hosted_models'::regclass AND indnatts = 1"
    ).fetchall()
    assert {"category", "specialty", "status", "enabled"} <= {row["first"] for row in rows}


def test_a_new_self_hosted_model_has_the_agreed_defaults(connection: Connection) -> None:
    row = self_hosted(connection)
    assert {name: row[name] for name in SELF_HOSTED_DEFAULTS} == SELF_HOSTED_DEFAULTS
    assert external(connection)["markup_rate"] == Decimal("0.40")


def test_every_table_and_view_says_what_it_is(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')"
        " AND obj_description(oid, 'pg_class') IS NULL ORDER BY relname"
    ).fetchall()
    assert [row["relname"] for row in rows] == []
