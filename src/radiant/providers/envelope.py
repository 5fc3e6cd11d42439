"""A body, opened without unpacking what is in it: the list as raw entries, each to be read alone.

A list of 50 MB is held once, as the bytes that came; its entries become objects one at a time.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from radiant.claims.document import MAX_VALUES, value
from radiant.claims.entries import shorten
from radiant.domain.errors import SourceUnreadable
from radiant.domain.json_text import mended, proper

_OBJECT: Final = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LIST: Final = msgspec.json.Decoder(list[msgspec.Raw])
_ANY: Final = msgspec.json.Decoder(msgspec.Raw)

#: Where an answer says that something went wrong; what stands at `_COMPLAINTS` means it only where no list is.
_ERRORS: Final = ("error", "errors")
FAILURES: Final = (*_ERRORS, "success")
_COMPLAINTS: Final = ("detail", "message", "msg", "base_resp")

#: JSON's white space.
_BLANK: Final = b" \t\r\n"


def entries(
    source: str, body: bytes, paths: tuple[str, ...], *, absent_is_empty: bool
) -> list[tuple[str, msgspec.Raw]]:
    """Every entry of the lists at `paths` (`data`, `output.models`), after the path it stands under.

    A body that is itself a list is the list; null is an empty one. Raises SourceUnreadable.
    """
    body = _opened(body)
    if body.lstrip(_BLANK)[:1] == b"[":
        return [(paths[0], entry) for entry in _decoded(source, body, _LIST)]
    found: list[tuple[str, msgspec.Raw]] = []
    there = absent_is_empty
    for path in paths:
        raw = _at(source, body, path)
        if raw is None:
            continue
        there = True
        if bytes(raw) == b"null":
            continue
        if bytes(memoryview(raw)[:1]) != b"[":
            raise SourceUnreadable(source, _instead(source, body, path))
        found += [(path, entry) for entry in _decoded(source, raw, _LIST)]
    if not there:
        raise SourceUnreadable(source, _instead(source, body, *paths))
    if not found and failed(beside(source, body, *FAILURES)):
        raise SourceUnreadable(source, "is an error message, and lists nothing")
    return found


def failed(said: Mapping[str, Any]) -> bool:
    """Whether an answer says at `FAILURES` that something went wrong."""
    return any(said.get(name) for name in _ERRORS) or said.get("success") is False


def _instead(source: str, body: bytes, *paths: str) -> str:
    """That there is no list where one should be, and what there is. Nothing of what an error says is repeated."""
    wanted = f"has no list under {' or '.join(f'`{path}`' for path in paths)}"
    if body.lstrip(_BLANK)[:1] != b"{":
        return wanted
    has_failed = failed(beside(source, body, *FAILURES))  # before all of it is held once more
    there = _decoded(source, body, _OBJECT)
    if has_failed or not there.keys().isdisjoint(_COMPLAINTS):
        return f"is an error message, and {wanted}"
    found = [name for name, raw in there.items() if bytes(memoryview(raw)[:1]) == b"["]
    for name, raw in there.items():
        if bytes(memoryview(raw)[:1]) == b"{":
            inner = _decoded(source, raw, _OBJECT)
            found += [f"{name}.{below}" for below, it in inner.items() if bytes(memoryview(it)[:1]) == b"["]
    return f"{wanted}; it has one under `{shorten(found[0])}`" if found else wanted


def at(source: str, body: bytes, path: str) -> Any:
    """The value at a path of the body, None where there is none. Raises SourceUnreadable for what is no JSON."""
    return _value(source, path, _at(source, _opened(body), path))


def beside(source: str, body: bytes, *paths: str) -> dict[str, Any]:
    """The values at those of these paths at which something stands, of a body that is no list itself. Raises
    SourceUnreadable."""
    body = _opened(body)
    if body.lstrip(_BLANK)[:1] != b"{":
        _decoded(source, body, _ANY)
        return {}
    there = _decoded(source, body, _OBJECT)
    split = [(path, *path.partition(".")[::2]) for path in paths]
    raw = {
        path: _at(source, there[name], below) if below else there[name] for path, name, below in split if name in there
    }
    return {path: found for path, it in raw.items() if (found := _value(source, path, it)) is not None}


def _opened(body: bytes) -> bytes:
    """A body as it was meant, so that what stands in one entry does not cost all of them."""
    body = mended(body)
    if body.lstrip(_BLANK)[:1] in (b"{", b"["):
        try:
            _ANY.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError):
            return proper(body)
    return body


def _at(source: str, body: bytes | msgspec.Raw, path: str) -> msgspec.Raw | None:
    here: bytes | msgspec.Raw = body
    for name in path.split("."):
        if bytes(memoryview(here)[:64]).lstrip(_BLANK)[:1] != b"{":
            _decoded(source, here, _ANY)
            return None
        inner = _decoded(source, here, _OBJECT).get(name)
        if inner is None:
            return None
        here = inner
    return here if isinstance(here, msgspec.Raw) else None


def _value(source: str, path: str, raw: msgspec.Raw | None) -> Any:
    try:
        return None if raw is None else value(bytes(raw))
    except (ValueError, RecursionError):
        raise SourceUnreadable(source, f"has something under `{path}` that cannot be read as JSON") from None


def _decoded(source: str, body: bytes | msgspec.Raw, decoder: msgspec.json.Decoder[Any]) -> Any:
    # Each value costs many times its bytes, so tiny ones are worse than a large body.
    if not isinstance(body, msgspec.Raw) and body.count(b",") > MAX_VALUES:  # a part of a body was counted with it
        raise SourceUnreadable(source, "holds more values than a list of models can have")
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise SourceUnreadable(source, _problem(bytes(memoryview(body)[:1024]), error)) from None


def _problem(head: bytes, error: Exception) -> str:
    if not head.strip(_BLANK):
        return "is empty"
    if head.lstrip(_BLANK)[:1] == b"<":
        return "is a web page, not JSON"
    if isinstance(error, RecursionError):
        return "is nested too deeply for a list of models"
    if "truncated" in str(error):
        return "ends in the middle; it was cut off"
    return "is not valid JSON"
