"""Output modalities: a model must give all that are asked for."""

from operator import attrgetter

from ..criterion import Criterion
from ..demand import Names

criterion = Criterion(
    name="output_modalities",
    by_health=False,
    demand=Names(
        field="output_modalities",
        few=True,
        of=attrgetter("output_modalities"),
        reason=lambda name: f"does not give {name}",
    ),
)
