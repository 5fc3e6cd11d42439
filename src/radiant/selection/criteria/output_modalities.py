"""Output modalities: a model must give all that are asked for."""

from ..criterion import Criterion
from ..demand import Names

criterion = Criterion(
    name="output_modalities",
    demand=Names(
        field="output_modalities",
        few=True,
        of=lambda candidate: candidate.output_modalities,
        reason=lambda name: f"does not give {name}",
    ),
)
