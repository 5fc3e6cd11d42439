"""What to do when the best model is not ready, or there is none: decided here, carried out by the selector."""

from dataclasses import dataclass

import msgspec

from radiant.domain.choice import Choice, Via
from radiant.domain.errors import NoEligibleModel

from .diagnosis import diagnose
from .index import Index
from .request import Request


@dataclass(frozen=True)
class Decision:
    """Return `choice`, and ask for the warm-up of the model `warm` if there is one."""

    choice: Choice
    warm: str | None = None


def decide(index: Index, request: Request) -> Decision:
    """The best model whatever its warmth, if it is ready. If it is not, it gets warmed, and meanwhile the best ready
    model under the same restriction of hosting stands in, or else under none. If nothing is ready, the best model
    itself. Where there is none, the task's default model, which has to meet every demand but the task.

    Raises NoEligibleModel with the diagnosis.
    """
    criteria = request.criteria
    blind = index.view(criteria.profile, criteria.usage, criteria.task, blind=True)
    position = blind.best(request.values, request.favored)
    if position is None:
        return _last_resort(index, request)
    preferred = blind.candidates[position]
    if preferred.ready:
        return Decision(blind.choice(position))
    view = index.view_for(request)
    for values in (request.values, request.anywhere):
        stand_in = view.best(values, request.favored, within=view.ranked.ready)
        if stand_in is not None:
            choice = msgspec.structs.replace(view.choice(stand_in), via=Via.HANDOVER)
            return Decision(choice, warm=preferred.model_id)
    return Decision(blind.choice(position), warm=preferred.model_id)


def _last_resort(index: Index, request: Request) -> Decision:
    model_id = index.defaults.get(request.criteria.task)
    view = index.across(request, [candidate for candidate in index.usable if candidate.model_id == model_id])
    position = view.best(request.values, request.favored)
    if position is None:
        raise NoEligibleModel(diagnose(index, request))
    default = view.candidates[position]
    choice = msgspec.structs.replace(view.choice(position), via=Via.DEFAULT)
    return Decision(choice, warm=None if default.ready else default.model_id)
