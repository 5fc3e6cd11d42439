"""Health: what the last probes say. A self-hosted model's only mirrors its warmth."""

from radiant.domain.vocabulary import HealthStatus

from ..criterion import Criterion, Measure
from ..reading.candidate import Candidate

RANKS = {HealthStatus.HEALTHY: 0, HealthStatus.DEGRADED: 1, HealthStatus.UNKNOWN: 2, HealthStatus.UNHEALTHY: 3}


def standing(candidate: Candidate) -> str | None:
    return "it is unhealthy" if candidate.health_status is HealthStatus.UNHEALTHY else None


criterion = Criterion(
    name="health",
    standing=standing,
    measure=Measure(
        of=lambda candidate, _: RANKS[candidate.health_status],
        blind=lambda candidate, _: RANKS[candidate.health_status] if candidate.external else 0,
        scores={0: 1.0, 1: 0.4, 2: 0.2, 3: 0.0},
        words=lambda candidate, _: f"health {candidate.health_status}",
    ),
)
