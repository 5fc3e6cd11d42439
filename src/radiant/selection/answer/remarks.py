"""Remarks on an answer: a measure that decides the order is unknown of all models."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from radiant.domain.criteria import Criteria
from radiant.domain.vocabulary import ThermalState

from ..criteria.readiness import ADD
from ..demand import Bound, Rule
from .fast import eligible
from .index import Index
from .picker import Picker


def on_order(index: Index, criteria: Criteria, picker: Picker) -> Iterator[str]:
    """Where the first measure of the profile is known of no candidate: that, and what decides instead."""
    first, *others = index.profiles[criteria.profile].order or ("",)
    measure = index.terms.measures.get(first)
    if measure is None or measure.nowhere is None or not others:
        return
    known = [measure.of(candidate, picker.costing) is not None for candidate in picker.usable]
    if known and not any(known):
        yield f"{measure.nowhere}, so {criteria.profile} goes by {', then '.join(others)}"


def on_off(index: Index, criteria: Criteria) -> Iterator[str]:
    """Models that are off and would do: how many, and the first."""
    planned = replace(criteria, include_off=True)
    picker = index.picker_for(planned)
    found = [picker.candidates[rank] for rank in eligible(picker, planned)]
    off = [it for it in found if it.thermal_state is ThermalState.OFF]
    if off and not criteria.include_off:
        would = "1 model that is off would do:" if len(off) == 1 else f"{len(off)} models that are off would do, first"
        yield f"{would} {off[0].model_id}{'' if off[0].endpoint_id else f', without endpoint: {ADD}'}"


def on_limits(index: Index, criteria: Criteria, stated: Mapping[str, Any], picker: Picker) -> Iterator[str]:
    """Demands that no candidate of the task can meet: because nobody knows the number, or nobody said that it holds."""
    candidates = [candidate for candidate in picker.usable if candidate.primary_mode == criteria.task]
    for field, value in stated.items():
        demand = index.terms.demands[field]
        if isinstance(demand, Rule) and not any(demand.admits(candidate, value) for candidate in candidates):
            if (told := demand.nowhere(candidates)) is not None:
                yield told
            continue
        if not isinstance(demand, Bound) or demand.nowhere is None or not candidates:
            continue
        if all(demand.of(candidate, picker.costing) is None for candidate in candidates):
            yield f"{demand.nowhere}, so nothing is within {field}"
