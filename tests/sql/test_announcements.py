"""What the registry announces: each real change of what selection reads, once, and nothing else."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import takewhile
from typing import Any

import psycopg
import pytest
from psycopg.rows import DictRow

from radiant.catalog.load import Catalog
from radiant.registry import snapshots
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from radiant.selection.reading.row import Row
from tests.flow.seeding import seed
from tests.waiting import HANG

Query = Callable[..., list[DictRow]]

MINI = "WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'"


class Ear:
    """Hears what is announced at `url`, and reads what is on record."""

    def __init__(self, url: str, connection: psycopg.Connection[Any], query: Query) -> None:
        self._url, self._connection, self._query = url, connection, query

    def heard(self, *statements: str) -> list[str]:
        """The tables that were announced while `statements` ran, each in a transaction of its own."""
        return [it["table"] for it in self.told(*statements)]

    def told(self, *statements: str) -> list[dict[str, Any]]:
        before = self.fingerprint()
        for statement in statements:
            self._query(self._url, statement)
        found = self.told_so_far()
        assert (self.fingerprint() != before) is bool(found), "fingerprint and announcement disagree"
        return found

    def told_so_far(self) -> list[dict[str, Any]]:
        """Announcements are delivered in the order of their commits: our own comes after all that went before."""
        self._connection.execute("SELECT pg_notify(%s, 'end')", [snapshots.CHANNEL])
        payloads = (it.payload for it in self._connection.notifies(timeout=HANG))
        return [json.loads(payload) for payload in takewhile(lambda payload: payload != "end", payloads)]

    def fingerprint(self) -> int:
        (row,) = self._query(self._url, "SELECT registry_fingerprint() AS it")
        return int(row["it"])


@pytest.fixture
def ear(database_url: str, query: Query) -> Iterator[Ear]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"LISTEN {snapshots.CHANNEL}".encode())
        yield Ear(database_url, connection, query)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE models SET display_name = 'x' WHERE false",
        "UPDATE models SET display_name = display_name, updated_at = now()",
        "UPDATE provider_health SET status = status, avg_latency_ms = avg_latency_ms",
        "DELETE FROM models WHERE false",
        "INSERT INTO default_models (task, model_id) SELECT 'chat', 'x' WHERE false",
        "INSERT INTO default_models (task, model_id) VALUES ('chat', 'x') ON CONFLICT DO NOTHING",
        "UPDATE models SET markup_rate = 0.40",
    ],
)
def test_a_statement_that_changes_nothing_announces_nothing(ear: Ear, statement: str) -> None:
    assert ear.heard(statement) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE provider_health SET last_check_at = now(), p99_latency_ms = 9, success_rate = 1",
        "UPDATE provider_health SET last_error = 'refused', last_failure_at = now(), p95_latency_ms = 5",
        "UPDATE thermal_states SET last_activity = now(), instance_count = 3, error_message = 'x', updated_by = 'y'",
        "UPDATE thermal_states SET target_state = 'WARM', last_state_change = now()",
        "UPDATE providers SET docs_url = 'https://example.org'",
        "SELECT request_warmup('sam-2')",
    ],
)
def test_a_measurement_or_a_column_that_selection_does_not_read_announces_nothing(ear: Ear, statement: str) -> None:
    assert ear.heard(*[statement] * 3) == []


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("UPDATE providers SET compliance = '{SOC2}' WHERE id = 'openai'", ["providers"]),
        (f"UPDATE models SET deprecated = true {MINI}", ["models"]),
        (f"UPDATE models SET model_id = 'renamed' {MINI}", ["models"]),
        (f"DELETE FROM models {MINI}", ["models"]),
        ("UPDATE models SET display_name = display_name || '!'", ["models"]),
        ("UPDATE thermal_states SET current_state = 'WARM' WHERE model_id = 'sam-2'", ["thermal_states"]),
        ("UPDATE thermal_states SET is_transitioning = true", ["thermal_states"]),
        ("UPDATE provider_health SET status = 'healthy', avg_latency_ms = 5", ["provider_health"]),
        ("INSERT INTO provider_health (provider_id, region) VALUES ('openai', 'mars')", ["provider_health"]),
        ("UPDATE default_models SET model_id = 'gpt-5.5' WHERE task = 'chat'", ["default_models"]),
        ("TRUNCATE default_models", ["default_models"]),
        (
            "INSERT INTO endpoints (model_id, runtime, name) VALUES ('sam-2', 'ollama', 'sam')",
            ["endpoints", "thermal_states"],
        ),
        ("DELETE FROM self_hosted_models WHERE model_id = 'sam-2'", ["self_hosted_models", "thermal_states"]),
        (
            "INSERT INTO self_hosted_models (model_id, name, display_name, category) VALUES ('a', 'a', 'A', 'llm')",
            ["self_hosted_models", "thermal_states"],
        ),
        ("SET session_replication_role = replica; UPDATE models SET min_tier = 2", ["models"]),
    ],
)
def test_a_real_change_is_announced_once_per_table(ear: Ear, statement: str, tables: list[str]) -> None:
    told = ear.told(statement)
    assert sorted(it["table"] for it in told) == tables
    assert len({it["version"] for it in told}) == 1


def test_a_transaction_has_one_version_and_announces_each_table_once(ear: Ear, query: Query, database_url: str) -> None:
    changes = "; ".join(f"UPDATE models SET max_output = {n} {MINI}" for n in range(5, 60))
    told = ear.told(
        f"BEGIN; {changes}; UPDATE default_models SET model_id = 'gpt-5.5'; COMMIT", "TRUNCATE default_models"
    )
    assert [it["table"] for it in told] == ["models", "default_models", "default_models"]
    assert told[0]["version"] == told[1]["version"] < told[2]["version"]
    rows = query(database_url, "SELECT * FROM registry_changes WHERE version >= %s ORDER BY 1, 2", told[0]["version"])
    assert [(row["source_table"], row["keys"]) for row in rows[1:]] == [
        ("models", ["openai/gpt-4o-mini"]),
        ("default_models", None),
    ]
    assert {"chat", "ocr"} < set(rows[0]["keys"])


def test_what_is_rolled_back_to_a_savepoint_is_not_on_record(ear: Ear) -> None:
    change = f"UPDATE models SET max_output = 7 {MINI}"
    other = f"UPDATE models SET max_output = 8 {MINI}"
    assert ear.heard(f"BEGIN; SAVEPOINT a; {change}; ROLLBACK TO a; COMMIT") == []
    assert ear.heard(f"BEGIN; SAVEPOINT a; {change}; ROLLBACK TO a; {other}; COMMIT") == ["models"]
    assert ear.heard(f"BEGIN; {change}; ROLLBACK") == []


def test_a_change_that_commits_after_a_later_one_changes_the_fingerprint(ear: Ear, database_url: str) -> None:
    with psycopg.connect(database_url) as slow:
        slow.execute("UPDATE default_models SET model_id = 'gpt-5.5' WHERE task = 'chat'")
        assert ear.heard(f"UPDATE models SET max_output = 7 {MINI}") == ["models"]
        between = ear.fingerprint()
        slow.commit()
    assert ear.fingerprint() != between


async def test_a_seed_announces_each_table_once_and_a_second_one_nothing(
    empty_database_url: str, catalog: Catalog, query: Query
) -> None:
    async with connect(empty_database_url) as connection:
        await migrate(connection)
    with psycopg.connect(empty_database_url, autocommit=True) as connection_:
        connection_.execute(f"LISTEN {snapshots.CHANNEL}".encode())
        ear = Ear(empty_database_url, connection_, query)
        database = await Database.open(empty_database_url)
        await seed(database, catalog)
        tables = [it["table"] for it in ear.told_so_far()]
        assert sorted(tables) == [
            "default_models", "models", "provider_health", "providers", "self_hosted_models", "thermal_states",
        ]  # fmt: skip
        before = ear.fingerprint()
        await seed(database, catalog)
        await database.close()
        assert ear.told_so_far() == []
        assert ear.fingerprint() == before


def test_the_record_is_pruned_without_changing_the_fingerprint(ear: Ear, query: Query, database_url: str) -> None:
    query(
        database_url,
        "INSERT INTO registry_changes (version, source_table, changed_at) OVERRIDING SYSTEM VALUE"
        " SELECT n, 'models', now() - interval '1 hour' FROM generate_series(-5000, -1) n;"
        " SELECT setval('registry_changes_version_seq', 255)",
    )
    before = ear.fingerprint()
    rows = [row["hash"] for row in query(database_url, "SELECT hashtextextended('models', 256) AS hash")]
    ear.told(f"UPDATE models SET max_output = 7 {MINI}")
    assert ear.fingerprint() == before ^ rows[0]
    assert query(database_url, "SELECT min(version) AS least FROM registry_changes") == [{"least": -1743}]
    assert query(database_url, "SELECT through FROM registry_changes_pruned") == [{"through": 0}]


def test_somebody_who_may_edit_models_and_nothing_else_is_announced_and_remembered(
    ear: Ear, query: Query, database_url: str, server_url: str
) -> None:
    query(server_url, "DROP ROLE IF EXISTS radiant_test_editor; CREATE ROLE radiant_test_editor")
    try:
        query(database_url, "GRANT SELECT, UPDATE ON models TO radiant_test_editor")
        assert ear.heard(f"SET ROLE radiant_test_editor; UPDATE models SET max_output = 7 {MINI}") == ["models"]
        assert query(database_url, "SELECT field FROM overrides") == [{"field": "max_output"}]
    finally:
        query(database_url, "DROP OWNED BY radiant_test_editor; DROP ROLE radiant_test_editor")


#: For each table a row.
ROWS = {
    "providers": "id = 'openai'",
    "models": MINI.removeprefix("WHERE "),
    "self_hosted_models": "model_id = 'sam-2'",
    "thermal_states": "model_id = 'sam-2'",
    "endpoints": "name = 'sam'",
    "provider_health": "provider_id = 'openai'",
    "default_models": "task = 'chat'",
    "model_health": "provider_id = 'openai'",
}
#: What a column is set to. A key that names the row of a test, or another table's row, is left alone.
UNCHANGED = ""
BY_TYPE = {
    "text": "'another'", "character varying": "'another'", "text[]": "'{another}'", "integer": "3", "bigint": "17",
    "smallint": "2", "boolean": "NOT COLUMN", "jsonb": """'{"another": 1}'""", "usd": "7.5", "numeric": "7.5",
    "timestamp with time zone": "now() - interval '400 days'", "date": "'2031-05-06'", "uuid": "gen_random_uuid()",
}  # fmt: skip
OTHERS = {
    "primary_mode": "'ocr'", "task": UNCHANGED, "catalog": "NULL", "pricing_type": "'per_image'", "min_tier": "4",
    "status": "'unhealthy'", "self_hosted_models.status": "'beta'", "current_state": "'WARM'",
    "target_state": "'HOT'", "origin": "'manual'", "default_thermal_state": "'WARM'",
    "input_modalities": "'{text,graph}'", "output_modalities": "'{volume}'",
    "self_hosted_models.category": "'medical'", "error_rate": "0.5", "success_rate": "0.5",
    # Rows of health follow the regions, and announce themselves.
    "providers.regions": UNCHANGED,
    "providers.id": UNCHANGED, "provider_id": UNCHANGED, "region": UNCHANGED, "model_id": UNCHANGED,
    "declared_compliance": "'{a_third}'", "conditional_compliance": """'{"a_fourth": {"url": "https://x.y"}}'""",
    "endpoints.id": UNCHANGED, "url": "'http://another:1'", "secret_env": "'ANOTHER'", "runtime": "'vllm'",
    "endpoint_id": "(SELECT max(id) FROM endpoints)",
    # Prices in force follow these.
    "hourly_rate": "6.5", "per_request": "6.5", "per_image": "6.5",
    "ranking_price": UNCHANGED, "per_minute_audio": "NULL", "class": "'flagship'", "serving": "'bring_your_own_code'",
}  # fmt: skip


def columns(query: Query, url: str, table: str) -> list[tuple[str, str]]:
    rows = query(
        url,
        "SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute"
        " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        table,
    )
    return [(row["attname"], row["type"]) for row in rows]


@pytest.mark.parametrize("table", ROWS)
async def test_what_is_announced_is_exactly_what_a_snapshot_reads(
    ear: Ear, query: Query, database_url: str, table: str
) -> None:
    """Each column of each table is changed in turn; what a snapshot then reads differs where it was announced."""
    query(database_url, "UPDATE self_hosted_models SET per_minute_audio = 1")
    query(
        database_url,
        "INSERT INTO model_health (provider_id, model_id, status, resting_because)"
        f" SELECT provider_id, model_id, 'healthy', 'x' FROM models {MINI}",
    )
    query(
        database_url,
        "INSERT INTO endpoints (model_id, runtime, name, url, enabled)"
        " VALUES ('sam-2', 'ollama', 'sam', 'http://gpu:1', true), ('sam-2', 'vllm', 'other', 'http://gpu:2', false)",
    )
    async with connect(database_url) as connection:
        tried = 0
        for column, type_ in columns(query, database_url, table):
            value = OTHERS.get(f"{table}.{column}", OTHERS.get(column, BY_TYPE[type_]))
            if value is UNCHANGED:
                continue
            change = f"UPDATE {table} SET {column} = {value.replace('COLUMN', column)} WHERE {ROWS[table]}"
            before, mark = await content(connection), ear.fingerprint()
            query(database_url, change)
            assert (ear.fingerprint() != mark) is (await content(connection) != before), f"{table}.{column}"
            if type_ == "boolean":
                query(database_url, change)
            tried += 1
        assert tried


async def content(connection: Any) -> Any:
    found = await snapshots.read(connection, Row.__struct_encode_fields__)
    return sorted(repr(row) for row in found.rows), found.defaults, found.key_variables


def test_a_price_written_with_other_zeros_is_the_same_price(ear: Ear) -> None:
    assert ear.heard(f"UPDATE models SET input_cost_per_1k = {Decimal('0.000150000')} {MINI}") == []
