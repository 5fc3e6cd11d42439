"""A provider whose base URL is corrected is judged by what it does there, not by what the wrong address answered."""

from typing import Any

import pytest

from radiant.admin.providers import Providers
from radiant.domain.observation import Reason
from radiant.registry import health
from radiant.registry.database import Connection, Database
from tests.flow.observing import MODEL, row_of, seen, traffic
from tests.flow.watching import OTHER, watching

MEASURED = ("avg_latency_ms", "exact_latency_ms", "p95_latency_ms", "p99_latency_ms", "error_rate", "success_rate")
EVENTS = "SELECT subject, data->>'after' AS after FROM events WHERE type LIKE '%%status_changed' ORDER BY subject"


@pytest.fixture
async def throttled(database: Database) -> Database:
    """OpenAI, which was well and asked to be left alone, and a model of it that rests."""
    observations = [
        *(seen(after, latency_ms=120) for after in range(2)),
        *(traffic(after, False, Reason.TIMEOUT) for after in range(2, 7)),
        *(seen(after, False, Reason.SERVER) for after in range(8, 11)),
        seen(12, False, Reason.RATE_LIMITED, retry_after=3600.0),
    ]
    async with database.connection() as connection:
        await health.record(connection, observations, now=observations[-1].at)
        assert (await row_of(connection))["retry_at"] is not None
        assert (await row_of(connection, model=MODEL))["resting_until"] is not None
    await database.rows("DELETE FROM events RETURNING id")
    return database


async def both(connection: Connection) -> list[dict[str, Any]]:
    return [await row_of(connection), await row_of(connection, model=MODEL)]


async def test_nothing_is_known_at_another_address(throttled: Database) -> None:
    providers = Providers(throttled, environment={})
    await providers.change("openai", base_url="https://eu.api.openai.com/v1")
    async with throttled.connection() as connection:
        for row in await both(connection):
            assert (row["status"], row["reason"], row["retry_at"], row["failures"]) == ("unknown", None, None, 0)
            assert {row[name] for name in (*MEASURED, "last_traffic_at")} == {None}
        model = await row_of(connection, model=MODEL)
        assert (model["resting_until"], model["rests"], model["circuit_failures"]) == (None, 0, 0)
    assert await throttled.rows(EVENTS) == [
        {"subject": "openai", "after": "unknown"},
        {"subject": f"openai/{MODEL}", "after": "unknown"},
    ]
    changes = await throttled.rows("SELECT status FROM status_changes WHERE provider_id = 'openai' ORDER BY id")
    assert changes[-1]["status"] == "unknown", "what was the matter is an incident that ended"


@pytest.mark.parametrize(
    "change", ["api_base_url = api_base_url", "key_variables = '{OTHER_KEY}'", "display_name = 'Open AI'"]
)
async def test_whatever_else_changes_lets_go_of_nothing(throttled: Database, change: str) -> None:
    async with throttled.connection() as connection:
        before = await both(connection)
        await connection.execute(f"UPDATE providers SET {change} WHERE id = 'openai'".encode())
        assert await both(connection) == before


async def test_of_others_nothing_is_let_go_of(throttled: Database) -> None:
    async with throttled.connection() as connection:
        before = await both(connection)
        await connection.execute("UPDATE providers SET api_base_url = 'https://elsewhere.example' WHERE id = 'groq'")
        assert await both(connection) == before


async def test_whoever_chooses_is_told(throttled: Database) -> None:
    (before,) = await throttled.rows("SELECT max(version) AS version FROM registry_changes")
    await Providers(throttled, environment={}).change("openai", base_url="https://eu.api.openai.com/v1")
    told = await throttled.rows(
        "SELECT source_table, keys FROM registry_changes WHERE version > %s ORDER BY 1", [before["version"]]
    )
    assert [(row["source_table"], row["keys"]) for row in told] == [
        ("model_health", [f"openai/{MODEL}"]),
        ("provider_health", ["openai/global"]),
    ]


async def test_it_is_asked_there_at_once(database: Database) -> None:
    async with watching(database, OTHER, {"id": "groq", "behavior": "throttled", "retry_after": 3600}) as it:
        await it.check()
        asked = it.stage.theater.roles["groq"].stage
        await it.check()
        assert asked.requests == 1, "it asked to be left alone"
        (known,) = await database.rows("SELECT api_base_url FROM providers WHERE id = 'groq'")
        await Providers(database, environment={}).change("groq", base_url=known["api_base_url"] + "/")
        await it.check()
        assert asked.requests == 2
