"""One page of a fake list, in the envelope and with the paging of the provider. Pure."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import msgspec

from radiant.providers.lister import Request
from radiant.providers.paging import Cursor, Link, Next, Numbered

#: Characters that a token has to bear: those that a query must encode.
_TOKEN = "AB/x+y=="  # noqa: S105 - a cursor, no password


#: Providers whose list has no envelope.
_BARE: Final = frozenset({"elevenlabs", "stability", "together"})


class Page(msgspec.Struct, frozen=True):
    """A body, and headers beside it."""

    body: Any
    headers: Mapping[str, str] = {}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a page was asked for: the address of the list as the caller knows it, and its parameters."""

    url: str
    parameters: Mapping[str, str]


def start_of(request: Request, place: Place, size: int) -> int:
    """How many models come before the page that is asked for."""
    paging, said = request.paging, place.parameters
    if isinstance(paging, Cursor):
        return _number(said.get(paging.parameter, "").rpartition(_TOKEN)[2])
    if isinstance(paging, Numbered):
        return (max(_number(said.get(paging.page, "1")), 1) - 1) * size
    return _number(said.get("cursor", ""))


def size_of(request: Request, place: Place, most: int) -> int:
    """How many models a page has: what is asked for, and at most what the provider gives."""
    paging = request.paging
    if isinstance(paging, Cursor | Link | Numbered):
        return max(1, min(_number(place.parameters.get(paging.size[0], "")) or most, most))
    return most if isinstance(paging, Next) else 1_000_000


def page(
    provider: str, request: Request, place: Place, found: list[Any], *, following: int | None, size: int, total: int
) -> Page:
    """The page with the entries `found`.

    `following` is how many come before the next page, None at the end; `size` is how many a page has at the most, and
    `total` how many there are.
    """
    paging, shape = request.paging, request.shape
    headers: dict[str, str] = {}
    body: Any = _enveloped(provider, request, found)
    if isinstance(paging, Cursor):
        if following is not None:
            _put(body, paging.field, f"{_TOKEN}{following}")
        if paging.more is not None:
            _put(body, paging.more, following is not None)
    elif isinstance(paging, Next):
        _put(body, paging.url, None if following is None else _next(place, following, absolute=paging.url == "next"))
    elif isinstance(paging, Numbered):
        _put(body, paging.sized, size)
        _put(body, paging.total, total)
    elif isinstance(paging, Link) and following is not None:
        headers["link"] = f'<{_next(place, following, absolute=True)}>; rel="next"'
    if shape.arrays == ("data",) and isinstance(body, dict):
        body.setdefault("object", "list")
    return Page(body, headers)


def _enveloped(provider: str, request: Request, found: list[Any]) -> Any:
    if provider in _BARE or isinstance(request.paging, Link):
        return found
    arrays = request.shape.arrays
    body: dict[str, Any] = {}
    for number, path in enumerate(arrays):
        _put(body, path, [it for it in found if _array_of(request, it) % len(arrays) == number])
    return body


def _array_of(request: Request, entry: Any) -> int:
    """Of several arrays the one that a model always stands in."""
    return len(str(entry.get(request.shape.id[0]))) if isinstance(entry, dict) else 0


def _next(place: Place, following: int, *, absolute: bool) -> str:
    url = place.url if absolute else "/" + place.url.split("/", 3)[3]
    kept = "".join(f"&{quote(name)}={quote(value)}" for name, value in place.parameters.items() if name != "cursor")
    return f"{url}?cursor={following}{kept}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _put(made: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for name in above:
        made = made.setdefault(name, {})
    made[last] = value
