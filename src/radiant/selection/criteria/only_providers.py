"""Only these providers may serve. (Preferred providers only come first.)"""

from ..criterion import Criterion
from ..demand import Among

criterion = Criterion(
    name="only_providers",
    demand=Among(
        field="only_providers",
        of=lambda candidate: candidate.provider_id,
        reason=lambda candidate: f"{candidate.provider_id} is not among the providers asked for",
    ),
)
