"""Capabilities: a model must have all that are asked for."""

from operator import attrgetter

from ..criterion import Criterion
from ..demand import Names

criterion = Criterion(
    name="capabilities",
    by_health=False,
    demand=Names(
        field="required_capabilities",
        of=attrgetter("capabilities"),
        reason=lambda name: f"lacks {name}",
    ),
)
