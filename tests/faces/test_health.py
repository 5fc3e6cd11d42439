"""The health of providers over HTTP and on the command line, measured on fake providers."""

import asyncio
import json
import re
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from msgspec.structs import replace

from radiant.cli.health import show_all
from radiant.domain.health import Point, ProviderHealth, RegionHealth, Window
from radiant.domain.observation import Observation, Reason, Source
from radiant.domain.vocabulary import HealthStatus
from radiant.registry import health
from radiant.registry.database import Database
from radiant.sync.models import now
from tests.faces.conftest import Child, Program, Simulate
from tests.faces.served import Clock, administering, problem, reading
from tests.flow.playing import play

HEALTH = "/api/v2/health"
SYNC = "/api/v2/admin/registry-sync"


async def run(client: httpx.AsyncClient) -> dict[str, Any]:
    """A health run, once it is over."""
    id = (await client.post(SYNC, json={"sync_type": "health"})).json()["id"]
    async with asyncio.timeout(60):
        while True:
            found: dict[str, Any] = (await client.get(f"{SYNC}/{id}")).json()
            if found["status"] != "running":
                return found
            await asyncio.sleep(0.05)


async def true_to_the_document(client: httpx.AsyncClient, path: str, answer: httpx.Response) -> Any:
    """The body, which is as the OpenAPI document says."""
    assert answer.status_code == 200, answer.text
    document = (await client.get("/api/openapi.json")).json()
    schema = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    body = json.loads(answer.content)
    Draft202012Validator({**schema, "components": document["components"]}).validate(body)
    return body


async def test_what_was_measured_is_told_of_all_and_of_one(
    database_url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "simulated-groq")
    monkeypatch.setenv("MISTRAL_API_KEY", "wrong-and-secret")
    async with (
        play({"id": "groq", "changes": [{"requests": 1, "behavior": "failing"}]}, {"id": "mistral"}) as stage,
        administering(database_url, tmp_path, clock, private_networks=True) as client,
    ):
        for id, role in stage.theater.roles.items():
            await client.patch(f"/api/v2/admin/providers/{id}", json={"base_url": role.account.base_url})
        runs = [await run(client) for _ in range(3)]
        listed = await true_to_the_document(client, HEALTH, await client.get(HEALTH))
        found = {it["provider_id"]: it for it in listed["providers"]}
        assert (found["groq"]["status"], found["mistral"]["status"]) == ("unhealthy", "degraded")
        (region,) = found["groq"]["regions"]
        assert (region["reason"], region["probed_at"] is None, region["avg_latency_ms"] > 0) == (
            "server error",
            False,
            True,
        )
        assert found["openai"]["regions"][0]["not_probed"] == "it has no key here (OPENAI_API_KEY)"
        answer = await client.get(f"{HEALTH}/groq", params={"window": "1h"})
        one = await true_to_the_document(client, f"{HEALTH}/{{provider}}", answer)
        assert one["success_rate"] == pytest.approx(1 / 3)
        assert 0 < one["uptime"] < 1
        assert sum(it["ok"] for it in one["points"]) == 1
        assert sum(it["failed"] for it in one["points"]) == 2
        assert one["p50_latency_ms"] == one["p99_latency_ms"]
        (incident,) = one["incidents"]
        assert (incident["status"], incident["reason"], incident["ended_at"]) == ("unhealthy", "server error", None)
        for text in (str(runs), str(listed), str(one)):
            assert "simulated-groq" not in text
            assert "wrong-and-secret" not in text
        history = (await client.get(f"{SYNC}/history")).json()
        updated = [it["providers_updated"] for it in history if it["sync_type"] == "health"]
        assert updated == [1, 0, 2], "the newest first"
        assert "503" in runs[2]["errors"][0]


async def test_a_model_that_rests_is_told_until_when_and_why(database_url: str, tmp_path: Path, clock: Clock) -> None:
    database = await Database.open(database_url)
    at = now()
    failed = Observation(
        provider_id="openai", model_id="gpt-4o-mini", source=Source.TRAFFIC, at=at, ok=False, reason=Reason.TIMEOUT
    )
    async with database.connection() as connection:
        await health.record(connection, [failed] * 5, now=at)
    await database.close()
    async with administering(database_url, tmp_path, clock) as client:
        one = (await client.get(f"{HEALTH}/openai")).json()
    (resting,) = one["resting"]
    assert (resting["model_id"], resting["failures"], resting["reason"]) == ("gpt-4o-mini", 5, "timeout")
    (model,) = one["models"]
    assert (model["resting_until"], model["error_rate"]) == (resting["until"], 1)


