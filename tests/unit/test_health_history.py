"""What statuses and counts of a time say, and how they look in one line."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiant.cli.sparkline import sparkline
from radiant.domain.health import Point, Window
from radiant.domain.vocabulary import HealthStatus
from radiant.health.histogram import Histogram
from radiant.health.tally import Tally
from radiant.insight.health_history import first_step, incidents, points, spans, uptime
from radiant.registry.health_reads import Change, Counted

NOW = dt.datetime(2026, 11, 26, 12, 34, 56, tzinfo=dt.UTC)
HEALTHY, DEGRADED, UNHEALTHY, UNKNOWN = HealthStatus

MINUTE = dt.timedelta(minutes=1)


def changes(*told: tuple[int, HealthStatus], region: str = "global") -> list[Change]:
    """Statuses from so many minutes ago on."""
    return [Change(region, NOW - minutes * MINUTE, status, "why") for minutes, status in told]


@pytest.mark.parametrize("window", Window)
def test_a_window_has_whole_steps_and_ends_with_that_of_now(window: Window) -> None:
    since = first_step(window, NOW)
    found = points([], window, NOW)
    assert len(found) == window.length / window.step
    assert found[0].at == since
    assert found[-1].at <= NOW < found[-1].at + window.step
    assert since.timestamp() % window.step.total_seconds() == 0


def test_what_was_counted_falls_into_its_step() -> None:
    tally = Tally(ok=2, failed={"timeout": 1, "rate limited": 4}, latencies=Histogram.of([100.0, 100.0]))
    found = points(
        [Counted(NOW, tally), Counted(NOW - 2 * MINUTE, tally), Counted(NOW - 61 * MINUTE, tally)], Window.HOUR, NOW
    )
    assert [(it.ok, it.failed) for it in found[-2:]] == [(2, 1), (2, 1)], "a limit is no failure"
    assert found[-1].p50_latency_ms == pytest.approx(100, rel=0.05)
    assert {(it.ok, it.p50_latency_ms) for it in found[:-2]} == {(0, None)}, "what is older is not in the window"


def test_an_incident_is_one_from_its_first_sign_to_its_end_and_tells_the_worst() -> None:
    found = spans(changes((50, HEALTHY), (40, DEGRADED), (30, UNHEALTHY), (20, DEGRADED), (10, HEALTHY)), NOW)
    (incident,) = incidents(found, NOW - 60 * MINUTE)
    assert (incident.status, incident.began_at, incident.ended_at) == (UNHEALTHY, NOW - 40 * MINUTE, NOW - 10 * MINUTE)
    assert incidents(found, NOW - 5 * MINUTE) == []


def test_an_incident_that_goes_on_has_no_end_and_began_when_it_began() -> None:
    (incident,) = incidents(spans(changes((500, UNHEALTHY)), NOW), NOW - 60 * MINUTE)
    assert (incident.began_at, incident.ended_at) == (NOW - 500 * MINUTE, None)


def test_a_clock_that_was_ahead_lengthens_no_incident_and_loses_none() -> None:
    """Written in this order: an hour's outage, noted by a clock that was a year ahead until it was mended."""
    year = 365 * 24 * 60
    found = spans(changes((120, HEALTHY), (70 - year, UNHEALTHY), (10, HEALTHY)), NOW)
    (incident,) = incidents(found, NOW - 60 * MINUTE)
    assert (incident.began_at, incident.ended_at) == (NOW - 10 * MINUTE, NOW - 10 * MINUTE)
    assert uptime(found, NOW - 60 * MINUTE, NOW) == 1.0
    going_on = spans(changes((120, HEALTHY), (-year, UNHEALTHY)), NOW)
    assert [(it.began, it.end) for it in going_on] == [(NOW - 120 * MINUTE, NOW), (NOW, None)]


def test_regions_have_their_own_incidents() -> None:
    told = [*changes((30, UNHEALTHY), region="eu"), *changes((20, DEGRADED), (10, HEALTHY), region="us")]
    assert [(it.region, it.ended_at is None) for it in incidents(spans(told, NOW), NOW - 60 * MINUTE)] == [
        ("us", False),
        ("eu", True),
    ]


@pytest.mark.parametrize(
    ("told", "share"),
    [
        ((), None),
        (((90, HEALTHY),), 1.0),
        (((90, UNHEALTHY),), 0.0),
        (((90, HEALTHY), (15, UNHEALTHY)), 0.75),
        (((90, DEGRADED), (15, UNHEALTHY)), 0.75),
        (((90, UNKNOWN), (20, HEALTHY), (10, UNHEALTHY)), 0.5),
        (((90, HEALTHY), (60, UNKNOWN)), None),
    ],
)
def test_uptime_is_of_the_known_time_in_the_window(
    told: tuple[tuple[int, HealthStatus], ...], share: float | None
) -> None:
    found = uptime(spans(changes(*told), NOW), NOW - 60 * MINUTE, NOW)
    assert found == (None if share is None else pytest.approx(share))


def test_the_best_region_decides() -> None:
    told = [*changes((90, UNHEALTHY), region="eu"), *changes((90, HEALTHY), region="us")]
    assert uptime(spans(told, NOW), NOW - 60 * MINUTE, NOW) == 1.0


@given(st.lists(st.tuples(st.integers(0, 600), st.sampled_from(HealthStatus)), max_size=20))
def test_uptime_is_a_share_and_incidents_do_not_overlap(told: list[tuple[int, HealthStatus]]) -> None:
    found = spans(changes(*sorted(told, key=lambda it: -it[0])), NOW)
    share = uptime(found, NOW - 60 * MINUTE, NOW)
    assert share is None or 0 <= share <= 1
    held = sorted(incidents(found, NOW - 600 * MINUTE), key=lambda it: it.began_at)
    for before, after in pairwise(held):
        assert before.ended_at is not None
        assert before.ended_at <= after.began_at


def point(p50: float | None, ok: int = 1, failed: int = 0) -> Point:
    return Point(at=NOW, ok=ok, failed=failed, p50_latency_ms=p50)


def test_a_curve_is_a_sign_for_each_step() -> None:
    assert sparkline([point(100), point(150), point(200), point(None, 0, 3), point(None, 0)]) == "▁▅█×·"
    assert sparkline([point(100), point(101)]) == "▁▁", "no hills of one percent"
    assert sparkline([]) == ""
