"""When changes were committed, and when each process saw them."""

import statistics
import time
from collections.abc import Callable, Sequence

Moment = tuple[int, float]  #: the number of a change, and when


def commit(change: Callable[[int], object], count: int, first: int, pause: float) -> list[Moment]:
    """Make `count` changes, numbered from `first`, one every `pause` seconds; when each was committed."""
    done = []
    begun = time.monotonic()
    for number in range(count):
        change(first + number)
        done.append((first + number, time.monotonic()))
        time.sleep(max(0.0, begun + (number + 1) * pause - time.monotonic()))
    return done


def waits(sights: Sequence[Moment], committed: Sequence[Moment]) -> list[float]:
    """Seconds from each commit to the first index that shows it or a later one."""
    found, position = [], 0
    for number, at in committed:
        while position < len(sights) and sights[position][0] < number:
            position += 1
        assert position < len(sights), f"change {number} was never seen"
        found.append(max(0.0, sights[position][1] - at))
    return found


def spread(values: Sequence[float], unit: float = 1000, digits: int = 1) -> dict[str, float]:
    """Median, 99th percentile and worst, in thousandths of a second unless said otherwise."""
    ordered = sorted(values)
    return {
        "p50": round(statistics.median(ordered) * unit, digits),
        "p99": round(ordered[int(len(ordered) * 0.99)] * unit, digits),
        "worst": round(ordered[-1] * unit, digits),
    }
