"""Distributions of latencies that can be added up: buckets whose bounds grow by a constant factor.

A quantile is told by the middle of its bucket, so it is off by at most `RELATIVE_ERROR`, whatever was added up in which
order. After DDSketch (Masson, Rim, Lee: PVLDB 12(12), 2019), without its collapsing of buckets: the bounds are fixed.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Self

import msgspec

#: From one bound to the next.
GROWTH = 1.08

#: Of a quantile, against the nearest-rank quantile of the values themselves.
RELATIVE_ERROR = (GROWTH - 1) / (GROWTH + 1)

#: Milliseconds; what lies outside counts as the bound.
SHORTEST, LONGEST = 0.001, 1e9

_LOG_GROWTH = math.log(GROWTH)


class Histogram(msgspec.Struct, frozen=True):
    """How many values fell into each bucket; bucket i ends at `GROWTH` ** i milliseconds."""

    counts: dict[int, int] = {}

    @classmethod
    def of(cls, values: Iterable[float]) -> Self:
        """Of milliseconds."""
        counts: dict[int, int] = {}
        for value in values:
            bucket = math.ceil(math.log(min(max(value, SHORTEST), LONGEST)) / _LOG_GROWTH)
            counts[bucket] = counts.get(bucket, 0) + 1
        return cls(counts)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """What `encode` gave."""
        numbers = _decode(data)
        counts, bucket = {}, 0
        for distance, count in zip(numbers[::2], numbers[1::2], strict=True):
            bucket += distance
            counts[bucket] = count
        return cls(counts)

    def encode(self) -> bytes:
        """One byte for most numbers; equal histograms give equal bytes."""
        numbers, before = [], 0
        for bucket, count in sorted(self.counts.items()):
            numbers += [bucket - before, count]
            before = bucket
        return _encode(numbers)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def quantile(self, share: float) -> float | None:
        """The value, in milliseconds, that so large a share does not exceed (nearest rank); None of nothing."""
        left = max(1, math.ceil(share * self.total))
        for bucket, count in sorted(self.counts.items()):
            left -= count
            if left <= 0:
                return 2 * GROWTH**bucket / (GROWTH + 1)
        return None


def merged(histograms: Iterable[Histogram]) -> Histogram:
    """All of them as one."""
    counts: dict[int, int] = {}
    for histogram in histograms:
        _add(counts, histogram.counts)
    return Histogram(counts)


def _add(counts: dict[int, int], more: Mapping[int, int]) -> None:
    for bucket, count in more.items():
        counts[bucket] = counts.get(bucket, 0) + count


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[int]).decode
