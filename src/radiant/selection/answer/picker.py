"""A ranking with the costs of one usage: the first eligible candidates are picked from it."""

from collections.abc import Iterator
from typing import Any

from radiant.domain.choice import Choice, Freshness, Why

from ..costing import Costing
from ..criteria import resting, retirement
from ..masks import bits
from ..masks.ranking import Ranking
from ..order.order import Order
from ..reading.candidate import Candidate


class Picker:
    """`filters` are those of all demands by field, `many` those of the demands with many values. `choices` are the
    ones already made, by rank."""

    __slots__ = (
        "_combined",
        "_few",
        "_freshness",
        "candidates",
        "choices",
        "costing",
        "favored",
        "filters",
        "many",
        "one_window",
        "order",
        "ranking",
        "take_apart",
        "windows",
    )

    def __init__(self, ranking: Ranking, order: Order, costing: Costing, freshness: Freshness) -> None:
        terms, sieve = ranking.terms, ranking.sieve
        self.ranking, self.order, self.costing, self._freshness = ranking, order, costing, freshness
        self.candidates = ranking.candidates
        self.favored, self.windows = sieve.favored, sieve.windows
        self.one_window = len(sieve.windows) == 1
        self.filters = sieve.filters
        if costing is not ranking.costing:
            self.filters = sieve.filters | terms.filters_by_usage(ranking.candidates, costing)
        self.many = tuple(self.filters[field] for field in terms.many)
        self.take_apart = terms.take_apart
        self._combined, self._few = sieve.combined, sieve.few
        self.choices: dict[int, Choice] = {}

    @property
    def usable(self) -> Iterator[Candidate]:
        """Those that could serve any request at all, best first."""
        return (self.candidates[rank] for rank in bits.positions(self.ranking.sieve.usable))

    def left_by(self, kind: tuple[Any, ...]) -> int:
        """The candidates that satisfy all demands with few values, of the kind that `take_apart` gave."""
        return self._combined[kind[: self._few]]

    def choice(self, rank: int) -> Choice:
        """The same object every time."""
        found = self.choices.get(rank)
        if found is None:
            found = self.choices[rank] = self._chosen(self.candidates[rank])
        return found

    def reasons(self, candidate: Candidate) -> tuple[str, ...]:
        """What places a candidate where it is, the most important first."""
        going = retirement.notice(candidate)
        tried = resting.notice(candidate)
        doubted = tuple(f"in doubt: {it}" for it in candidate.doubts)
        return self.order.reasons(candidate) + tuple(it for it in (going, tried) if it is not None) + doubted

    def _chosen(self, candidate: Candidate) -> Choice:
        return Choice(
            id=candidate.id,
            model_id=candidate.model_id,
            display_name=candidate.display_name,
            hosting_type=candidate.hosting_type,
            provider_id=candidate.provider_id,
            provider_name=candidate.provider_name,
            primary_mode=candidate.primary_mode,
            thermal_state=candidate.thermal_state,
            warmup_required=not candidate.ready,
            warmup_time_seconds=0 if candidate.ready else candidate.warmup_time_seconds,
            health_status=candidate.health_status,
            litellm_id=candidate.litellm_id,
            endpoint_id=candidate.endpoint_id,
            endpoint_url=candidate.endpoint_url,
            instance_type=candidate.instance_type,
            cost_per_hour=candidate.tariff.hourly_usd,
            license=candidate.license,
            estimated_cost=self.costing.cost_usd(candidate.tariff),
            estimated_for=self.costing.basis(candidate.primary_mode),
            retires=candidate.retires,
            successor=candidate.successor,
            connected=candidate.connected,
            doubts=candidate.doubts,
            freshness=self._freshness,
            why=Why(self.reasons, candidate),
        )
