"""Choosing over HTTP: one request, many at once, and whoever asks."""

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from radiant.app import App
from radiant.domain.choice import ChoiceDocument
from tests.asleep import ASLEEP
from tests.faces.selecting import BATCH, CHAT, SELECT
from tests.faces.served import problem
from tests.waiting import until, until_said

pytestmark = pytest.mark.asyncio(loop_scope="module")


# Answers


async def test_criteria_in_choice_out(reader: httpx.AsyncClient, served: App) -> None:
    answer = await reader.post(SELECT, json=CHAT)
    assert answer.status_code == 200
    body = answer.json()
    assert (list(body), body["explanation"]) == (["choice", "explanation"], None)
    choice = body["choice"]
    assert choice.keys() == set(ChoiceDocument.__struct_fields__)
    expected = served.selector.select(**CHAT)
    assert expected is not None
    assert (choice["model_id"], choice["provider_id"], choice["via"]) == (
        expected.model_id, expected.provider_id, "preferred",
    )  # fmt: skip
    assert Decimal(choice["estimated_cost"]) == expected.estimated_cost
    assert isinstance(choice["estimated_cost"], str), "money is exact"
    assert 0 <= choice["snapshot_age_seconds"] < 60


async def test_every_criterion_counts(reader: httpx.AsyncClient, served: App) -> None:
    asked = {
        **CHAT, "prefer_hosting": "external", "prefer_providers": ["anthropic"], "max_cost_per_request": "0.05",
        "required_capabilities": ["function_calling", "vision"], "min_context_window": 100_000, "require_hipaa": True,
        "exclude": ["anthropic/claude-haiku-4.5"], "profile": "cheapest",
        "usage": {"input_tokens": 3000, "output_tokens": 100, "cached_share": 0.5},
    }  # fmt: skip
    choice = (await reader.post(SELECT, json=asked)).json()["choice"]
    (candidate,) = [it for it in served.selector.candidates if it.id == choice["id"]]
    assert (choice["hosting_type"], choice["provider_id"]) == ("external", "anthropic")
    assert {"function_calling", "vision"} <= candidate.capabilities
    assert "HIPAA" in candidate.compliance
    assert (candidate.context_window or 0) >= 100_000
    assert Decimal(choice["estimated_cost"]) <= Decimal("0.05")


async def test_explain_tells_the_place_or_the_refusal_of_every_model(reader: httpx.AsyncClient, served: App) -> None:
    answer = await reader.post(f"{SELECT}?explain=true&limit=all", json={**CHAT, "require_hipaa": True})
    assert "content-length" not in answer.headers, "it is sent as it is made"
    body = answer.json()
    explanation = body["explanation"]
    assert len(explanation["verdicts"]) == len(served.selector.candidates)
    assert explanation["choice"]["id"] == body["choice"]["id"] == explanation["verdicts"][0]["id"]
    placed = [it for it in explanation["verdicts"] if it["position"] is not None]
    assert [it["position"] for it in placed] == list(range(1, len(placed) + 1))
    assert all(it["reasons"] and not it["refusals"] for it in placed)
    refused = [it for it in explanation["verdicts"] if it["position"] is None]
    assert all(it["refusals"] for it in refused)
    hipaa = {
        group["models"][0]["provider_id"]: group for group in explanation["refused"] if group["criterion"] == "hipaa"
    }
    assert hipaa["openai"]["reason"].startswith("OpenAI: HIPAA holds only with: ")
    assert (
        hipaa["openai"]["advice"] == "once it is met, declare so: PUT /api/v2/admin/providers/openai/compliance/HIPAA"
    )
    assert "advice" not in hipaa["elevenlabs"] and "ElevenAgents" in hipaa["elevenlabs"]["reason"]
    assert explanation["diagnosis"] is None


async def test_explain_tells_the_best_and_counts_the_others(reader: httpx.AsyncClient, served: App) -> None:
    asked = {**CHAT, "require_hipaa": True}
    whole = (await reader.post(f"{SELECT}?explain=true&limit=all", json=asked)).json()["explanation"]
    for query, limit in (("explain=true", 10), ("explain=true&limit=3", 3), ("limit=0&explain=true", 0)):
        short = (await reader.post(f"{SELECT}?{query}", json=asked)).json()["explanation"]
        assert short["verdicts"] == [it for it in whole["verdicts"] if it["position"] is not None][:limit]
        assert [{**it, "models": None} for it in short["refused"]] == [
            {**it, "models": None} for it in whole["refused"]
        ]
        assert all(0 < len(it["models"]) <= min(5, it["count"]) for it in short["refused"])
        assert [it["count"] for it in short["refused"]] == [len(it["models"]) for it in whole["refused"]]
        assert (short["models"], short["eligible"]) == (whole["models"], whole["eligible"])
    assert whole["models"] == len(served.selector.candidates) == len(whole["verdicts"])
    expected = served.selector.explain(**asked, limit=None)
    assert whole["verdicts"] == json.loads(json.dumps(expected.to_dict()))["verdicts"]


