"""What a changed index shares, keeps and refuses."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from radiant.domain.errors import InvalidCriteria, InvalidRow
from radiant.selection.criteria.roster import ROSTER
from radiant.selection.masks.bound import BoundFilter
from radiant.selection.order.order import RememberedKeys
from radiant.selection.reading import measured
from radiant.selection.reading.candidate import Candidate
from tests.unit.selection.strategies import NOW, TODAY, Row
from tests.unit.selection.test_changed import Hands, a_selector

MakeRow = Callable[..., Row]


def test_health_that_cannot_be_read_is_refused_with_its_column() -> None:
    selector = a_selector()
    health = {"provider_id": "p", "health_status": "fine", "avg_latency_ms": 1}
    with pytest.raises(InvalidRow) as refused:
        selector.build_measured(selector.build(()), [health])
    assert refused.value.column == "health_status"


def test_the_index_before_stays_as_it_was_and_shares_what_did_not_change(
    external: MakeRow, hosted: MakeRow, chat: Row
) -> None:
    rows = [external(f"m{number}", avg_latency_ms=number) for number in range(1500)]
    rows += [external("e", primary_mode="embedding")]
    selector = a_selector()
    before = selector.build(rows)
    selector.swap(before)
    assert selector.select(**chat).model_id == "m0"  # type: ignore[union-attr]
    after = selector.build_changed(before, [rows[0] | {"avg_latency_ms": 900}], [("p", "m0")])
    selector.swap(after)
    assert selector.select(**chat).model_id == "m1"  # type: ignore[union-attr]
    selector.swap(before)
    assert selector.select(**chat).model_id == "m0"  # type: ignore[union-attr]
    assert after.names is before.names
    rankings = [index.picker("ready-first", None, "embedding").ranking for index in (before, after)]
    assert rankings[0] is rankings[1]
    kept = {id(candidate) for candidate in before.candidates}
    assert sum(id(candidate) not in kept for candidate in after.candidates) == 1


def test_two_changes_of_one_index_know_nothing_of_each_other(external: MakeRow, chat: Row) -> None:
    rows = [external(f"m{number}", avg_latency_ms=number, capabilities=["vision"]) for number in range(9)]
    selector = a_selector()
    before = selector.build(rows)
    selector.swap(before)
    selector.select(**chat, required_capabilities=["vision"])
    changes: tuple[Row, Row] = ({"capabilities": []}, {"avg_latency_ms": 5.5})
    blind, slow = (selector.build_changed(before, [rows[0] | change], [("p", "m0")]) for change in changes)
    found = []
    for index in (blind, slow, before):
        selector.swap(index)
        found.append([it.model_id for it in selector.rank(**chat, required_capabilities=["vision"], limit=9)])
    ids = [f"m{number}" for number in range(9)]
    assert found == [ids[1:], [*ids[1:6], "m0", *ids[6:]], ids]


def test_what_is_kept_does_not_grow_with_the_number_of_changes(external: MakeRow, chat: Row) -> None:
    rows = [external(f"m{number}", avg_latency_ms=number) for number in range(40)]
    selector = a_selector()
    selector.swap(selector.build(rows))
    sizes = []
    for number in range(1200):
        latency = 100 + number
        row = rows[number % 40] | {"avg_latency_ms": latency}
        selector.swap(selector.build_changed(selector._index, [row], [("p", row["model_id"])]))
        selector.select(**chat, max_latency_ms=latency)
        picker = selector._index.picker("ready-first", None, "chat")
        moves, latency_filter = picker.ranking.sieve._moves, picker.filters["max_latency_ms"]
        assert isinstance(latency_filter, BoundFilter)
        masks = latency_filter._masks
        assert moves is not None and picker.ranking._before is None
        sizes.append(moves.size + len(masks) + sum(len(source.masks) for source in masks._sources))
    assert max(sizes) < 800 and max(sizes[600:]) <= max(sizes[:600]) + 600


def test_a_row_that_cannot_be_read_is_named_until_it_is_right(external: MakeRow) -> None:
    selector = a_selector()
    good, bad = external("m"), external("m", context_window=-1)
    index = selector.build([good, external("n", context_window=-2)])
    index = selector.build_changed(index, [bad], [("p", "m")])
    assert [candidate.model_id for candidate in index.candidates] == []
    assert [error.model_id for error in index.refused] == ["n", "m"]
    index = selector.build_changed(index, [good], [("p", "m")])
    assert [candidate.model_id for candidate in index.candidates] == ["m"]
    assert [error.model_id for error in index.refused] == ["n"]


def test_capabilities_are_known_as_long_as_somebody_has_them(external: MakeRow, chat: Row) -> None:
    selector = a_selector()
    row, other = external("m", capabilities=["vision"]), external("n", capabilities=["own_word"])
    selector.swap(selector.build([row, other]))
    assert selector.select(**chat, required_capabilities=["own word"]) is not None
    for words, known in ((["new_word"], True), ([], False)):
        changed = row | {"capabilities": words}
        selector.swap(selector.build_changed(selector._index, [changed], [("p", "m")]))
        if known:
            assert selector.select(**chat, required_capabilities=["new word"]) is not None
        else:
            with pytest.raises(InvalidCriteria, match="unknown capability"):
                selector.select(**chat, required_capabilities=["new word"])


def test_an_index_that_time_changes_in_nothing_is_the_same(external: MakeRow) -> None:
    clock = Hands()
    selector = a_selector(clock)
    rows = [external("a", resting_until=NOW + dt.timedelta(seconds=9)), external("b", retires=TODAY), external("c")]
    index = selector.build(rows)
    clock.forward(8)
    assert selector.build_turned(index) is index
    clock.forward(1)
    turned = selector.build_turned(index)
    assert turned.wakes_at is None and turned.tried == {("p", "a")}
    assert [one is other for one, other in zip(index.candidates, turned.candidates, strict=True)] == [False, True, True]


def test_what_was_measured_with_its_provider_wakes_and_retires_as_well(external: MakeRow) -> None:
    clock = Hands()
    selector = a_selector(clock)
    rows = [external("a", resting_until=NOW + dt.timedelta(seconds=9)), external("b", retires=TODAY), external("c")]
    health = {"health_status": "degraded", "avg_latency_ms": 7, "error_rate": None}
    index = selector.build_measured(selector.build(rows), [health | {"provider_id": "p"}])
    assert index.wakes_at == NOW + dt.timedelta(seconds=9)
    clock.forward(86_400)
    turned, built = selector.build_turned(index), selector.build([row | health for row in rows])
    assert list(turned.candidates) == list(built.candidates)
    assert turned.wakes_at is None and turned.tried == {("p", "a")}


def test_all_shipped_criteria_say_whether_they_depend_on_measured_health() -> None:
    """One that does not makes each change of a provider's health cost as much as one of everything."""
    assert [it.name for it in ROSTER if (it.standing or it.demand) is not None and it.by_health is None] == []
    assert [it.name for it in ROSTER if it.measure is not None and it.measure.by_health is None] == []


