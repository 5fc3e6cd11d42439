"""The circuit of a model."""

import datetime as dt

import pytest
from msgspec.structs import replace

from radiant.domain.observation import Observation, Reason, Source
from radiant.health.circuit import CLOSED, LONGEST_REST, Circuit, held_back, step
from radiant.health.effect import effect_on_model

NOON = dt.datetime(2031, 5, 6, 12, 0, tzinfo=dt.UTC)


def after(circuit: Circuit, *seen: tuple[float, Reason | None], source: Source = Source.TRAFFIC) -> Circuit:
    for second, reason in seen:
        at = NOON + dt.timedelta(seconds=second)
        each = Observation(provider_id="p", model_id="m", source=source, at=at, ok=reason is None, reason=reason)
        circuit = step(circuit, each, effect_on_model(each))
    return circuit


def failures(*seconds: float, reason: Reason = Reason.TIMEOUT) -> list[tuple[float, Reason | None]]:
    return [(second, reason) for second in seconds]


def test_five_in_a_row_open_it_for_thirty_seconds() -> None:
    assert after(CLOSED, *failures(0, 1, 2, 3)).resting_until is None
    assert after(CLOSED, *failures(0, 1, 2, 3), (3.5, None), *failures(4, 5)).resting_until is None
    opened = after(CLOSED, *failures(0, 1, 2, 3, 4))
    assert (opened.failures, opened.reason) == (5, Reason.TIMEOUT)
    assert opened.resting_until == NOON + dt.timedelta(seconds=34)
    assert opened.resting(NOON + dt.timedelta(seconds=33)) and not opened.resting(NOON + dt.timedelta(seconds=34))


def test_each_rest_is_twice_as_long_up_to_ten_minutes() -> None:
    circuit, rests, at = after(CLOSED, *failures(0, 0, 0, 0, 0)), [], 0.0
    for _ in range(7):
        assert circuit.resting_until is not None
        ends = (circuit.resting_until - NOON).total_seconds()
        rests.append(ends - at)
        at = ends
        circuit = after(circuit, *failures(at))
    assert rests == [30, 60, 120, 240, 480, 600, 600]
    assert after(circuit, (at + 601, None)) == CLOSED


@pytest.mark.parametrize("rests", [5, 1_023, 1_024, 2**31 - 2])
def test_the_longest_rest_is_the_longest_however_many_came_before(rests: int) -> None:
    for_days = Circuit(failures=rests + 4, reason=Reason.TIMEOUT, rests=rests, resting_until=NOON)
    again = after(for_days, *failures(1))
    assert again.resting_until == NOON + dt.timedelta(seconds=1 + LONGEST_REST)


def test_a_failure_that_began_before_the_rest_does_not_lengthen_it() -> None:
    opened = after(CLOSED, *failures(0, 0, 0, 0, 0))
    assert after(opened, *failures(1, 2, 29)) == opened


def test_a_request_under_way_since_before_the_rest_does_not_lengthen_it_however_late_it_ends() -> None:
    opened = after(CLOSED, *failures(0, 0, 0, 0, 0))  # rests until second 30
    ended = NOON + dt.timedelta(seconds=59)
    for took, rests in ((60, 1), (30, 1), (29, 2), (None, 2)):
        late = Observation(
            provider_id="p", model_id="m", source=Source.TRAFFIC, at=ended, ok=False, reason=Reason.TIMEOUT,
            latency_ms=None if took is None else took * 1000.0,
        )  # fmt: skip
        assert step(opened, late, effect_on_model(late)).rests == rests, took


@pytest.mark.parametrize("reason", [Reason.RATE_LIMITED, Reason.KEY, Reason.CLIENT, Reason.CONTENT, Reason.COLD])
def test_what_says_nothing_of_the_model_neither_opens_nor_closes_it(reason: Reason) -> None:
    assert after(CLOSED, *failures(*range(9), reason=reason)) == CLOSED
    assert after(CLOSED, *failures(0, 1, 2, 3), (4, reason), *failures(5)).resting_until is not None


def test_probes_leave_it_alone() -> None:
    assert after(CLOSED, *failures(*range(9)), source=Source.PROBE) == CLOSED


def test_a_rest_that_a_clock_ahead_began_is_over_and_the_next_answer_decides() -> None:
    """The longest rest counts; what lies further ahead was written by a wrong clock."""
    opened = after(CLOSED, *failures(0, 0, 0, 0, 0))
    assert held_back(opened, NOON) is opened
    longest = replace(opened, resting_until=NOON + dt.timedelta(seconds=LONGEST_REST))
    assert held_back(longest, NOON) is longest
    back = NOON - dt.timedelta(days=365)
    over = held_back(opened, back)
    assert not over.resting(back) and over.rests == 1
    answer = Observation(provider_id="p", model_id="m", source=Source.TRAFFIC, at=back, ok=True)
    assert step(over, answer, effect_on_model(answer)) == CLOSED
