"""Providers that must not serve."""

from ..criterion import Criterion
from ..demand import Among

criterion = Criterion(
    name="exclude_providers",
    demand=Among(
        field="exclude_providers",
        never=True,
        of=lambda candidate: candidate.provider_id,
        reason=lambda candidate: f"the request excludes {candidate.provider_id}",
    ),
)
