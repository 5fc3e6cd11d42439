"""The fast path (remembered answers, masks) and the plain path (every candidate asked every demand) agree."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiant import Selector
from radiant.domain.choice import Choice
from radiant.domain.criteria import Criteria
from radiant.domain.errors import InvalidCriteria
from radiant.selection.answer import fast, plain
from radiant.selection.answer.fast import PATIENCE, REST
from radiant.selection.criteria.roster import ROSTER
from radiant.selection.stated import Fields, taking_apart
from radiant.selection.terms import Terms
from tests.examples import examples
from tests.unit.selection.strategies import (
    CONNECTED,
    NOW,
    PROVIDERS,
    TODAY,
    Row,
    asked_strategy,
    registry,
    rows_strategy,
)

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


def chosen(selector: Selector, asked: Row) -> Choice | None:
    return selector.select(**asked)


def said(ask: Callable[[Row], Choice | None], asked: Row) -> Answer:
    """The answer, or which error."""
    try:
        return ask(asked)
    except InvalidCriteria as error:
        return error.field, error.problem, error.allowed


@settings(max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drawn=rows_strategy,
    requests=st.lists(st.tuples(asked_strategy, st.one_of(st.just({}), st.just({}), WRONG)), min_size=1, max_size=6),
)
def test_both_paths_give_the_same_answer_or_the_same_error(
    space: str, drawn: list[Row], requests: list[tuple[Row, Row]]
) -> None:
    selector = Selector.from_rows(registry(drawn), today=TODAY, now=NOW, connected=CONNECTED, providers=PROVIDERS)
    for right, wrong in [*requests, *requests]:
        asked = right | wrong
        expected = said(lambda it: plain.choose(selector._index, selector.read(it)), asked)
        assert said(lambda it: selector.select(**it), asked) == expected
        assert said(lambda it: selector.choose(selector.read(it)), asked) == expected
        if not isinstance(expected, tuple):
            criteria, _ = selector._index.meant(selector.read(asked))
            picker = selector._index.picker_for(criteria)
            assert [*fast.eligible(picker, criteria)] == plain.eligible(selector._index.terms, picker, criteria)


def test_whatever_can_be_asked_is_a_demand_or_says_in_which_order() -> None:
    assert set(Criteria.__struct_fields__) - set(Terms(ROSTER).demands) == {
        "include_off",  # says how many are asked at all
        "prefer_providers",
        "profile",
    }


FIELDS = Criteria.__struct_fields__


def test_what_a_request_states_is_neither_none_nor_empty(chat: dict[str, Any]) -> None:
    further = ("exclude", "min_context_window", "max_latency_ms", "required_capabilities")
    bounded, names = ("usage", "max_cost_per_request"), ("exclude", "only_providers")
    take_apart = taking_apart(Fields(FIELDS, ("task", "tenant_tier"), further, bounded, names))
    selector = Selector()
    assert take_apart(selector.read(chat)) == (("chat", chat["tenant_tier"]), [], False, False)
    asked = chat | {"min_context_window": 0, "required_capabilities": ["a"], "max_cost_per_request": 0}
    assert take_apart(selector.read(asked))[1:] == ([(1, 0), (3, ("a",))], True, False)
    assert take_apart(selector.read(asked | {"only_providers": ["b"]}))[3]


def test_only_names_become_lines_of_code() -> None:
    with pytest.raises(ValueError, match="cannot be the name of a field"):
        taking_apart(Fields(("exclude; import os",), (), (), (), ()))


@pytest.mark.parametrize("asked", [False, True], ids=["new", "asked before"])
@pytest.mark.parametrize(
    ("written", "right"),
    [
        ({"tenant_tier": True}, {"tenant_tier": 1}),
        ({"max_latency_ms": "100"}, {"max_latency_ms": Decimal(100)}),
        ({"exclude": [UUID(int=5)]}, {"exclude": [str(UUID(int=5))]}),
        ({"exclude": {"m"}}, {"exclude": ["m"]}),
        ({"max_cost_per_request": 0.1}, {"max_cost_per_request": Decimal("0.1")}),
    ],
)
def test_what_was_asked_before_never_decides_whether_a_request_is_right(
    external: Callable[..., Row], chat: dict[str, Any], written: Row, right: Row, asked: bool
) -> None:
    fresh, used = (Selector.from_rows([external("m"), external("n")]) for _ in range(2))
    if asked:
        used.select(**chat | right)
    answers = [said(partial(chosen, selector), chat | written) for selector in (fresh, used)]
    assert repr(answers[0]) == repr(answers[1])


def test_distinct_requests_give_up_remembering_for_a_while_only(
    external: Callable[..., Row], chat: dict[str, Any]
) -> None:
    selector = Selector.from_rows([external("m")])
    for window in range(PATIENCE + REST // 2):
        selector.select(**chat, min_context_window=window)
    assert len(selector._index.answers) == PATIENCE
    again = [selector.select(**chat) for _ in range(REST)]
    assert len(selector._index.answers) == PATIENCE + 1 and again[-1] == again[0]


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
