"""Latency: the mean of the measured latencies, in milliseconds."""

from ..criterion import Criterion, Measure
from ..demand import Bound

criterion = Criterion(
    name="latency",
    by_health=True,
    demand=Bound(
        field="max_latency_ms",
        soft=True,
        of=lambda candidate, _: candidate.avg_latency_ms,
        unknown="its latency is unknown",
        reason=lambda asked: f"its latency is above {asked:g} ms",
        nowhere="no latency has been measured yet",
        found=lambda latency, _: f"{latency:g} ms",
    ),
    measure=Measure(
        by_health=True,
        nowhere="no latency has been measured yet",
        of=lambda candidate, _: candidate.avg_latency_ms,
        words=lambda candidate, _: (
            "latency unknown" if candidate.avg_latency_ms is None else f"latency {candidate.avg_latency_ms:g} ms"
        ),
    ),
)
