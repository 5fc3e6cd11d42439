"""`GET /metrics`: what Prometheus reads, who may, and that it is never slow."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from psycopg.rows import DictRow

from radiant.app import App
from radiant.insight.metrics import MEMORY
from radiant.settings import Settings
from tests.faces.served import Clock, administering, bearer, client_of, problem, reading

Query = Callable[..., list[DictRow]]

SELECT = "/api/v2/select"
CHAT = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}


async def told(client: httpx.AsyncClient) -> dict[Any, float]:
    """Every value, by name and label values."""
    answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_what_a_quiet_registry_says(standing_url: str, tmp_path: Path) -> None:
    async with reading(standing_url, tmp_path, selecting=True) as client:
        found = await told(client)
    assert found["radiant_database_up",] == 1
    assert (found["radiant_jobs", "waiting"], found["radiant_workers",], found["radiant_oldest_job_seconds",]) == (
        0,
        0,
        0,
    )
    assert (found["radiant_models", "external"], found["radiant_models", "self_hosted"]) == (294, 56)
    assert (found["radiant_snapshot_models",], found["radiant_snapshot_following",]) == (350, 1)
    assert found["radiant_snapshot_builds_total",] >= 1
    assert {key: value for key, value in found.items() if key[0].startswith("radiant_outcomes")} == {
        ("radiant_outcomes_total", "written"): 0,
        ("radiant_outcomes_total", "repeated"): 0,
        ("radiant_outcomes_total", "dropped"): 0,
        ("radiant_outcomes_waiting",): 0,
    }
    assert 0 <= found["radiant_snapshot_age_seconds",] < 60
    assert {key[1]: value for key, value in found.items() if key[0] == "radiant_providers"} == {
        "healthy": 0, "degraded": 0, "unhealthy": 0, "unknown": 51,
    }  # fmt: skip
    assert {key[1] for key in found if key[0] == "radiant_runs_running"} == {
        "full", "models", "health", "pricing", "thermal",
    }  # fmt: skip
    assert not [key for key in found if key[0].startswith("radiant_run_last")], "a seed is no run"
    assert not [key for key in found if key[0].startswith("radiant_source")], "none was fetched"
    assert found["radiant_table_bytes", "models"] > 100_000


async def test_what_happened_is_counted(database_url: str, tmp_path: Path, query: Query) -> None:
    query(
        database_url,
        "INSERT INTO registry_sync_log (sync_type, status, started_at, completed_at, worker, dry_run, provider) VALUES "
        "('full', 'completed', '2026-11-01', '2026-11-01 00:01+00', 'a:1', false, NULL), "
        "('full', 'failed', '2026-11-02', '2026-11-02 00:01+00', 'a:1', false, NULL), "
        "('models', 'completed', '2026-11-03', '2026-11-03 00:01+00', 'a:1', true, NULL), "
        "('models', 'completed', '2026-11-03', '2026-11-03 00:01+00', 'a:1', false, 'openai'), "
        "('health', 'running', now(), NULL, 'a:1', false, NULL)",
    )
    query(
        database_url,
        "INSERT INTO source_results (run_id, source, at, outcome) "
        "SELECT id, it.source, it.at::timestamptz, it.outcome FROM registry_sync_log, (VALUES "
        "('litellm', '2026-11-01 00:00+00', 'imported', 'completed'), ('litellm', '2026-11-02', 'failed', 'failed'), "
        "('models.dev', '2026-11-02', NULL, 'failed')) AS it (source, at, outcome, run) "
        "WHERE sync_type = 'full' AND status = it.run AND worker IS NOT NULL",
    )
    query(database_url, "UPDATE provider_health SET status = 'unhealthy' WHERE provider_id = 'openai'")
    query(
        database_url,
        "INSERT INTO discovered_models (provider_id, model_id, family, status) "
        "VALUES ('openai', 'a', 'a', 'pending'), ('openai', 'b', 'b', 'rejected')",
    )
    query(database_url, "SELECT number_events()")
    query(database_url, "INSERT INTO event_sinks (name, kind, through) SELECT 'ops', 'log', max(seq) - 2 FROM events")
    query(
        database_url, "INSERT INTO event_sinks (name, kind, types) VALUES ('one', 'log', '{radiant.model.deprecated}')"
    )
    query(
        database_url,
        "INSERT INTO event_dead_letters (sink, seq, error) SELECT 'ops', seq, 'gone' FROM events ORDER BY seq LIMIT 1",
    )
    query(database_url, "SELECT emit_event('radiant.sync.completed', 'x', '{}')")
    async with administering(database_url, tmp_path, Clock()) as client:
        found = await told(client)
    assert found["radiant_run_last_success_timestamp_seconds", "full"] == 1793491260
    assert found["radiant_run_last_failure_timestamp_seconds", "full"] == 1793577660
    assert ("radiant_run_last_success_timestamp_seconds", "models") not in found, "neither dry nor of one provider"
    assert {key[1]: value for key, value in found.items() if key[0] == "radiant_source_failing"} == {"litellm": 1}
    assert found["radiant_source_last_success_timestamp_seconds", "litellm"] == 1793491200
    assert (found["radiant_runs_running", "health"], found["radiant_runs_running", "full"]) == (1, 0)
    assert (found["radiant_providers", "unhealthy"], found["radiant_providers", "unknown"]) == (1, 50)
    assert found["radiant_review_pending",] == 1
    assert (found["radiant_events_waiting", "ops"], found["radiant_events_waiting", "one"]) == (3, 0)
    assert (found["radiant_event_dead_letters", "ops"], found["radiant_event_dead_letters", "one"]) == (1, 0)


async def test_requests_for_a_model_count_by_what_became_of_them(standing_url: str, tmp_path: Path) -> None:
    async with reading(standing_url, tmp_path, selecting=True) as client:
        await client.post(SELECT, json=CHAT)
        await client.post(SELECT, json=CHAT)
        await client.post(SELECT, json=CHAT | {"tenant_tier": 9})
        await client.post(SELECT, content=b"{", headers={"content-type": "application/json"})
        await client.post(SELECT, json=CHAT | {"min_context_window": 10**12})
        await client.post(SELECT, json=CHAT, headers=bearer("nobody"))
        await client.post(f"{SELECT}/batch", json={"requests": [CHAT, {}, CHAT | {"min_context_window": 10**12}]})
        found = await told(client)
    outcomes = {key[1]: value for key, value in found.items() if key[0] == "radiant_selects_total"}
    assert outcomes == {"chosen": 3, "refused": 3, "nothing_fits": 2, "failed": 0}


async def test_the_database_is_looked_at_once_however_many_look(
    database_url: str, tmp_path: Path, query: Query
) -> None:
    clock = Clock()
    async with administering(database_url, tmp_path, clock) as client:
        looks = await asyncio.gather(*(told(client) for _ in range(20)))
        query(database_url, "INSERT INTO discovered_models (provider_id, model_id, family, status) "
                            "VALUES ('openai', 'a', 'a', 'pending')")  # fmt: skip
        assert {look["radiant_review_pending",] for look in [*looks, await told(client)]} == {0}
        clock.now += MEMORY
        assert (await told(client))["radiant_review_pending",] == 1


async def test_without_its_database_it_says_so_and_what_this_process_counts(
    database_url: str, tmp_path: Path, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radiant.insight.metrics.PATIENCE", 0.1)
    settings = Settings(home=tmp_path, database_url=database_url, open_metrics=True)
    async with await App.open(settings) as app, app.database.connection() as connection, connection.transaction():
        await connection.execute(b"LOCK TABLE event_sinks")
        async with client_of_nobody(app) as client:
            counted = [("radiant_usages_total", it) for it in ("recorded", "repeated", "refused")]
            assert (await told(client)) == {
                ("radiant_build_info", "0.1.0"): 1,
                ("radiant_database_up",): 0,
                **dict.fromkeys([*counted, ("radiant_usage_cost_differs_total",)], 0),
            }


async def test_damage_of_the_jobs_hides_nothing_else(database_url: str, tmp_path: Path, query: Query) -> None:
    query(database_url, "DROP SCHEMA jobs CASCADE")
    async with administering(database_url, tmp_path, Clock()) as client:
        found = await told(client)
    assert ("radiant_workers",) not in found
    assert found["radiant_models", "self_hosted"] == 56


# Who may look


def client_of_nobody(app: App) -> httpx.AsyncClient:
    """A client without a token."""
    (app.settings.home / "nothing").write_text("x")
    client = client_of(app, app.settings.home / "nothing")
    client.headers.pop("authorization")
    return client


async def test_a_token_is_needed_unless_a_setting_says_that_it_is_not(standing_url: str, tmp_path: Path) -> None:
    async with reading(standing_url, tmp_path) as client:
        assert (await client.get("/metrics")).status_code == 200
        problem(await client.get("/metrics", headers=bearer("nobody")), 401, "token-unknown")
        client.headers.pop("authorization")
        problem(await client.get("/metrics"), 401, "token-needed")
    async with reading(standing_url, tmp_path, open_metrics=True) as client:
        client.headers.pop("authorization")
        assert (await client.get("/metrics")).status_code == 200
        problem(await client.get("/metrics?format=openmetrics"), 400, "parameter-invalid")


async def test_no_token_tenant_or_key_is_told(
    standing_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-to-be-seen")
    async with reading(standing_url, tmp_path, selecting=True) as client:
        text = (await client.get("/metrics")).text
        assert "sk-not-to-be-seen" not in text
        assert client.headers["authorization"].split()[1] not in text
        assert "OPENAI" not in text
