"""What the table cannot show: pauses, limits, instances, and walks of many steps."""

import datetime as dt
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from radiant.domain.thermal import Outcome, Phase
from radiant.domain.vocabulary import ThermalState
from radiant.thermal.machine import FIRST_PAUSE, LONGEST_PAUSE, step
from radiant.thermal.standing import (
    Cool,
    Effect,
    Ended,
    Event,
    Limits,
    Overdue,
    Refused,
    Seen,
    Standing,
    Wanted,
    Warm,
    overdue,
)

NOON = dt.datetime(2031, 5, 6, 12, tzinfo=dt.UTC)
LIMITS = Limits(max_instances=4)
ASLEEP = Standing(state=ThermalState.COLD, since=NOON, seen_at=NOON)


def later(seconds: float) -> dt.datetime:
    return NOON + dt.timedelta(seconds=seconds)


def after(standing: Standing, *events: Event, limits: Limits = LIMITS) -> tuple[Standing, list[Effect]]:
    effects: list[Effect] = []
    for event in events:
        standing, told = step(standing, event, limits)
        effects += told
    return standing, effects


def up(second: float, instances: int = 1) -> Seen:
    state = ThermalState.WARM if instances == 1 else ThermalState.HOT
    return Seen(at=later(second), state=state, instances=instances)


def cold(second: float) -> Seen:
    return Seen(at=later(second), state=ThermalState.COLD, instances=0)


def wanted(second: float, instances: int = 1, asked: float | None = None) -> Wanted:
    return Wanted(at=later(second), instances=instances, asked_at=None if asked is None else later(asked))


def test_a_wake_up_is_ordered_once_and_ends_when_it_is_seen_up() -> None:
    standing, effects = after(ASLEEP, wanted(1), wanted(2), cold(3), wanted(3), up(9), wanted(9))
    assert effects == [Warm(1), Ended(Outcome.READY)]
    assert (standing.state, standing.phase, standing.since) == (ThermalState.WARM, Phase.IDLE, later(9))


def test_pauses_double_up_to_ten_minutes() -> None:
    standing, at, pauses = ASLEEP, 0.0, []
    for _ in range(8):
        standing, _ = after(standing, wanted(at), Refused(at=later(at), problem="full"), limits=Limits(attempts=99))
        assert standing.next_try_at is not None
        pauses.append((standing.next_try_at - later(at)).total_seconds())
        early, effects = after(standing, wanted(at + pauses[-1] - 0.1))
        assert early == standing and effects == []
        at += pauses[-1]
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE] and pauses[-2:] == [LONGEST_PAUSE] * 2


def test_a_runtime_that_says_when_to_come_again_is_not_asked_earlier() -> None:
    standing, _ = after(ASLEEP, wanted(0), Refused(at=NOON, problem="full", retry_after=45.0))
    assert standing.next_try_at == later(45)


def test_it_is_given_up_after_so_many_attempts_until_somebody_asks_anew() -> None:
    standing, at = ASLEEP, 0.0
    for _ in range(LIMITS.attempts):
        standing, _ = after(standing, wanted(at, asked=0), Refused(at=later(at), problem="full"))
        at += 1000
    assert standing.given_up and standing.problem == "full; given up after 5 attempts"
    same, effects = after(standing, wanted(at + 9_999, asked=0))
    assert same == standing and effects == []
    anew, effects = after(standing, wanted(at + 10_000, asked=at + 10_000))
    assert (anew.phase, anew.attempt, effects) == (Phase.WARMING, 0, [Warm(1)])


def test_what_comes_up_and_falls_back_rests_longer_each_time() -> None:
    standing, pauses, at = ASLEEP, [], 0.0
    for _ in range(3):
        standing, _ = after(standing, wanted(at), up(at + 1), cold(at + 5))
        assert standing.phase is Phase.FAILED and standing.next_try_at is not None
        assert standing.problem == "it fell asleep 4 s after it was up"
        pauses.append((standing.next_try_at - later(at + 5)).total_seconds())
        at += 5 + pauses[-1]
    assert pauses == [10, 20, 40]


def test_what_stays_up_a_minute_has_forgotten_its_failures() -> None:
    standing, _ = after(ASLEEP, wanted(0), Refused(at=NOON, problem="full"), wanted(10), up(11))
    assert standing.attempt == 1
    assert after(standing, up(72))[0].attempt == 0


def test_one_look_that_fails_is_forgiven_and_half_a_minute_of_them_is_not() -> None:
    unseen = [Seen(at=later(second), state=None, problem="no answer") for second in (5, 35, 36)]
    standing, _ = after(ASLEEP, up(0), *unseen[:2])
    assert (standing.state, standing.problem) == (ThermalState.WARM, "no answer")
    standing, _ = after(standing, unseen[2])
    assert (standing.state, standing.problem) == (ThermalState.OFF, "no answer")
    assert after(standing, up(37))[0].state is ThermalState.WARM


