"""Hand-over, warm-up and the model of last resort."""

from collections.abc import Callable
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.choice import Choice, Via
from radiant.domain.errors import DatabaseUnreachable, NoEligibleModel

MakeRow = Callable[..., dict[str, Any]]


class Warmups:
    """Takes requests for warm-ups; the first one for a model starts it."""

    def __init__(self, problem: Exception | None = None) -> None:
        self.asked: list[str] = []
        self._problem = problem

    async def __call__(self, model_id: str) -> bool:
        self.asked.append(model_id)
        if self._problem:
            raise self._problem
        return self.asked.count(model_id) == 1


def told(choice: Choice) -> tuple[str, Via, str | None, bool]:
    return choice.model_id, choice.via, choice.warming, choice.warmup_started


async def test_the_best_model_is_returned_if_it_is_ready(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any]
) -> None:
    for state in ("HOT", "WARM"):
        warmups = Warmups()
        rows = [hosted("own", state, avg_latency_ms=1), external("theirs", avg_latency_ms=2)]
        selector = Selector.from_rows(rows, request_warmup=warmups)
        assert told(await selector.select_with_fallback(**chat)) == ("own", Via.PREFERRED, None, False)
        assert warmups.asked == []


async def test_a_cold_one_that_would_be_best_is_warmed_while_another_stands_in(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any]
) -> None:
    warmups = Warmups()
    rows = [hosted("own", avg_latency_ms=1), external("theirs", avg_latency_ms=2), external("slow", avg_latency_ms=3)]
    selector = Selector.from_rows(rows, request_warmup=warmups)
    assert told(await selector.select_with_fallback(**chat)) == ("theirs", Via.HANDOVER, "own", True)
    assert told(await selector.select_with_fallback(**chat)) == ("theirs", Via.HANDOVER, "own", False)
    assert warmups.asked == ["own", "own"]


async def test_the_health_of_a_self_hosted_model_does_not_count_against_it(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any]
) -> None:
    rows = [hosted("a-own", health_status="unknown"), external("b-theirs", health_status="healthy")]
    assert (await Selector.from_rows(rows).select_with_fallback(**chat)).model_id == "b-theirs"
    warmups = Warmups()
    await Selector.from_rows(rows, request_warmup=warmups).select_with_fallback(**chat, profile="fastest")
    assert warmups.asked == ["a-own"]


async def test_the_stand_in_is_of_the_same_hosting_if_there_is_one(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any]
) -> None:
    rows = [
        hosted("best", avg_latency_ms=1),
        hosted("warm", "WARM", avg_latency_ms=9),
        external("fast", avg_latency_ms=2),
    ]
    own = chat | {"prefer_hosting": "self_hosted"}
    selector = Selector.from_rows(rows, request_warmup=Warmups())
    assert told(await selector.select_with_fallback(**own)) == ("warm", Via.HANDOVER, "best", True)


async def test_only_the_hand_over_leaves_the_restriction_of_hosting(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any]
) -> None:
    own = chat | {"prefer_hosting": "self_hosted"}
    rows = [hosted("own"), external("theirs")]
    selector = Selector.from_rows(rows, request_warmup=Warmups())
    assert told(await selector.select_with_fallback(**own)) == ("theirs", Via.HANDOVER, "own", True)
    with pytest.raises(NoEligibleModel):
        await Selector.from_rows([external("theirs")]).select_with_fallback(**own)


@pytest.mark.parametrize(
    "demand",
    [
        {"require_hipaa": True},
        {"required_capabilities": ["a"]},
        {"min_context_window": 8000},
        {"exclude": ["theirs"]},
        {"max_latency_ms": 5},
    ],
)
async def test_a_stand_in_meets_every_other_demand(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any], demand: dict[str, Any]
) -> None:
    own = hosted("own", compliance=["HIPAA"], capabilities=["a"], avg_latency_ms=1)
    theirs = external("theirs", context_window=10, avg_latency_ms=9)
    found = await Selector.from_rows([own, theirs], request_warmup=Warmups()).select_with_fallback(**chat | demand)
    assert told(found) == ("own", Via.PREFERRED, "own", True)


