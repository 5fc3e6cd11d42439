"""How long warm-ups take, learned from the last ones."""

import math
from collections.abc import Sequence

import msgspec

#: Warm-ups that are learned from: enough for a tail, few enough to follow a new machine.
LAST = 20


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds within which half of the last `count` warm-ups were ready, and 95 of 100."""

    p50: float
    p95: float
    count: int


def learned(seconds: Sequence[float]) -> Learned | None:
    """Of the newest `LAST` durations, newest first; None where there are none. Both are durations that occurred."""
    last = sorted(seconds[:LAST])
    if not last:
        return None
    return Learned(p50=_rank(last, 0.50), p95=_rank(last, 0.95), count=len(last))


def expected(found: Learned | None, guess: float | None) -> float | None:
    """Seconds that a warm-up takes: as learned, else as the catalog guesses."""
    return guess if found is None else found.p50


def remaining(found: Learned | None, guess: float | None, elapsed: float) -> float | None:
    """Seconds until what has been loading for `elapsed` is ready; None where it takes longer than any before."""
    for estimate in (expected(found, guess), None if found is None else found.p95):
        if estimate is not None and elapsed < estimate:
            return estimate - elapsed
    return None


def limit(found: Learned | None, guess: float | None) -> float:
    """Seconds after which a warm-up is given up: three times the slowest usual one, at least five minutes and at most
    an hour; ten minutes where nothing is known."""
    usual = guess if found is None else found.p95
    return 600.0 if usual is None else min(max(3 * usual, 300.0), 3600.0)


def _rank(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
