"""How a provider or a model stands, and what one more observation makes of that.

A status holds until there is more than one reason to change it: `FALL` failures in a row make it unhealthy, `RISE`
answers in a row healthy again. Where nobody listens any more, one failure is enough. Real traffic comes in numbers, in
which two failures stand beside each other by chance: a failure counts only where nothing was answered for `QUIET`,
nor since its request began.
A provider does not fall by failures that are all of one model: that model does, and the others serve.
"""

import datetime as dt
from types import MappingProxyType
from typing import Final

import msgspec
from msgspec.structs import replace

from radiant.domain.observation import LONGEST_MESSAGE, Observation, Reason, Source
from radiant.domain.vocabulary import HealthStatus

from .effect import Effect
from .tally import Tally

FALL, RISE = 2, 2

#: How much of a mean latency is kept at each new value.
KEPT = 0.7

#: A success that is younger than this outweighs a failure.
QUIET = dt.timedelta(seconds=5)

#: A success of real traffic that is younger than this outweighs the failure of a probe.
FRESH = dt.timedelta(minutes=1)

#: What was seen of a provider stands so long; what a probe saw stands longer, since who has the key will ask again.
LASTS, PROBE_LASTS = dt.timedelta(minutes=15), dt.timedelta(hours=1)

#: The error rate of what is degraded, and below which it no longer is; of so many requests at least.
MANY_ERRORS, STILL_MANY, LEAST_COUNTED = 0.25, 0.15, 20

#: What is counted in a row is counted so far: five days of 5,000 a second are more than the registry's numbers hold.
MOST_IN_A_ROW = 2**31 - 1

#: Seconds for which a provider may ask for rest at most.
LONGEST_RETRY = 3600.0


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """`reason` says why it is not healthy; `failures`, `refusals` of a key and `successes` are those in a row.
    `failing_model` is the one that all `failures` are of, None where they are of several or of none. `latency` and
    `ttft` are exponentially weighted means of successes in milliseconds. It is not to be asked again before
    `retry_at`."""

    status: HealthStatus = HealthStatus.UNKNOWN
    reason: Reason | None = None
    failures: int = 0
    refusals: int = 0
    failing_model: str | None = None
    successes: int = 0
    latency: float | None = None
    ttft: float | None = None
    last_check_at: dt.datetime | None = None
    last_success_at: dt.datetime | None = None
    last_failure_at: dt.datetime | None = None
    last_traffic_at: dt.datetime | None = None
    last_error: str | None = None
    retry_at: dt.datetime | None = None


def step(standing: Standing, seen: Observation, effect: Effect) -> Standing:
    """After one more observation, which must not be older than those before."""
    at = seen.at
    if effect is Effect.NEITHER:
        return standing
    if effect is Effect.NOTHING:
        return replace(standing, status=HealthStatus.UNKNOWN, reason=seen.reason, successes=0, **_NONE_IN_A_ROW)
    if standing.status is HealthStatus.UNKNOWN:  # now that something was seen, why nothing was known is over
        standing = replace(standing, reason=None)
    retry = _retry(standing, seen, effect)
    if effect in (Effect.BAD, Effect.ONE_MODEL, Effect.KEY):
        return _fallen(replace(standing, last_check_at=at, last_failure_at=at, retry_at=retry), seen, effect)
    successes = one_more(standing.successes)
    status, reason = standing.status, standing.reason
    if _rises(standing, seen, effect, successes):
        status, reason = HealthStatus.HEALTHY, None
    return replace(
        standing,
        status=status,
        reason=reason,
        successes=successes,
        last_check_at=at,
        last_success_at=at,
        last_traffic_at=at if seen.source is Source.TRAFFIC and effect is Effect.GOOD else standing.last_traffic_at,
        last_error=None if status is HealthStatus.HEALTHY else standing.last_error,
        retry_at=retry,
        **_NONE_IN_A_ROW,
    )


def _retry(standing: Standing, seen: Observation, effect: Effect) -> dt.datetime | None:
    """Until when it is left alone: as it said last. Only an answer ends that sooner; by a failure that says nothing of
    it the wait is not over."""
    if seen.retry_after is not None:
        return seen.at + dt.timedelta(seconds=min(seen.retry_after, LONGEST_RETRY))
    return None if effect is Effect.GOOD else standing.retry_at


