"""The columns that a list of models can have."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

import typer

from radiant.domain.registry_model import RegistryModel

from .output import print_table
from .price import price_in_words

#: What each column shows, in the order in which they stand; the first ones are the last to go.
COLUMNS: Final[Mapping[str, Callable[[RegistryModel], Any]]] = MappingProxyType(
    {
        "model": attrgetter("model_id"),
        "provider": attrgetter("provider_id"),
        "USD": price_in_words,
        "context": attrgetter("context_window"),
        "task": attrgetter("primary_mode"),
        "state": attrgetter("thermal_state"),
        "hosting": attrgetter("hosting_type"),
        "health": attrgetter("health_status"),
        "category": attrgetter("category"),
        "name": attrgetter("display_name"),
    }
)

#: These are always shown; the others where there is room.
_ALWAYS = 4


def columns_named(text: str) -> tuple[str, ...]:
    """The columns in a list with commas; every field of a model is one as well. Raises BadParameter."""
    names = tuple(name for name in (it.strip() for it in text.split(",")) if name)
    known = (*COLUMNS, *RegistryModel.__struct_fields__)
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]}?" if close else f"expected: {', '.join(COLUMNS)}, or a field of --json"
            raise typer.BadParameter(f"there is no column {name!r}; {hint}", param_hint="--columns")
    if not names:
        raise typer.BadParameter("names no column", param_hint="--columns")
    return names


def print_models(models: Sequence[RegistryModel], chosen: Sequence[str] | None) -> None:
    """Print a table with the columns that were chosen, or else with as many as fit."""
    names = [*(COLUMNS if chosen is None else chosen)]
    cells = [COLUMNS.get(name) or attrgetter(name) for name in names]
    rows = [[cell(model) for cell in cells] for model in models]
    extra = names[_ALWAYS:] if chosen is None else ()
    print_table("", names, rows, right=("context", "context_window", "max_output"), extra=extra)
