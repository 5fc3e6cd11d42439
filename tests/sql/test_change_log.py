"""What was committed since somebody looked, in whatever order; and that reading it costs what changed."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from radiant.registry import snapshots
from radiant.registry.changes import REACH, Touched
from radiant.registry.database import connect
from radiant.registry.ear import Ear
from radiant.selection.reading.row import Row, keys_of
from tests.conftest import create, drop, named
from tests.sql.test_select_model_plan import MANY, crowd

Query = Callable[..., list[DictRow]]

COLUMNS = Row.__struct_encode_fields__
MINI = "UPDATE models SET max_output = max_output + 1 WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'"
LUNA = "UPDATE models SET max_output = max_output + 1 WHERE provider_id = 'openai' AND model_id = 'gpt-6-luna'"
CHAT = "UPDATE default_models SET model_id = 'gpt-5.5' WHERE task = 'chat'"


class Reader:
    """Reads what is new since it read last."""

    def __init__(self, url: str, query: Query) -> None:
        self._url, self._query = url, query
        self.seen = self._one("SELECT pg_current_snapshot()::text AS seen")["seen"]

    def _one(self, text: str, *parameters: Any) -> DictRow:
        (row,) = self._query(self._url, text, *parameters)
        return row

    def new(self) -> list[tuple[str, list[str] | None]]:
        row = self._one(
            "SELECT pg_current_snapshot()::text AS seen, changes FROM registry_changes_since(%s::pg_snapshot)",
            self.seen,
        )
        self.seen = row["seen"]
        return sorted([(table, keys and sorted(keys)) for table, keys in row["changes"]], key=repr)


@pytest.fixture
def reader(database_url: str, query: Query) -> Reader:
    return Reader(database_url, query)


@pytest.fixture
def other(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url) as connection:
        yield connection


def test_each_table_that_announces_is_known_to_reach_some_models(standing_url: str, query: Query) -> None:
    rows = query(
        standing_url,
        "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
        " WHERE tgfoid = 'announce_change'::regproc",
    )
    assert {row["relname"] for row in rows} == set(REACH)


def test_a_change_is_new_once(reader: Reader, database_url: str, query: Query) -> None:
    assert reader.new() == []
    query(database_url, MINI)
    assert reader.new() == [("models", ["openai/gpt-4o-mini"])]
    assert reader.new() == []


def test_what_commits_long_after_later_changes_is_new_then(
    reader: Reader, database_url: str, query: Query, other: psycopg.Connection[Any]
) -> None:
    """It took its version before all of them, and ends when they were read long ago."""
    other.execute(CHAT.encode())
    for _ in range(3):
        query(database_url, MINI)
        assert reader.new() == [("models", ["openai/gpt-4o-mini"])]
    other.execute(LUNA.encode())
    other.commit()
    assert reader.new() == [("default_models", ["chat"]), ("models", ["openai/gpt-6-luna"])]
    assert reader.new() == []


def test_what_is_rolled_back_is_never_new_and_what_a_savepoint_keeps_is(
    reader: Reader, database_url: str, query: Query, other: psycopg.Connection[Any]
) -> None:
    other.execute(f"SAVEPOINT a; {MINI}; ROLLBACK TO a; SAVEPOINT b; {LUNA}".encode())
    query(database_url, CHAT)
    assert reader.new() == [("default_models", ["chat"])]
    other.commit()
    assert reader.new() == [("models", ["openai/gpt-6-luna"])]
    other.execute(MINI.encode())
    other.rollback()
    assert reader.new() == []


def test_two_transactions_that_interleave_are_each_new_when_they_end(
    reader: Reader, database_url: str, other: psycopg.Connection[Any]
) -> None:
    with psycopg.connect(database_url) as second:
        other.execute(MINI.encode())
        second.execute(CHAT.encode())
        other.execute(LUNA.encode())
        assert reader.new() == []
        second.commit()
        assert reader.new() == [("default_models", ["chat"])]
        other.commit()
        assert reader.new() == [("models", ["openai/gpt-4o-mini", "openai/gpt-6-luna"])]


def test_what_came_with_a_backup_of_a_server_that_had_gone_further_is_not_new(
    reader: Reader, database_url: str, query: Query
) -> None:
    query(
        database_url,
        "INSERT INTO registry_changes (source_table, keys, transaction_id)"
        " VALUES ('models', '{openai/x}', '9000000000000')",
    )
    assert reader.new() == []
    query(database_url, MINI)
    assert reader.new() == [("models", ["openai/gpt-4o-mini"])]


@pytest.mark.parametrize(
    "everything", ["TRUNCATE provider_health", "UPDATE provider_health SET error_rate = coalesce(error_rate, 0) + 0.1"]
)
def test_what_is_too_much_to_list_stays_so_whatever_else_the_transaction_changes(
    reader: Reader, database_url: str, query: Query, everything: str
) -> None:
    few = "INSERT INTO provider_health (provider_id, region) VALUES ('openai', 'another') ON CONFLICT DO NOTHING"
    query(
        database_url,
        "INSERT INTO provider_health (provider_id, region) SELECT 'openai', n::text FROM generate_series(1, 101) n",
    )
    reader.new()
    query(database_url, f"BEGIN; {few}; {everything}; COMMIT")
    assert reader.new() == [("provider_health", None)]
    query(database_url, f"BEGIN; {everything}; {few}; COMMIT")
    assert ("provider_health", None) in reader.new()


async def test_whoever_may_read_what_selection_reads_and_nothing_else_can_follow(
    stranger: str, database_url: str, query: Query
) -> None:
    query(database_url, f"GRANT SELECT ON unified_model_registry, providers, default_models TO {stranger}")
    async with connect(database_url) as connection:
        await connection.execute(f"SET ROLE {stranger}".encode())
        content = await snapshots.read(connection, COLUMNS)
        query(database_url, MINI)
        news = await snapshots.read_news(ear := Ear(connection), COLUMNS, content.mark)
        ear.leave()
    assert news is not None
    assert keys_of(news.rows) == [("openai", "gpt-4o-mini")]


@pytest.mark.parametrize(
    ("it", "most"),
    [
        (Touched(models=frozenset({("p1", "m30"), ("p2", "m1"), ("p3", "none"), ("self_hosted", "sam-2")})), 2),
        (Touched(models=frozenset((f"p{1 + n % 30}", f"m{n}") for n in range(1, 101))), 100),
        (Touched(providers=frozenset({"p7"})), MANY // 30 + 1),
        (Touched(providers=frozenset({"self_hosted"})), 0),
    ],
    ids=["models", "many models", "a provider", "self-hosted"],
)
async def test_among_a_hundred_thousand_models_only_what_was_touched_is_read(
    crowded_url: str, it: Touched, most: int
) -> None:
    async with connect(crowded_url) as connection, connection.transaction():
        rows = await snapshots._rows(connection, COLUMNS, it)
        for _ in range(7):  # from the sixth time on PostgreSQL may take one plan for all
            rows = await snapshots._rows(connection, COLUMNS, it)
        (found,) = await (
            await connection.execute(
                "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'models'"
            )
        ).fetchall()
    assert len([row for row in rows if row["provider_id"] != "self_hosted"]) == most
    assert found["seq_scan"] == 0
    assert 8 * most <= found["idx_tup_fetch"] < 8 * most + MANY // 10  # a planner looks at the ends of an index, too


@pytest.fixture(scope="module")
def crowded_url(server_url: str, template: str) -> Iterator[str]:
    """A registry with the whole catalog and a hundred thousand models more."""
    name = f"radiant_test_{uuid.uuid4().hex[:12]}"
    create(server_url, name, template)
    url = named(server_url, name)
    with psycopg.connect(url, row_factory=dict_row) as connection:
        crowd(connection)
    yield url
    drop(server_url, name)
