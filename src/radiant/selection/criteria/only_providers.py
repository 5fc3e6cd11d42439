"""Only these providers may serve. (Preferred providers only come first.)"""

from operator import attrgetter

from ..criterion import Criterion
from ..demand import Among

criterion = Criterion(
    name="only_providers",
    by_health=False,
    demand=Among(
        field="only_providers",
        of=attrgetter("provider_id"),
        reason=lambda candidate: f"{candidate.provider_id} is not among the providers asked for",
    ),
)
