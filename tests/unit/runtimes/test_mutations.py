"""Whatever a runtime makes of its own answers, observing gives an observation, and scanning a list or nothing."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radiant.domain.vocabulary import ThermalState
from radiant.runtimes.roster import RUNTIMES
from radiant.runtimes.said import Unanswered, gauges
from tests.examples import examples
from tests.unit.providers.test_mutations import VALUES, changed, places
from tests.unit.runtimes.playing import OVER_HTTP, at
from tests.unit.runtimes.scripted import Scripted

_LISTED = [{"id": "mistral", "owned_by": "vllm", "max_model_len": 8192}]

#: Bodies by path, of a server at which the model is up.
ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "vllm": {"/health": None, "/v1/models": {"data": _LISTED}, "/is_sleeping": {"is_sleeping": False}},
    "sglang": {"/ready": None, "/v1/models": {"data": [{"id": "mistral", "owned_by": "sglang"}]}},
    "tgi": {"/health": None, "/info": {"model_id": "mistral", "max_total_tokens": 4096}},
    "ollama": {
        "/": None,
        "/api/ps": {
            "models": [{"name": "mistral:latest", "expires_at": "2026-11-26T12:05:00.123456789Z", "context_length": 8}]
        },
        "/api/tags": {"models": [{"name": "mistral:latest", "model": "mistral:latest"}]},
    },
    "llama_cpp": {
        "/health": {"status": "ok"},
        "/models": {"data": [{"id": "mistral", "status": {"value": "loaded"}}]},
        "/v1/models": {"data": [{"id": "mistral", "owned_by": "llamacpp", "status": {"value": "loaded"}}]},
        "/props": {"is_sleeping": False},
    },
    "llama_swap": {
        "/running": {"running": [{"model": "mistral", "state": "ready"}]},
        "/v1/models": {"data": [{"id": "mistral"}]},
    },
    "lm_studio": {
        "/api/v1/models": {
            "models": [{"key": "mistral", "loaded_instances": [{"id": "a", "config": {"context_length": 8}}]}]
        }
    },
    "kserve": {"/v2/models/mistral/ready": {"name": "mistral", "ready": True}, "/v2": {"name": "kserve"}},
    "triton": {"/v2": {"name": "triton"}, "/v2/repository/index": [{"name": "mistral", "state": "READY"}]},
    "mlserver": {"/v2": {"name": "mlserver"}, "/v2/repository/index": [{"name": "mistral", "state": "READY"}]},
    "http": {"/health": None},
}


def bodies(runtime: str) -> dict[str, tuple[int, bytes]]:
    return {path: (200, b"" if it is None else json.dumps(it).encode()) for path, it in ANSWERS[runtime].items()}


@cache
def _client() -> Scripted:
    """One for all examples: what it has for TLS takes longer than an example."""
    return Scripted({})


async def looked(runtime: str, answers: Mapping[str, tuple[int, bytes]]) -> ThermalState | None:
    client = _client()
    client.answers = answers
    seen = await RUNTIMES[runtime].observe(at(runtime, "http://gpu"), client)
    assert seen.state is not None or seen.problem
    assert seen.problem is None or (seen.problem.isprintable() and len(seen.problem) < 1_000)
    assert seen.in_flight is None or seen.in_flight >= 0
    try:
        found = await RUNTIMES[runtime].scan(at(runtime, "http://gpu"), client)
    except Unanswered as error:
        assert error.problem.isprintable()
        found = None
    for model in found or ():
        assert model.name.strip() and model.name.isprintable() and len(model.name) <= 300
    return seen.state


@pytest.mark.parametrize("runtime", OVER_HTTP)
async def test_the_answers_that_are_changed_below_say_that_the_model_is_up(runtime: str) -> None:
    assert await looked(runtime, bodies(runtime)) is ThermalState.WARM


@settings(max_examples=examples(600), deadline=None)
@given(data=st.data(), runtime=st.sampled_from(OVER_HTTP))
async def test_a_changed_place_is_an_observation(data: st.DataObject, runtime: str) -> None:
    answers = bodies(runtime)
    path = data.draw(st.sampled_from(sorted(answers)))
    document = ANSWERS[runtime][path]
    mutated = changed(document, data.draw(st.sampled_from(places(document))), data.draw(VALUES))
    await looked(runtime, {**answers, path: (200, json.dumps(mutated).encode())})


@settings(max_examples=examples(300), deadline=None)
@given(
    runtime=st.sampled_from(OVER_HTTP),
    status=st.sampled_from([200, 204, 301, 304, 400, 401, 403, 404, 405, 418, 429, 500, 501, 503, 599]),
    body=st.binary(max_size=40) | VALUES.map(lambda it: json.dumps(it).encode()),
)
async def test_any_status_with_any_body_is_an_observation(runtime: str, status: int, body: bytes) -> None:
    await looked(runtime, dict.fromkeys(bodies(runtime), (status, body)))


@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda it: f"vllm:a {it}\nvllm:a{{{it}}} 1".encode()))
def test_gauges_of_any_text_are_a_number_from_0_or_none(body: bytes) -> None:
    found = gauges(body, "vllm:a")
    assert found is None or found >= 0


def test_gauges_are_added_over_their_labels() -> None:
    text = b'# HELP a x\na{m="}1"} 2.0\na{m="b"} 1.0 1700000000\nab 9\nb 4\n'
    assert (gauges(text, "a"), gauges(text, "a", "b"), gauges(text, "c")) == (3, 7, None)
    assert gauges(b"a NaN\na -1\na +Inf\n", "a") is None
