"""The outbox: in the transaction of the change, and read without a gap in whatever order transactions end."""

import psycopg
import pytest

from radiant.domain.event_kinds import KINDS
from radiant.registry import events
from radiant.registry.database import Database

DEPRECATE = b"UPDATE models SET deprecated = NOT deprecated WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'"


async def told(database: Database, after: int = 0) -> list[tuple[str, str | None]]:
    async with database.connection() as connection:
        await events.number(connection)
        return [(it.type, it.subject) for it in await events.after(connection, after, limit=1000)]


async def newest(database: Database) -> int:
    async with database.connection() as connection:
        await events.number(connection)
        return await events.newest(connection)


async def test_what_is_rolled_back_was_never_told(database: Database) -> None:
    before = await newest(database)
    with pytest.raises(RuntimeError):
        async with database.connection() as connection, connection.transaction():
            await connection.execute(DEPRECATE)
            await events.emit(connection, "radiant.catalog.imported", "litellm", {"source": "litellm"})
            raise RuntimeError
    assert await told(database, before) == []
    async with database.connection() as connection, connection.transaction():
        await connection.execute(DEPRECATE)
        await events.emit(connection, "radiant.catalog.imported", "litellm", {"source": "litellm"})
    assert await told(database, before) == [
        ("radiant.model.deprecated", "openai/gpt-4o-mini"),
        ("radiant.catalog.imported", "litellm"),
    ]


async def test_an_event_of_no_kind_is_refused(database: Database) -> None:
    async with database.connection() as connection:
        with pytest.raises(ValueError, match=r"radiant\.nothing"):
            await events.emit(connection, "radiant.nothing", None, {})


async def test_a_reader_misses_nothing_when_an_older_transaction_ends_later(database: Database) -> None:
    start = await newest(database)
    slow = await psycopg.AsyncConnection.connect(database.url)
    await slow.execute("SELECT emit_event('radiant.slow', 'first written', '{}')")
    async with database.connection() as connection:
        await connection.execute("SELECT emit_event('radiant.fast', 'second written', '{}')")
    assert await told(database, start) == [("radiant.fast", "second written")]
    seen = await newest(database)
    await slow.commit()
    await slow.close()
    assert await told(database, seen) == [("radiant.slow", "first written")]


ENDPOINT = (
    "INSERT INTO endpoints (model_id, runtime, url, name)"
    " VALUES ('whisper-large-v3', 'vllm', 'http://10.0.0.1', 'whisper')"
)

CHANGES = {
    "radiant.model.deprecated": "UPDATE self_hosted_models SET deprecated = true WHERE model_id = 'whisper-large-v3'",
    "radiant.model.price_changed": "UPDATE models SET input_cost_per_1k = 9.25 WHERE model_id = 'gpt-4o-mini'",
    "radiant.provider.status_changed": "UPDATE provider_health SET status = 'degraded' WHERE provider_id = 'openai'",
    "radiant.model.status_changed":
        "INSERT INTO model_health (provider_id, model_id) VALUES ('openai', 'gpt-4o-mini');"
        "UPDATE model_health SET status = 'degraded'",
    "radiant.model.resting":
        "INSERT INTO model_health (provider_id, model_id) VALUES ('openai', 'gpt-4o-mini');"
        "UPDATE model_health SET rests = 1, resting_until = now() + interval '30 s', resting_because = 'x'",
    "radiant.provider.compliance_declared":
        "UPDATE providers SET declared_compliance = '{HIPAA}' WHERE id = 'anthropic'",
    "radiant.endpoint.added": ENDPOINT,
    "radiant.endpoint.changed": f"{ENDPOINT}; UPDATE endpoints SET enabled = false, url = 'http://10.0.0.2'",
    "radiant.endpoint.removed": f"{ENDPOINT}; DELETE FROM endpoints",
    "radiant.thermal.state_changed":
        "UPDATE thermal_states SET current_state = 'HOT' WHERE model_id = 'whisper-large-v3'",
    "radiant.thermal.warmup_requested":
        "UPDATE thermal_states SET current_state = 'COLD', target_state = 'AUTOMATIC';"
        "SELECT request_warmup('whisper-large-v3')",
    "radiant.sync.completed":
        "INSERT INTO registry_sync_log (sync_type, status, completed_at) VALUES ('health', 'completed', now())",
    "radiant.sync.failed":
        "INSERT INTO registry_sync_log (sync_type) VALUES ('health');"
        "UPDATE registry_sync_log SET status = 'failed', completed_at = now() WHERE sync_type = 'health'",
}  # fmt: skip


@pytest.mark.parametrize("type", CHANGES)
def test_a_change_by_whomever_is_told_with_what_its_kind_promises(
    connection: psycopg.Connection[dict[str, object]], type: str
) -> None:
    start = connection.execute("SELECT coalesce(max(position), 0) AS it FROM events").fetchone()
    connection.execute(CHANGES[type].encode())
    rows = connection.execute(
        "SELECT subject, data FROM events WHERE type = %s AND position > %s", [type, start and start["it"]]
    ).fetchall()
    assert rows
    for row in rows:
        assert isinstance(row["data"], dict)
        assert row["data"].keys() == KINDS[type].data.keys()
        assert row["subject"]


def test_a_price_that_changed_is_told_exactly(connection: psycopg.Connection[dict[str, object]]) -> None:
    connection.execute(CHANGES["radiant.model.price_changed"].encode())
    row = connection.execute("SELECT data FROM events WHERE type = 'radiant.model.price_changed'").fetchone()
    assert row is not None
    assert isinstance(row["data"], dict)
    assert row["data"]["prices"]["input_cost_per_1k"]["after"] == "9.25"
    assert isinstance(row["data"]["prices"]["input_cost_per_1k"]["before"], str)


def test_a_change_of_nothing_is_not_told(connection: psycopg.Connection[dict[str, object]]) -> None:
    count = "SELECT count(*) AS it FROM events"
    before = connection.execute(count.encode()).fetchone()
    connection.execute("UPDATE models SET deprecated = deprecated, description = 'x'")
    connection.execute("UPDATE provider_health SET status = status")
    assert connection.execute(count.encode()).fetchone() == before


def test_what_changed_of_an_endpoint_is_named_and_its_address_told_nobody(
    connection: psycopg.Connection[dict[str, object]],
) -> None:
    connection.execute(CHANGES["radiant.endpoint.changed"].encode())
    connection.execute("UPDATE endpoints SET name = name")
    connection.execute("DELETE FROM self_hosted_models WHERE model_id = 'whisper-large-v3'")
    rows = connection.execute(
        "SELECT type, subject, data - 'endpoint_id' AS data FROM events WHERE type LIKE 'radiant.endpoint.%'"
        " ORDER BY position"
    ).fetchall()
    told = {"model_id": "whisper-large-v3", "runtime": "vllm", "name": "whisper", "region": None}
    assert [(row["type"], row["data"]) for row in rows] == [
        ("radiant.endpoint.added", told | {"enabled": True}),
        ("radiant.endpoint.changed", told | {"enabled": False, "changed": ["enabled", "url"]}),
        ("radiant.endpoint.removed", told),
    ]
    assert {row["subject"] for row in rows} == {"self_hosted/whisper-large-v3"}
