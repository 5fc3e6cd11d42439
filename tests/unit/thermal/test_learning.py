"""Durations that are learned, room that is made, and what sleeping saves."""

import datetime as dt
from decimal import Decimal

from radiant.thermal.durations import Learned, expected, learned, limit, remaining
from radiant.thermal.room import Room, Tenant, make_room
from radiant.thermal.savings import break_even, saved

NOON = dt.datetime(2031, 5, 6, 12, tzinfo=dt.UTC)


def test_the_median_and_the_slow_end_of_the_last_twenty() -> None:
    assert learned([]) is None
    assert learned([7.0]) == Learned(p50=7, p95=7, count=1)
    assert learned([float(n) for n in range(1, 21)]) == Learned(p50=10, p95=19, count=20)
    assert learned([1.0] * 20 + [900.0] * 80) == Learned(p50=1, p95=1, count=20), "older ones are forgotten"


def test_what_was_learned_replaces_the_guess() -> None:
    known = Learned(p50=9, p95=30, count=5)
    assert (expected(None, 60), expected(known, 60), expected(None, None)) == (60, 9, None)
    assert [remaining(known, 60, elapsed) for elapsed in (0, 4, 9, 29, 30)] == [9, 5, 21, 1, None]
    assert [remaining(None, 60, elapsed) for elapsed in (0, 59, 60)] == [60, 1, None]


def test_a_warm_up_has_time_for_three_slow_ones() -> None:
    assert limit(None, None) == 600 and limit(None, 200) == 600 and limit(None, 10) == 300
    assert limit(Learned(p50=1, p95=400, count=9), 10) == 1200 and limit(None, 99_999) == 3600


def tenant(id: int, gb: float, *, spare: bool = True, ago: float | None = None) -> Tenant:
    last = None if ago is None else NOON - dt.timedelta(minutes=ago)
    return Tenant(endpoint_id=id, model_id=f"m{id}", gpu_memory_gb=gb, spare=spare, last_active=last)


def test_memory_that_is_not_counted_keeps_nobody_asleep() -> None:
    assert make_room("it", 24, [tenant(1, 80)], None) == Room()
    assert make_room("it", None, [tenant(1, 80)], 80) == Room()


def test_what_fits_beside_the_others_wakes_nobody_up_or_down() -> None:
    assert make_room("it", 24, [tenant(1, 40)], 80) == Room()


def test_who_worked_least_recently_sleeps_first_and_no_more_than_needed() -> None:
    tenants = [tenant(1, 20, ago=1), tenant(2, 20, ago=50), tenant(3, 20, ago=9), tenant(4, 20, spare=False)]
    assert make_room("it", 20, tenants, 80) == Room(sleep=(2,))
    assert make_room("it", 40, tenants, 80) == Room(sleep=(2, 3))
    assert make_room("it", 40, [tenant(1, 10, ago=9), tenant(2, 70, ago=1)], 80) == Room(sleep=(2,))


def test_without_room_it_is_said_who_is_in_the_way() -> None:
    found = make_room("it", 40, [tenant(1, 60, spare=False), tenant(2, 10)], 80)
    assert found == Room(problem="no room for it: 20 GB of GPU memory are missing beside m1")
    assert make_room("it", 90, [], 80).problem == "it needs 90 GB of GPU memory, and its host has 80"


def test_waking_pays_after_so_many_requests() -> None:
    found = break_even(Decimal("1.2"), 60, 15, Decimal("0.008"))
    assert found is not None
    assert (found.waking_usd, found.requests) == (Decimal("0.32"), 40)
    assert str(found) == "waking pays after 40 requests like this"
    free = break_even(Decimal("1.2"), 60, 15, Decimal(0))
    assert free is not None and str(free) == "waking does not pay: the stand-in costs nothing"
    assert break_even(None, 60, 15, Decimal(1)) is None and break_even(Decimal(1), 60, 15, None) is None


def test_hours_asleep_are_hours_not_paid() -> None:
    assert saved(5400, Decimal("2.00")) == Decimal("3.00")
    assert saved(3600, Decimal("2.00"), 2) == Decimal("4.00") and saved(3600, None) is None
