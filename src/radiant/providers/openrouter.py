"""OpenRouter: its list is also a public catalog, and is read as one."""

from typing import Final

from radiant.public_catalogs.openrouter import gather

from .entry import Entry
from .listing import Kind
from .paging import Next
from .shape import Shape

#: Without the parameter only models that give text are listed.
PATH: Final = "models?output_modalities=all"

#: Pages come unasked where the list is long, and their address begins at the root of the host.
PAGING: Final = Next(url="links.next")


def _gathered(entry: Entry) -> None:
    gather(entry.facts, entry.id, entry.raw)
    alias = entry.facts.values.pop("alias_of", None)
    if alias is not None:
        entry.is_made_from(alias, Kind.ALIAS)
    variant = entry.facts.values.pop("variant", None)
    if entry.facts.values.pop("variant_of", None) is not None:
        entry.left_out = f"is a way to buy a model ({variant}) and none that can be called; it is left out"


SHAPE: Final = Shape(more=_gathered)
