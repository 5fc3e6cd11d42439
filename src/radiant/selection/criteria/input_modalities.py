"""Input modalities: a model must accept all that are asked for."""

from ..criterion import Criterion
from ..demand import Names

criterion = Criterion(
    name="input_modalities",
    demand=Names(
        field="input_modalities",
        few=True,
        of=lambda candidate: candidate.input_modalities,
        reason=lambda name: f"does not accept {name}",
    ),
)
