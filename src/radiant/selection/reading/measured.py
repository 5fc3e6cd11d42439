"""What is measured of a provider: columns that its external models have in common."""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any

import msgspec

from radiant import wording
from radiant.domain.errors import InvalidRow
from radiant.domain.vocabulary import HealthStatus

from .candidate import Candidate
from .described import Measured, Text


class ProviderHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Columns of the view, as every external model of the provider has them that was not measured itself: the status,
    the mean latency in milliseconds, and the share of errors. What nobody measured is None."""

    provider_id: Text
    health_status: HealthStatus | None
    avg_latency_ms: Measured | None
    error_rate: Measured | None = None

    @property
    def values(self) -> tuple[HealthStatus, float | None, float | None]:
        """As `health_of` gives them."""
        return self.health_status or HealthStatus.UNKNOWN, self.avg_latency_ms, self.error_rate

    def applied(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        status, latency, errors = self.values
        return [
            msgspec.structs.replace(each, health_status=status, avg_latency_ms=latency, error_rate=errors)
            for each in candidates
        ]


def read_health(index: int, data: Mapping[str, Any]) -> ProviderHealth:
    """Raises InvalidRow for a missing column, a wrong type or an unknown status."""
    try:
        return msgspec.convert(data, ProviderHealth)
    except msgspec.ValidationError as error:
        found = wording.complaint(str(error), ProviderHealth)
        raise InvalidRow(index, None, found.field or None, found.problem) from error


#: What is measured of a candidate.
health_of: Callable[[Candidate], tuple[HealthStatus, float | None, float | None]] = attrgetter(
    "health_status", "avg_latency_ms", "error_rate"
)
