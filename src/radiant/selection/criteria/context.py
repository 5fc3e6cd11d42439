"""The context window: how many tokens a model can take in at once."""

from ..criterion import Criterion, Measure
from ..demand import Bound

criterion = Criterion(
    name="context",
    by_health=False,
    demand=Bound(
        field="min_context_window",
        of=lambda candidate, _: candidate.context_window,
        least=True,
        unknown="its context window is unknown",
        reason=lambda asked: f"its context window is below {asked:,} tokens",
        found=lambda window, _: f"{window:,}",
    ),
    measure=Measure(
        by_health=False,
        of=lambda candidate, _: candidate.context_window,
        high=True,
        words=lambda candidate, _: (
            "context window unknown"
            if candidate.context_window is None
            else f"context window of {candidate.context_window:,} tokens"
        ),
    ),
)
