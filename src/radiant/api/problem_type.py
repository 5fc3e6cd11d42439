"""What a type of problem is, all of them by name, and what is told where there is no more to say than a status."""

from http import HTTPStatus

import msgspec

#: Where the server itself shows a type; `type` in a problem document is this and the name.
FOLDER = "/problems/"


class ProblemType(msgspec.Struct, frozen=True):
    """A kind of problem. `members` are those a document of this type has beyond RFC 9457's own."""

    name: str
    status: int
    title: str
    advice: str
    members: tuple[str, ...] = ()

    @property
    def uri(self) -> str:
        """The `type` of a problem document: a path on the server that answered."""
        return FOLDER + self.name if self.name else "about:blank"


#: By name.
TYPES: dict[str, ProblemType] = {}


def problem_type(name: str, status: int, title: str, advice: str, members: tuple[str, ...] = ()) -> ProblemType:
    """A type of problem, put among all of them."""
    TYPES[name] = ProblemType(name, status, title, advice, members)
    return TYPES[name]


def plain(status: int) -> ProblemType:
    """For where nothing more is to be said than the HTTP status."""
    return ProblemType("", status, HTTPStatus(status).phrase, "")
