"""Masks: sets of candidates by rank, exact or to be looked at."""

from collections.abc import Callable

import pytest

from radiant.selection.masks import bits
from radiant.selection.masks import filter as filters
from radiant.selection.masks.filter import BanFilter, BoundFilter, Filter, JudgedFilter, Memory, NamesFilter, RuleFilter

Values = list[int | float | None]


def members(mask: int) -> list[int]:
    return list(bits.positions(mask))


def test_bit_p_stands_for_rank_p() -> None:
    assert bits.mask(b"1001") == 0b1001
    assert bits.mask(b"0011") == 0b1100
    assert bits.mask(b"") == 0
    assert members(0b1100_0001) == [0, 6, 7]
    assert bits.everyone(0) == 0 and bits.everyone(3) == 0b111


def bound(values: Values, kind: type[JudgedFilter] = BoundFilter) -> JudgedFilter:
    return kind(len(values), value=values.__getitem__, level=lambda asked: asked)


@pytest.mark.parametrize(
    ("level", "expected"),
    [(-1, []), (0, [3]), (9, [3]), (10, [0, 3, 4]), (10.5, [0, 3, 4]), (99, [0, 3, 4]), (100, [0, 2, 3, 4])],
)
@pytest.mark.parametrize("kind", [BoundFilter, JudgedFilter])
def test_a_bound_is_met_by_what_is_known_and_within(
    kind: type[JudgedFilter], level: float, expected: list[int]
) -> None:
    assert members(bound([10, None, 100, 0, 10], kind).precise(level)) == expected


def test_nothing_known_means_nobody_within() -> None:
    assert members(bound([None, None]).precise(5)) == []
    assert members(bound([]).precise(5)) == []


@pytest.mark.parametrize(("count", "kinds"), [(1, 1), (7, 3), (40, 40), (60, 20)])
def test_steps_hold_everybody_within_and_the_judge_lets_nobody_else_pass(
    monkeypatch: pytest.MonkeyPatch, count: int, kinds: int
) -> None:
    monkeypatch.setattr(filters, "ROOM", 0)
    monkeypatch.setattr(filters, "FEWEST_STEPS", 4)
    values: Values = [None if number % 11 == 5 else number * 37 % kinds for number in range(count)]
    held = bound(values)
    for level in range(-1, kinds + 1):
        within = [at for at, value in enumerate(values) if value is not None and value <= level]
        assert set(members(held.mask(level))) >= set(within)
        judge = held.judge(level)
        assert [at for at in range(count) if judge(at)] == within
        assert members(held.precise(level)) == within
    assert held.exact is (len({value for value in values if value is not None}) <= 4)


def test_names_are_all_asked_for() -> None:
    sets = [frozenset("ab"), frozenset("b"), frozenset(), frozenset("abc")]
    held = NamesFilter(4, names=sets.__getitem__)
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
    held = NamesFilter(1, names=lambda _: frozenset({"a"}))
    for _ in range(2):
        assert (held.narrow(1, ("a",)), held.narrow(1, ("b",))) == (1, 0)
    assert set(held._masks) == {"a"}


def test_a_memory_forgets_before_it_grows_too_large() -> None:
    memory = Memory(10**9, lambda value: value * 2)
    assert [memory[number] for number in range(1000)] == [number * 2 for number in range(1000)]
    assert len(memory) <= filters.FEWEST


def test_bans_are_looked_at_one_by_one() -> None:
    names = [("a", "p/a"), ("b", "p/b")]
    held = BanFilter(2, names=names.__getitem__)
    assert held.narrow(0b11, ("a",)) == 0b11 and not held.exact
    assert members(held.precise(("p/b", "zzz"))) == [0]


def a_rule() -> Filter:
    return RuleFilter(2, flags=lambda value: b"10" if value else b"11")


def a_list() -> Filter:
    return NamesFilter(2, names=[frozenset("a"), frozenset("b")].__getitem__)


@pytest.mark.parametrize(("make", "value"), [(a_rule, True), (a_list, ("a",))])
def test_an_exact_filter_judges_as_its_mask_says(make: Callable[[], Filter], value: object) -> None:
    held = make()
    assert held.exact
    assert [held.judge(value)(at) for at in range(2)] == [bool(held.mask(value) >> at & 1) for at in range(2)]
    assert members(held.precise(value)) == [0]
