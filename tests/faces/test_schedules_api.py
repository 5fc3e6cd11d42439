"""Schedules over HTTP."""

from typing import Any

import httpx
import pytest

from tests.faces.served import problem, reading

SCHEDULES = "/api/v2/admin/schedules"


async def test_schedules_are_listed_set_paused_resumed_and_run(client_of_own: httpx.AsyncClient) -> None:
    client = client_of_own
    fresh = {it["kind"]: it for it in (await client.get(SCHEDULES)).json()}
    assert [*fresh] == ["full", "health", "pricing", "thermal"]
    assert (await client.get(f"{SCHEDULES}/pricing")).json()["cron"] == "0 0 * * 0"
    assert problem(await client.get(f"{SCHEDULES}/models"), 404, "schedule-not-found")["known"] == [*fresh]
    made = await client.put(f"{SCHEDULES}/models", json={"cron": "0  6 * * *"})
    assert (made.status_code, made.json()["cron"], made.json()["enabled"]) == (200, "0 6 * * *", True)
    paused = (await client.post(f"{SCHEDULES}/models/pause")).json()
    assert (paused["enabled"], paused["next_due"]) == (False, None)
    resumed = (await client.post(f"{SCHEDULES}/models/resume")).json()
    assert (resumed["enabled"], resumed["paused_until"]) == (True, None)
    until = (await client.post(f"{SCHEDULES}/full/pause", json={"until": "2199-01-01T00:00:00Z"})).json()
    assert (until["paused_until"], until["next_due"]) == ("2199-01-01T00:00:00Z", "2199-01-02T00:00:00Z")
    await client.post(f"{SCHEDULES}/models/pause")
    over = await client.post(f"{SCHEDULES}/models/pause", json={"until": "2026-11-01T00:00:00Z"})
    assert "2026-11-01T00:00:00+00:00 is over" in problem(over, 422, "rule-invalid")["detail"]
    assert (await client.get(f"{SCHEDULES}/models")).json()["enabled"] is False, "what was paused stays so"
    first = await client.post(f"{SCHEDULES}/full/run")
    assert (first.status_code, first.json()) == (202, {"kind": "full", "queued": True, "workers": 0})
    assert (await client.post(f"{SCHEDULES}/full/run")).json()["queued"] is False


@pytest.mark.parametrize(
    "more",
    [
        {"dry_run": "true"},
        {"provider": "(SELECT min(id) FROM providers)"},
        {"worker": "NULL"},  # a seed
    ],
)
async def test_a_run_that_did_not_do_what_is_due_is_no_success_of_its_schedule(
    client_of_own: httpx.AsyncClient, database_url: str, query: Any, more: dict[str, str]
) -> None:
    values = {"dry_run": "false", "provider": "NULL", "worker": "'w'", **more}

    async def shown() -> tuple[str | None, str | None]:
        found = (await client_of_own.get(f"{SCHEDULES}/full")).json()
        return found["last_success"], found["last_status"]

    def ran(values: dict[str, str]) -> None:
        query(
            database_url,
            "INSERT INTO registry_sync_log (sync_type, status, started_at, completed_at, dry_run, provider, worker)"
            f" SELECT 'full', 'completed', now(), now(), {values['dry_run']}, {values['provider']}, {values['worker']}",
        )

    ran(values)
    assert await shown() == (None, None)
    ran({"dry_run": "false", "provider": "NULL", "worker": "'w'"})
    success, status = await shown()
    assert (success is not None, status) == (True, "completed")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "name"),
    [
        ("GET", "everything", None, 404, "schedule-not-found"),
        ("PUT", "everything", {"cron": "0 0 * * *"}, 404, "schedule-not-found"),
        ("POST", "everything/pause", {}, 404, "schedule-not-found"),
        ("POST", "everything/resume", None, 404, "schedule-not-found"),
        ("POST", "everything/run", None, 404, "schedule-not-found"),
        ("POST", "models/pause", {}, 404, "schedule-not-found"),
        ("POST", "models/resume", None, 404, "schedule-not-found"),
        ("PUT", "full", {"cron": "daily"}, 422, "rule-invalid"),
        ("PUT", "full", {"cron": "0 0 30 2 *"}, 422, "rule-invalid"),
        ("PUT", "full", {"cron": ""}, 400, "body-invalid"),
        ("PUT", "full", {}, 400, "body-invalid"),
        ("PUT", "full", {"cron": "0 0 * * *", "enabled": False}, 400, "body-invalid"),
        ("POST", "full/pause", {"until": "2026-12-24T00:00:00"}, 400, "body-invalid"),
        ("POST", "full/pause", {"until": "tomorrow"}, 400, "body-invalid"),
        ("POST", "full/pause", {"until": "0001-01-01T00:00:00Z"}, 422, "rule-invalid"),
        ("POST", "full/pause", {"until": "0001-01-01T00:00:00+14:00"}, 422, "rule-invalid"),
        ("POST", "full/run?now=1", None, 400, "parameter-invalid"),
        ("DELETE", "full", None, 405, "method-not-allowed"),
        ("GET", "full/run", None, 405, "method-not-allowed"),
    ],
)
async def test_what_cannot_be_is_a_problem_of_its_kind(
    client: httpx.AsyncClient, method: str, path: str, body: Any, status: int, name: str
) -> None:
    before = (await client.get(f"{SCHEDULES}/full")).json()
    problem(await client.request(method, f"{SCHEDULES}/{path}", json=body), status, name)
    assert (await client.get(f"{SCHEDULES}/full")).json()["cron"] == before["cron"]


async def test_only_an_administrator_may(standing_url: str, tmp_path: Any) -> None:
    async with reading(standing_url, tmp_path) as reader:
        for method, path in (("GET", ""), ("PUT", "/full"), ("POST", "/full/pause"), ("POST", "/full/run")):
            problem(await reader.request(method, f"{SCHEDULES}{path}", json={}), 403, "admin-needed")
        reader.headers.pop("authorization")
        problem(await reader.get(SCHEDULES), 401, "token-needed")