async def test_if_nothing_is_ready_the_best_one_is_returned_with_its_time(
    hosted: MakeRow, chat: dict[str, Any]
) -> None:
    warmups = Warmups()
    rows = [hosted("b", warmup_time_seconds=33), hosted("c")]
    found = await Selector.from_rows(rows, request_warmup=warmups).select_with_fallback(**chat)
    assert told(found) == ("b", Via.PREFERRED, "b", True)
    assert (found.warmup_required, found.warmup_time_seconds, warmups.asked) == (True, 33, ["b"])


async def test_without_anybody_to_ask_no_warm_up_is_claimed(hosted: MakeRow, chat: dict[str, Any]) -> None:
    found = await Selector.from_rows([hosted("m")]).select_with_fallback(**chat)
    assert (found.warming, found.warmup_started) == (None, False)


async def test_a_warm_up_that_cannot_be_asked_for_does_not_cost_the_choice(
    external: MakeRow, hosted: MakeRow, chat: dict[str, Any]
) -> None:
    warmups = Warmups(DatabaseUnreachable("The database is away."))
    rows = [hosted("own", avg_latency_ms=1), external("theirs", avg_latency_ms=2)]
    found = await Selector.from_rows(rows, request_warmup=warmups).select_with_fallback(**chat)
    assert told(found) == ("theirs", Via.HANDOVER, "own", False)
    assert found.warmup_problem == "The database is away."


async def test_the_default_model_stands_in_whatever_its_own_task(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external("chatty"), external("other", primary_mode="image")]
    selector = Selector.from_rows(rows, defaults={"completion": "chatty"})
    found = await selector.select_with_fallback(**chat | {"task": "completion"})
    assert told(found) == ("chatty", Via.DEFAULT, None, False) and found.primary_mode == "chat"


async def test_of_several_offers_of_the_default_model_the_best_one_stands_in(
    external: MakeRow, chat: dict[str, Any]
) -> None:
    rows = [external("d", provider_id=name, avg_latency_ms=ms) for name, ms in (("p", 3), ("q", 1), ("r", 2))]
    selector = Selector.from_rows(rows, defaults={"completion": "d"})
    asked = chat | {"task": "completion"}
    assert (await selector.select_with_fallback(**asked)).provider_id == "q"
    assert (await selector.select_with_fallback(**asked, exclude=["q/d"])).provider_id == "r"
    assert (await selector.select_with_fallback(**asked, prefer_providers=["p"])).provider_id == "p"


async def test_a_cold_default_model_is_warmed(hosted: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([hosted("d")], defaults={"completion": "d"}, request_warmup=Warmups())
    found = await selector.select_with_fallback(**chat | {"task": "completion"})
    assert told(found) == ("d", Via.DEFAULT, "d", True) and found.warmup_required


@pytest.mark.parametrize(
    ("columns", "demand"),
    [
        ({"compliance": []}, {"require_hipaa": True}),
        ({"min_tier": 4}, {}),
        ({"commercial_use_allowed": False}, {"require_commercial_use": True}),
        ({}, {"input_modalities": ["image"]}),
        ({}, {"output_modalities": ["audio"]}),
        ({}, {"required_capabilities": ["vision"]}),
        ({}, {"min_context_window": 9000}),
        ({}, {"min_class": "small"}),
        ({}, {"only_providers": ["q"]}),
        ({}, {"exclude_providers": ["p"]}),
        ({}, {"connected_only": True}),
        ({}, {"usage": {"input_tokens": 9000}}),
        ({"retires": "2020-01-01"}, {}),
        ({}, {"prefer_hosting": "self_hosted"}),
        ({}, {"exclude": ["d"]}),
        ({"enabled": False}, {}),
        ({"deprecated": True}, {}),
        ({"health_status": "unhealthy"}, {}),
        ({"model_id": "e"}, {}),
    ],
)
async def test_a_default_model_never_breaks_a_hard_demand(
    external: MakeRow, chat: dict[str, Any], columns: dict[str, Any], demand: dict[str, Any]
) -> None:
    selector = Selector.from_rows([external("d") | columns], defaults={"completion": "d"}, providers=["q"])
    with pytest.raises(NoEligibleModel):
        await selector.select_with_fallback(**chat | {"task": "completion"} | demand)


async def test_the_error_says_which_demand_left_nothing(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external("b"), external("a")])
    with pytest.raises(NoEligibleModel) as refused:
        await selector.select_with_fallback(**chat, require_hipaa=True)
    assert refused.value.diagnosis.emptied_by == "require_hipaa"
    assert str(refused.value) == "No model satisfies the request: without require_hipaa: 2 models, first a."
