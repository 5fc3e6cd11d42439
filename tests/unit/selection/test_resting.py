"""A model that rests is chosen by nobody; when its rest is over one request tries it."""

import datetime as dt
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.errors import NoEligibleModel
from radiant.selection.answer import plain
from radiant.turning import Alarm, Trials
from tests.unit.selection.conftest import MakeRow

NOON = dt.datetime(2031, 5, 6, 12, 0, tzinfo=dt.UTC)
REST = {"resting_until": NOON + dt.timedelta(minutes=4), "resting_because": "5 failures in a row, last: timeout"}


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now


def resting(external: MakeRow, clock: Hands) -> Selector:
    selector = Selector(now=clock)
    selector.swap(selector.build([external("a", **REST), external("b")]))
    return selector


def test_one_that_rests_is_refused_in_words(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = resting(external, Hands())
    choice = selector.select(**chat)
    assert choice is not None and choice.model_id == "b"
    assert plain.choose(selector._index, selector.read(chat)) == choice
    verdict = next(it for it in selector.explain(**chat, limit=None).verdicts if it.model_id == "a")
    assert [str(it) for it in verdict.refusals] == [
        "it is resting until 12:04:00 UTC: 5 failures in a row, last: timeout"
    ]


def test_when_its_rest_is_over_one_request_tries_it(external: MakeRow, chat: dict[str, Any]) -> None:
    clock = Hands()
    selector = resting(external, clock)
    clock.now += dt.timedelta(minutes=4)
    selector.turn()
    asked = [selector.select(**chat), selector.select(**chat), selector.choose(selector.read(chat))]
    assert [it and it.model_id for it in asked] == ["a", "b", "b"]
    assert (
        selector.explain(**chat, limit=None).verdicts[0].reasons[-1]
        == "tried again after 5 failures in a row, last: timeout"
    )


def test_the_only_one_is_tried_by_one_request_too(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = Selector.from_rows([external("a", **REST)], now=NOON + dt.timedelta(hours=1))
    assert selector.select(**chat) is not None
    assert selector.select(**chat) is None


def test_a_list_is_led_by_it_once(external: MakeRow, chat: dict[str, Any]) -> None:
    clock = Hands()
    selector = resting(external, clock)
    clock.now += dt.timedelta(minutes=4)
    selector.turn()
    assert selector.rank(**chat, limit=0) == [], "who takes none tries none"
    asked = [[it.model_id for it in selector.rank(**chat)] for _ in range(3)]
    assert asked == [["a", "b"], ["b"], ["b"]]
    assert [it and it.model_id for it in (selector.select(**chat), selector.choose(selector.read(chat)))] == ["b", "b"]


def test_a_list_that_another_one_leads_tries_nothing(external: MakeRow, chat: dict[str, Any]) -> None:
    rows = [external("a"), external("b", **REST), external("c", **REST)]
    selector = Selector.from_rows(rows, now=NOON + dt.timedelta(hours=1))
    assert [it.model_id for it in selector.rank(**chat)] == ["a", "b", "c"]
    only_b = selector.select(**chat, exclude=["a", "c"])
    assert only_b is not None and only_b.model_id == "b"
    assert [it.model_id for it in selector.rank(**chat)] == ["a", "c"]


async def test_with_a_stand_in_it_is_tried_by_one_request_too(external: MakeRow, chat: dict[str, Any]) -> None:
    clock = Hands()
    selector = resting(external, clock)
    clock.now += dt.timedelta(minutes=4)
    selector.turn()
    asked = [(await selector.select_with_fallback(**chat)).model_id for _ in range(3)]
    assert asked == ["a", "b", "b"]
    with pytest.raises(NoEligibleModel):
        await selector.select_with_fallback(**chat, exclude=["b"])


def test_of_many_threads_one_tries_it(external: MakeRow, chat: dict[str, Any]) -> None:
    clock = Hands()
    selector = resting(external, clock)
    clock.now += dt.timedelta(minutes=4)
    selector.turn()
    asked: list[str | None] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        for _ in range(50):
            found = selector.select(**chat)
            asked.append(None if found is None else found.model_id)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (asked.count("a"), asked.count("b")) == (1, 399)


def test_it_wakes_by_itself(external: MakeRow, chat: dict[str, Any]) -> None:
    """Nobody writes or asks when a rest ends: a timer does, in a thread."""
    selector = Selector()
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(milliseconds=80)
    selector.swap(selector.build([external("a", resting_until=soon, resting_because="x")]))
    assert selector.select(**chat) is None
    awake = threading.Event()
    turn = selector.turn

    def turned() -> None:
        turn()
        awake.set()

    selector._alarm._method = lambda: turned  # type: ignore[assignment]
    selector.swap(selector._index)
    assert awake.wait(10)
    assert selector.select(**chat) is not None


def test_an_index_that_came_meanwhile_is_not_taken_back(external: MakeRow, chat: dict[str, Any]) -> None:
    selector = resting(external, Hands())
    newer = selector.build([external("c")])
    before = selector._index

    class Late(type(before)):  # type: ignore[misc]
        """While the old one is turned, the new one is put in place."""

        def on(self, *moment: Any) -> Any:
            selector.swap(newer)
            return before

    before.__class__ = Late
    selector.turn()
    assert selector._index is newer


def test_an_alarm_does_not_keep_alive_whom_it_would_call() -> None:
    class Sleeper:
        def wake(self) -> None:
            raise AssertionError("it is gone")

    sleeper = Sleeper()
    alarm = Alarm(sleeper.wake)
    del sleeper
    alarm.set(0)
    assert alarm._timer is not None
    alarm._timer.join(10)


def test_an_alarm_for_the_same_moment_is_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radiant.turning.time", SimpleNamespace(monotonic=lambda: 5.0))

    class Sleeper:
        def __init__(self) -> None:
            self.woken = threading.Event()

        def wake(self) -> None:
            self.woken.set()

    sleeper = Sleeper()
    alarm = Alarm(sleeper.wake)
    threads = []
    for seconds in (4_000.0, 5_000.0, 1_000.0, 1_000.0, 500.0, 0.0):
        alarm.set(seconds)
        threads.append(alarm._timer)
    first, second, third, fourth, fifth, last = map(id, threads)
    assert first == second and third == fourth and len({first, third, fifth, last}) == 4
    assert sleeper.woken.wait(10)
    sleeper.woken.clear()
    alarm.set(0.0)
    assert sleeper.woken.wait(10)


def test_a_trial_that_nobody_reports_is_over_after_a_while() -> None:
    now = [0.0]
    trials = Trials(lambda: now[-1])
    assert [trials.begin("a"), trials.begin("a"), trials.begin("b")] == [True, False, True]
    now.append(31.0)
    assert trials.begin("a")
