"""The columns that a list of models can have."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Final

import typer

from radiant.domain.registry_model import RegistryModel

from .output import print_table
from .price import PRICED_BY, price_in_words

#: The fields that each column is made of, in the order in which they stand; the first ones are the last to go.
_FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "model": ("model_id",),
        "provider": ("provider_id",),
        "USD": PRICED_BY,
        "context": ("context_window",),
        "task": ("primary_mode",),
        "state": ("thermal_state",),
        "hosting": ("hosting_type",),
        "health": ("health_status",),
        "category": ("category",),
        "name": ("display_name",),
    }
)

#: What each column shows.
COLUMNS: Final[Mapping[str, Callable[[Any], Any]]] = MappingProxyType(
    {name: price_in_words if name == "USD" else attrgetter(*fields) for name, fields in _FIELDS.items()}
)

#: The fields of a model by their names in `--json`; those of rows are understood too.
_OF_JSON: Final[Mapping[str, str]] = MappingProxyType(
    dict(zip(RegistryModel.__struct_encode_fields__, RegistryModel.__struct_fields__, strict=True))
)

#: So many models are shown on a terminal where nobody says how many: more are not read, but scrolled past.
PAGE: Final = 200

#: These are always shown; the others where there is room.
_ALWAYS = 4


def columns_named(text: str) -> tuple[str, ...]:
    """The columns in a list with commas; every field of a model is one as well. Raises BadParameter."""
    names = tuple(name for name in (it.strip() for it in text.split(",")) if name)
    known = (*COLUMNS, *_OF_JSON)
    for name in names:
        if name not in known and name not in _OF_JSON.values():
            close = get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]}?" if close else f"expected: {', '.join(COLUMNS)}, or a field of --json"
            raise typer.BadParameter(f"there is no column {name!r}; {hint}", param_hint="--columns")
    if not names:
        raise typer.BadParameter("names no column", param_hint="--columns")
    return names


def fields_of(chosen: Sequence[str] | None) -> list[str]:
    """The fields of a model that these columns are made of, or else those of any."""
    fields: dict[str, None] = {}
    for name in COLUMNS if chosen is None else chosen:
        fields.update(dict.fromkeys(_FIELDS.get(name, (_OF_JSON.get(name, name),))))
    return [*fields]


def print_models(models: Sequence[Any], chosen: Sequence[str] | None) -> None:
    """Print a table with the columns that were chosen, or else with as many as fit."""
    names = [*(COLUMNS if chosen is None else chosen)]
    cells = [COLUMNS.get(name) or attrgetter(_OF_JSON.get(name, name)) for name in names]
    rows = [[cell(model) for cell in cells] for model in models]
    extra = names[_ALWAYS:] if chosen is None else ()
    print_table("", names, rows, right=("context", "context_window", "max_output"), extra=extra)
