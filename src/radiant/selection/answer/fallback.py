"""What to do when the best model is not ready, or there is none: decided here, carried out by the selector."""

from dataclasses import dataclass

import msgspec

from radiant.domain.choice import Choice, Via
from radiant.domain.criteria import Criteria
from radiant.domain.errors import NoEligibleModel

from .diagnosis import diagnose
from .fast import best
from .index import Index


@dataclass(frozen=True)
class Decision:
    """Return `choice`, and ask for the warm-up of the model `warm` if there is one."""

    choice: Choice
    warm: str | None = None


def decide(index: Index, criteria: Criteria) -> Decision:
    """The best model whatever its warmth, if it is ready. If it is not, it gets warmed, and meanwhile the best ready
    model under the same restriction of hosting stands in, or else under none. If nothing is ready, the best model
    itself. Where there is none, the task's default model, which has to meet every demand but the task.

    Raises NoEligibleModel with the diagnosis, InvalidCriteria for a profile there is not.
    """
    blind = index.picker_for(criteria, blind=True)
    rank = best(blind, criteria)
    if rank is None:
        return _last_resort(index, criteria)
    preferred = blind.candidates[rank]
    if preferred.ready:
        return Decision(blind.choice(rank))
    picker = index.picker_for(criteria)
    for asked in (criteria, msgspec.structs.replace(criteria, prefer_hosting="any")):
        stand_in = best(picker, asked, within=picker.ranking.ready)
        if stand_in is not None:
            choice = msgspec.structs.replace(picker.choice(stand_in), via=Via.HANDOVER)
            return Decision(choice, warm=preferred.model_id)
    return Decision(blind.choice(rank), warm=preferred.model_id)


def _last_resort(index: Index, criteria: Criteria) -> Decision:
    model_id = index.defaults.get(criteria.task)
    picker = index.picker_among(criteria, [each for each in index.usable if each.model_id == model_id])
    rank = best(picker, criteria)
    if rank is None:
        raise NoEligibleModel(diagnose(index, criteria))
    default = picker.candidates[rank]
    choice = msgspec.structs.replace(picker.choice(rank), via=Via.DEFAULT)
    return Decision(choice, warm=None if default.ready else default.model_id)