def test_where_looks_are_minutes_apart_one_that_fails_is_forgiven_too() -> None:
    unseen = [Seen(at=later(second), state=None, problem="no answer") for second in (360, 720, 780)]
    standing, _ = after(ASLEEP, unseen[0])
    assert standing.state is ThermalState.COLD
    assert after(standing, cold(420), unseen[1])[0].state is ThermalState.COLD, "a look in between succeeded"
    assert after(standing, unseen[1])[0].state is ThermalState.OFF


def test_a_model_is_usable_with_its_first_instance_while_others_come() -> None:
    standing, effects = after(ASLEEP, wanted(0, 3), up(5))
    assert effects == [Warm(3), Ended(Outcome.READY)] and standing.phase is Phase.WARMING
    standing, effects = after(standing, up(9, 3))
    assert (standing.state, standing.phase, effects) == (ThermalState.HOT, Phase.IDLE, [])


def test_less_is_enough_ends_when_the_rest_is_gone() -> None:
    hot = after(ASLEEP, up(0, 3))[0]
    standing, effects = after(hot, wanted(100, 1), up(101, 2))
    assert (standing.phase, effects) == (Phase.COOLING, [Warm(1)])
    assert after(standing, up(102, 1))[0].phase is Phase.IDLE


def test_no_more_is_ordered_than_there_may_be() -> None:
    assert after(ASLEEP, wanted(0, 99))[1] == [Warm(4)]


def test_what_does_not_go_to_sleep_is_told_again_and_again() -> None:
    standing = after(ASLEEP, up(0), wanted(100, 0))[0]
    for _ in range(9):
        standing, _ = after(standing, Refused(at=later(100), problem="no", permanent=True))
        assert standing.next_try_at == later(100 + LONGEST_PAUSE)
        standing, effects = after(standing, Wanted(at=standing.next_try_at, instances=0))
        assert effects == [Cool()]


def test_time_is_out_after_the_limit_and_not_before() -> None:
    standing = after(ASLEEP, wanted(0))[0]
    assert not overdue(standing, later(600), LIMITS) and overdue(standing, later(600.1), LIMITS)
    assert not overdue(ASLEEP, later(9_999), LIMITS)
    failed, effects = after(standing, Overdue(at=later(601)))
    assert effects == [Ended(Outcome.TIMED_OUT, "coming up took longer than 600 s")]
    assert failed.problem == "coming up took longer than 600 s"


STATES = st.sampled_from([None, *ThermalState])
INSTANCES = st.none() | st.integers(0, 5)


@st.composite
def walks(draw: st.DrawFn) -> Sequence[Event]:
    at = 0.0
    events: list[Event] = []
    for _ in range(draw(st.integers(1, 30))):
        at += draw(st.sampled_from([0.1, 1, 20, 90, 700]))
        now = later(at)
        kind = draw(st.integers(0, 3))
        if kind == 0:
            asked = draw(st.none() | st.just(now))
            events.append(Wanted(at=now, instances=draw(st.integers(-1, 6)), asked_at=asked))
        elif kind == 1:
            moving = draw(st.booleans())
            events.append(Seen(at=now, state=draw(STATES), transitioning=moving, instances=draw(INSTANCES)))
        elif kind == 2:
            events.append(Refused(at=now, problem="full", permanent=draw(st.booleans())))
        else:
            events.append(Overdue(at=now))
    return events


@given(walks())
def test_whatever_happens_it_makes_sense(events: Sequence[Event]) -> None:
    standing, open_warmups = ASLEEP, 0
    for event in events:
        before = standing
        standing, effects = step(standing, event, LIMITS)
        comes = standing.phase is Phase.WARMING and not standing.up
        began = comes and (before.phase is not Phase.WARMING or before.up)
        open_warmups += began
        assert open_warmups <= 1, "one at a time"
        open_warmups -= sum(isinstance(it, Ended) for it in effects)
        assert open_warmups >= 0, "only what began ends"
        assert sum(isinstance(it, Warm | Cool) for it in effects) <= 1
        assert standing.next_try_at is None or standing.phase is Phase.FAILED
        assert not (standing.given_up and standing.up), "what costs money is not given up"
        assert standing.aim == 0 or standing.changing
        if before.state is ThermalState.OFF and isinstance(event, Wanted):
            assert not any(isinstance(it, Warm) for it in effects), "nothing is started where nothing is"
        if standing.phase is not before.phase or began:
            assert standing.since == event.at
