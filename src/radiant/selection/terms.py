"""All demands and measures of the criteria in use, collected once."""

from collections.abc import Iterable, Sequence
from itertools import compress, count
from typing import Any

from msgspec import structs

from radiant.domain.criteria import Criteria

from .costing import Costing
from .criterion import Criterion
from .masks import bits
from .masks.filter import Filter
from .reading.candidate import Candidate
from .reading.criteria_reader import CriteriaReader
from .reading.meant import NAMES
from .stated import Fields, taking_apart

#: What a picker is made for, beside the modalities, which are among the demands with few values.
PICKED_BY = ("profile", "usage", "task", "include_off")


class Terms:
    """`demands` by field and `measures` by name, in the order of the roster.

    `few` are the fields of demands with few values, whose masks are combined and kept; `many` are all other fields.
    Neither has the task: it is met by asking the ranking of that task. `take_apart` gives of a request its kind, which
    begins with the values of `few` and says with which picker it is answered; the values of `many` that it states, with
    their places; whether it states a number with bounds, and whether names. `by_health` says of each demand whether it
    depends on measured health, `passing_by_health` the same of `passing`, and `alike_for_good` are those by which
    candidates are alike whatever is measured. `reader` reads requests: `Criteria`, and a field for each demand that it
    does not know.

    Raises ValueError for a demand that `Criteria` has no field for and that does not say its type.
    """

    def __init__(self, roster: Iterable[Criterion]) -> None:
        self.roster = tuple(roster)
        self.demands = {criterion.demand.field: criterion.demand for criterion in self.roster if criterion.demand}
        standing = [(it.standing, it.by, it.by_health) for it in self.roster if it.standing]
        self._lasting = tuple(refusal for refusal, _, by_health in standing if by_health is False)
        self._passing = tuple((refusal, by) for refusal, by, by_health in standing if by_health is not False)
        self.passing_by_health = None if any(by_health is None for *_, by_health in standing) else True
        self.by_health = {it.demand.field: it.by_health for it in self.roster if it.demand}
        self.alike_for_good = frozenset(
            it.demand.alike for it in self.roster if it.demand and it.by_health is False and it.demand.alike is not id
        )
        self._fixed = tuple(it.standing for it in self.roster if it.standing and not it.planned)
        self.measures = {criterion.name: criterion.measure for criterion in self.roster if criterion.measure}
        asked = [(field, demand) for field, demand in self.demands.items() if field != "task"]
        self.few = tuple(field for field, demand in asked if demand.few)
        self.many = tuple(field for field, demand in asked if not demand.few)
        self.reader = CriteriaReader({field: self._type(field) for field in self.demands if field not in _KNOWN})
        shape = self.reader.shape.__struct_fields__
        kind = (*self.few, *PICKED_BY)
        self.take_apart = taking_apart(Fields(shape, kind, self.many, self.reader.bounded, NAMES))
        self._defaults = {field.name: field.default for field in structs.fields(self.reader.shape)}

    def _type(self, field: str) -> Any:
        kind = self.demands[field].type
        if kind is None:
            raise ValueError(f"{field} is no field of Criteria: its demand needs a `type`, such as `int | None`")
        return kind

    def usable(self, candidate: Candidate) -> bool:
        """Whether it could serve any request at all."""
        return self.lasting(candidate) and self.passing(candidate)

    def lasting(self, candidate: Candidate) -> bool:
        """Whether it could, whatever was measured."""
        for refusal in self._lasting:  # noqa: SIM110 - asked of every model of every index, where `all` takes twice as long
            if refusal(candidate) is not None:
                return False
        return True

    def passing(self, candidate: Candidate) -> bool:
        """Whether it could, as far as measured health decides."""
        return all(refusal(candidate) is None for refusal, _ in self._passing)

    def passing_flags(self, candidates: Sequence[Candidate]) -> bytes:
        """`passing` of each of many, as a mask is made of."""
        flags = bytearray([bits.IN]) * len(candidates)
        for refusal, by in self._passing:
            keys = list(map(by, candidates))
            refused = {key: refusal(candidate) for key, candidate in dict(zip(keys, candidates, strict=True)).items()}
            for place in compress(count(), map(refused.__getitem__, keys)):
                flags[place] = bits.OUT
        return bytes(flags)

    def deployable(self, candidate: Candidate) -> bool:
        """Whether it could, once somebody deployed it."""
        return all(refusal(candidate) is None for refusal in self._fixed)

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

    def filters(self, candidates: Sequence[Candidate], costing: Costing) -> dict[str, Filter[Candidate]]:
        """By field, over `candidates`, which stand in rank order."""
        return {field: demand.filter(candidates, costing) for field, demand in self.demands.items()}

    def filters_by_usage(self, candidates: Sequence[Candidate], costing: Costing) -> dict[str, Filter[Candidate]]:
        """Those that depend on the usage."""
        return {field: demand.filter(candidates, costing) for field, demand in self.demands.items() if demand.by_usage}


_KNOWN = frozenset(Criteria.__struct_fields__)
