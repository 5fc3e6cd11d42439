"""The plain path: every candidate is asked every demand, in words. The fast path must answer the same."""

from collections.abc import Iterator

from radiant.domain.choice import Choice, Refusal
from radiant.domain.criteria import Criteria

from ..meter import Meter
from ..reading.candidate import Candidate
from ..terms import Terms
from .index import Index
from .picker import Picker


def choose(index: Index, criteria: Criteria) -> Choice | None:
    """The best model, or None. Raises InvalidCriteria for a profile there is not."""
    picker = index.picker_for(criteria)
    ranks = eligible(index.terms, picker, criteria)
    return picker.choice(ranks[0]) if ranks else None


def eligible(terms: Terms, picker: Picker, criteria: Criteria) -> list[int]:
    """The ranks of all candidates that nothing speaks against, in the order of the answer."""
    candidates, favored = picker.candidates, set(criteria.prefer_providers)
    ranks = [
        rank
        for rank, candidate in enumerate(candidates)
        if next(refusals(terms, criteria, candidate, picker.meter), None) is None
    ]
    return sorted(ranks, key=lambda rank: candidates[rank].provider_id not in favored)


def refusals(terms: Terms, criteria: Criteria, candidate: Candidate, meter: Meter) -> Iterator[Refusal]:
    """Everything that speaks against a candidate, in the order of the roster."""
    stated = terms.stated(criteria)
    for criterion in terms.roster:
        if criterion.standing and (reason := criterion.standing(candidate)):
            yield Refusal(criterion=criterion.name, reason=reason)
        if criterion.demand and criterion.demand.field in stated:
            yield from criterion.demand.refusals(criterion.name, candidate, stated[criterion.demand.field], meter)