def test_a_search_that_begins_like_the_last_one_asks_for_few_new_keys(external: MakeRow, chat: Row) -> None:
    selector = a_selector()
    rows = [external(f"m{number:04}", avg_latency_ms=number + 1) for number in range(2_000)]
    index = selector.build(rows)
    ranking = index.picker_for(selector.read(chat)).ranking
    looked = 0

    def counted(candidate: Candidate) -> tuple[Any, ...]:
        nonlocal looked
        looked += 1
        return ranking.order.key(ranking.scales)(candidate)

    ranking._key = RememberedKeys(counted)
    spent = []
    for number in range(1, 4):
        row = rows[700] | {"avg_latency_ms": 701 + number / 10}
        before = looked
        index = selector.build_changed(index, [row], [("p", "m0700")])
        spent.append(looked - before)
    assert spent[0] > 12, "the first one looks at its neighbors and those that lead to them"
    assert spent[1] <= 2 and spent[2] <= 2, "later ones at what changed"


def test_health_that_moves_nobody_leaves_each_in_its_place(external: MakeRow, chat: Row) -> None:
    selector = a_selector()
    rows = [external(id, avg_latency_ms=9, context_window=window) for id, window in (("a", 10), ("b", 30), ("c", 20))]
    index = selector.build(rows)
    asked = selector.read(chat | {"profile": "largest-context"})
    before = index.picker_for(asked)
    assert [it.model_id for it in before.candidates] == ["b", "c", "a"]
    health = {"provider_id": "p", "health_status": "healthy", "avg_latency_ms": 9, "error_rate": 0.2}
    after = selector.build_measured(index, [health]).picker_for(asked)
    assert before.order.stays(before.candidates[0], after.candidates[0]), "no order asks for the share of errors"
    assert [it.model_id for it in after.candidates] == ["b", "c", "a"]
    assert {it.error_rate for it in after.candidates} == {0.2}


def test_models_that_are_measured_with_their_provider_are_not_made_anew(
    external: MakeRow, chat: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider has thousands of them, and asks of each one or none."""
    selector = a_selector()
    rows = [external(f"m{number:04}", avg_latency_ms=9, health_status="healthy") for number in range(2_000)]
    rows += [external(f"m{number:04}", provider_id="q", avg_latency_ms=number) for number in range(2_000)]
    index = selector.build(rows)
    selector.swap(index)
    assert selector.select(**chat, max_latency_ms=50) is not None
    made: list[str] = []

    def counted(candidate: Candidate, values: measured.Values) -> Candidate:
        made.append(candidate.model_id)
        return with_health(candidate, values)

    with_health = measured.with_health
    monkeypatch.setattr(measured, "with_health", counted)
    for status, latency in (
        ("healthy", 70),
        ("unhealthy", 70),
        ("degraded", 8),
        ("healthy", 1999),
        ("unhealthy", None),
    ):
        health = {"provider_id": "p", "health_status": status, "avg_latency_ms": latency}
        index = selector.build_measured(index, [health])
        selector.swap(index)
        assert selector.select(**chat, max_latency_ms=50) is not None
        assert len(made) < 150
        made.clear()
    assert {it.health_status for it in index.candidates if it.provider_id == "p"} == {"unhealthy"}
    assert 1_800 < len(made) <= 2_000, "who looks at all of them sees them as they are"


def test_changes_of_rows_and_of_a_providers_health_come_at_once(external: MakeRow) -> None:
    selector = a_selector()
    rows = [external("a", avg_latency_ms=1), external("b", avg_latency_ms=1), external("c", provider_id="q")]
    health = {"health_status": "degraded", "avg_latency_ms": 7, "error_rate": 0.5}
    own = rows[0] | {"avg_latency_ms": 3, "display_name": "Own"}
    index = selector.build_changed(selector.build(rows), [own], [("p", "a")], health=[health | {"provider_id": "p"}])
    assert list(index.candidates) == list(selector.build([own, rows[1] | health, rows[2]]).candidates)
