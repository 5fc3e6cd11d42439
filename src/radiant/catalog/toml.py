"""Read one TOML file into one struct, strictly, and say where it is wrong."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from radiant import wording
from radiant.domain.errors import CatalogError

MAX_BYTES = 256 * 1024

T = TypeVar("T")

_TABLE = re.compile(r"^\s*\[\[?\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*=")
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u0000|U00000000)")
#: What may stand for a control character, and one; tabs and ends of lines are none.
_SUSPECT = re.compile(r"\\[bfeuUx]|[\x7f-\x9f]")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_PART = re.compile(r"\"[^\"]*\"|'[^']*'|\[\d+\]|[A-Za-z0-9_-]+")


def read_toml(path: Path, shape: type[T], *, shown: str) -> T:
    """Return the file as `shape`. `shown` is the name used in errors.

    Raises CatalogError with file, line, key and what was expected.
    """
    return parse_toml(_bytes(path, shown), shape, shown=shown)


def read_entries(path: Path, shape: type[T], *, shown: str) -> dict[str, T]:
    """Return a file of many entries: one table of `shape` per key. Raises CatalogError."""
    data = _bytes(path, shown)
    text, raw = _document(data, shown)
    entries = {}
    for key, value in raw.items():
        try:
            entries[key] = msgspec.convert(value, shape)
        except msgspec.ValidationError as error:
            raise _located(text, error, shape, shown, below=f'"{key}"' if "." in key else key) from error
    return entries


def parse_toml(data: bytes, shape: type[T], *, shown: str) -> T:
    """The same for bytes already read."""
    text, raw = _document(data, shown)
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise _located(text, error, shape, shown) from error


def _bytes(path: Path, shown: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CatalogError(shown, None, None, f"cannot be read: {error.strerror}") from error


def _document(data: bytes, shown: str) -> tuple[str, dict[str, Any]]:
    if len(data) > MAX_BYTES:
        raise CatalogError(
            shown, None, None, f"is larger than {MAX_BYTES // 1024} KiB; a catalog file describes one thing"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogError(shown, line, None, "is not UTF-8; save it as UTF-8") from error
    if nul := _NUL.search(text):
        line = text.count("\n", 0, nul.start()) + 1
        raise CatalogError(shown, line, None, "holds the character NUL, which no database can keep")
    raw = _loaded(text, shown)
    for path in _with_control_characters(raw) if _SUSPECT.search(text) else ():
        problem = "holds a control character; write plain text"
        raise CatalogError(shown, line_of(text, path), path, problem)
    return text, raw


def _with_control_characters(value: Any, path: str = "") -> Iterator[str]:
    """The places of texts with control characters."""
    if isinstance(value, str) and _CONTROL.search(value):
        yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _with_control_characters(item, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _with_control_characters(item, f"{path}[{number}]")


def _loaded(text: str, shown: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        problem = re.sub(r" \(at .*\)$", "", str(error))
        raise CatalogError(shown, line, None, f"is not valid TOML: {problem}") from error
    except (RecursionError, ValueError) as error:
        raise CatalogError(shown, None, None, "is not valid TOML") from error


def line_of(text: str, path: str) -> int | None:
    """The line (from 1) where the dotted key `path` is set, or its nearest enclosing table.

    A position in an array of tables is written `sources[1].url`, a key with dots `"ml.g5.xlarge".gpu`.
    """
    wanted = _parts(path)
    best: tuple[int, int] | None = None
    table: list[str] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _TABLE.match(line):
            table = _parts(header[1])
            if line.lstrip().startswith("[["):
                name = ".".join(table)
                seen[name] = seen.get(name, -1) + 1
                table = [*table, f"[{seen[name]}]"]
            here = table
        elif key := _KEY.match(line):
            here = [*table, *_parts(key[1])]
        else:
            continue
        shared = len(here) if here == wanted[: len(here)] else 0
        if shared and (best is None or shared > best[0]):
            best = (shared, number)
    return best[1] if best else None


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)]


def _located(
    text: str, error: msgspec.ValidationError, shape: type[Any], shown: str, *, below: str = ""
) -> CatalogError:
    found = wording.complaint(error, shape, words=wording.TOML)
    path = f"{below}.{found.path}".strip(".")
    key = f"{path}.{found.name}".strip(".")
    if found.unknown:
        return CatalogError(shown, line_of(text, key), key, f"unknown key{_suggestion(found.allowed, found.name)}")
    if found.missing:
        return CatalogError(shown, line_of(text, path) or 1, key, "is required and missing")
    problem = found.problem
    if problem.startswith("invalid enum value") and found.allowed:
        problem += f"; expected one of: {', '.join(found.allowed)}"
    return CatalogError(shown, line_of(text, path), path or None, problem)


def _suggestion(allowed: tuple[str, ...], key: str) -> str:
    """Name the keys that would have been right."""
    if not allowed:
        return ""
    close = difflib.get_close_matches(key, allowed, n=1)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; expected one of: {', '.join(sorted(allowed))}"
