"""Where no model fits: which demands leave nothing, and what dropping them would bring back."""

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from msgspec import structs

from radiant.domain.choice import Diagnosis, ModelName, Priced, Relief
from radiant.domain.criteria import Criteria

from ..masks import bits
from .index import Index
from .picker import Picker
from .remarks import on_limits, on_off

#: What goes in and comes out changes what a request costs.
_MEDIA = {"input_modalities": (), "output_modalities": ()}


def diagnose(index: Index, criteria: Criteria) -> Diagnosis:
    """Over the models of all tasks: which demand emptied the list, and which are worth dropping."""
    picker = index.picker_of_all(criteria)
    stated = index.terms.stated(criteria)
    masks = _masks(picker, stated)
    usable = left = picker.ranking.sieve.usable
    emptied_by = None
    for field, mask in masks.items():
        left &= mask
        if not left:
            emptied_by = field
            break
    reliefs = _reliefs(index, criteria, stated, 1) or _reliefs(index, criteria, stated, 2)
    notes = (*on_limits(index, criteria, stated, picker), *on_off(index, criteria))
    return Diagnosis(usable=usable.bit_count(), emptied_by=emptied_by, reliefs=reliefs, notes=notes)


def _masks(picker: Picker, stated: Mapping[str, Any]) -> dict[str, int]:
    return {field: picker.filters[field].precise(value) for field, value in stated.items()}


def _reliefs(index: Index, criteria: Criteria, stated: Mapping[str, Any], together: int) -> tuple[Relief, ...]:
    """What dropping each set of `together` demands would bring back, the most first. What is to be done is no demand
    to be dropped."""
    found = []
    priced: dict[frozenset[str], tuple[Picker, dict[str, int]]] = {}
    for dropped in combinations([field for field in stated if field != "task"], together):
        media = frozenset(field for field in dropped if field in _MEDIA)
        if media not in priced:
            without = structs.replace(criteria, **{field: _MEDIA[field] for field in media})
            of = index.picker_of_all(without)
            priced[media] = of, _masks(of, stated)
        picker, masks = priced[media]
        left = _intersection(
            picker.ranking.sieve.usable, (mask for field, mask in masks.items() if field not in dropped)
        )
        if left:
            first = picker.candidates[next(bits.positions(left))].name
            cheapest = _cheapest(picker, left) if "max_cost_per_request" in dropped else None
            found.append(Relief(without=dropped, models=left.bit_count(), first=first, cheapest=cheapest))
    return tuple(sorted(found, key=lambda relief: -relief.models))


def _cheapest(picker: Picker, mask: int) -> Priced | None:
    """Of the candidates in `mask` the one that costs least, the first one of equals."""
    costing = picker.costing
    costs = ((costing.cost_of(picker.candidates[rank]), rank) for rank in bits.positions(mask))
    known = [(cost, rank) for cost, rank in costs if cost is not None]
    if not known:
        return None
    cost, rank = min(known)
    name: ModelName = picker.candidates[rank].name
    return Priced(id=name.id, model_id=name.model_id, provider_id=name.provider_id, cost=costing.usd(cost))


def _intersection(mask: int, others: Iterable[int]) -> int:
    for other in others:
        mask &= other
    return mask
