"""A model that is up is WARM, and HOT once it is scaled above what is always there."""

import json
from typing import Any

import pytest

from radiant.domain.endpoint import Endpoint
from radiant.domain.vocabulary import ThermalState
from radiant.runtimes.roster import RUNTIMES
from radiant.runtimes.runtime import RuntimeFailed
from radiant.runtimes.said import Said, Unanswered
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


def ollama(*pulled: dict[str, str], up: str = "") -> dict[str, tuple[int, bytes]]:
    answers = {"/api/tags": {"models": list(pulled)}, "/api/ps": {"models": [{"name": up}] if up else []}}
    said = {path: (200, json.dumps(it).encode()) for path, it in answers.items()}
    return {**said, "/": (200, b"Ollama is running")}


async def test_a_model_that_ollama_only_passes_requests_on_to_is_not_ones_own() -> None:
    cloud = {"name": "mistral:cloud", "remote_model": "mistral", "remote_host": "https://ollama.com:443"}
    client = Scripted(ollama(cloud, {"name": "local:latest"}))
    endpoint = at("ollama", "http://gpu", name="mistral:cloud")
    seen = await RUNTIMES["ollama"].observe(endpoint, client)
    assert (seen.state, seen.problem) == (ThermalState.OFF, "it runs at https://ollama.com:443 and not on this server")
    with pytest.raises(RuntimeFailed):
        await RUNTIMES["ollama"].warm(endpoint, client)
    assert [it.name for it in await RUNTIMES["ollama"].scan(endpoint, client) or []] == ["local:latest"]
    assert not any(method == "POST" for method, _, _ in client.asked), "an empty prompt would leave the house"


async def test_what_only_embeds_is_loaded_by_ollama_as_it_embeds() -> None:
    refusal = (400, b'{"error":"\\"mistral\\" does not support generate"}')
    client = Scripted({**ollama({"name": "mistral:latest"}), "/api/generate": refusal, "/api/embed": (200, b"{}")})
    await RUNTIMES["ollama"].warm(at("ollama", "http://gpu"), client)
    assert client.asked[-1] == ("POST", "/api/embed", {"model": "mistral", "keep_alive": -1, "input": []})
    broken = (400, b'{"error":"invalid options"}')
    client = Scripted({**ollama({"name": "mistral:latest"}), "/api/generate": broken, "/api/embed": (200, b"{}")})
    with pytest.raises(RuntimeFailed, match="invalid options"):
        await RUNTIMES["ollama"].warm(at("ollama", "http://gpu"), client)


async def test_ollama_knows_a_model_whatever_the_case_of_its_letters() -> None:
    client = Scripted(ollama({"name": "Mistral:7B"}, up="Mistral:7B"))
    for name in ("mistral:7b", "Mistral:7B", "MISTRAL:7b"):
        seen = await RUNTIMES["ollama"].observe(at("ollama", "http://gpu", name=name), client)
        assert seen.state is ThermalState.WARM


class Unmeasured(Scripted):
    """A server that answers everything but how much it works."""

    async def ask(
        self, endpoint: Endpoint, method: str, path: str, body: Any = None, *, seconds: float | None = None
    ) -> Said:
        if path == "/metrics":
            assert seconds is not None and seconds < self.patience.look, "a look has to be over before"
            raise Unanswered("what came is larger than 4 MiB")
        return await super().ask(endpoint, method, path, body, seconds=seconds)


@pytest.mark.parametrize("runtime", ["vllm", "sglang", "tgi"])
async def test_a_model_is_up_also_where_its_server_does_not_tell_how_much_it_works(runtime: str) -> None:
    listed = json.dumps({"data": [{"id": "mistral", "owned_by": runtime}], "model_id": "mistral"}).encode()
    paths = ("/health", "/ready", "/info", "/v1/models")
    client = Unmeasured(dict.fromkeys(paths, (200, listed)))
    seen = await RUNTIMES[runtime].observe(at(runtime, "http://gpu"), client)
    assert (seen.state, seen.in_flight, seen.problem) == (ThermalState.WARM, None, None)


async def test_an_entry_that_is_odd_costs_a_scan_no_other_model() -> None:
    routed = [{"id": "new", "owned_by": "llamacpp", "status": {"value": "hibernating"}},
              {"id": "old", "owned_by": "llamacpp", "status": {"value": "loaded"}}]  # fmt: skip
    keyed = [{"key": "new", "loaded_instances": "two"}, {"key": "old", "loaded_instances": [{"id": "old"}]}]
    for runtime, path, listed in (
        ("llama_cpp", "/v1/models", {"data": routed}),
        ("lm_studio", "/api/v1/models", {"models": keyed}),
    ):
        client = Scripted({path: (200, json.dumps(listed).encode())})
        found = await RUNTIMES[runtime].scan(at(runtime, "http://gpu"), client) or []
        assert [it.name for it in found] == ["new", "old"]
        assert found[1].state is ThermalState.WARM and found[0].state is not ThermalState.WARM