_NONE_IN_A_ROW: Final = MappingProxyType({"failures": 0, "refusals": 0, "failing_model": None})


def _rises(standing: Standing, seen: Observation, effect: Effect, successes: int) -> bool:
    if standing.status is HealthStatus.UNHEALTHY:
        stale = standing.last_failure_at is None or seen.at - standing.last_failure_at > FRESH
        return successes >= RISE or (seen.source is Source.TRAFFIC and stale)
    if standing.reason is Reason.KEY:  # somebody else's key proves nothing of ours, and a limit nothing of any
        return effect is Effect.GOOD and (seen.source is Source.PROBE or successes >= RISE)
    return True


def _fallen(standing: Standing, seen: Observation, effect: Effect) -> Standing:
    told = replace(standing, successes=0, last_error=_words(seen))
    if _outweighed(standing, seen, effect):
        return told
    return _refused(told, seen) if effect is Effect.KEY else _failed(told, seen, effect)


def _refused(standing: Standing, seen: Observation) -> Standing:
    """Whoever refuses a key answers, so that failures are in a row no longer."""
    refusals = one_more(standing.refusals)
    now = replace(standing, failures=0, failing_model=None, refusals=refusals)
    # The provider of a probe has told the key it was given; callers have keys of their own.
    if seen.source is Source.PROBE or refusals >= FALL:
        return replace(now, status=HealthStatus.DEGRADED, reason=Reason.KEY)
    return now


def _failed(standing: Standing, seen: Observation, effect: Effect) -> Standing:
    failures = one_more(standing.failures)
    alone = effect is Effect.ONE_MODEL and (failures == 1 or standing.failing_model == seen.model_id)
    now = replace(standing, failures=failures, refusals=0, failing_model=seen.model_id if alone else None)
    if alone or failures < (1 if seen.reason is Reason.REFUSED else FALL):
        return now
    return replace(now, status=HealthStatus.UNHEALTHY, reason=seen.reason)


def _outweighed(standing: Standing, seen: Observation, effect: Effect) -> bool:
    if seen.source is Source.TRAFFIC:
        since = standing.last_success_at
        return since is not None and (seen.at - since < QUIET or seen.began_at < since)
    since = standing.last_traffic_at
    return effect is Effect.BAD and since is not None and seen.at - since < FRESH


def one_more(in_a_row: int) -> int:
    """The number after one more."""
    return min(in_a_row + 1, MOST_IN_A_ROW)


def stands(last_check_at: dt.datetime | None, probed_at: dt.datetime | None, now: dt.datetime) -> bool:
    """Whether what was seen of a provider last still says how it is."""
    checked = last_check_at is not None and last_check_at >= now - LASTS
    return checked or (probed_at is not None and probed_at >= now - PROBE_LASTS)


def tempered(standing: Standing, counted: Tally, before: HealthStatus) -> Standing:
    """The same, degraded where so many requests fail among those that succeed; less is enough for what was degraded
    `before`."""
    rate = counted.success_rate
    if standing.status is not HealthStatus.HEALTHY or rate is None or counted.ok + counted.errors < LEAST_COUNTED:
        return standing
    if 1 - rate < (STILL_MANY if before is HealthStatus.DEGRADED else MANY_ERRORS):
        return standing
    return replace(standing, status=HealthStatus.DEGRADED, reason=counted.main_reason)


def weighted(mean: float | None, value: float | None) -> float | None:
    """The mean after one more value."""
    if mean is None or value is None:
        return mean if value is None else value
    return KEPT * mean + (1 - KEPT) * value


def material(published: float | None, exact: float | None, *, share: float = 0.0, points: float = 0.0) -> bool:
    """Whether `exact` is so far from what was published that it has to be published: by more than a `share` of it, and
    more than `points`."""
    if published is None or exact is None:
        return published is not exact
    return abs(exact - published) > max(share * published, points)


def _words(seen: Observation) -> str:
    reason = "it failed" if seen.reason is None else seen.reason.value
    return reason if not seen.message else f"{reason}: {seen.message}"[:LONGEST_MESSAGE]
