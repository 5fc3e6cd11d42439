"""All demands of a roster, in the order in which a view is asked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .criterion import Criterion
from .masks.filter import Table
from .meter import Meter
from .reading.candidate import Candidate

#: The values of `CLOSED`, and what else is demanded: pairs of a place among `OPEN` (further criteria follow there) and
#: a value.
Values = tuple[tuple[Any, ...], Sequence[tuple[int, Any]]]

#: Demands that come in few combinations, for which one mask is kept.
CLOSED = (
    "tenant_tier",
    "input_modalities",
    "output_modalities",
    "prefer_hosting",
    "require_hipaa",
    "require_commercial_use",
)
OPEN = (
    "required_capabilities",
    "min_context_window",
    "max_latency_ms",
    "max_cost_per_request",
    "exclude",
)


class Demands:
    """`by_field` has them all, in the order of the roster; `opened` are the fields of `OPEN` and of further criteria.
    The task is not asked of a view, but by picking one.

    Raises ValueError for a demand that `Criteria` has no field for and that does not say its type.
    """

    def __init__(self, roster: Iterable[Criterion]) -> None:
        self.by_field = {criterion.demand.field: criterion.demand for criterion in roster if criterion.demand}
        self.further = tuple(field for field in self.by_field if field not in (*CLOSED, *OPEN, "task"))
        self.opened = (*OPEN, *self.further)
        for field in self.further:
            if self.by_field[field].type is None:
                raise ValueError(f"{field} is no field of Criteria: its demand needs a `type`, such as `int | None`")

    def values(self, asked: Mapping[str, Any]) -> Values:
        opened = enumerate(asked[field] for field in self.opened)
        return tuple(asked[field] for field in CLOSED), [(at, value) for at, value in opened if value not in (None, ())]

    def tables(self, candidates: Sequence[Candidate], meter: Meter) -> dict[str, Table]:
        """By field."""
        return {field: demand.table(candidates, meter) for field, demand in self.by_field.items()}

    def metered(self, candidates: Sequence[Candidate], meter: Meter) -> dict[str, Table]:
        """Those that depend on the usage."""
        some = {field: demand for field, demand in self.by_field.items() if demand.metered}
        return {field: demand.table(candidates, meter) for field, demand in some.items()}
