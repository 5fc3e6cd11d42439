"""Choosing over HTTP: what is answered, and that whatever is sent is never more than a problem document."""

import json
import uuid
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from typing import Any, cast

import httpx
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiant.api.asgi import application
from radiant.api.body import LARGEST
from radiant.app import App
from radiant.domain.choice import ChoiceDocument
from radiant.domain.criteria import Criteria, Usage
from radiant.domain.vocabulary import Modality, Task
from radiant.installation.tokens import keep_token, read_token
from radiant.settings import Settings
from tests.conftest import create, drop, named
from tests.faces.served import problem

pytestmark = pytest.mark.asyncio(loop_scope="module")

SELECT, BATCH = "/api/v2/select", "/api/v2/select/batch"
CHAT: dict[str, Any] = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}


@pytest.fixture(scope="module")
def registry(server_url: str, template: str) -> Iterator[str]:
    """A registry with the whole catalog, in which warm-ups may be asked for."""
    name = f"radiant_test_{uuid.uuid4().hex[:12]}"
    create(server_url, name, template)
    yield named(server_url, name)
    drop(server_url, name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(registry: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    home = tmp_path_factory.mktemp("home")
    async with await App.open(Settings(home=home, database_url=registry), selecting=True) as app:
        await keep_token(app.database, app.settings.token_file("reader"), "reader")
        yield app


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reader(served: App) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the reader's token."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(cast("Any", application(served)), raise_app_exceptions=False),
        base_url="http://radiant",
        headers={"Authorization": f"Bearer {read_token(served.settings.token_file('reader'))}"},
    ) as client:
        yield client


async def send(client: httpx.AsyncClient, body: bytes | str, path: str = SELECT) -> httpx.Response:
    return await client.post(path, content=body, headers={"Content-Type": "application/json"})


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
    body = (await reader.post(f"{SELECT}?explain=true", json={**CHAT, "require_hipaa": True})).json()
    explanation = body["explanation"]
    assert len(explanation["verdicts"]) == len(served.selector.candidates)
    assert explanation["choice"]["id"] == body["choice"]["id"] == explanation["verdicts"][0]["id"]
    placed = [it for it in explanation["verdicts"] if it["position"] is not None]
    assert [it["position"] for it in placed] == list(range(1, len(placed) + 1))
    assert all(it["reasons"] and not it["refusals"] for it in placed)
    refused = [it for it in explanation["verdicts"] if it["position"] is None]
    assert all(it["refusals"] for it in refused)
    hipaa = next(group for group in explanation["refused"] if group["criterion"] == "hipaa")
    assert hipaa["models"]
    assert explanation["diagnosis"] is None


async def test_nothing_that_fits_is_not_found_with_the_demand_to_blame(reader: httpx.AsyncClient) -> None:
    answer = await reader.post(SELECT, json={**CHAT, "max_latency_ms": 0, "min_context_window": 1000})
    document = problem(answer, 404, "no-eligible-model")
    assert document["diagnosis"]["emptied_by"] == "max_latency_ms"
    (relief,) = document["diagnosis"]["reliefs"]
    assert relief["without"] == ["max_latency_ms"]
    assert relief["models"] > 10
    assert f"without max_latency_ms: {relief['models']} models" in document["detail"]


async def test_fallback_hands_over_and_uses_the_default_model(reader: httpx.AsyncClient, served: App) -> None:
    asked = {**CHAT, "prefer_hosting": "self_hosted", "tenant_tier": 5}
    plain = (await reader.post(SELECT, json=asked)).json()["choice"]
    assert (plain["hosting_type"], plain["thermal_state"], plain["warmup_required"]) == ("self_hosted", "COLD", True)
    choice = (await reader.post(f"{SELECT}?fallback=true", json=asked)).json()["choice"]
    assert (choice["hosting_type"], choice["via"], choice["warming"]) == ("external", "handover", plain["model_id"])
    row = await served.database.row("SELECT requested_by FROM warmup_demands WHERE model_id = %s", [plain["model_id"]])
    assert row == {"requested_by": "selector"}
    own = {**CHAT, "task": "3d", "input_modalities": ["text"], "output_modalities": ["text"]}
    assert problem(await reader.post(SELECT, json=own), 404)["diagnosis"]["usable"] > 0
    assert problem(await reader.post(f"{SELECT}?fallback=true", json=own), 404)["diagnosis"]["usable"] > 0


# Bad input


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"task": "chatt"}, "task", "chat"),
    ({"task": 7}, "task", "chat"),
    ({"task": None}, "task", "chat"),
    ({"input_modalities": ["smell"]}, "input_modalities[0]", "text"),
    ({"output_modalities": "text"}, "output_modalities", ""),
    ({"profile": "dearest"}, "profile", "ready-first"),
    ({"profile": "x" * 300}, "profile", ""),
    ({"prefer_hosting": "mine"}, "prefer_hosting", "self_hosted"),
    ({"tenant_tier": 0}, "tenant_tier", "1 to 5"),
    ({"tenant_tier": 6}, "tenant_tier", "1 to 5"),
    ({"tenant_tier": True}, "tenant_tier", "1 to 5"),
    ({"tenant_tier": 2.5}, "tenant_tier", "1 to 5"),
    ({"tenant_tier": "3"}, "tenant_tier", "1 to 5"),
    ({"tenant_tier": 10**30}, "tenant_tier", "1 to 5"),
    ({"max_latency_ms": -1}, "max_latency_ms", ""),
    ({"max_latency_ms": "fast"}, "max_latency_ms", ""),
    ({"max_cost_per_request": -0.01}, "max_cost_per_request", "0 to"),
    ({"max_cost_per_request": "NaN"}, "max_cost_per_request", ""),
    ({"max_cost_per_request": "sNaN"}, "max_cost_per_request", ""),
    ({"max_cost_per_request": "Infinity"}, "max_cost_per_request", ""),
    ({"max_cost_per_request": "1e999999999"}, "max_cost_per_request", ""),
    ({"max_cost_per_request": "cheap"}, "max_cost_per_request", ""),
    ({"max_cost_per_request": True}, "max_cost_per_request", ""),
    ({"min_context_window": -1}, "min_context_window", "0 to"),
    ({"min_context_window": 1.5}, "min_context_window", "0 to"),
    ({"required_capabilities": ["c"] * 10_000}, "required_capabilities", ""),
    ({"required_capabilities": [""]}, "required_capabilities[0]", ""),
    ({"required_capabilities": ["x" * 1000]}, "required_capabilities[0]", ""),
    ({"required_capabilities": [["vision"]]}, "required_capabilities[0]", ""),
    ({"required_capabilities": {"vision": True}}, "required_capabilities", ""),
    ({"exclude": ["m"] * 1001}, "exclude", ""),
    ({"require_hipaa": "yes"}, "require_hipaa", "true"),
    ({"require_hipaa": 1}, "require_hipaa", "true"),
    ({"require_commercial_use": None}, "require_commercial_use", "true"),
    ({"usage": {"input_tokens": -1}}, "usage.input_tokens", "0 to"),
    ({"usage": {"cached_share": 2}}, "usage.cached_share", "0 to 1"),
    ({"usage": {"seconds": "NaN"}}, "usage.seconds", ""),
    ({"usage": {"tokens": 1}}, "usage.tokens", "input_tokens"),
    ({"usage": 7}, "usage", ""),
    ({"budget": 1}, "budget", "max_cost_per_request"),
    ({"\u0000": 1}, "\u0000", "task"),
]


