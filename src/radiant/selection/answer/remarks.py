"""What the registry does not know yet, where that shapes an answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from radiant.domain.criteria import Criteria

from ..demand import Bound
from .index import Index
from .picker import Picker


def on_order(index: Index, criteria: Criteria, picker: Picker) -> Iterator[str]:
    """Where the first measure of the profile is known of no candidate: that, and what decides instead."""
    first, *others = index.profiles[criteria.profile].order or ("",)
    measure = index.terms.measures.get(first)
    if measure is None or measure.nowhere is None or not others:
        return
    if picker.candidates and all(measure.of(candidate, picker.meter) is None for candidate in picker.candidates):
        yield f"{measure.nowhere}, so {criteria.profile} goes by {', then '.join(others)}"


def on_limits(index: Index, criteria: Criteria, stated: Mapping[str, Any], picker: Picker) -> Iterator[str]:
    """Limits that no candidate of the task can be within, because nobody knows the number."""
    candidates = [candidate for candidate in picker.candidates if candidate.primary_mode == criteria.task]
    for field in stated:
        demand = index.terms.demands[field]
        if not isinstance(demand, Bound) or demand.nowhere is None or not candidates:
            continue
        if all(demand.of(candidate, picker.meter) is None for candidate in candidates):
            yield f"{demand.nowhere}, so nothing is within {field}"