async def test_nothing_that_fits_is_not_found_with_the_demand_to_blame(reader: httpx.AsyncClient) -> None:
    answer = await reader.post(SELECT, json={**CHAT, "max_latency_ms": 0, "min_context_window": 1000})
    document = problem(answer, 404, "no-eligible-model")
    assert document["diagnosis"]["emptied_by"] == "max_latency_ms"
    (relief,) = document["diagnosis"]["reliefs"]
    assert relief["without"] == ["max_latency_ms"]
    assert relief["models"] > 10
    assert f"without max_latency_ms: {relief['models']} models" in document["detail"]


async def own_asleep(served: App) -> dict[str, Any]:
    """What asks for a model of one's own, all of which are cold."""
    asked = {**CHAT, "prefer_hosting": "self_hosted", "tenant_tier": 5}
    if served.selector.select(**asked) is None:
        async with served.database.connection() as connection:
            await connection.execute(ASLEEP.encode())
        await until(lambda: served.selector.select(**asked))
    return asked


async def test_fallback_hands_over_and_uses_the_default_model(reader: httpx.AsyncClient, served: App) -> None:
    asked = await own_asleep(served)
    plain = (await reader.post(SELECT, json=asked)).json()["choice"]
    assert (plain["hosting_type"], plain["thermal_state"], plain["warmup_required"]) == ("self_hosted", "COLD", True)
    choice = (await reader.post(f"{SELECT}?fallback=true", json=asked)).json()["choice"]
    assert (choice["hosting_type"], choice["via"], choice["warming"]) == ("external", "handover", plain["model_id"])
    demanded = "SELECT requested_by FROM warmup_demands WHERE model_id = %s"
    rows = await until_said(lambda: served.database.rows(demanded, [plain["model_id"]]))
    assert rows == [{"requested_by": "selector"}]
    own = {**CHAT, "task": "3d", "input_modalities": ["text"], "output_modalities": ["text"]}
    assert problem(await reader.post(SELECT, json=own), 404)["diagnosis"]["usable"] > 0
    assert problem(await reader.post(f"{SELECT}?fallback=true", json=own), 404)["diagnosis"]["usable"] > 0


async def test_a_body_says_what_is_done_about_a_cold_model(reader: httpx.AsyncClient, served: App) -> None:
    own = await own_asleep(served)
    cold = (await reader.post(SELECT, json={**own, "fallback": "handover"})).json()["choice"]
    assert cold["via"] == "handover" and cold["warming"] and cold["warming_seconds"] > 0 and cold["extra_cost"]
    refused = await reader.post(SELECT, json={**own, "fallback": "fail"})
    told = problem(refused, 503, "model-warming")
    assert int(refused.headers["retry-after"]) == told["seconds"] and told["model_id"] == cold["warming"]
    held = {**own, "fallback": "hold", "max_wait_s": 0.1}
    assert (await reader.post(SELECT, json=held)).json()["choice"]["via"] == "handover"
    assert (await reader.post(SELECT, json={**CHAT, "fallback": "none"})).json()["choice"]["warming"] is None
    assert served.selector.handover.held == 0
    assert problem(await reader.post(SELECT, json={**own, "fallback": "wait"}), 400)["field"] == "fallback"
    assert (
        problem(await reader.post(SELECT, json={**own, "fallback": "hold", "max_wait_s": -1}), 400)["field"]
        == "max_wait_s"
    )


# Many at once


async def test_a_batch_answers_each_for_itself_in_order(reader: httpx.AsyncClient) -> None:
    requests = [CHAT, {**CHAT, "tenant_tier": 9}, {**CHAT, "max_latency_ms": 0}, 7, {**CHAT, "profile": "cheapest"}]
    results = (await reader.post(BATCH, json={"requests": requests})).json()["results"]
    assert [(it["problem"] or {"status": 200})["status"] for it in results] == [200, 400, 404, 400, 200]
    alone = [(await reader.post(SELECT, json=asked)).json() for asked in (requests[0], requests[4])]
    assert [results[0]["choice"]["id"], results[4]["choice"]["id"]] == [it["choice"]["id"] for it in alone]
    assert results[2]["problem"]["diagnosis"]["emptied_by"] == "max_latency_ms"


async def test_a_batch_has_a_size(reader: httpx.AsyncClient) -> None:
    whole = await reader.post(BATCH, json={"requests": [CHAT] * 1000})
    assert len(whole.json()["results"]) == 1000
    document = problem(await reader.post(BATCH, json={"requests": [CHAT] * 1001}))
    assert document["detail"] == "There are 1,001 entries; at most 1,000 go into one batch."
    assert (await reader.post(BATCH, json={"requests": []})).json() == {"results": []}


@pytest.mark.parametrize("body", [CHAT, {"requests": CHAT}, {"requests": [], "more": 1}, {}, {"requests": None}])
async def test_a_batch_of_another_shape_is_refused(reader: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert '{"requests": [criteria, …]}' in problem(await reader.post(BATCH, json=body))["detail"]


# Whoever asks


@pytest.mark.parametrize("path", [SELECT, BATCH, "/v1/models", "/v1/models/gpt-4o-mini", "/api/v1/models"])
async def test_without_a_token_nothing_is_told(reader: httpx.AsyncClient, path: str) -> None:
    method = "POST" if "select" in path else "GET"
    answer = await reader.request(method, path, headers={"Authorization": "Bearer nobody"}, json=CHAT)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="radiant"'
    body = answer.json()
    assert (body["error"]["message"] if path.startswith("/v1") else body["detail"]).startswith(
        "This token is not known"
    )
