"""The page that the `type` of a problem document points to: what it means and what to do. Needs no token."""

from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.problem_types import ADDRESS_UNKNOWN, FOLDER, TYPES, ProblemType
from radiant.api.problems import AnyRequest, Refused

from .registry import refuse_unknown


class ProblemPage(msgspec.Struct):
    """One type of problem. `members` are those its documents have beyond RFC 9457's own."""

    type: str
    status: int
    title: str
    advice: str
    members: list[str]


@get(FOLDER.rstrip("/"), summary="All types of problems", tags=["problems"], sync_to_thread=False)
def problem_types(request: AnyRequest) -> list[ProblemPage]:
    """What can go wrong, and what to do then."""
    refuse_unknown(request, set())
    return [_page(kind) for kind in TYPES.values()]


@get(FOLDER + "{name:str}", summary="One type of problem", tags=["problems"], sync_to_thread=False)
def problem_type(
    request: AnyRequest, name: Annotated[str, Parameter(examples=[Example(value="model-not-found")])]
) -> ProblemPage:
    """What it means and what to do; `type` of a problem document is the address of this page."""
    refuse_unknown(request, set())
    if name not in TYPES:
        raise Refused(ADDRESS_UNKNOWN, "There is no problem of that name; `/problems` lists all.")
    return _page(TYPES[name])


def _page(kind: ProblemType) -> ProblemPage:
    return ProblemPage(kind.uri, kind.status, kind.title, kind.advice, list(kind.members))


HANDLERS: list[Any] = [problem_types, problem_type]
