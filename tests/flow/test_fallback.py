"""Choosing with a fallback, against a registry: one warm-up for any number of callers, and no demand ever broken."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from psycopg.rows import DictRow

from radiant import Selector
from radiant.domain.choice import Via
from radiant.domain.errors import NoEligibleModel
from tests.waiting import until

Query = Callable[..., list[DictRow]]
Insert = Callable[..., None]

CHAT: dict[str, Any] = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}
#: Nothing in the registries of these tests is for searching, so that the default model is all there is.
SEARCH = {**CHAT, "task": "search"}


class Registry:
    """A registry with all providers and as many models as a test puts into it."""

    def __init__(self, url: str, query: Query) -> None:
        self.url, self.query = url, query
        query(url, "DELETE FROM models; DELETE FROM self_hosted_models; DELETE FROM default_models")
        query(url, "UPDATE providers SET compliance = '{}'")

    def external(self, model_id: str, **values: Any) -> None:
        given = {"provider_id": "openai", "pricing_type": "per_request", "cost_per_request": 1, **values}
        self._insert("models", model_id, given)

    def own(self, model_id: str, state: str = "COLD", **values: Any) -> None:
        given = {
            "category": "llm",
            "hourly_rate": 1,
            "warmup_time_seconds": 77,
            **values,
        }
        self._insert("self_hosted_models", model_id, given)
        self.query(self.url, "UPDATE thermal_states SET current_state = %s WHERE model_id = %s", state, model_id)

    def _insert(self, table: str, model_id: str, values: dict[str, Any]) -> None:
        given = {
            "model_id": model_id, "name": model_id, "display_name": model_id, "primary_mode": "chat",
            "input_modalities": ["text"], "output_modalities": ["text"], **values,
        }  # fmt: skip
        places = ", ".join(["%s"] * len(given))
        self.query(self.url, f"INSERT INTO {table} ({', '.join(given)}) VALUES ({places})", *given.values())

    def default(self, task: str, model_id: str) -> None:
        self.query(
            self.url,
            "INSERT INTO default_models (task, model_id) VALUES (%s, %s)"
            " ON CONFLICT (task) DO UPDATE SET model_id = excluded.model_id",
            task,
            model_id,
        )

    def demands(self) -> list[DictRow]:
        return self.query(self.url, "SELECT model_id, requested_by FROM warmup_demands WHERE until > now()")

    def thermal(self, model_id: str) -> DictRow:
        (row,) = self.query(
            self.url,
            "SELECT current_state, target_state, updated_by FROM thermal_states WHERE model_id = %s",
            model_id,
        )
        return row


@pytest.fixture
def registry(database_url: str, query: Query) -> Registry:
    return Registry(database_url, query)


async def test_of_two_hundred_callers_in_three_processes_one_starts_the_warm_up(registry: Registry) -> None:
    registry.own("own")
    async with AsyncExitStack() as stack:
        selectors = [await stack.enter_async_context(await Selector.connect(registry.url)) for _ in range(3)]
        choices = await asyncio.gather(*(selectors[n % 3].select_with_fallback(**CHAT) for n in range(200)))
    assert sum(choice.warmup_started for choice in choices) == 1
    assert {(it.model_id, it.via, it.warming, it.warmup_problem) for it in choices} == {
        ("own", Via.PREFERRED, "own", None),
    }
    assert {(it.warmup_required, it.warmup_time_seconds) for it in choices} == {(True, 77)}
    assert registry.demands() == [{"model_id": "own", "requested_by": "selector"}]
    assert registry.thermal("own") == {"current_state": "COLD", "target_state": "AUTOMATIC", "updated_by": "registry"}


async def test_a_ready_model_is_taken_without_a_warm_up(registry: Registry) -> None:
    registry.own("cold", per_request=9)
    registry.own("warm", "WARM", per_request=1)
    async with await Selector.connect(registry.url) as selector:
        choice = await selector.select_with_fallback(**CHAT)
    assert (choice.model_id, choice.via, choice.warming, choice.warmup_started) == ("warm", Via.PREFERRED, None, False)
    assert registry.demands() == []


async def test_a_warm_model_stands_in_for_the_better_cold_one(registry: Registry) -> None:
    registry.own("cold", per_request=1)
    registry.own("warm", "WARM", per_request=9)
    async with await Selector.connect(registry.url) as selector:
        choice = await selector.select_with_fallback(**CHAT)
    assert (choice.model_id, choice.via) == ("warm", Via.HANDOVER)
    assert (choice.warming, choice.warmup_started, choice.warmup_required) == ("cold", True, False)
    assert [demand["model_id"] for demand in registry.demands()] == ["cold"]


async def test_an_external_model_stands_in_even_when_self_hosted_is_preferred(registry: Registry) -> None:
    registry.own("own")
    registry.external("ext")
    async with await Selector.connect(registry.url) as selector:
        asked = {**CHAT, "prefer_hosting": "self_hosted"}
        assert [choice.model_id for choice in selector.rank(**asked)] == ["own"]
        first = await selector.select_with_fallback(**asked)
        second = await selector.select_with_fallback(**asked)
    assert (first.model_id, first.provider_id, first.via) == ("ext", "openai", Via.HANDOVER)
    assert (first.warming, first.warmup_started) == ("own", True)
    assert (second.model_id, second.warming, second.warmup_started) == ("ext", "own", False)


async def test_the_stand_in_meets_every_other_demand(registry: Registry) -> None:
    registry.own("own", capabilities=["vision"])
    registry.external("blind")
    async with await Selector.connect(registry.url) as selector:
        choice = await selector.select_with_fallback(**CHAT, required_capabilities=["vision"])
    assert (choice.model_id, choice.via, choice.warmup_required) == ("own", Via.PREFERRED, True)


async def test_what_is_off_is_never_started(registry: Registry) -> None:
    registry.own("off", "OFF")
    async with await Selector.connect(registry.url) as selector:
        with pytest.raises(NoEligibleModel):
            await selector.select_with_fallback(**CHAT)
        registry.external("ext")
        await until(lambda: selector.select(**CHAT))
        choice = await selector.select_with_fallback(**CHAT)
    assert (choice.model_id, choice.via, choice.warming) == ("ext", Via.PREFERRED, None)
    assert registry.thermal("off") == {"current_state": "OFF", "target_state": "AUTOMATIC", "updated_by": "registry"}


@pytest.mark.parametrize("target", ["OFF", "COLD", "WARM", "HOT"])
async def test_a_target_somebody_set_is_their_word_and_no_request_departs_from_it(
    registry: Registry, target: str
) -> None:
    registry.own("own")
    registry.query(registry.url, "UPDATE thermal_states SET target_state = %s, updated_by = 'ada'", target)
    async with await Selector.connect(registry.url) as selector:
        choice = await selector.select_with_fallback(**CHAT)
    assert (choice.model_id, choice.warmup_started) == ("own", False)
    assert registry.thermal("own") == {"current_state": "COLD", "target_state": target, "updated_by": "ada"}
    assert registry.demands() == []


async def test_a_model_that_went_off_since_the_snapshot_is_not_started(registry: Registry) -> None:
    registry.own("own")
    async with await Selector.connect(registry.url) as selector:
        for table in ("thermal_states", "self_hosted_models"):
            registry.query(registry.url, f"ALTER TABLE {table} DISABLE TRIGGER USER")
        registry.query(registry.url, "UPDATE thermal_states SET current_state = 'OFF'")
        choice = await selector.select_with_fallback(**CHAT)
    assert (choice.warming, choice.warmup_started) == ("own", False)
    assert registry.demands() == []


async def test_the_default_model_is_the_last_resort(registry: Registry) -> None:
    registry.external("last")
    registry.default("search", "last")
    async with await Selector.connect(registry.url) as selector:
        assert selector.select(**SEARCH) is None
        choice = await selector.select_with_fallback(**SEARCH)
    assert (choice.model_id, choice.via, choice.primary_mode) == ("last", Via.DEFAULT, "chat")


BROKEN = [
    ({"require_hipaa": True}, "require_hipaa"),
    ({"tenant_tier": 1}, "tenant_tier"),
    ({"input_modalities": ["text", "image"]}, "input_modalities"),
    ({"output_modalities": ["audio"]}, "output_modalities"),
    ({"required_capabilities": ["vision"]}, "required_capabilities"),
    ({"min_context_window": 5000}, "min_context_window"),
    ({"require_commercial_use": True}, "require_commercial_use"),
    ({"prefer_hosting": "self_hosted"}, "prefer_hosting"),
    ({"exclude": ["last"]}, "exclude"),
]


@pytest.mark.parametrize(("demand", "name"), BROKEN, ids=[name for _, name in BROKEN])
async def test_the_default_model_never_breaks_a_demand(registry: Registry, demand: dict[str, Any], name: str) -> None:
    if name == "require_commercial_use":
        registry.own("last", "WARM", commercial_use_allowed=False)
    else:
        registry.external("last", min_tier=3, context_window=4000)
    registry.default("search", "last")
    async with await Selector.connect(registry.url) as selector:
        assert (await selector.select_with_fallback(**SEARCH)).via is Via.DEFAULT
        with pytest.raises(NoEligibleModel) as raised:
            await selector.select_with_fallback(**{**SEARCH, **demand})
    assert raised.value.diagnosis.usable == 1
    assert (raised.value.diagnosis.emptied_by, raised.value.diagnosis.reliefs) == ("task", ())


@pytest.mark.parametrize("limit", [{"max_cost_per_request": "0.5"}, {"max_latency_ms": 100}], ids=str)
async def test_the_default_model_may_break_a_limit_and_says_so(registry: Registry, limit: dict[str, Any]) -> None:
    registry.external("last", min_tier=3, context_window=4000)
    registry.default("search", "last")
    async with await Selector.connect(registry.url) as selector:
        choice = await selector.select_with_fallback(**{**SEARCH, **limit})
    assert (choice.via, choice.broken) == (Via.DEFAULT, tuple(limit))


async def test_a_default_model_that_meets_the_demands_is_taken(registry: Registry) -> None:
    registry.external("last", min_tier=3, context_window=4000, capabilities=["vision"])
    registry.query(registry.url, "UPDATE providers SET compliance = '{HIPAA}' WHERE id = 'openai'")
    registry.default("search", "last")
    async with await Selector.connect(registry.url) as selector:
        choice = await selector.select_with_fallback(
            **SEARCH, require_hipaa=True, required_capabilities=["vision"], min_context_window=4000
        )
    assert (choice.model_id, choice.via) == ("last", Via.DEFAULT)


async def test_a_default_that_is_edited_is_followed(registry: Registry) -> None:
    registry.external("last")
    registry.external("newer")
    registry.default("search", "last")
    async with await Selector.connect(registry.url) as selector:
        assert (await selector.select_with_fallback(**SEARCH)).model_id == "last"
        registry.default("search", "newer")
        await until(lambda: "newer" in selector._index.defaults.values())
        assert (await selector.select_with_fallback(**SEARCH)).model_id == "newer"
        registry.query(registry.url, "DELETE FROM default_models")
        await until(lambda: not selector._index.defaults)
        with pytest.raises(NoEligibleModel):
            await selector.select_with_fallback(**SEARCH)


async def test_a_cold_default_is_warmed_up(registry: Registry) -> None:
    registry.own("last")
    registry.default("search", "last")
    async with await Selector.connect(registry.url) as selector:
        choice = await selector.select_with_fallback(**SEARCH)
    assert (choice.via, choice.warming, choice.warmup_started) == (Via.DEFAULT, "last", True)
    assert (choice.warmup_required, choice.warmup_time_seconds) == (True, 77)


@pytest.mark.parametrize("asked_before", [False, True], ids=["first request", "later request"])
async def test_a_warm_up_that_cannot_be_asked_for_is_told_and_the_choice_still_given(
    registry: Registry, server_url: str, asked_before: bool
) -> None:
    registry.own("own")
    registry.own("other", input_modalities=["audio"])
    registry.external("ext")
    (name,) = registry.query(registry.url, "SELECT current_database() AS name")
    async with await Selector.connect(registry.url) as selector:
        if asked_before:
            assert (await selector.select_with_fallback(**{**CHAT, "input_modalities": ["audio"]})).warmup_started
        registry.query(server_url, f"ALTER DATABASE {name['name']} ALLOW_CONNECTIONS false")
        registry.query(
            server_url, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", name["name"]
        )
        choice = await selector.select_with_fallback(**CHAT)
        assert (choice.model_id, choice.via, choice.warming) == ("ext", Via.HANDOVER, "own")
        assert not choice.warmup_started
        assert choice.warmup_problem is not None
        assert "PostgreSQL at" in choice.warmup_problem
        registry.query(server_url, f"ALTER DATABASE {name['name']} ALLOW_CONNECTIONS true")
        again = await selector.select_with_fallback(**CHAT)
        assert (again.warmup_started, again.warmup_problem) == (True, None)
    assert "own" in [demand["model_id"] for demand in registry.demands()]
