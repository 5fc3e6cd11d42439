"""How a model is named in a path: its id may hold slashes."""

from typing import Annotated, Final, TypeAlias

from litestar.openapi.spec import Example
from litestar.params import Parameter

#: So many parts of an id are understood in a path.
DEEPEST: Final = 6

#: What stands in a path for one of one part.
ModelName: TypeAlias = Annotated[
    str,
    Parameter(
        description="An id of the registry, provider/model, or a model id", examples=[Example(value="gpt-4o-mini")]
    ),
]


def of_long_ids(what: str) -> list[str]:
    """The paths of something of models whose ids have several parts, which are its parameters in their order."""
    ids = ("/".join(f"{{part_{n}:str}}" for n in range(parts)) for parts in range(2, DEEPEST + 1))
    return [f"/models/{id}/{what}" for id in ids]
