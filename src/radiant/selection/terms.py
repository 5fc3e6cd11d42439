"""What can be asked and what can be ordered by, derived from all criteria."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any

from msgspec import structs

from radiant.domain.criteria import Criteria

from .criterion import Criterion
from .masks.filter import Filter
from .meter import Meter
from .reading.candidate import Candidate
from .reading.criteria import CriteriaReader
from .stated import stated_among

Values = Callable[[Criteria], tuple[Any, ...]]


class Terms:
    """`demands` by field and `measures` by name, in the order of the roster.

    `few` are the fields of demands with few values, whose masks are combined and kept; `many` are all other fields.
    Neither has the task: it is met by asking the ranking of that task. `few_values` gets the values of all of the
    former, `stated_many` those of the latter that a request states, with their places in `many`. `reader` reads
    requests: `Criteria`, and a field for each demand that it does not know.

    Raises ValueError for a demand that `Criteria` has no field for and that does not say its type.
    """

    def __init__(self, roster: Iterable[Criterion]) -> None:
        self.roster = tuple(roster)
        self.demands = {criterion.demand.field: criterion.demand for criterion in self.roster if criterion.demand}
        self.measures = {criterion.name: criterion.measure for criterion in self.roster if criterion.measure}
        asked = [(field, demand) for field, demand in self.demands.items() if field != "task"]
        self.few = tuple(field for field, demand in asked if demand.few)
        self.many = tuple(field for field, demand in asked if not demand.few)
        self.few_values, self.stated_many = _values(self.few), stated_among(self.many)
        self.reader = CriteriaReader({field: self._type(field) for field in self.demands if field not in _KNOWN})
        self._defaults = {field.name: field.default for field in structs.fields(self.reader.shape)}

    def _type(self, field: str) -> Any:
        kind = self.demands[field].type
        if kind is None:
            raise ValueError(f"{field} is no field of Criteria: its demand needs a `type`, such as `int | None`")
        return kind

    def usable(self, candidate: Candidate) -> bool:
        """Whether it could serve any request at all."""
        return all(criterion.standing is None or criterion.standing(candidate) is None for criterion in self.roster)

    def stated(self, criteria: Criteria) -> dict[str, Any]:
        """By field, what is not as it is for a request that does not mention it."""
        found = {}
        for field in self.demands:
            value = getattr(criteria, field)
            if value is None:
                value = self.demands[field].default
            if value is not None and value != () and value != self._defaults[field]:
                found[field] = value
        return found

    def without_soft(self, criteria: Criteria) -> Criteria:
        """The same request without the limits that the model of last resort may break."""
        soft = [field for field, demand in self.demands.items() if demand.soft]
        return structs.replace(criteria, **{field: self._defaults[field] for field in soft})

    def filters(self, candidates: Sequence[Candidate], meter: Meter) -> dict[str, Filter]:
        """By field, over `candidates`, which stand in rank order."""
        return {field: demand.filter(candidates, meter) for field, demand in self.demands.items()}

    def metered(self, candidates: Sequence[Candidate], meter: Meter) -> dict[str, Filter]:
        """Those that depend on the usage."""
        return {field: demand.filter(candidates, meter) for field, demand in self.demands.items() if demand.metered}


def _values(fields: tuple[str, ...]) -> Values:
    if len(fields) > 1:
        return attrgetter(*fields)
    return lambda criteria: tuple(getattr(criteria, field) for field in fields)


_KNOWN = frozenset(Criteria.__struct_fields__)
