"""Deprecation needs three complete lists apart from each other; nothing else takes a model away."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiant.sync.lifecycle import LISTS, Absence, Known, Retiring, judge, retirements

HOUR = dt.timedelta(hours=1)
NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
TODAY = NOON.date()


class Registry:
    """Ten models, and the lists that came."""

    def __init__(self, interval: dt.timedelta = HOUR) -> None:
        self.ids = [f"m{n}" for n in range(10)]
        self.known = {id: Known(id=id, names=frozenset({id})) for id in self.ids}
        self.at, self.interval = NOON, interval

    def sees(self, *gone: str, complete: bool = True, after: dt.timedelta = HOUR) -> str | None:
        """A list without `gone`; what was held."""
        self.at += after
        verdict = judge(
            list(self.known.values()),
            set(self.ids) - set(gone),
            complete=complete,
            at=self.at,
            interval=self.interval,
        )
        for id, it in self.known.items():
            absences = it.absences
            if id in verdict.returned:
                absences = ()
            if id in verdict.absent:
                absences = (*absences, Absence(at=self.at, digest="d"))
            deprecated = (it.deprecated or id in verdict.deprecated) and id not in verdict.restored
            self.known[id] = Known(
                id=id, names=it.names, deprecated=deprecated, by_absence=deprecated, absences=absences
            )
        return verdict.held

    @property
    def deprecated(self) -> set[str]:
        return {id for id, it in self.known.items() if it.deprecated}


def test_three_complete_lists_deprecate_and_a_return_restores() -> None:
    it = Registry()
    for expected in (set[str](), set[str](), {"m1"}):
        it.sees("m1")
        assert it.deprecated == expected
    it.sees(complete=False)
    assert it.deprecated == set(), "what is there is there, also in a list that is not complete"
    it.sees("m1")
    it.sees("m1")
    assert it.deprecated == set(), "it is counted anew"


def test_lists_closer_than_the_interval_count_once() -> None:
    it = Registry()
    for _ in range(10):
        it.sees("m1", after=dt.timedelta(minutes=1))
    assert it.deprecated == set()
    at_once = Registry(interval=dt.timedelta())
    for _ in range(3):
        at_once.sees("m1", after=dt.timedelta())
    assert at_once.deprecated == {"m1"}


def test_a_return_between_begins_anew_and_a_failed_list_says_nothing() -> None:
    it = Registry()
    it.sees("m1")
    it.sees("m1")
    it.sees()
    it.sees("m1")
    assert it.deprecated == set()
    other = Registry()
    other.sees("m1")
    other.sees(*other.ids, complete=False)
    other.sees("m1")
    other.sees(*other.ids, complete=False)
    other.sees("m1")
    assert other.deprecated == {"m1"}, "only complete lists are lists"


def test_more_than_a_fifth_at_once_deprecates_nothing_and_is_said() -> None:
    it = Registry()
    assert (
        it.sees("m1", "m2", "m3")
        == "3 of 10 known models are missing at once, more than a fifth: nothing is deprecated"
    )
    for _ in range(5):
        it.sees("m1", "m2", "m3")
    assert it.deprecated == set()
    assert it.sees("m1", "m2") is None, "a fifth is not more than a fifth"


def test_a_list_that_shrinks_is_doubted_however_many_other_models_there_are() -> None:
    known = [Known(id=id, names=frozenset({id})) for id in "ab"]
    verdict = judge(known, {"b", "c"}, complete=True, at=NOON, interval=HOUR, others=100, before=("a", "b", "c", "d"))
    assert verdict.held == "2 of 4 models listed before are missing at once, more than a fifth: nothing is deprecated"
    assert (verdict.missing, verdict.absent) == (("a",), ())


def test_any_name_of_a_model_is_its_presence_and_a_persons_word_stands() -> None:
    absences = tuple(Absence(at=NOON - n * HOUR, digest="d") for n in (2, 1))
    renamed = Known(id="m", names=frozenset({"m", "m-latest"}), absences=absences)
    verdict = judge([renamed], {"m-latest"}, complete=True, at=NOON, interval=HOUR)
    assert (verdict.missing, verdict.returned) == ((), ("m",))
    kept = Known(id="k", names=frozenset({"k"}), settled=True, absences=absences)
    verdict = judge([kept], {"x"}, complete=True, at=NOON, interval=HOUR, others=9)
    assert (verdict.absent, verdict.deprecated) == (("k",), ())
    by_hand = Known(id="k", names=frozenset({"k"}), deprecated=True)
    assert judge([by_hand], {"k"}, complete=True, at=NOON, interval=HOUR).restored == ()


_LISTS = st.lists(st.tuples(st.sets(st.sampled_from([f"m{n}" for n in range(10)])), st.booleans()), max_size=12)


@given(_LISTS)
def test_no_model_goes_without_three_complete_lists_in_a_row_that_lack_little(
    lists: list[tuple[set[str], bool]],
) -> None:
    it = Registry()
    streak = dict.fromkeys(it.ids, 0)
    for gone, complete in lists:
        before = it.deprecated
        held = it.sees(*gone, complete=complete)
        for id in it.ids:
            if id not in gone:
                streak[id] = 0
            elif complete and held is None and id not in before:
                streak[id] += 1
        new = it.deprecated - before
        assert {id for id in new if streak[id] < LISTS} == set()
        assert it.deprecated & (set(it.ids) - gone) == set(), "what is listed is not deprecated"
        assert not new or (complete and held is None)


@pytest.mark.parametrize(
    ("left", "warned", "told"),
    [
        (91, (), None), (90, (), 90), (90, (90,), None), (61, (90,), None), (60, (90,), 60), (30, (90, 60), 30),
        (29, (), 30), (1, (30,), None), (1, (), 30),
    ],
)  # fmt: skip
def test_a_retirement_is_told_once_at_each_of_three_times(left: int, warned: tuple[int, ...], told: int | None) -> None:
    day = TODAY + dt.timedelta(days=left)
    warnings, over = retirements([Retiring(id="m", retires=day, warned=frozenset(warned))], TODAY)
    assert ([it.days for it in warnings], over) == ([] if told is None else [told], ())
    assert [it.left for it in warnings] == ([] if told is None else [left])


def test_on_its_day_a_model_is_over_unless_a_person_said_otherwise() -> None:
    models = [
        Retiring(id="today", retires=TODAY),
        Retiring(id="past", retires=TODAY - dt.timedelta(days=400)),
        Retiring(id="already", retires=TODAY, deprecated=True),
        Retiring(id="kept", retires=TODAY, settled=True),
    ]
    assert retirements(models, TODAY) == ((), ("today", "past"))
