"""Status: disabled and deprecated models are never chosen."""

from ..criterion import Criterion
from ..reading.candidate import Candidate


def standing(candidate: Candidate) -> str | None:
    found = ["disabled"] if not candidate.enabled else []
    if candidate.deprecated:
        found.append("deprecated")
    return f"it is {' and '.join(found)}" if found else None


criterion = Criterion(name="status", standing=standing, by_health=False)
