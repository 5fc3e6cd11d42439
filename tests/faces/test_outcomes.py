"""`POST /api/v2/outcomes`: what callers tell of their requests."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from psycopg.rows import DictRow

from radiant.app import App
from radiant.cli.lifecycle import show_lifecycles
from radiant.settings import Settings
from tests.faces.served import reading
from tests.waiting import until

PATH = "/api/v2/outcomes"
MODEL = "gpt-4o-mini"
JSON = {"content-type": "application/json"}
GOOD = {"provider": "openai", "model": MODEL}

Query = Callable[..., list[DictRow]]


@pytest.fixture
async def teller(database_url: str, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the reader's token, of a registry for this test alone."""
    async with reading(database_url, tmp_path, selecting=True) as it:
        yield it


async def told(client: httpx.AsyncClient, *outcomes: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json={"outcomes": list(outcomes)})
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def all_written(teller: httpx.AsyncClient) -> dict[str, int]:
    found: dict[str, int] = {}
    while found.get("waiting", 1):
        found = (await teller.get(PATH)).json()
        await asyncio.sleep(0.01)
    return found


def model_row(query: Query, url: str, model: str = MODEL) -> list[dict[str, Any]]:
    return query(
        url,
        "SELECT status, resting_because, avg_latency_ms::float8 AS latency, avg_ttft_ms::float8 AS ttft"
        " FROM model_health WHERE provider_id = 'openai' AND model_id = %s",
        model,
    )


async def test_real_traffic_counts_for_model_and_provider(
    teller: httpx.AsyncClient, query: Query, database_url: str
) -> None:
    one = {"id": "a", "model": f"openai/{MODEL}", "latency_ms": 500, "ttft_ms": 90, "output_tokens": 7}
    assert (await teller.post(PATH, json=one)).json() == {
        "accepted": 1, "duplicate": 0, "refused": 0, "problems": [],
    }  # fmt: skip
    await until(lambda: model_row(query, database_url))
    assert model_row(query, database_url) == [
        {"status": "healthy", "resting_because": None, "latency": 500, "ttft": 90}
    ]
    provider = query(database_url, "SELECT status FROM provider_health WHERE provider_id = 'openai'")
    assert provider == [{"status": "healthy"}]
    counted = query(database_url, "SELECT ok, output_tokens FROM health_minutes WHERE model_id IS NOT NULL")
    assert counted == [{"ok": 1, "output_tokens": 7}]


async def test_a_model_of_ones_own_that_sleeps_did_not_fail(
    teller: httpx.AsyncClient, query: Query, database_url: str
) -> None:
    """SageMaker says so with 400; whoever serves it otherwise may call it cold."""
    told_by_aws = {"error": 400, "message": "Inference Component has no capacity to process this request."}
    own = {"provider": "self_hosted", "model": "llama-3.3-70b"}
    assert (await told(teller, *[own | told_by_aws] * 6, own | {"error": "cold"}))["accepted"] == 7
    await all_written(teller)
    (counted,) = query(database_url, "SELECT failed FROM health_minutes WHERE model_id = 'llama-3.3-70b'")
    assert counted["failed"] == {"cold": 7}
    (model,) = query(database_url, "SELECT status, failures, resting_until, error_rate FROM model_health")
    assert model == {"status": "unknown", "failures": 0, "resting_until": None, "error_rate": None}


async def test_an_id_counts_once(teller: httpx.AsyncClient, query: Query, database_url: str) -> None:
    outcome = {"id": "the same", "provider": "OpenAI", "model": MODEL}
    assert (await told(teller, outcome, outcome))["duplicate"] == 1
    assert (await told(teller, outcome))["duplicate"] == 1
    assert (await all_written(teller))["written"] == 1


async def test_each_bad_one_is_told_with_its_place_and_takes_no_other_with_it(teller: httpx.AsyncClient) -> None:
    bad: list[Any] = [
        {"model": "gpt-4o-mino"},
        {"provider": "opnai"},
        {"model": MODEL, "latency_ms": -1},
        {"model": MODEL, "error": "sadness"},
        {"model": MODEL, "ok": True, "error": 500},
        {"model": MODEL, "at": "2020-01-01T00:00:00Z"},
        {},
        "no object",
        {"model": MODEL, "colour": "red"},
        {"model": MODEL, "at": "yesterday"},
        {"model": MODEL, "region": "  "},
    ]
    found = await told(teller, {"model": f"openai/{MODEL}"}, *bad)
    assert (found["accepted"], found["refused"]) == (1, len(bad))
    assert [it["index"] for it in found["problems"]] == [*range(1, len(bad) + 1)]
    said = [(it["type"].removeprefix("/problems/"), it["detail"]) for it in found["problems"]]
    assert said[0][0] == "model-not-found" and MODEL in found["problems"][0]["close"]
    assert said[1][0] == "provider-not-found"
    assert {kind for kind, _ in said[2:]} == {"body-invalid"}
    assert said[2][1].startswith("latency_ms: ")
    assert said[9][1] == "at: is not a date with a time such as 2026-01-31T09:30:00Z."
    assert said[10][1] == "region: is blank, or has a character that cannot stand in it."
    assert "'sadness' is no class of errors" in said[3][1] and "rate_limited" in said[3][1]


