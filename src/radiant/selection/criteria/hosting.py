"""Hosting: only external or only self-hosted models, where the request prefers one."""

from ..criterion import Criterion
from ..demand import Rule

criterion = Criterion(
    name="hosting",
    demand=Rule(
        field="prefer_hosting",
        by=lambda candidate: candidate.hosting_type,
        admits=lambda candidate, hosting: hosting in ("any", candidate.hosting_type),
        reason=lambda candidate, hosting: f"it is {candidate.hosting_type}, and {hosting} is asked for",
    ),
)