async def test_a_reader_may_ask_and_is_told_what_cannot_be(standing_url: str, tmp_path: Path) -> None:
    async with reading(standing_url, tmp_path) as client:
        assert (await client.get(HEALTH)).status_code == 200
        problem(await client.get(f"{HEALTH}/openai", params={"window": "2h"}), 400, "filter-value-unknown")
        problem(await client.get(f"{HEALTH}/openai", params={"windows": "1h"}), 400, "parameter-invalid")
        problem(await client.get(HEALTH, params={"window": "1h"}), 400, "parameter-invalid")
        problem(await client.get(f"{HEALTH}/nobody"), 404, "provider-not-found")
        own = problem(await client.get(f"{HEALTH}/self_hosted"), 404, "provider-not-found")
        assert "your own hardware" in own["detail"] and "Did you mean" not in own["detail"]
        del client.headers["authorization"]
        problem(await client.get(HEALTH), 401, "token-needed")


@pytest.fixture
def played(simulate: Simulate, clean_environment: pytest.MonkeyPatch, database_url: str) -> str:
    """Where `radiant simulate` plays groq, which is slow, and mistral, which fails; the registry knows them there."""
    failing = {"id": "mistral", "changes": [{"requests": 1, "behavior": "failing"}]}
    url, _ = simulate({"providers": [{"id": "groq", "latency": 0.1}, failing]})
    clean_environment.setenv("RADIANT_DATABASE_URL", database_url)
    clean_environment.setenv("RADIANT_ALLOW_PRIVATE_NETWORKS", "1")
    clean_environment.setenv("GROQ_API_KEY", "simulated-groq")
    clean_environment.setenv("MISTRAL_API_KEY", "simulated-mistral")
    return url


def test_the_command_line_shows_it(radiant: Program, played: str) -> None:
    assert radiant("providers", "set", "groq", "--base-url", f"{played}/groq/openai/v1").code == 0
    assert radiant("providers", "set", "mistral", "--base-url", f"{played}/mistral/v1").code == 0
    code, out, _ = radiant("health")
    assert code == 0
    assert out.startswith(
        "51 providers were never asked: who can be asked at no cost is probed once there is a key here"
    )
    assert radiant("sync", "health").code == radiant("sync", "health").code == 0
    code, out, err = radiant("sync", "health")
    assert code == 0, err
    assert "mistral: asking" in err
    assert "it answered 503: the fault is on its side" in out
    code, out, _ = radiant("health")
    heading, groq, mistral, rest = out.splitlines()
    assert heading.split() == ["provider", "status", "ms", "p95", "errors", "24h", "why"]
    assert groq.split()[:2] == ["groq", "healthy"]
    assert int(groq.split()[2]) >= 100
    assert groq.split()[-2].endswith("·▁")
    assert mistral.split()[:2] == ["mistral", "unhealthy"]
    assert "×  server error" in mistral
    assert rest.startswith("49 providers were never asked")
    code, out, _ = radiant("health", "mistral", "--window", "1h")
    assert code == 0
    assert out.startswith("Mistral AI: unhealthy (server error)\nIn the last hour: uptime ")
    assert "Incidents" in out
    assert "still" in out
    listed = json.loads(radiant("health", "--json").out)["providers"]
    assert {it["provider_id"]: it["status"] for it in listed}["groq"] == "healthy"
    assert json.loads(radiant("health", "groq", "--json").out)["window"] == "24h"


