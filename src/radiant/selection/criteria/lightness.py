"""Lightness: small models before large ones of the same provider, as a guess at speed where nothing was measured."""

from ..criterion import Criterion, Measure
from .class_ import RANKS

criterion = Criterion(
    name="lightness",
    measure=Measure(
        by_health=False,
        of=lambda candidate, _: None if candidate.model_class is None else -RANKS[candidate.model_class],
        scores={-2: 1.0, -1: 0.5, 0: 0.2},
        words=lambda candidate, _: (
            "class unknown" if candidate.model_class is None else f"class {candidate.model_class}"
        ),
    ),
)
