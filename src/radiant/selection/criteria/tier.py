"""Tier: the tenant's tier must be at least the model's minimum tier."""

from operator import attrgetter

from ..criterion import Criterion
from ..demand import Rule

criterion = Criterion(
    name="tier",
    by_health=False,
    demand=Rule(
        field="tenant_tier",
        by=attrgetter("min_tier"),
        admits=lambda candidate, tier: candidate.min_tier <= tier,
        reason=lambda candidate, tier: f"tier {tier} is below the model's minimum tier {candidate.min_tier}",
    ),
)
