"""What was counted in a stretch of time, which can be added up."""

import datetime as dt
from collections.abc import Iterable, Mapping

import msgspec

from radiant.domain.observation import Observation, Reason

from .effect import ERRORS
from .histogram import Histogram, merged

MINUTE = dt.timedelta(minutes=1)

#: What rates and percentiles are of.
WINDOW = dt.timedelta(minutes=15)

#: The name of a failure whose reason nobody told.
UNTOLD = "failed"


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """`failed` counts by reason. `latencies` and `latency_sum` are milliseconds of successes, `ttft_sum` those until
    the first token of `ttft_count`."""

    ok: int = 0
    failed: dict[str, int] = {}
    latencies: Histogram = Histogram()
    latency_sum: float = 0.0
    ttft_sum: float = 0.0
    ttft_count: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def errors(self) -> int:
        """Failures that speak against whoever was asked: no limits, no wrong requests."""
        return sum(count for reason, count in self.failed.items() if reason in _COUNTED)

    @property
    def main_reason(self) -> Reason | None:
        """The one that most failures were for, of those that speak against whoever was asked."""
        known = {reason: self.failed.get(reason, 0) for reason in sorted(ERRORS)}
        return max(known, key=known.__getitem__) if any(known.values()) else None

    @property
    def success_rate(self) -> float | None:
        """Of all that succeeded or speaks against it; None of nothing."""
        of = self.ok + self.errors
        return self.ok / of if of else None


_COUNTED = frozenset((*ERRORS, UNTOLD))


def tally(observations: Iterable[Observation]) -> Tally:
    """Of all of them."""
    ok, failed = 0, dict[str, int]()
    latencies: list[float] = []
    ttft_sum, ttft_count, taken, given = 0.0, 0, 0, 0
    for seen in observations:
        taken += seen.input_tokens or 0
        given += seen.output_tokens or 0
        if not seen.ok:
            reason = UNTOLD if seen.reason is None else seen.reason.value
            failed[reason] = failed.get(reason, 0) + 1
            continue
        ok += 1
        if seen.latency_ms is not None:
            latencies.append(seen.latency_ms)
        if seen.ttft_ms is not None:
            ttft_sum += seen.ttft_ms
            ttft_count += 1
    return Tally(
        ok=ok,
        failed=failed,
        latencies=Histogram.of(latencies),
        latency_sum=sum(latencies),
        ttft_sum=ttft_sum,
        ttft_count=ttft_count,
        input_tokens=taken,
        output_tokens=given,
    )


def total(tallies: Iterable[Tally]) -> Tally:
    """All of them as one, in any order."""
    held = list(tallies)
    failed: dict[str, int] = {}
    for each in held:
        for reason, count in each.failed.items():
            failed[reason] = failed.get(reason, 0) + count
    return Tally(
        ok=sum(each.ok for each in held),
        failed=failed,
        latencies=merged(each.latencies for each in held),
        latency_sum=sum(each.latency_sum for each in held),
        ttft_sum=sum(each.ttft_sum for each in held),
        ttft_count=sum(each.ttft_count for each in held),
        input_tokens=sum(each.input_tokens for each in held),
        output_tokens=sum(each.output_tokens for each in held),
    )


def minute_of(at: dt.datetime) -> dt.datetime:
    """The minute in which it was."""
    return at.replace(second=0, microsecond=0)


def window(minutes: Mapping[dt.datetime, Tally], now: dt.datetime) -> Tally:
    """What was counted in the last `WINDOW`."""
    first = minute_of(now) - WINDOW + MINUTE
    return total(each for minute, each in minutes.items() if first <= minute <= now)
