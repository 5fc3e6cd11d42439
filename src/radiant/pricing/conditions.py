"""Conditions under which a request was made, and which of them say nothing."""

from collections.abc import Collection
from typing import Final

from radiant.domain.price_sheet import Context

#: What every response may say, and a price does not depend on.
USUAL: Final = frozenset(
    {"", "default", "standard", "auto", "on_demand", "global", "not_available"}
    | {"unspecified", "traffic_type_unspecified"}
)


def unmatched(context: Context, priced: Collection[str]) -> tuple[str, ...]:
    """The conditions of a request that no price in force is for; `priced` are those that one is for."""
    return tuple(sorted(name for name, value in context.items() if name not in priced and value.lower() not in USUAL))
