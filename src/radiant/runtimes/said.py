"""What a runtime answered, and how it is read: nothing that comes is trusted to have a shape."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from radiant.domain.errors import RadiantError
from radiant.providers.decoding import NotDecoded, json_of
from radiant.providers.failures import Reason, of_status, retry_after

#: Bytes of an answer; metrics of a busy server are a few hundred thousand.
MOST_BYTES: Final = 4 * 2**20

#: Entries of a list that are read, and characters of a name.
_MOST: Final = 10_000
LONGEST_NAME: Final = 300


class Unanswered(RadiantError):
    """A runtime said nothing that can be used.

    `gone`: its server is not up. `slow`: it may still do what it was told. `permanent`: asking again does not help.
    `locked`: it wants a key, or another one. `retry_after` is in seconds.
    """

    def __init__(
        self,
        problem: str,
        *,
        gone: bool = False,
        slow: bool = False,
        permanent: bool = False,
        locked: bool = False,
        retry_after: float | None = None,
    ) -> None:
        self.problem, self.gone, self.slow, self.permanent = problem, gone, slow, permanent
        self.locked, self.retry_after = locked, retry_after
        super().__init__(problem)


class Said(msgspec.Struct, frozen=True):
    """An answer with any status. Header names are in lower case; `key` is what was shown, and is never repeated."""

    place: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    key: str | None
    at: dt.datetime

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def retry_after(self) -> float | None:
        return retry_after(self.headers, self.at)

    @property
    def absent(self) -> bool:
        """Whether there is nothing at that path."""
        return self.status in (404, 405)

    def required(self) -> "Said":
        """Itself. Raises Unanswered for any other status than 2xx."""
        if not self.ok:
            raise self.refusal()
        return self

    def json(self) -> Any:
        """The body of a 2xx answer as JSON. Raises Unanswered."""
        self.required()
        try:
            return json_of(self.body)
        except NotDecoded:
            raise Unanswered("what came is no JSON") from None

    def refusal(self) -> Unanswered:
        """What another status than 2xx means."""
        if 300 <= self.status < 400:
            return Unanswered(f"it answered {self.status}: redirects are not followed", permanent=True)
        said = of_status(self.place, self.status, self.body, self.headers, now=self.at, keyed=self.key is not None)
        words = f"{said.problem}{self._complaint()}"
        passing = self.status in (408, 409, 425, 429) or self.status >= 500
        locked = said.reason is Reason.KEY
        return Unanswered(words, permanent=not passing, locked=locked, retry_after=said.retry_after)

    def _complaint(self) -> str:
        """What the server says of why, if that can be shown."""
        try:
            document = json_of(self.body)
        except NotDecoded:
            return ""
        found: Any = document
        for name in ("error", "message"):
            found = found.get(name, found) if isinstance(found, dict) else found
        if not isinstance(found, str) or not found.isprintable() or not found.strip():
            return ""
        shown = found if self.key is None else found.replace(self.key, "…")
        return f": {shown[:200]}".rstrip(". ")


def entries(document: Any, *names: str) -> list[dict[str, Any]]:
    """The objects of the list at the first of `names` that the document has, or of the document itself without names.

    A null is an empty list, and what is no object is left out. Raises Unanswered where no list is.
    """
    found = document
    if names:
        if not isinstance(document, dict) or not any(name in document for name in names):
            raise Unanswered(f"what came has no list of {names[0]}")
        found = next(document[name] for name in names if name in document)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Unanswered("what came is in another shape than documented")
    return [entry for entry in found[:_MOST] if isinstance(entry, dict)]


def member(document: Any, *path: str) -> Any:
    """What stands at a path of members, None where nothing does."""
    for name in path:
        document = document.get(name) if isinstance(document, dict) else None
    return document


def text(document: Any, *path: str) -> str | None:
    """A text that can be shown, None where something else stands."""
    found = member(document, *path)
    return found if isinstance(found, str) and found.strip() and found.isprintable() else None


def name(document: Any, *path: str) -> str | None:
    """A text that can be the name of a model."""
    found = text(document, *path)
    return found if found is not None and len(found) <= LONGEST_NAME else None


def count(document: Any, *path: str) -> int | None:
    """A whole number from 0, None where something else stands."""
    found = member(document, *path)
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 2**53:
        return None
    return found


def gauges(body: bytes, *names: str) -> int | None:
    """The sum of gauges in the text that Prometheus reads, over all their labels; None where none of them is."""
    found = [value for line in body.decode("utf-8", "replace").splitlines() for value in _gauge(line, names)]
    return int(sum(found)) if found else None


def _gauge(line: str, names: tuple[str, ...]) -> Iterator[float]:
    if line.partition("{")[0].partition(" ")[0] not in names:
        return
    written = line.rpartition("}")[2] if "}" in line else line.partition(" ")[2]
    try:
        value = float(written.split()[0])
    except (ValueError, IndexError):
        return
    if 0 <= value < 2**53:
        yield value