@pytest.mark.parametrize(("change", "field", "allowed"), BAD, ids=[f"{next(iter(it[0].items()))!s:.40}" for it in BAD])
async def test_bad_criteria_are_refused_by_field_with_what_is_allowed(
    reader: httpx.AsyncClient, change: dict[str, Any], field: str, allowed: str
) -> None:
    answer = await send(reader, json.dumps({**CHAT, **change}))
    document = problem(answer)
    assert document["field"] == field
    assert document["problem"]
    assert allowed in " ".join(document["allowed"])
    assert field in document["detail"]
    (one,) = (await reader.post(BATCH, json={"requests": [{**CHAT, **change}]})).json()["results"]
    assert (one["choice"], one["problem"]["detail"]) == (None, document["detail"])


@pytest.mark.parametrize("missing", CHAT)
async def test_what_is_required_is_named(reader: httpx.AsyncClient, missing: str) -> None:
    given = {key: value for key, value in CHAT.items() if key != missing}
    document = problem(await reader.post(SELECT, json=given))
    assert (document["field"], document["problem"]) == (missing, "is required and missing")


DEEP = 100_000
CHAT_TEXT = json.dumps(CHAT)
BODIES = {
    "empty": b"",
    "no JSON": b"task=chat",
    "cut": CHAT_TEXT[:-3].encode(),
    "two": (CHAT_TEXT * 2).encode(),
    "not UTF-8": CHAT_TEXT.replace("chat", "ch\xe4t").encode("latin-1"),
    "UTF-16": CHAT_TEXT.encode("utf-16"),
    "a list": b"[]",
    "null": b"null",
    "a number": b"1" * 10_000,
    "text": b'"chat"',
    "lone surrogate": b'{"task": "\\ud800"}',
    "NaN": CHAT_TEXT[:-1].encode() + b', "max_latency_ms": NaN}',
    "Infinity": CHAT_TEXT[:-1].encode() + b', "max_cost_per_request": Infinity}',
    "1e999": CHAT_TEXT[:-1].encode() + b', "max_latency_ms": 1e999}',
    "a long number": CHAT_TEXT[:-1].encode() + b', "max_cost_per_request": ' + b"9" * 100_000 + b"}",
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep in a known field": b'{"task": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep in usage": b'{"usage": {"input_tokens": ' + b"[" * DEEP + b"]" * DEEP + b"}}",
    "deep in requests": b'{"requests": ' + b"[" * DEEP + b"]" * DEEP + b"}",
}


