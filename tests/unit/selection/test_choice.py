"""What a choice says."""

import asyncio
import inspect
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radiant import Selector
from radiant.domain.choice import Via
from radiant.domain.criteria import Criteria, Usage

MakeRow = Callable[..., dict[str, Any]]


def test_a_choice_says_what_is_needed_to_call_the_model(external: MakeRow, chat: dict[str, Any]) -> None:
    row = external("m", pricing_type="per_request", cost_per_request=Decimal("0.10"), avg_latency_ms=5)
    found = Selector.from_rows([row]).select(**chat)
    assert found is not None
    assert msgspec.to_builtins(found.document()) == {
        "id": "p#m",
        "model_id": "m",
        "display_name": "M",
        "hosting_type": "external",
        "provider_id": "p",
        "provider_name": "Provider p",
        "primary_mode": "chat",
        "thermal_state": None,
        "warmup_required": False,
        "warmup_time_seconds": 0,
        "health_status": "healthy",
        "litellm_id": "p/m",
        "estimated_cost": "0.1",
        "estimated_for": "for 1,000 input and 500 output tokens",
        "via": "preferred",
        "warming": None,
        "warmup_started": False,
        "warmup_problem": None,
        "warming_seconds": None,
        "extra_cost": None,
        "retires": None,
        "successor": None,
        "connected": None,
        "broken": (),
        "unmatched_exclusions": (),
        "doubts": (),
        "endpoint_id": None,
        "endpoint_url": None,
        "instance_type": None,
        "cost_per_hour": None,
        "license": None,
        "snapshot_age_seconds": None,
    }
    assert found.estimated_cost == Decimal("0.1")


@pytest.mark.parametrize(("state", "required", "seconds"), [("HOT", False, 0), ("WARM", False, 0), ("COLD", True, 90)])
def test_only_a_cold_model_has_to_be_warmed(
    hosted: MakeRow, chat: dict[str, Any], state: str, required: bool, seconds: int
) -> None:
    found = Selector.from_rows([hosted("m", state)]).select(**chat)
    assert found is not None
    assert (found.thermal_state, found.warmup_required, found.warmup_time_seconds) == (state, required, seconds)


def test_an_unknown_cost_is_none_and_a_free_model_costs_0(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external("a"), external("b", pricing_type="per_request", cost_per_request=0)]
    costs = {each.model_id: each.estimated_cost for each in Selector.from_rows(rows).rank(**chat)}
    assert costs == {"a": None, "b": Decimal(0)}


def test_the_age_goes_on_in_choices_that_were_made_before(external: MakeRow, chat: dict[str, Any]) -> None:
    now = [100.0]
    selector = Selector(clock=lambda: now[0])
    selector.swap(selector.build([external("m")], taken_at=98.0))
    found = selector.select(**chat)
    assert found is not None and found.snapshot_age_seconds == 2.0
    now[0] = 110.0
    again = selector.select(**chat)
    assert again is found and found.snapshot_age_seconds == 12.0 and found.document().snapshot_age_seconds == 12.0
    selector.freshness.confirm(109.0)
    assert found.snapshot_age_seconds == 1.0
    selector.swap(selector.build([external("m")], taken_at=110.0))
    assert found.snapshot_age_seconds == 1.0 and selector.freshness.age == 0.0


def test_the_same_request_gets_the_same_answer_until_the_index_is_swapped(
    external: MakeRow, chat: dict[str, Any]
) -> None:
    selector = Selector.from_rows([external("m")])
    first = selector.select(**chat)
    assert first is not None and selector.select(**chat) is first
    selector.swap(selector.build([external("other")]))
    second = selector.select(**chat)
    assert second is not None and (first.model_id, second.model_id) == ("m", "other")


def test_an_empty_registry_has_no_answer(chat: dict[str, Any]) -> None:
    selector = Selector()
    assert selector.select(**chat) is None
    assert selector.rank(**chat) == []
    assert selector.explain(**chat).verdicts == ()


def test_a_list_has_as_many_as_are_asked_for(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external(f"m{number:02}") for number in range(20)])
    assert [choice.model_id for choice in selector.rank(**chat, limit=3)] == ["m00", "m01", "m02"]
    assert len(selector.rank(**chat)) == 10
    assert selector.rank(**chat, limit=0) == []
    assert len(selector.rank(**chat, limit=100)) == 20


def test_more_requests_than_are_remembered_are_answered_too(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external("m", context_window=1500)])
    found = [selector.select(**chat, min_context_window=number) is not None for number in range(3000)]
    assert found == [number <= 1500 for number in range(3000)]


def test_more_usages_than_are_kept_are_answered_too(external: MakeRow, chat: dict[str, Any]) -> None:
    tokens = {"pricing_type": "per_token", "input_cost_per_1k": 1, "output_cost_per_1k": 1}
    selector = Selector.from_rows([external("m", **tokens)])
    for profile in ("ready-first", "cheapest"):
        for number in range(900):
            found = selector.select(**chat, profile=profile, usage=Usage(input_tokens=number, output_tokens=0))
            assert found is not None and found.estimated_cost == Decimal(number) / 1000


@pytest.mark.parametrize("ask", ["select", "explain_at_length", "diagnose", "select_with_fallback"])
def test_what_help_shows_as_keywords_are_the_fields_of_criteria(ask: str) -> None:
    fields = Criteria.__struct_fields__
    parameters = inspect.signature(getattr(Selector, ask)).parameters
    own = {"select_with_fallback": ("fallback", "max_wait_s")}.get(ask, ())
    assert tuple(parameters)[2:-1] == (*own, *fields)
    assert all(parameters[name].kind is inspect.Parameter.KEYWORD_ONLY for name in fields)
    defaults = {field.name: field.default for field in msgspec.structs.fields(Criteria) if not field.required}
    assert {name: parameters[name].default for name in defaults} == defaults


def test_threads_may_ask_while_the_index_is_swapped(external: MakeRow, chat: dict[str, Any]) -> None:
    def rows(generation: int) -> list[dict[str, Any]]:
        return [external(f"{generation}-{number}", context_window=number) for number in range(50)]

    selector = Selector.from_rows(rows(0))
    stop = threading.Event()
    wrong: list[object] = []

    def ask() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            try:
                found = selector.select(**chat, min_context_window=number % 50, max_cost_per_request=None)
                if found is None or (not found.model_id.endswith(f"-{number % 50}") and number % 50 > 9):
                    wrong.append(found)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for generation in range(30):
        selector.swap(selector.build(rows(generation)))
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_choice_through_the_fallback_equals_the_plain_one(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external("m")])
    plain, careful = selector.select(**chat), asyncio.run(selector.select_with_fallback(**chat))
    assert plain == careful
    assert careful.via is Via.PREFERRED


def test_nothing_a_model_is_called_is_markup(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external("<script>", provider_name="<b>&")])
    choice = selector.select(**chat)
    assert choice is not None
    for html in (choice._repr_html_(), selector.explain(**chat)._repr_html_()):
        assert "<script>" not in html
        assert "&lt;script&gt;" in html
