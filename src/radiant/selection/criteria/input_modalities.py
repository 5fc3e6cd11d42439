"""Input modalities: a model must accept all that are asked for."""

from operator import attrgetter

from ..criterion import Criterion
from ..demand import Names

criterion = Criterion(
    name="input_modalities",
    by_health=False,
    demand=Names(
        field="input_modalities",
        few=True,
        of=attrgetter("input_modalities"),
        reason=lambda name: f"does not accept {name}",
    ),
)
