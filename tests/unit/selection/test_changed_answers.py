"""What a changed index answers beforehand, and what it carries over of bounds."""

from collections.abc import Callable

import pytest

from radiant.domain.errors import InvalidCriteria
from radiant.selection.answer.fast import INDEXES, SAMPLE
from tests.unit.selection.strategies import Row
from tests.unit.selection.test_changed import a_selector

MakeRow = Callable[..., Row]


def test_what_was_asked_lately_is_answered_beforehand(external: MakeRow, chat: Row) -> None:
    rows = [external(f"m{number}", avg_latency_ms=number) for number in range(9)]
    selector = a_selector()
    selector.swap(selector.build(rows))
    read = selector.read(chat)
    assert selector.choose(read) is selector.choose(read)
    selector.select(**chat)
    change = [rows[0] | {"avg_latency_ms": 900}], [("p", "m0")]
    selector.swap(index := selector.build_changed(selector._index, *change))
    assert len(index.answers) == 0
    prepared = {choice.model_id for choice, _ in index.answers._prepared.values() if choice is not None}
    assert prepared == {"m1"}
    assert selector.choose(read) == selector.select(**chat) and selector.choose(read).model_id == "m1"  # type: ignore[union-attr]
    assert selector.choose(read).freshness is index.freshness  # type: ignore[union-attr]


def test_what_nobody_asks_any_more_is_soon_prepared_no_longer(external: MakeRow, chat: Row) -> None:
    rows = [external(f"m{number}", avg_latency_ms=number) for number in range(9)]
    selector = a_selector()
    selector.swap(selector.build(rows))
    selector.select(**chat)
    held = []
    for number in range(INDEXES + 3):
        change = [rows[0] | {"avg_latency_ms": 900 + number}], [("p", "m0")]
        selector.swap(selector.build_changed(selector._index, *change))
        held.append(len(selector._index.answers._prepared))
    assert held[: INDEXES + 1] == [1] * (INDEXES + 1) and held[-1] == 0


def test_requests_that_never_repeat_are_prepared_in_a_sample(external: MakeRow, chat: Row) -> None:
    rows = [external(f"m{number}", avg_latency_ms=number) for number in range(9)]
    selector = a_selector()
    selector.swap(selector.build(rows))
    held = []
    for number in range(4):
        for bound in range(10):
            selector.select(**chat, max_latency_ms=100 + 10 * number + bound)
        change = [rows[0] | {"avg_latency_ms": 50 + number}], [("p", "m0")]
        selector.swap(selector.build_changed(selector._index, *change))
        held.append(len(selector._index.answers._prepared))
    assert held == [10, SAMPLE, SAMPLE, SAMPLE]


def test_what_was_asked_that_fails_after_a_change_still_says_why(external: MakeRow, chat: Row) -> None:
    selector = a_selector()
    row = external("m", capabilities=["own_word"])
    selector.swap(selector.build([row]))
    assert selector.select(**chat, required_capabilities=["own_word"]) is not None
    selector.swap(selector.build_changed(selector._index, [row | {"capabilities": []}], [("p", "m")]))
    with pytest.raises(InvalidCriteria, match="unknown capability"):
        selector.select(**chat, required_capabilities=["own_word"])


def test_a_bound_asked_only_after_a_change_is_right_after_further_ones(external: MakeRow, chat: Row) -> None:
    rows = [external(f"m{number:02}", avg_latency_ms=number) for number in range(40)]
    selector = a_selector()
    selector.swap(selector.build(rows))
    selector.select(**chat)
    for number in range(4):
        row = rows[39] | {"avg_latency_ms": 60 + number}
        selector.swap(selector.build_changed(selector._index, [row], [("p", "m39")]))
        if number == 0:
            assert len(selector.rank(**chat, max_latency_ms=20, limit=50)) == 21
        elif number != 2:
            assert len(selector.rank(**chat, max_latency_ms=19, limit=50)) == 20
        selector.select(**chat)


def test_a_request_that_breaks_keeps_no_index_from_being_put_in_place(
    external: MakeRow, chat: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    selector = a_selector()
    selector.swap(selector.build([external("m"), external("n")]))
    selector.select(**chat)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr("radiant.selection.answer.fast._best", broken)
        selector.swap(selector.build_changed(selector._index, [], [("p", "m")]))
    assert selector.select(**chat).model_id == "n"  # type: ignore[union-attr]
