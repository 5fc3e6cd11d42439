"""Hosting: only external or only self-hosted models, where the request prefers one."""

from operator import attrgetter

from ..criterion import Criterion
from ..demand import Rule

criterion = Criterion(
    name="hosting",
    by_health=False,
    demand=Rule(
        field="prefer_hosting",
        idle="any",
        by=attrgetter("hosting_type"),
        admits=lambda candidate, hosting: hosting in ("any", candidate.hosting_type),
        reason=lambda candidate, hosting: f"it is {candidate.hosting_type}, and {hosting} is asked for",
    ),
)
