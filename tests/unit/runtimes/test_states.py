"""A model that is up is WARM, and HOT once it is scaled above what is always there."""

import json

import pytest

from radiant.domain.vocabulary import ThermalState
from radiant.runtimes.roster import RUNTIMES
from tests.unit.runtimes.playing import at
from tests.unit.runtimes.scripted import Scripted


@pytest.mark.parametrize(
    ("loaded", "min_instances", "state"),
    [
        (0, 0, ThermalState.COLD),
        (1, 0, ThermalState.WARM),
        (2, 0, ThermalState.HOT),
        (2, 1, ThermalState.HOT),
        (2, 2, ThermalState.WARM),
        (3, 2, ThermalState.HOT),
    ],
)
async def test_a_model_is_hot_above_its_minimum_of_instances(
    loaded: int, min_instances: int, state: ThermalState
) -> None:
    models = [{"key": "mistral", "loaded_instances": [{"id": f"mistral:{it}"} for it in range(loaded)]}]
    client = Scripted({"/api/v1/models": (200, json.dumps({"models": models}).encode())})
    endpoint = at("lm_studio", "http://gpu", min_instances=min_instances)
    seen = await RUNTIMES["lm_studio"].observe(endpoint, client)
    assert (seen.state, seen.instances) == (state, loaded)


@pytest.mark.parametrize(
    ("progress", "share"),
    [
        ({"https://a/1.gguf": {"done": 50, "total": 100}, "https://a/2.gguf": {"done": 50, "total": 300}}, 0.25),
        ({"https://a/1.gguf": {"done": 500, "total": 100}}, 1.0),
        ({"https://a/1.gguf": {"done": "half"}}, None),
        ({}, None),
        ("half", None),
    ],
)
async def test_a_download_of_llama_cpp_tells_how_far_it_is(progress: object, share: float | None) -> None:
    entry = {"id": "mistral", "status": {"value": "downloading", "progress": progress}}
    answers = {"/health": {"status": "ok"}, "/models": {"data": [entry]}}
    client = Scripted({path: (200, json.dumps(it).encode()) for path, it in answers.items()})
    seen = await RUNTIMES["llama_cpp"].observe(at("llama_cpp", "http://gpu"), client)
    assert (seen.state, seen.transitioning, seen.progress) == (ThermalState.COLD, True, share)


@pytest.mark.parametrize("path", ["/ready", "/model_info", "/get_model_info"])
async def test_sglang_of_any_age_says_that_it_is_up(path: str) -> None:
    listed = {"data": [{"id": "mistral", "owned_by": "sglang"}]}
    client = Scripted({path: (200, b""), "/v1/models": (200, json.dumps(listed).encode())})
    seen = await RUNTIMES["sglang"].observe(at("sglang", "http://gpu"), client)
    assert seen.state is ThermalState.WARM
    assert "/health" not in {asked for _, asked, _ in client.asked}, "it would generate a token"
