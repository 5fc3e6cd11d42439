"""Health: the result of the last probes. Of a self-hosted model it follows from the thermal state."""

from operator import attrgetter

from radiant.domain.vocabulary import HealthStatus

from ..criterion import Criterion, Measure
from ..reading.candidate import Candidate

RANKS = {HealthStatus.HEALTHY: 0, HealthStatus.DEGRADED: 1, HealthStatus.UNKNOWN: 2, HealthStatus.UNHEALTHY: 3}


def standing(candidate: Candidate) -> str | None:
    return "it is unhealthy" if candidate.health_status is HealthStatus.UNHEALTHY else None


criterion = Criterion(
    name="health",
    standing=standing,
    by_health=True,
    by=attrgetter("health_status"),
    measure=Measure(
        by_health=True,
        of=lambda candidate, _: RANKS[candidate.health_status],
        blind=lambda candidate, _: RANKS[candidate.health_status] if candidate.external else 0,
        scores={0: 1.0, 1: 0.4, 2: 0.2, 3: 0.0},
        words=lambda candidate, _: f"health {candidate.health_status}",
    ),
)
