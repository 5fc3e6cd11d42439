"""Every criterion, in the order in which refusals are told."""

from ..criterion import Criterion
from . import (
    capabilities,
    commercial_use,
    context,
    cost,
    exclude,
    health,
    hipaa,
    hosting,
    input_modalities,
    latency,
    output_modalities,
    price,
    readiness,
    status,
    task,
    tier,
)

ROSTER: tuple[Criterion, ...] = (
    status.criterion,
    task.criterion,
    input_modalities.criterion,
    output_modalities.criterion,
    tier.criterion,
    readiness.criterion,
    health.criterion,
    hosting.criterion,
    hipaa.criterion,
    commercial_use.criterion,
    capabilities.criterion,
    context.criterion,
    latency.criterion,
    price.criterion,
    cost.criterion,
    exclude.criterion,
)
