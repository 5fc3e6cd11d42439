"""Capabilities: a model must have all that are asked for."""

from ..criterion import Criterion
from ..demand import Names

criterion = Criterion(
    name="capabilities",
    demand=Names(
        field="required_capabilities",
        of=lambda candidate: candidate.capabilities,
        reason=lambda name: f"lacks {name}",
    ),
)
