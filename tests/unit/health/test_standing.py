"""When a status changes: two failures, two answers, and what outweighs what."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiant.domain.observation import Observation, Reason, Source
from radiant.domain.vocabulary import HealthStatus
from radiant.health.circuit import CLOSED
from radiant.health.effect import effect_on_model, effect_on_provider
from radiant.health.fold import Published, fold
from radiant.health.offline import seems_offline
from radiant.health.standing import Standing, material, step

NOON = dt.datetime(2031, 5, 6, 12, 0, tzinfo=dt.UTC)
FAILURES = [Reason.TIMEOUT, Reason.TLS, Reason.DNS, Reason.UNREACHABLE, Reason.SERVER, Reason.UNREADABLE]


def probe(minute: float, reason: Reason | None = None, **more: Any) -> Observation:
    given: dict[str, Any] = {
        "provider_id": "p",
        "source": Source.PROBE,
        "at": NOON + dt.timedelta(minutes=minute),
    } | more
    return Observation(ok=reason is None, reason=reason, **given)


def traffic(minute: float, reason: Reason | None = None, **more: Any) -> Observation:
    return probe(minute, reason, **{"source": Source.TRAFFIC, "model_id": "m", **more})


NEW = Standing()


def after(*observations: Observation, standing: Standing = NEW) -> Standing:
    for seen in observations:
        standing = step(standing, seen, effect_on_provider(seen))
    return standing


def statuses(*reasons: Reason | None) -> list[str]:
    """After each of these probes."""
    probes = [probe(n, reason) for n, reason in enumerate(reasons)]
    return [after(*probes[: end + 1]).status.value for end in range(len(probes))]


@pytest.mark.parametrize("reason", FAILURES)
def test_two_failures_in_a_row_and_two_answers_in_a_row(reason: Reason) -> None:
    assert statuses(None, reason, None, reason, reason, None, reason, None, None) == [
        "healthy", "healthy", "healthy", "healthy", "unhealthy", "unhealthy", "unhealthy", "unhealthy", "healthy",
    ]  # fmt: skip


def test_where_nobody_listens_one_is_enough() -> None:
    assert statuses(None, Reason.REFUSED, None, None) == ["healthy", "unhealthy", "unhealthy", "healthy"]


def test_a_key_that_is_refused_degrades_and_one_that_works_ends_that() -> None:
    assert statuses(None, Reason.KEY, Reason.KEY, None) == ["healthy", "degraded", "degraded", "healthy"]
    assert after(probe(0), probe(1, Reason.KEY)).reason is Reason.KEY


@pytest.mark.parametrize("reason", [Reason.RATE_LIMITED, Reason.CLIENT])
def test_a_limit_for_whoever_asks_with_a_wrong_key_too_often_makes_it_no_right_one(reason: Reason) -> None:
    refused = after(probe(0, Reason.KEY), probe(1, reason), probe(2, reason))
    assert (refused.status, refused.reason) == (HealthStatus.DEGRADED, Reason.KEY)
    assert after(probe(3), standing=refused).status is HealthStatus.HEALTHY


def test_the_key_of_a_caller_says_little_of_ours() -> None:
    assert after(probe(0), traffic(1, Reason.KEY)).status is HealthStatus.HEALTHY
    assert after(probe(0, Reason.KEY), traffic(1)).status is HealthStatus.DEGRADED
    assert after(probe(0, Reason.KEY), traffic(1), traffic(2)).status is HealthStatus.HEALTHY


@pytest.mark.parametrize("reason", [Reason.RATE_LIMITED, Reason.CONTENT, Reason.CLIENT, Reason.NOT_FOUND])
def test_whoever_says_no_is_alive(reason: Reason) -> None:
    assert after(*(traffic(n, reason) for n in range(4))).status is HealthStatus.HEALTHY


def test_without_a_key_nothing_is_known() -> None:
    standing = after(probe(0), probe(5, Reason.NO_KEY))
    assert (standing.status, standing.reason) == (HealthStatus.UNKNOWN, Reason.NO_KEY)


def test_fresh_traffic_outweighs_probes_that_fail() -> None:
    probes = (probe(1.2, Reason.TIMEOUT), probe(1.6, Reason.TIMEOUT), probe(1.9, Reason.TIMEOUT))
    assert after(probe(0), traffic(1), *probes).status is HealthStatus.HEALTHY
    assert after(probe(0), *probes).status is HealthStatus.UNHEALTHY


def test_one_success_of_traffic_ends_a_failure_that_is_stale() -> None:
    down = after(probe(0), probe(5, Reason.TIMEOUT), probe(10, Reason.TIMEOUT))
    assert after(traffic(10.5), standing=down).status is HealthStatus.UNHEALTHY
    assert after(traffic(12), standing=down).status is HealthStatus.HEALTHY
    assert after(probe(12), standing=down).status is HealthStatus.UNHEALTHY


def test_a_provider_does_not_fall_by_one_model_alone() -> None:
    reasons = (Reason.TIMEOUT, Reason.SERVER, Reason.UNREADABLE, Reason.UNREACHABLE)
    alone = [traffic(1 + n / 10, reasons[n % len(reasons)]) for n in range(9)]
    standing = after(probe(0), *alone)
    assert (standing.status, standing.failing_model) == (HealthStatus.HEALTHY, "m")
    assert after(traffic(3, Reason.SERVER, model_id="n"), standing=standing).status is HealthStatus.UNHEALTHY
    assert after(probe(3, Reason.SERVER), standing=standing).status is HealthStatus.UNHEALTHY
    assert after(traffic(3, Reason.SERVER, model_id=None), standing=standing).status is HealthStatus.UNHEALTHY
    served = after(traffic(3, model_id="n"), traffic(4, Reason.SERVER, model_id="n"), standing=standing)
    assert (served.status, served.failing_model) == (HealthStatus.HEALTHY, "n")


@pytest.mark.parametrize("reason", [Reason.REFUSED, Reason.TLS, Reason.DNS])
def test_what_fails_before_a_model_is_named_is_the_way_to_its_provider(reason: Reason) -> None:
    assert after(probe(0), traffic(1, reason), traffic(2, reason)).status is HealthStatus.UNHEALTHY


def test_a_model_falls_by_its_own_failures() -> None:
    standing = Standing()
    for seen in (traffic(0), traffic(1, Reason.SERVER), traffic(2, Reason.SERVER)):
        standing = step(standing, seen, effect_on_model(seen))
    assert standing.status is HealthStatus.UNHEALTHY


def test_a_key_that_is_refused_is_no_failure_in_a_row() -> None:
    """Whoever refuses a key has answered; and a failure is no refusal."""
    for key in (probe(1, Reason.KEY), traffic(1, Reason.KEY)):
        assert after(probe(0), key, probe(2, Reason.SERVER)).status is not HealthStatus.UNHEALTHY
        assert after(probe(0), probe(0.5, Reason.SERVER), key, probe(2, Reason.SERVER)).failures == 1
    assert after(probe(0), probe(1, Reason.SERVER), traffic(2, Reason.KEY)).status is HealthStatus.HEALTHY
    assert after(probe(0), *(traffic(n, Reason.KEY) for n in (1, 2))).status is HealthStatus.DEGRADED


@pytest.mark.parametrize("before", [Reason.NO_KEY, Reason.OFFLINE])
@pytest.mark.parametrize("now", [Reason.SERVER, Reason.REFUSED, Reason.KEY, None])
def test_why_nothing_was_known_is_over_once_something_was_seen(before: Reason, now: Reason | None) -> None:
    standing = after(probe(0), probe(1, before), probe(2, now))
    assert standing.reason not in (Reason.NO_KEY, Reason.OFFLINE)


def test_failures_among_many_successes_make_nobody_unhealthy() -> None:
    """At many requests a second two failures stand beside each other by chance."""
    crowd = [traffic(n / 600, Reason.SERVER if n % 10 < 4 else None) for n in range(600)]
    assert after(*crowd).status is HealthStatus.HEALTHY
    outage = [traffic(1 + n / 600, Reason.SERVER, model_id=f"m{n % 2}") for n in range(120)]
    assert after(*crowd, *outage).status is HealthStatus.UNHEALTHY


def test_but_many_of_them_degrade() -> None:
    def folded(standing: Standing, begin: float, every: int) -> Standing:
        crowd = [traffic(begin + n / 600, Reason.SERVER if n % every == 0 else None) for n in range(120)]
        now = NOON + dt.timedelta(minutes=begin + 1)
        return fold(standing, CLOSED, Published(), {}, crowd, effect_on_provider, now).standing

    standing = folded(Standing(), 0, 3)
    assert (standing.status, standing.reason) == (HealthStatus.DEGRADED, Reason.SERVER)
    assert folded(standing, 20, 5).status is HealthStatus.DEGRADED  # less is enough to stay so
    assert folded(Standing(), 20, 5).status is HealthStatus.HEALTHY


def test_a_provider_says_when_it_wants_to_be_asked_again() -> None:
    assert after(probe(0, Reason.RATE_LIMITED, retry_after=30)).retry_at == NOON + dt.timedelta(seconds=30)
    assert after(probe(0, Reason.RATE_LIMITED, retry_after=1e6)).retry_at == NOON + dt.timedelta(hours=1)
    assert after(probe(0, Reason.RATE_LIMITED, retry_after=30), probe(1)).retry_at is None


@pytest.mark.parametrize("reason", [Reason.TIMEOUT, Reason.SERVER, Reason.RATE_LIMITED, Reason.CLIENT, Reason.KEY])
def test_what_says_nothing_of_the_wait_does_not_end_it(reason: Reason) -> None:
    """A caller who was refused or met a time-out meanwhile is no reason to ask sooner than was asked for."""
    told = after(probe(0, Reason.RATE_LIMITED, retry_after=900), traffic(1, reason))
    assert told.retry_at == NOON + dt.timedelta(minutes=15)
    said = after(probe(0, Reason.RATE_LIMITED, retry_after=900), traffic(1, reason, retry_after=30))
    assert said.retry_at == NOON + dt.timedelta(minutes=1, seconds=30), "it says what holds now"


@given(st.lists(st.sampled_from([None, *Reason]), max_size=40))
def test_no_status_turns_to_and_fro_on_single_observations(reasons: list[Reason | None]) -> None:
    """Between unhealthy and healthy lie two observations that agree, unless nobody listened or nothing was known."""
    standing = Standing()
    for n, reason in enumerate(reasons):
        seen = probe(n, reason)
        following = step(standing, seen, effect_on_provider(seen))
        if (standing.status, following.status) == (HealthStatus.HEALTHY, HealthStatus.UNHEALTHY):
            assert reason is Reason.REFUSED or standing.failures >= 1
        if (standing.status, following.status) == (HealthStatus.UNHEALTHY, HealthStatus.HEALTHY):
            assert standing.successes >= 1
        standing = following


def test_what_has_moved_far_enough_is_published() -> None:
    assert material(None, 5) and material(5, None) and not material(None, None)
    assert not material(100, 110, share=0.1) and material(100, 110.1, share=0.1) and material(100, 89, share=0.1)
    assert not material(0.0, 0.05, points=0.05) and material(0.0, 0.051, points=0.05)


@pytest.mark.parametrize("reason", [it for it in Reason if it not in (Reason.NO_KEY, Reason.OFFLINE)])
def test_an_answer_is_a_route_even_if_it_is_an_error(reason: Reason) -> None:
    silent = {Reason.DNS, Reason.TIMEOUT, Reason.REFUSED, Reason.UNREACHABLE, Reason.TLS}
    assert seems_offline([probe(0, Reason.DNS), probe(0, reason, provider_id="q")]) is (reason in silent)


def test_this_host_is_offline_where_all_of_two_or_more_fail() -> None:
    failing, other = probe(0, Reason.DNS), probe(0, Reason.TIMEOUT, provider_id="q")
    assert seems_offline([failing, other])
    assert not seems_offline([failing])
    assert not seems_offline([failing, probe(0, Reason.NO_KEY, provider_id="q")])
    assert not seems_offline([failing, probe(0, Reason.RATE_LIMITED, provider_id="q")])
    assert not seems_offline([failing, other, probe(0, Reason.KEY, provider_id="r")])
    assert not seems_offline([failing, other, probe(0, region="eu")])


@pytest.mark.parametrize("reason", [Reason.COLD, Reason.CANCELLED])
def test_what_sleeps_and_what_nobody_waited_for_stands_as_before(reason: Reason) -> None:
    """Who gives up waiting for what hangs has seen no sign of life of it."""
    down = after(*(traffic(it, Reason.TIMEOUT, model_id=None) for it in (0, 1)))
    assert down.status is HealthStatus.UNHEALTHY
    for before in (Standing(), after(traffic(0)), down):
        assert after(traffic(2, reason), traffic(3, reason), standing=before) == before
