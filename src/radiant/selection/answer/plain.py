"""The plain path: every candidate is checked against every demand. The fast path must give the same answers."""

from collections.abc import Iterator

import msgspec

from radiant.domain.choice import Choice
from radiant.domain.criteria import Criteria
from radiant.domain.explanation import Refusal

from ..costing import Costing
from ..reading.candidate import Candidate
from ..terms import Terms
from .index import Index
from .picker import Picker


def choose(index: Index, criteria: Criteria) -> Choice | None:
    """The best model, or None. Raises InvalidCriteria for a profile, provider or capability there is not."""
    criteria, unmatched = index.meant(criteria)
    picker = index.picker_for(criteria)
    ranks = eligible(index.terms, picker, criteria)
    return msgspec.structs.replace(picker.choice(ranks[0]), unmatched_exclusions=unmatched) if ranks else None


def eligible(terms: Terms, picker: Picker, criteria: Criteria) -> list[int]:
    """The ranks of all candidates that nothing speaks against, in the order of the answer."""
    candidates, favored = picker.candidates, set(criteria.prefer_providers)
    ranks = [
        rank
        for rank, candidate in enumerate(candidates)
        if next(refusals(terms, criteria, candidate, picker.costing), None) is None
    ]
    return sorted(ranks, key=lambda rank: candidates[rank].provider_id not in favored)


def refusals(terms: Terms, criteria: Criteria, candidate: Candidate, costing: Costing) -> Iterator[Refusal]:
    """Everything that speaks against a candidate, in the order of the roster."""
    stated = terms.stated(criteria)
    for criterion in terms.roster:
        asked = criterion.standing if not (criterion.planned and criteria.include_off) else None
        if asked and (reason := asked(candidate)):
            yield Refusal(criterion=criterion.name, reason=reason)
        if criterion.demand and criterion.demand.field in stated:
            yield from criterion.demand.refusals(criterion.name, candidate, stated[criterion.demand.field], costing)
