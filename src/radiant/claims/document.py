"""From bytes to a JSON document with exact numbers, within bounds of size, depth and memory."""

import codecs
import json
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from radiant.domain.errors import SourceUnreadable

MAX_BYTES: Final = 64 * 1024 * 1024

#: Objects and arrays, and values, that a document may hold: several times the largest catalog we know.
MAX_CONTAINERS: Final = 150_000
MAX_VALUES: Final = 1_500_000

#: A number longer than this is no price and no limit.
_LONGEST_NUMBER: Final = 40

_MARKS: Final = (
    (codecs.BOM_UTF8, "begins with a byte order mark; save it as UTF-8 without one"),
    (codecs.BOM_UTF32_LE, "is UTF-32; save it as UTF-8"),
    (codecs.BOM_UTF32_BE, "is UTF-32; save it as UTF-8"),
    (codecs.BOM_UTF16_LE, "is UTF-16; save it as UTF-8"),
    (codecs.BOM_UTF16_BE, "is UTF-16; save it as UTF-8"),
)


class NoNumber(str):
    """Stands where JSON had NaN, Infinity or a number too long to mean anything: its text."""

    __slots__ = ()


class Repeated(dict[str, Any]):
    """An object in which keys stand more than once.

    Of a key whose values are all equal one is kept; one with different values is left out.
    """

    __slots__ = ("differing", "equal")

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__()
        repeated: dict[str, bool] = {}
        for key, value in pairs:
            if key in self:
                repeated[key] = repeated.get(key, True) and self[key] == value
            else:
                self[key] = value
        self.equal = tuple(key for key, same in repeated.items() if same)
        self.differing = tuple(key for key, same in repeated.items() if not same)
        for key in self.differing:
            del self[key]


def document(source: str, body: bytes) -> Any:
    """Return the JSON document in `body`; every number is an int, a Decimal or a NoNumber.

    Raises SourceUnreadable with line and column where there is one.
    """
    text = _text(source, body)
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise SourceUnreadable(source, _where(text, error)) from error
    except RecursionError as error:
        raise SourceUnreadable(source, "is nested too deeply for a catalog") from error


def value(raw: bytes) -> Any:
    """The same of a piece of a document that is JSON and within bounds already. Raises ValueError, RecursionError."""
    return _DECODER.decode(raw.decode("utf-8"))


def _text(source: str, body: bytes) -> str:
    if len(body) > MAX_BYTES:
        size = f"{len(body) / 1024 / 1024:,.0f} MiB"
        raise SourceUnreadable(source, f"is {size} large; at most {MAX_BYTES // 1024 // 1024} MiB are read")
    for mark, problem in _MARKS:
        if body.startswith(mark):
            raise SourceUnreadable(source, problem)
    if b"\0" in body[:4]:
        raise SourceUnreadable(source, "is UTF-16, UTF-32 or no text at all; save it as UTF-8")
    containers = body.count(b"{") + body.count(b"[")
    if containers > MAX_CONTAINERS or body.count(b",") > MAX_VALUES:
        raise SourceUnreadable(source, "holds more objects and values than a catalog of models can have")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise SourceUnreadable(source, f"is not UTF-8 (line {line}, byte {error.start})") from error
    if not text.strip():
        raise SourceUnreadable(source, "is empty")
    if text.lstrip().startswith("<"):
        raise SourceUnreadable(source, "is a web page, not JSON")
    return text


def _where(text: str, error: json.JSONDecodeError) -> str:
    place = f"line {error.lineno}, column {error.colno}"
    if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
        return f"ends in the middle ({place}); it was cut off"
    return f"is not valid JSON ({place}): {error.msg[0].lower()}{error.msg[1:]}"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    return made if len(made) == len(pairs) else Repeated(pairs)


def _decimal(text: str) -> Decimal | NoNumber:
    if len(text) > _LONGEST_NUMBER:
        return NoNumber(text)
    try:
        number = Decimal(text)
    except InvalidOperation:
        return NoNumber(text)
    if not number:
        return Decimal(0)
    return number if abs(number.adjusted()) < _LONGEST_NUMBER else NoNumber(text)


def _integer(text: str) -> int | NoNumber:
    return int(text) if len(text) <= _LONGEST_NUMBER else NoNumber(text)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_decimal, parse_int=_integer, parse_constant=NoNumber
)
