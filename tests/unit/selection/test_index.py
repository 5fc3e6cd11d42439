"""What an index keeps is bounded, whatever is asked of it."""

from collections.abc import Callable
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.criteria import Usage
from radiant.domain.errors import InvalidCriteria
from radiant.selection.answer import fast
from radiant.selection.answer.index import Index

MakeRow = Callable[..., dict[str, Any]]


@pytest.fixture
def index(external: MakeRow) -> Index:
    return Selector().build([external(f"m{number}", context_window=number) for number in range(50)])


def test_answers_are_forgotten_before_they_are_too_many(index: Index, chat: dict[str, Any]) -> None:
    selector = Selector()
    selector.swap(index)
    for number in range(3 * fast.ANSWERS):
        selector.select(**chat, min_context_window=number)
        assert len(index.answers) <= fast.ANSWERS


def test_refused_requests_leave_nothing_behind(index: Index, chat: dict[str, Any]) -> None:
    selector = Selector()
    selector.swap(index)
    for number in range(5):
        with pytest.raises(InvalidCriteria):
            selector.select(**chat, max_latency_ms=-1 - number)
    assert len(index.answers) == 0


@pytest.mark.parametrize(("profile", "most"), [("ready-first", 400), ("cheapest", 200)])
def test_usages_are_forgotten_before_they_are_too_many(index: Index, profile: str, most: int) -> None:
    pickers = {id(index.picker(profile, Usage(images=number), "chat")) for number in range(3 * most)}
    assert len(pickers) > most
    assert len(index._priced) <= most


def test_a_usage_that_is_kept_is_not_weighed_again(index: Index) -> None:
    assert index.picker("cheapest", Usage(images=2), "chat") is index.picker("cheapest", Usage(images=2), "chat")
    assert index.picker("cheapest", Usage(images=2), "chat") is not index.picker("cheapest", Usage(images=3), "chat")


def test_only_profiles_that_go_by_cost_are_ordered_once_more_for_a_usage(index: Index) -> None:
    usage = Usage(images=2)
    ready, cheapest = (
        (index.picker(profile, usage, "chat").ranking, index.picker(profile, None, "chat").ranking)
        for profile in ("ready-first", "cheapest")
    )
    assert ready[0] is ready[1]
    assert cheapest[0] is not cheapest[1]
