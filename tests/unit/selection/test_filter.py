"""Masks: sets of candidates by rank, exact or to be looked at."""

from collections.abc import Callable
from typing import Any

import pytest

from radiant.selection.masks import bits, bound, memory
from radiant.selection.masks.bound import BoundFilter
from radiant.selection.masks.filter import Filter, FitFilter, JudgedFilter, NamesFilter, RuleFilter
from radiant.selection.masks.memory import Memory

Values = list[int | float | None]


def members(mask: int) -> list[int]:
    return list(bits.positions(mask))


def test_bit_p_stands_for_rank_p() -> None:
    assert bits.mask(b"1001") == 0b1001
    assert bits.mask(b"0011") == 0b1100
    assert bits.mask(b"") == 0
    assert members(0b1100_0001) == [0, 6, 7]
    assert bits.everyone(0) == 0 and bits.everyone(3) == 0b111


def limit(values: Values, kind: Any = BoundFilter) -> Any:
    return kind(values, value=lambda it: it, level=lambda asked: asked)


@pytest.mark.parametrize(
    ("level", "expected"),
    [(-1, []), (0, [3]), (9, [3]), (10, [0, 3, 4]), (10.5, [0, 3, 4]), (99, [0, 3, 4]), (100, [0, 2, 3, 4])],
)
@pytest.mark.parametrize("kind", [BoundFilter, JudgedFilter])
def test_a_bound_is_met_by_what_is_known_and_within(kind: Any, level: float, expected: list[int]) -> None:
    assert members(limit([10, None, 100, 0, 10], kind).precise(level)) == expected


def test_nothing_known_means_nobody_within() -> None:
    assert members(limit([None, None]).precise(5)) == []
    assert members(limit([]).precise(5)) == []


@pytest.mark.parametrize(("count", "kinds"), [(1, 1), (7, 3), (40, 40), (60, 20)])
def test_steps_hold_everybody_within_and_the_judge_lets_nobody_else_pass(
    monkeypatch: pytest.MonkeyPatch, count: int, kinds: int
) -> None:
    monkeypatch.setattr(memory, "ROOM", 0)
    monkeypatch.setattr(bound, "FEWEST_STEPS", 4)
    values: Values = [None if number % 11 == 5 else number * 37 % kinds for number in range(count)]
    held = limit(values)
    for level in range(-1, kinds + 1):
        within = [at for at, value in enumerate(values) if value is not None and value <= level]
        assert set(members(held.mask(level))) >= set(within)
        judge = held.judge(level)
        assert [at for at in range(count) if judge(at)] == within
        assert members(held.precise(level)) == within
    assert held.exact is (len({value for value in values if value is not None}) <= 4)


def test_names_are_all_asked_for() -> None:
    sets = [frozenset("ab"), frozenset("b"), frozenset(), frozenset("abc")]
    held = NamesFilter(sets, names=lambda it: it)
    for asked, expected in (
        ("", [0, 1, 2, 3]),
        ("b", [0, 1, 3]),
        ("ab", [0, 3]),
        ("ba", [0, 3]),
        ("x", []),
        ("bx", []),
    ):
        assert members(held.mask(tuple(asked))) == expected


def test_names_nobody_has_are_not_remembered() -> None:
    held = NamesFilter(["a"], names=frozenset)
    for _ in range(2):
        assert (held.narrow(1, ("a",)), held.narrow(1, ("b",))) == (1, 0)
    assert set(held._masks) == {"a"}


def test_a_memory_forgets_before_it_grows_too_large() -> None:
    held = Memory(10**9, lambda value: value * 2)
    assert [held[number] for number in range(1000)] == [number * 2 for number in range(1000)]
    assert len(held) <= memory.FEWEST


def test_the_sets_of_a_bound_are_made_with_one_look_at_each() -> None:
    looked: list[int | None] = []

    def value(number: int | None) -> int | None:
        looked.append(number)
        return number

    judged = JudgedFilter([3, None, 1], value=value, level=lambda asked: asked)
    assert [judged.parted(2), judged.parted(2)] == [(0b100, 0b101)] * 2
    assert looked == [3, None, 1]


def test_bans_are_looked_at_one_by_one() -> None:
    names = [("a", "p/a"), ("b", "p/b")]
    held = FitFilter(names, fits=lambda value: frozenset(value).isdisjoint)
    assert held.narrow(0b11, ("a",)) == 0b11 and not held.exact
    assert members(held.precise(("p/b", "zzz"))) == [0]


def a_rule() -> Filter[str]:
    return RuleFilter(
        "ab", flags=lambda some, value: bytes([bits.IN if it == "a" or not value else bits.OUT for it in some])
    )


def a_list() -> Filter[str]:
    return NamesFilter("ab", names=frozenset)


@pytest.mark.parametrize(("make", "value"), [(a_rule, True), (a_list, ("a",))])
def test_an_exact_filter_judges_as_its_mask_says(make: Callable[[], Filter[str]], value: object) -> None:
    held = make()
    assert held.exact
    assert [held.judge(value)(at) for at in range(2)] == [bool(held.mask(value) >> at & 1) for at in range(2)]
    assert members(held.precise(value)) == [0]
