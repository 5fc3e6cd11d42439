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

#: What stands for a self-hosted one, of however many parts, at the end of a path.
OwnModelName: TypeAlias = Annotated[
    str, Parameter(description="Any name of a model", examples=[Example(value="mistral-7b-v0.3")])
]


def at_the_end(path: str) -> str:
    """The name at the end of a path, which comes with the slash before it."""
    return path.removeprefix("/")


def of_long_ids(what: str) -> list[str]:
    """The paths of something of models whose ids have several parts, which are its parameters in their order."""
    ids = ("/".join(f"{{part_{n}:str}}" for n in range(parts)) for parts in range(2, DEEPEST + 1))
    return [f"/models/{id}/{what}" for id in ids]
