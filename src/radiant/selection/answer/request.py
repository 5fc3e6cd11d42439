"""One request, checked and in the shape the index asks for."""

from typing import Any, cast

import msgspec

from radiant.domain.criteria import Criteria

from ..terms import Demands, Values


def criteria_type(demands: Demands) -> type[Criteria]:
    """`Criteria`, with a field more, None by default, for each demand that it does not know."""
    if not demands.further:
        return Criteria
    fields: list[tuple[str, Any, Any]] = [(field, demands.by_field[field].type, None) for field in demands.further]
    made = msgspec.defstruct(
        "Criteria", fields, bases=(Criteria,), frozen=True, forbid_unknown_fields=True, kw_only=True
    )
    return cast("type[Criteria]", made)


class Request:
    """What is asked; `values` are those of the demands that views know, `favored` the preferred providers."""

    __slots__ = ("_demands", "criteria", "favored", "values")

    def __init__(self, criteria: Criteria, demands: Demands) -> None:
        self.criteria, self._demands = criteria, demands
        self.favored = criteria.prefer_providers
        self.values = demands.values(criteria.keywords())

    @property
    def anywhere(self) -> Values:
        """The values without the restriction of hosting."""
        return self._demands.values(self.criteria.keywords() | {"prefer_hosting": "any"})

    @property
    def stated(self) -> dict[str, Any]:
        """By field, what is not as it is for a request that does not mention it."""
        defaults = {field.name: field.default for field in msgspec.structs.fields(type(self.criteria))}
        asked = self.criteria.keywords()
        return {
            field: asked[field]
            for field in self._demands.by_field
            if asked[field] not in (None, ()) and asked[field] != defaults[field]
        }
