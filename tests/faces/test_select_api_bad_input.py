"""Choosing over HTTP: whatever is sent is never more than a problem document."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiant.api.body import LARGEST
from radiant.domain.criteria import Criteria, Usage
from radiant.domain.vocabulary import Modality, Task
from tests.examples import examples
from tests.faces.selecting import BATCH, CHAT, SELECT, send
from tests.faces.served import problem

pytestmark = pytest.mark.asyncio(loop_scope="module")


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


@pytest.mark.parametrize(
    "query",
    [
        "explain=maybe",
        "explain=",
        "fallback=2",
        "explane=true",
        "explain=true&verbose=1",
        "limit=-1",
        "limit=1001",
        "limit=",
        "limit=None",
        "limit=%C2%B2",
    ],
)
async def test_bad_options_are_refused(reader: httpx.AsyncClient, query: str) -> None:
    problem(await reader.post(f"{SELECT}?{query}", json=CHAT))


# Anything at all


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
NAMES = st.sampled_from([*Criteria.__struct_fields__, *Usage.__struct_fields__])
LIKELY = JSON | st.sampled_from([*Task, *Modality, "any", "cheapest", "1e400", "sNaN", -1, 10**400, 1e308])


@given(st.dictionaries(NAMES, LIKELY | st.lists(LIKELY, max_size=3) | st.dictionaries(NAMES, LIKELY, max_size=3)))
@settings(max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_criteria_whatever_break_the_server(reader: httpx.AsyncClient, change: dict[str, Any]) -> None:
    for body in (json.dumps({**CHAT, **change}), json.dumps({"requests": [{**CHAT, **change}, change]})):
        for path in (SELECT, f"{SELECT}?explain=true&fallback=true", BATCH):
            answer = await send(reader, body, path)
            assert answer.status_code in (200, 400, 404), answer.text


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode))
@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_no_bytes_whatever_break_the_server(reader: httpx.AsyncClient, body: bytes) -> None:
    for path in (SELECT, BATCH):
        problem(await send(reader, body, path))
