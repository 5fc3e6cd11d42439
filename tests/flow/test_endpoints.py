"""Endpoints made, looked at, changed and found at servers, and how a selector sees it."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from psycopg.rows import DictRow

from radiant import Selector
from radiant.admin.endpoints import Endpoints
from radiant.admin.review import Review
from radiant.domain.endpoint import Endpoint, Found, Observed
from radiant.domain.endpoint_state import EndpointChange, EndpointNotFound, NewEndpoint
from radiant.domain.errors import RuleViolated
from radiant.domain.sync import ReviewStatus
from radiant.domain.vocabulary import ThermalState
from radiant.domain.warmth import NotSelfHosted
from radiant.registry.database import Database
from radiant.runtimes.ollama import Ollama
from radiant.runtimes.roster import RUNTIMES
from radiant.runtimes.sagemaker import SageMaker
from radiant.runtimes.said import Unanswered
from radiant.simulator.machine import Machine
from radiant.simulator.script import Script
from radiant.simulator.serving import playing
from tests.flow.raw import raw
from tests.waiting import until

Query = Callable[..., list[DictRow]]

CHAT: dict[str, Any] = {
    "task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5,
    "prefer_hosting": "self_hosted",
}  # fmt: skip
MISTRAL = "mistral-7b-v0.3"
#: Where nobody listens.
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def endpoints(database: Database) -> Endpoints:
    return Endpoints(database, environment={})


@asynccontextmanager
async def server(runtime: str = "ollama", **models: str) -> AsyncIterator[tuple[str, Machine]]:
    """The address of a fake runtime with these models and their states."""
    played = {"id": "gpu", "runtime": runtime, "models": [{"name": it, "state": at} for it, at in models.items()]}
    async with playing(msgspec.convert({"runtimes": [played]}, Script)) as theater:
        yield theater.runtimes.url("gpu"), theater.runtimes.all["gpu"]


def ollama(url: str | None = NOWHERE, /, **more: Any) -> NewEndpoint:
    return NewEndpoint(**{"model_id": MISTRAL, "runtime": "ollama", "url": url, "name": "mistral:7b", **more})


async def test_what_is_added_is_looked_at_and_chosen(endpoints: Endpoints, database_url: str) -> None:
    async with server(**{"mistral:7b": "ready"}) as (url, machine), await Selector.connect(database_url) as selector:
        assert selector.select(**CHAT) is None
        made = await endpoints.add(ollama(url))
        assert (made.state, made.called, made.instances, made.problem) == (ThermalState.WARM, True, 1, None)
        await until(lambda: (it := selector.select(**CHAT)) and not it.warmup_required)
        choice = selector.select(**CHAT)
        assert choice is not None
        assert (choice.model_id, choice.thermal_state, choice.litellm_id) == (MISTRAL, "WARM", "ollama/mistral:7b")
        assert (choice.endpoint_id, choice.endpoint_url) == (made.id, url)
        assert machine.tasks == 0, "nobody was kept awake"
        machine.models["mistral:7b"].unload()
        assert (await endpoints.test(made.id)).state is ThermalState.COLD
        await until(lambda: (selector.select(**CHAT) or choice).warmup_required)
        await endpoints.remove(made.id)
        await until(lambda: selector.select(**CHAT) is None)


async def test_of_several_endpoints_the_best_is_called_and_each_is_listed(
    endpoints: Endpoints, database_url: str
) -> None:
    async with (
        server(**{"mistral:7b": "unloaded"}) as (cold, _),
        server("vllm", **{"org/mistral": "ready"}) as (warm, _),
        await Selector.connect(database_url) as selector,
    ):
        first = await endpoints.add(ollama(cold))
        second = await endpoints.add(ollama(warm, runtime="vLLM", name="org/mistral"))
        listed = await endpoints.listed(MISTRAL)
        assert [(it.id, it.state, it.called) for it in listed] == [(first.id, "COLD", False), (second.id, "WARM", True)]
        await until(lambda: (it := selector.select(**CHAT)) and it.endpoint_url == warm)
        await endpoints.change(second.id, EndpointChange(enabled=False))
        await until(lambda: (it := selector.select(**CHAT)) and it.endpoint_url == cold)
        assert [it.model_id for it in selector.rank(**CHAT, exclude=["ollama/mistral:7b"])] == []


async def test_an_endpoint_that_moves_is_looked_at_where_it_is_now(endpoints: Endpoints) -> None:
    made = await endpoints.add(ollama(NOWHERE))
    assert (made.state, made.problem) == (ThermalState.OFF, "nobody listens there")
    async with server(**{"mistral:7b": "ready"}) as (url, _):
        moved = await endpoints.change(made.id, EndpointChange(url=url, options={"keep_alive": "1h"}))
        assert (moved.state, moved.problem, moved.options) == (ThermalState.WARM, None, {"keep_alive": "1h"})
        changed = await endpoints.change(made.id, EndpointChange(options={"keep_alive": None}, max_instances=4))
        assert (changed.options, changed.max_instances, changed.state) == ({}, 4, ThermalState.WARM)


async def test_nobody_looks_where_that_is_not_wanted(endpoints: Endpoints) -> None:
    made = await endpoints.add(ollama(NOWHERE), look=False)
    assert (made.observed_at, made.state, made.called) == (None, ThermalState.COLD, True)


async def test_what_has_a_name_alone_needs_no_address_and_is_named_after_its_model(endpoints: Endpoints) -> None:
    new = NewEndpoint(model_id=MISTRAL, runtime="sagemaker", region="eu-central-1", may_create=True)
    made = await endpoints.add(new, look=False)
    assert re.fullmatch(r"radiant-mistral-7b-v0-3-[0-9a-f]{6}", made.name), "SageMaker takes no dots"
    assert (made.url, made.litellm_id) == (None, f"sagemaker/{made.name}")


async def test_a_part_of_an_option_is_set_beside_the_others(endpoints: Endpoints) -> None:
    deploy = {"accelerators": 4, "memory_mb": 1}
    new = NewEndpoint(model_id=MISTRAL, runtime="sagemaker", may_create=True, options={"deploy": deploy})
    made = await endpoints.add(new, look=False)
    given = {"deploy": {"execution_role": "arn", "memory_mb": None}, "variant_name": "one"}
    changed = await endpoints.change(made.id, EndpointChange(options=given))
    assert changed.options == {"deploy": {"accelerators": 4, "execution_role": "arn"}, "variant_name": "one"}


async def test_a_region_is_scanned_as_a_server_is(endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(self: SageMaker, place: Endpoint, client: Any) -> list[Found] | None:
        there = [Found(name="radiant-bge-m3", state=ThermalState.WARM), Found(name="bge-m3", state=ThermalState.COLD)]
        return there if (place.region, place.url) == ("eu-central-1", None) else None

    async def seen(self: SageMaker, endpoint: Endpoint, client: Any) -> Observed:
        return Observed(at=client.now(), state=ThermalState.WARM)

    monkeypatch.setattr(SageMaker, "scan", found)
    monkeypatch.setattr(SageMaker, "observe", seen)
    scanned = await endpoints.scan("sagemaker:eu-central-1", add=True)
    assert {it.name: it.model_id for it in scanned.models} == {"bge-m3": "bge-m3", "radiant-bge-m3": "bge-m3"}
    assert {(it.region, it.url, it.state.value) for it in await endpoints.listed()} == {("eu-central-1", None, "WARM")}


async def test_a_look_at_what_moved_meanwhile_is_not_written_down(
    endpoints: Endpoints, database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await endpoints.add(ollama(NOWHERE), look=False)
    look = Ollama.observe

    async def slowly(self: Ollama, *asked: Any) -> Any:
        seen = await look(self, *asked)
        query(database_url, "UPDATE endpoints SET url = 'http://127.0.0.1:10'")
        return seen

    monkeypatch.setattr(Ollama, "observe", slowly)
    assert (await endpoints.test(made.id)).observed_at is None


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"model_id": "mistrall-7b-v0.3"}, NotSelfHosted, "mistral-7b-v0.3"),
    ({"model_id": "gpt-4o-mini"}, NotSelfHosted, "gpt-4o-mini"),
    ({"runtime": "olama"}, RuleViolated, "No runtime 'olama'; expected one of vllm, ollama, "),
    ({"url": None}, RuleViolated, "An endpoint of ollama needs the address of its server"),
    ({"url": "ftp://gpu"}, RuleViolated, "cannot be used: it is no http"),
    ({"url": "http://me:word@gpu"}, RuleViolated, "keys belong into the environment"),
    ({"url": "http://169.254.169.254/"}, RuleViolated, "is not link-local"),
    ({"min_instances": 3}, RuleViolated, "at most no fewer than at least"),
]


@pytest.mark.parametrize(("given", "error", "said"), WRONG, ids=[str(it[0]) for it in WRONG])
async def test_what_cannot_be_an_endpoint_is_refused_in_words(
    endpoints: Endpoints, given: dict[str, Any], error: type[Exception], said: str
) -> None:
    with pytest.raises(error) as caught:
        await endpoints.add(ollama(**given))
    assert said in str(caught.value)
    assert await endpoints.listed() == []


async def test_a_place_has_one_endpoint_and_a_number_that_is_none_is_told(endpoints: Endpoints) -> None:
    made = await endpoints.add(ollama(NOWHERE), look=False)
    with pytest.raises(RuleViolated, match="already") as caught:
        await endpoints.add(ollama(NOWHERE, model_id="mixtral-8x7b"))
    assert caught.value.kind == "conflict"
    for ask in (endpoints.of, endpoints.test, endpoints.remove):
        with pytest.raises(EndpointNotFound, match=f"No endpoint 99; there are: {made.id}"):
            await ask(99)


async def test_a_slash_at_the_end_makes_no_other_place(endpoints: Endpoints) -> None:
    async with server(**{"mistral:7b": "ready"}) as (url, _):
        made = await endpoints.add(ollama(f"{url}/"), look=False)
        assert made.url == url
        with pytest.raises(RuleViolated, match="There is an endpoint of that runtime, address"):
            await endpoints.add(ollama(url), look=False)
        assert [it.endpoint_id for it in (await endpoints.scan(f"{url}/")).models] == [made.id]


async def test_a_runtime_that_this_version_does_not_know_is_told_and_nothing_breaks(
    endpoints: Endpoints, query: Query, database_url: str
) -> None:
    made = await endpoints.add(ollama(), look=False)
    query(database_url, "UPDATE endpoints SET runtime = 'newer' RETURNING 1")
    assert (await endpoints.test(made.id)).problem == "this version knows no runtime newer"


async def test_a_model_is_named_by_any_of_its_names(endpoints: Endpoints) -> None:
    for name in ("Mistral-7B-v0.3", "mistralai/Mistral-7B-Instruct-v0.3", "sagemaker/mistral-7b-v0.3"):
        made = await endpoints.add(ollama(NOWHERE, model_id=name), look=False)
        assert made.model_id == MISTRAL
        await endpoints.remove(made.id)


async def test_a_server_is_recognized_and_its_models_too(endpoints: Endpoints) -> None:
    models = {"mistral:7b": "ready", "bge-m3:latest": "unloaded", "nobody-knows:1b": "unloaded"}
    async with server(**models) as (url, machine):
        found = await endpoints.scan(url)
        assert (found.runtime, await endpoints.listed()) == ("ollama", [])
        assert {it.name: (it.model_id, it.state.value) for it in found.models} == {
            "mistral:7b": (MISTRAL, "WARM"), "bge-m3:latest": ("bge-m3", "COLD"), "nobody-knows:1b": (None, "COLD"),
        }  # fmt: skip
        added = await endpoints.scan(url, add=True)
        ids = {it.name: it.endpoint_id for it in added.models}
        assert {it.name: it.id for it in await endpoints.listed()} == {k: v for k, v in ids.items() if v is not None}
        assert {it.model_id: it.state.value for it in await endpoints.listed()} == {MISTRAL: "WARM", "bge-m3": "COLD"}
        assert {it.name for it in added.models if it.in_review} == {"nobody-knows:1b"}
        again = await endpoints.scan(url, add=True)
        assert {it.name: it.endpoint_id for it in again.models} == ids, "what is there is not added twice"
        assert machine.tasks == 0


async def test_what_is_unknown_waits_in_review_until_somebody_makes_a_model_of_it(
    endpoints: Endpoints, database: Database
) -> None:
    review = Review(database)
    async with server(**{"nobody/knows:1b": "ready"}) as (url, _):
        await endpoints.scan(url, add=True)
        (waiting,) = await review.listed("self_hosted")
        assert (waiting.id, waiting.missing) == ("self_hosted/nobody/knows:1b", ("task", "modalities"))
        assert (waiting.proposed["runtime"], waiting.proposed["url"]) == ("ollama", url)
        (approved,) = await review.decide([waiting.id], ReviewStatus.APPROVED, by="ada")
        assert approved.status == "approved"
        (made,) = await endpoints.listed("nobody/knows:1b")
        assert (made.url, (await endpoints.test(made.id)).state) == (url, ThermalState.WARM)
        assert (await endpoints.scan(url)).models[0].model_id == "nobody/knows:1b"
        await review.decide([waiting.id], ReviewStatus.REJECTED, by="ada")
        assert await endpoints.listed() == []
        again = await endpoints.scan(url, add=True)
        assert [it.in_review for it in again.models] == [False], "what was rejected stays rejected"


@pytest.mark.parametrize("runtime", sorted(set(RUNTIMES) - {"http", "mlserver", "sagemaker"}))
async def test_each_runtime_is_recognized_for_what_it_is(endpoints: Endpoints, runtime: str) -> None:
    async with server(runtime, mistral="ready") as (url, _):
        assert (await endpoints.scan(url)).runtime == runtime


async def test_a_scan_shows_the_key_that_it_is_given_and_says_where_one_is_wanted(database: Database) -> None:
    async def guarded(writer: asyncio.StreamWriter) -> None:
        head = it.asked[-1]
        known = b"Bearer k-1" in head
        body = b'{"data": [{"id": "mistral", "owned_by": "sglang"}]}' if b"/v1/models" in head and known else b""
        status = b"200 OK" if body else b"404 Not Found" if known else b"401 Unauthorized"
        writer.write(b"HTTP/1.1 %s\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s" % (status, len(body), body))

    endpoints = Endpoints(database, environment={"GPU_KEY": "k-1", "OTHER_KEY": "k-2"})
    async with raw(guarded) as it:
        found = await endpoints.scan(it.url)
        wants = "it answered 401: it wants a key; secret_env names the variable with its key"
        assert found.problem == f"what runs at {it.url} is not known: {wants}"
        found = await endpoints.scan(it.url, secret_env="OTHER_KEY")
        assert (found.problem or "").endswith("it answered 401: it does not accept the key")
        found = await endpoints.scan(it.url, secret_env="NO_KEY")
        assert (found.problem or "").endswith("its key is not set: NO_KEY has no value here")
        found = await endpoints.scan(it.url, secret_env="GPU_KEY", add=True)
        assert (found.runtime, [model.name for model in found.models]) == ("sglang", ["mistral"])


async def test_a_region_that_cannot_be_asked_says_why(endpoints: Endpoints, monkeypatch: pytest.MonkeyPatch) -> None:
    async def found(self: SageMaker, place: Endpoint, client: Any) -> list[Found] | None:
        raise Unanswered("boto3 finds no credentials of AWS here", permanent=True)

    monkeypatch.setattr(SageMaker, "scan", found)
    scanned = await endpoints.scan("sagemaker:eu-central-1")
    said = "what runs at sagemaker:eu-central-1 is not known: boto3 finds no credentials of AWS here"
    assert scanned.problem == said


async def test_where_no_runtime_answers_that_is_said(endpoints: Endpoints) -> None:
    found = await endpoints.scan(NOWHERE)
    assert (found.runtime, found.models) == (None, ())
    assert found.problem is not None
    assert found.problem == f"what runs at {NOWHERE} is not known: nobody listens there"
