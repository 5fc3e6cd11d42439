"""A ranking at the costs of one usage, ready to be picked from."""

from radiant.domain.choice import Choice, Freshness, Why

from ..criteria.retirement import notice
from ..masks.ranking import Ranking
from ..meter import Meter
from ..order.order import Order
from ..reading.candidate import Candidate


class Picker:
    """`filters` are those of all demands by field, `many` those of the demands with many values. `choices` are the
    ones already made, by rank."""

    __slots__ = (
        "_freshness",
        "candidates",
        "choices",
        "combined",
        "favored",
        "few_values",
        "filters",
        "many",
        "meter",
        "one_window",
        "order",
        "ranking",
        "stated_many",
        "windows",
    )

    def __init__(self, ranking: Ranking, order: Order, meter: Meter, freshness: Freshness) -> None:
        terms = ranking.terms
        self.ranking, self.order, self.meter, self._freshness = ranking, order, meter, freshness
        self.candidates = ranking.candidates
        self.combined, self.favored, self.windows = ranking.combined, ranking.favored, ranking.windows
        self.one_window = len(ranking.windows) == 1
        self.filters = ranking.filters
        if meter is not ranking.meter:
            self.filters = ranking.filters | terms.metered(ranking.candidates, meter)
        self.many = tuple(self.filters[field] for field in terms.many)
        self.few_values, self.stated_many = terms.few_values, terms.stated_many
        self.choices: dict[int, Choice] = {}

    def choice(self, rank: int) -> Choice:
        """The same object every time."""
        found = self.choices.get(rank)
        if found is None:
            found = self.choices[rank] = self._chosen(self.candidates[rank])
        return found

    def reasons(self, candidate: Candidate) -> tuple[str, ...]:
        """What places a candidate where it is, the most important first."""
        going = notice(candidate)
        return self.order.reasons(candidate) + (() if going is None else (going,))

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
            estimated_cost=self.meter.cost_usd(candidate.tariff),
            estimated_for=self.meter.basis(candidate.primary_mode),
            retires=candidate.retires,
            successor=candidate.successor,
            connected=candidate.connected,
            freshness=self._freshness,
            why=Why(self.reasons, candidate),
        )
