"""Which model to answer with, and which to warm up, where the best one is not ready or none fits.

Decides only; the selector acts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from radiant.domain.choice import Choice, Via
from radiant.domain.criteria import Criteria
from radiant.domain.errors import NoEligibleModel

from ..reading.candidate import Candidate
from .diagnosis import diagnose
from .fast import best
from .index import Index
from .picker import Picker


@dataclass(frozen=True)
class Decision:
    """Return `choice`, and ask for the warm-up of the model `warm` if there is one, which takes `seconds`. `cost` is
    what the request would have cost there, USD."""

    choice: Choice
    warm: str | None = None
    seconds: int | None = None
    cost: Decimal | None = None

    @property
    def extra_cost(self) -> Decimal | None:
        """What the stand-in costs more; None where there is none, or what it costs is unknown."""
        if self.choice.via is not Via.HANDOVER or self.choice.estimated_cost is None:
            return None
        return self.choice.estimated_cost - (self.cost or Decimal(0))


def decide(index: Index, criteria: Criteria) -> Decision:
    """The best model whatever its warmth, if it is ready. If it is not, it gets warmed, and meanwhile the best ready
    model under the same restriction of hosting stands in, or else under none. If nothing is ready, the best model
    itself. Where there is none, the task's default model, which has to meet every demand but the task and the limits of
    latency and price, and tells which of those it breaks.

    Raises NoEligibleModel with the diagnosis, InvalidCriteria for a profile there is not.
    """
    blind = index.picker_for(criteria, blind=True)
    rank = best(blind, criteria)
    if rank is None:
        return _last_resort(index, criteria)
    preferred = blind.candidates[rank]
    if preferred.ready:
        return Decision(blind.choice(rank))
    wanted = blind.choice(rank)
    picker = index.picker_for(criteria)
    for asked in (criteria, msgspec.structs.replace(criteria, prefer_hosting="any")):
        stand_in = best(picker, asked, within=picker.ranking.sieve.ready)
        if stand_in is not None:
            choice = msgspec.structs.replace(picker.choice(stand_in), via=Via.HANDOVER)
            return Decision(choice, preferred.model_id, wanted.warmup_time_seconds, wanted.estimated_cost)
    return Decision(wanted, preferred.model_id, wanted.warmup_time_seconds)


def _last_resort(index: Index, criteria: Criteria) -> Decision:
    """The default model; where that is on its way out, rather the successor its provider names."""
    offers = _called(index, index.defaults.get(criteria.task))
    staying = [each for each in offers if not each.leaving]
    heirs = [heir for each in offers if each.leaving for heir in _called(index, each.successor)]
    demands = index.terms.without_soft(criteria)
    for among in (staying, heirs, offers):
        picker = index.picker_among(criteria, filter(index.terms.usable, among))
        rank = best(picker, demands)
        if rank is not None:
            found = picker.candidates[rank]
            broken = tuple(_broken(index, criteria, found, picker))
            choice = msgspec.structs.replace(picker.choice(rank), via=Via.DEFAULT, broken=broken)
            warm = None if found.ready else found.model_id
            return Decision(choice, warm, None if warm is None else choice.warmup_time_seconds)
    raise NoEligibleModel(diagnose(index, criteria))


def _called(index: Index, name: str | None) -> list[Candidate]:
    return [] if name is None else index.named(name)


def _broken(index: Index, criteria: Criteria, candidate: Candidate, picker: Picker) -> Iterator[str]:
    """The limits and preferences of a request that a candidate does not keep, by field."""
    for field, value in index.terms.stated(criteria).items():
        demand = index.terms.demands[field]
        if demand.soft and next(demand.refusals("", candidate, value, picker.costing), None) is not None:
            yield field
    if criteria.prefer_providers and candidate.provider_id not in criteria.prefer_providers:
        yield "prefer_providers"
