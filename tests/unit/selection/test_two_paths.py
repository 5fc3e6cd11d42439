"""The fast path (remembered answers, masks) and the plain path (every candidate asked every demand) agree."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiant import Selector
from radiant.domain.choice import Choice
from radiant.domain.criteria import Criteria
from radiant.domain.errors import InvalidCriteria
from radiant.selection.answer import fast, plain
from radiant.selection.criteria.roster import ROSTER
from radiant.selection.stated import stated_among
from radiant.selection.terms import Terms
from tests.unit.selection.strategies import CONNECTED, TODAY, Row, asked_strategy, registry, rows_strategy

Answer = Choice | tuple[str, str, tuple[str, ...]] | None

#: One of them takes the place of what was asked, now and then.
WRONG = st.sampled_from(
    [
        {"task": "chatting"},
        {"tenant_tier": True},
        {"tenant_tier": 6},
        {"input_modalities": ["text", "smell"]},
        {"prefer_hosting": None},
        {"max_cost_per_request": Decimal("sNaN")},
        {"max_cost_per_request": -1},
        {"max_latency_ms": "100"},
        {"required_capabilities": [["a"]]},
        {"exclude": "m"},
        {"profile": "dearest"},
        {"usage": {"cached_share": 2}},
        {"usage": 3},
        {"colour": "red"},
    ]
)


def said(ask: Callable[[Row], Choice | None], asked: Row) -> Answer:
    """The answer, or which error."""
    try:
        return ask(asked)
    except InvalidCriteria as error:
        return error.field, error.problem, error.allowed


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=rows_strategy,
    requests=st.lists(st.tuples(asked_strategy, st.one_of(st.just({}), st.just({}), WRONG)), min_size=1, max_size=6),
)
def test_both_paths_give_the_same_answer_or_the_same_error(
    space: str, drawn: list[Row], requests: list[tuple[Row, Row]]
) -> None:
    selector = Selector.from_rows(registry(drawn), today=TODAY, connected=CONNECTED)
    for right, wrong in [*requests, *requests]:
        asked = right | wrong
        expected = said(lambda it: plain.choose(selector._index, selector.read(it)), asked)
        assert said(lambda it: selector.select(**it), asked) == expected
        assert said(lambda it: selector.choose(selector.read(it)), asked) == expected
        if not isinstance(expected, tuple):
            criteria = selector.read(asked)
            picker = selector._index.picker_for(criteria)
            assert [*fast.eligible(picker, criteria)] == plain.eligible(selector._index.terms, picker, criteria)


def test_whatever_can_be_asked_is_a_demand_or_says_in_which_order() -> None:
    assert set(Criteria.__struct_fields__) - set(Terms(ROSTER).demands) == {"prefer_providers", "profile"}


def test_what_a_request_states_is_neither_none_nor_empty(chat: dict[str, Any]) -> None:
    stated = stated_among(("exclude", "min_context_window", "max_latency_ms", "required_capabilities"))
    selector = Selector()
    assert stated(selector.read(chat)) == []
    assert stated(selector.read(chat | {"min_context_window": 0, "required_capabilities": ["a"]})) == [
        (1, 0),
        (3, ("a",)),
    ]


def test_only_names_become_lines_of_code() -> None:
    with pytest.raises(ValueError, match="cannot be the name of a field"):
        stated_among(("exclude; import os",))


@pytest.mark.parametrize("method", ["select", "rank", "explain", "diagnose"])
def test_criteria_and_keywords_say_the_same_and_are_not_mixed(
    external: Callable[..., Row], chat: dict[str, Any], method: str
) -> None:
    selector = Selector.from_rows([external("m"), external("n")])
    ask = getattr(selector, method)
    criteria = Criteria(**chat)
    assert ask(criteria) == ask(**chat) == ask(selector.read(criteria))
    with pytest.raises(TypeError, match=r"^criteria are given, and profile beside them"):
        ask(criteria, profile="cheapest")


def test_criteria_that_were_read_pass_as_they_are_and_others_are_checked(chat: dict[str, Any]) -> None:
    selector = Selector()
    criteria = selector.read(chat)
    assert selector.read(criteria) is criteria
    with pytest.raises(InvalidCriteria, match=r"^tenant_tier: "):
        selector.choose(Criteria(**chat | {"tenant_tier": 7}))
