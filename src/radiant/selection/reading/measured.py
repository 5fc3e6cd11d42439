"""What is measured of a provider: columns that its external models have in common."""

from collections.abc import Callable, Collection, Iterable, Mapping
from operator import attrgetter
from typing import Any

import msgspec

from radiant import wording
from radiant.domain.errors import InvalidRow
from radiant.domain.vocabulary import HealthStatus, Hosting

from .candidate import Candidate
from .described import Measured, Text

#: Status, mean latency in milliseconds, and share of errors.
Values = tuple[HealthStatus, float | None, float | None]


class ProviderHealth(msgspec.Struct, frozen=True, kw_only=True):
    """Columns of the view, as every external model of the provider has them that was not measured itself: the status,
    the mean latency in milliseconds, and the share of errors. What nobody measured is None."""

    provider_id: Text
    health_status: HealthStatus | None
    avg_latency_ms: Measured | None
    error_rate: Measured | None = None

    @property
    def values(self) -> Values:
        """As `health_of` gives them."""
        return self.health_status or HealthStatus.UNKNOWN, self.avg_latency_ms, self.error_rate


def read_health(index: int, data: Mapping[str, Any]) -> ProviderHealth:
    """Raises InvalidRow for a missing column, a wrong type or an unknown status."""
    try:
        return msgspec.convert(data, ProviderHealth)
    except msgspec.ValidationError as error:
        found = wording.complaint(str(error), ProviderHealth)
        raise InvalidRow(index, None, found.field or None, found.problem) from error


#: What is measured of a candidate.
health_of: Callable[[Candidate], Values] = attrgetter("health_status", "avg_latency_ms", "error_rate")


def with_health(candidate: Candidate, values: Values) -> Candidate:
    """The same, measured anew."""
    status, latency, errors = values
    return msgspec.structs.replace(candidate, health_status=status, avg_latency_ms=latency, error_rate=errors)


#: A candidate has the health of its provider where its hosting is external, unless it was measured itself.
provider_of: Callable[[Candidate], str] = attrgetter("provider_id")
hosting_of: Callable[[Candidate], Hosting] = attrgetter("hosting_type")


class Common:
    """The health that the external models of one provider have in common, but for those `apart`, by model id."""

    __slots__ = ("_made", "apart", "values")

    def __init__(self, values: Values, apart: frozenset[str]) -> None:
        self.values, self.apart = values, apart
        self._made: dict[int, tuple[Candidate, Candidate]] = {}

    def of(self, candidate: Candidate) -> Candidate:
        """A candidate of the provider as it is now; of one candidate always the same object."""
        found = self._made.get(id(candidate))
        if found is not None and found[0] is candidate:
            return found[1]
        if not self.alters(candidate):
            return candidate
        return self._made.setdefault(id(candidate), (candidate, with_health(candidate, self.values)))[1]

    def alters(self, candidate: Candidate) -> bool:
        """Whether a candidate of the provider is another one now."""
        return health_of(candidate) != self.values and candidate.external and candidate.model_id not in self.apart

    def besides(self, further: Collection[str]) -> "Common":
        """The same with `further` models apart, which from now on are other objects."""
        made = Common(self.values, self.apart.union(further))
        made._made = self._made
        return made


class Healths:
    """By provider, what its models have in common since it was measured.

    A provider has thousands of models, and they stand in dozens of orders. So candidates are not replaced when it is
    measured: who looks at one asks `of` for what it is now.
    """

    __slots__ = ("_common",)

    def __init__(self, common: Mapping[str, Common] | None = None) -> None:
        self._common = dict(common or {})

    def of(self, candidate: Candidate) -> Candidate:
        common = self._common.get(candidate.provider_id)
        return candidate if common is None else common.of(candidate)

    def get(self, provider_id: str) -> Common | None:
        return self._common.get(provider_id)

    def having(self, provider_id: str, common: Common) -> "Healths":
        return Healths({**self._common, provider_id: common})

    def knowing(self, came: Iterable[Candidate]) -> "Healths":
        """With candidates that come in as they are, whatever their provider's others have."""
        apart: dict[str, list[str]] = {}
        for candidate in came:
            common = self._common.get(candidate.provider_id)
            if common is not None and common.alters(candidate):
                apart.setdefault(candidate.provider_id, []).append(candidate.model_id)
        if not apart:
            return self
        return Healths(self._common | {it: self._common[it].besides(ids) for it, ids in apart.items()})
