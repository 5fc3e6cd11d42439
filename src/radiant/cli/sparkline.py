"""A curve in one line of a terminal."""

from collections.abc import Sequence
from typing import Final

from radiant.domain.health import Point

_HEIGHTS: Final = "▁▂▃▄▅▆▇█"

#: A step in which most of what was counted failed, and one in which nothing was.
FAILED: Final = "×"
NOTHING: Final = "·"


def sparkline(points: Sequence[Point]) -> str:
    """One sign for each point: its median latency between the least and the most of them, or what it was instead."""
    values = [it.p50_latency_ms for it in points if it.p50_latency_ms is not None]
    least, most = min(values, default=0.0), max(values, default=0.0)
    return "".join(_sign(it, least, most) for it in points)


def _sign(point: Point, least: float, most: float) -> str:
    if point.failed > point.ok:
        return FAILED
    if point.p50_latency_ms is None:
        return NOTHING if point.ok == 0 else _HEIGHTS[0]
    # Differences of a few percent are no hills.
    span = max(most - least, least * 0.25, 1e-9)
    return _HEIGHTS[min(round((point.p50_latency_ms - least) / span * (len(_HEIGHTS) - 1)), len(_HEIGHTS) - 1)]
