"""A criterion of somebody's own."""

from radiant.selection.criterion import Criterion, Measure
from radiant.selection.demand import Bound

#: Asks what was measured, and does not say so.
SILENT = Criterion(
    name="errors",
    standing=lambda candidate: "it fails" if candidate.error_rate == 0.25 and candidate.min_tier > 1 else None,
    demand=Bound(
        field="max_error_rate",
        type=float | None,
        of=lambda candidate, _: candidate.error_rate,
        unknown="its error rate is unknown",
        reason=lambda asked: f"its error rate is above {asked:.0%}",
        found=lambda rate, _: f"{rate:.0%}",
    ),
    measure=Measure(
        of=lambda candidate, _: (candidate.avg_latency_ms or 0) * candidate.min_tier, words=lambda *_: "errors"
    ),
)