@pytest.mark.parametrize("path", [SELECT, BATCH])
@pytest.mark.parametrize("body", BODIES)
async def test_a_body_that_is_no_request_is_a_problem(reader: httpx.AsyncClient, body: str, path: str) -> None:
    problem(await send(reader, BODIES[body], path))


async def test_a_huge_body_is_refused(reader: httpx.AsyncClient) -> None:
    for path in (SELECT, BATCH):
        problem(await send(reader, b" " * (LARGEST + 1), path), 413)


@pytest.mark.parametrize("query", ["explain=maybe", "explain=", "fallback=2", "explane=true", "explain=true&verbose=1"])
async def test_bad_options_are_refused(reader: httpx.AsyncClient, query: str) -> None:
    problem(await reader.post(f"{SELECT}?{query}", json=CHAT))


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
    assert document["detail"] == "`requests` has 1,001 entries; at most 1,000 go into one batch."
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


# Anything at all


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
NAMES = st.sampled_from([*Criteria.__struct_fields__, *Usage.__struct_fields__])
LIKELY = JSON | st.sampled_from([*Task, *Modality, "any", "cheapest", "1e400", "sNaN", -1, 10**400, 1e308])


@given(st.dictionaries(NAMES, LIKELY | st.lists(LIKELY, max_size=3) | st.dictionaries(NAMES, LIKELY, max_size=3)))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_criteria_whatever_break_the_server(reader: httpx.AsyncClient, change: dict[str, Any]) -> None:
    for body in (json.dumps({**CHAT, **change}), json.dumps({"requests": [{**CHAT, **change}, change]})):
        for path in (SELECT, f"{SELECT}?explain=true&fallback=true", BATCH):
            answer = await send(reader, body, path)
            assert answer.status_code in (200, 400, 404), answer.text


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_bytes_whatever_break_the_server(reader: httpx.AsyncClient, body: bytes) -> None:
    for path in (SELECT, BATCH):
        problem(await send(reader, body, path))
