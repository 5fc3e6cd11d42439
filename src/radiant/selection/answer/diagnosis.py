"""Which demand is to blame when nothing is left."""

from collections.abc import Iterable, Mapping
from itertools import combinations

from radiant.domain.choice import Diagnosis, ModelName, Priced, Relief
from radiant.domain.criteria import Criteria

from ..masks import bits
from .index import Index
from .picker import Picker
from .remarks import on_limits


def diagnose(index: Index, criteria: Criteria) -> Diagnosis:
    """Over the models of all tasks: which demand emptied the list, and which are worth dropping."""
    picker = index.picker_of_all(criteria)
    stated = index.terms.stated(criteria)
    masks = {field: picker.filters[field].precise(value) for field, value in stated.items()}
    everyone = left = bits.everyone(len(picker.candidates))
    emptied_by = None
    for field, mask in masks.items():
        left &= mask
        if not left:
            emptied_by = field
            break
    reliefs = _reliefs(picker, masks, everyone, 1) or _reliefs(picker, masks, everyone, 2)
    notes = tuple(on_limits(index, criteria, stated, picker))
    return Diagnosis(usable=len(picker.candidates), emptied_by=emptied_by, reliefs=reliefs, notes=notes)


def _reliefs(picker: Picker, masks: Mapping[str, int], everyone: int, together: int) -> tuple[Relief, ...]:
    """What dropping each set of `together` demands would bring back, the most first. What is to be done is no demand
    to be dropped."""
    found = []
    for dropped in combinations([field for field in masks if field != "task"], together):
        left = _intersection(everyone, (mask for field, mask in masks.items() if field not in dropped))
        if left:
            first = picker.candidates[next(bits.positions(left))].name
            cheapest = _cheapest(picker, left) if "max_cost_per_request" in dropped else None
            found.append(Relief(without=dropped, models=left.bit_count(), first=first, cheapest=cheapest))
    return tuple(sorted(found, key=lambda relief: -relief.models))


def _cheapest(picker: Picker, mask: int) -> Priced | None:
    """Of the candidates in `mask` the one that costs least, the first one of equals."""
    meter = picker.meter
    costs = ((meter.cost(picker.candidates[rank].tariff), rank) for rank in bits.positions(mask))
    known = [(cost, rank) for cost, rank in costs if cost is not None]
    if not known:
        return None
    cost, rank = min(known)
    name: ModelName = picker.candidates[rank].name
    return Priced(id=name.id, model_id=name.model_id, provider_id=name.provider_id, cost=meter.usd(cost))


def _intersection(mask: int, others: Iterable[int]) -> int:
    for other in others:
        mask &= other
    return mask
