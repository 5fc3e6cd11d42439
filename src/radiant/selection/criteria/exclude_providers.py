"""Providers that must not serve."""

from operator import attrgetter

from ..criterion import Criterion
from ..demand import Among

criterion = Criterion(
    name="exclude_providers",
    by_health=False,
    demand=Among(
        field="exclude_providers",
        never=True,
        of=attrgetter("provider_id"),
        reason=lambda candidate: f"the request excludes {candidate.provider_id}",
    ),
)