@pytest.mark.parametrize("window", [Window.DAY, Window.MONTH])
def test_a_terminal_of_80_columns_shows_curves_whole(
    window: Window, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Their last sign is now."""
    monkeypatch.setattr("radiant.cli.output.terminal_width", lambda: 80)
    region = RegionHealth(
        status=HealthStatus.UNHEALTHY, reason="nothing at its address", error_rate=1.0, last_check_at=now()
    )
    ill, well = (
        ProviderHealth(provider_id=id, display_name=id, status=it.status, regions=[it], resting=[])
        for id, it in (
            ("vercel_ai_gateway", region),
            ("openai", replace(region, status=HealthStatus.HEALTHY, reason=None, avg_latency_ms=12_345.0)),
        )
    )
    points = [Point(at=now()) for _ in range(round(window.length / window.step) - 1)]
    show_all([ill, well], {ill.provider_id: [*points, Point(at=now(), failed=1)]}, window)
    heading, first, why, second = capsys.readouterr().out.splitlines()
    assert heading.split() == ["provider", "status", "ms", "errors", window.value]
    assert (first.split()[-1], why.strip()) == (f"{'·' * len(points)}×", "nothing at its address")
    assert second.split()[:3] == ["openai", "healthy", "12,345"]
    assert max(map(len, (heading, first, why, second))) <= 80


def test_a_completion_is_paid_for_when_a_person_asks(
    radiant: Program, played: str, clean_environment: pytest.MonkeyPatch
) -> None:
    assert radiant("providers", "set", "groq", "--base-url", f"{played}/groq/openai/v1").code == 0
    code, out, _ = radiant("health", "groq", "--completion")
    assert code == 0
    assert re.fullmatch(
        r"groq/openai/gpt-oss-20b answered in \d+ ms; that cost 0\.00000165 USD\.\n"
        r"Completions that were asked for cost 0\.00000165 of the 0\.05 USD of today\.\n",
        out,
    )
    spending = json.loads(radiant("health", "--json").out)["paid_probes"]
    assert {name: float(it) for name, it in spending.items()} == {"spent_usd": 0.00000165, "budget_usd": 0.05}
    clean_environment.setenv("RADIANT_PROBE_BUDGET", "0")
    code, out, err = radiant("health", "groq", "--completion")
    assert (code, out) == (1, "")
    assert "RADIANT_PROBE_BUDGET is the budget of a day" in err
    assert radiant("health", "--completion").code == 2
    assert radiant("health", "groq", "--model", "m").code == 2


def test_it_is_shown_again_and_again_until_somebody_ends_it(start: Child, standing: str) -> None:
    child = start("health", "--watch", "--every", "0.2", RADIANT_DATABASE_URL=standing)
    assert child.stdout is not None
    seen = [line for line, _ in zip(child.stdout, range(3), strict=False)]
    assert len(seen) == 3
    assert len(set(seen)) == 1
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=60) == 128 + signal.SIGINT


def test_status_pages_stand_in_the_table(
    radiant: Program, played: str, database_url: str, query: Callable[..., Any]
) -> None:
    query(
        database_url,
        "INSERT INTO status_pages (provider_id, at, indicator, description)"
        " VALUES ('groq', now(), 'major', 'Partial outage')",
    )
    query(database_url, "UPDATE provider_health SET last_check_at = now() WHERE provider_id IN ('groq', 'mistral')")
    heading, groq, mistral, _ = radiant("health").out.splitlines()
    assert heading.endswith("why  status page")
    assert groq.endswith("Partial outage")
    assert "outage" not in mistral


def test_a_watch_goes_on_while_the_registry_is_away(start: Child, database_url: str, query: Callable[..., Any]) -> None:
    child = start("health", "--watch", "--every", "0.2", RADIANT_DATABASE_URL=database_url)
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.readline()
    query(database_url, "ALTER TABLE provider_health RENAME TO away")
    told = child.stderr.readline()
    assert told.rstrip().endswith("It is looked at again."), told
    query(database_url, "ALTER TABLE away RENAME TO provider_health")
    for _ in range(3):
        assert child.stdout.readline()
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=60) == 128 + signal.SIGINT


def test_what_cannot_be_shown_is_a_sentence(radiant: Program, standing: str) -> None:
    assert radiant("health", "nobody")[::2] == (1, "radiant: No provider 'nobody' in the registry.\n")
    code, _, err = radiant("health", "--window", "2h")
    assert (code, err) == (2, "radiant: --window '2h' is unknown; did you mean 24h? Expected one of: 1h, 24h, 30d.\n")