async def test_half_a_character_costs_what_it_stands_in_and_not_the_batch(
    teller: httpx.AsyncClient, query: Query, database_url: str
) -> None:
    """Callers cut what a provider said, in the middle of a character perhaps; JSON has that as an escape."""
    outcomes = [
        {**GOOD, "model": "gpt-4o-mini\udc00"},
        {**GOOD, "id": "req-\ud83d"},
        {**GOOD, "error": 500, "message": "upstream is gone \ud83d"},
    ]
    answer = await teller.post(PATH, content=json.dumps({"outcomes": outcomes}).encode(), headers=JSON)
    assert answer.status_code == 202, answer.text
    found = answer.json()
    assert (found["accepted"], [it["index"] for it in found["problems"]]) == (2, [0])
    assert (await all_written(teller))["written"] == 2
    (row,) = query(database_url, "SELECT last_error FROM model_health WHERE model_id = %s", MODEL)
    assert row["last_error"] == "server error: upstream is gone"


async def test_a_single_bad_one_is_a_problem(teller: httpx.AsyncClient) -> None:
    answer = await teller.post(PATH, json={"model": "gpt-4o-mino"})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/model-not-found")
    bodies: list[Any] = [[], {"outcomes": 3}, {"outcomes": [], "more": 1}, {"outcomes": [GOOD] * 1001}]
    for body in bodies:
        answer = await teller.post(PATH, json=body)
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/body-invalid"), body


async def test_a_batch_has_a_thousand_and_no_more(teller: httpx.AsyncClient) -> None:
    found = await told(teller, *[GOOD] * 1000)
    assert (found["accepted"], found["refused"]) == (1000, 0)
    answer = await teller.post(PATH, json={"outcomes": [GOOD] * 1001})
    assert answer.status_code == 400
    assert (await all_written(teller))["written"] == 1000


async def test_five_failures_let_the_model_rest_and_explain_says_until_when(
    teller: httpx.AsyncClient, query: Query, database_url: str
) -> None:
    outcome = {"provider": "openai", "model": MODEL, "error": "timeout", "message": "key: sk-proj-abcdefghijklmnop"}
    await told(teller, *[outcome] * 5)
    await until(lambda: model_row(query, database_url))
    asked = {
        "task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5,
        "prefer_hosting": "external",
    }  # fmt: skip

    async def refusals() -> list[str]:
        found = (await teller.post("/api/v2/select?explain=true&limit=all", json=asked)).json()
        verdicts = found["explanation"]["verdicts"]
        mini = next(it for it in verdicts if (it["provider_id"], it["model_id"]) == ("openai", MODEL))
        return [it["reason"] for it in mini["refusals"] if it["criterion"] == "resting"]

    said: list[str] = []
    for _ in range(400):  # until the snapshot has followed
        if said := await refusals():
            break
        await asyncio.sleep(0.01)
    assert said[0].startswith("it is resting until ")
    assert said[0].endswith(" UTC: 5 failures in a row, last: timeout")
    kept = query(database_url, "SELECT last_error FROM model_health")
    assert kept == [{"last_error": "timeout: …"}]


async def test_a_model_that_is_not_found_is_evidence_once_an_hour(
    teller: httpx.AsyncClient, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(3):
        error = (404, 410, "model_not_found")[n]
        await told(teller, {"provider": "openai", "model": MODEL, "error": error, "message": "it was retired"})
        await all_written(teller)
    async with await App.open(Settings(home=tmp_path / "another", database_url=database_url)) as app:
        found = await app.review.lifecycle("openai", MODEL)
    assert found is not None
    assert [(it.what, it.details) for it in found.evidence] == [
        ("not_found", {"requests": 1, "message": "it was retired"})
    ]
    show_lifecycles([found], json=False)
    assert capsys.readouterr().out.rstrip().endswith("1 request; it was retired")


@pytest.mark.parametrize("message", ["[" * 900 + "]" * 900, "1e300", "1.0"])
async def test_what_is_nested_or_large_is_refused_by_itself(teller: httpx.AsyncClient, message: str) -> None:
    one = f'{{"provider": "openai", "model": "{MODEL}", "message": {message}}}'
    answer = await teller.post(PATH, content=f'{{"outcomes": [{one}, {one}]}}')
    assert answer.status_code == 202, answer.text
    found = answer.json()
    assert [(it["index"], it["status"]) for it in found["problems"]] == [(0, 400), (1, 400)]


@pytest.mark.parametrize("body", [[], 7, {"outcomes": 7}, {"outcomes": [], "more": 1}])
async def test_what_is_neither_an_outcome_nor_a_batch_says_what_is(teller: httpx.AsyncClient, body: object) -> None:
    answer = await teller.post(PATH, json=body)
    assert (answer.status_code, answer.json()["detail"]) == (
        400, 'The body is one outcome, or {"outcomes": [outcome, …]}.',
    )  # fmt: skip
