"""What JSON says: its numbers, and in words for people why a text is none."""

import codecs
import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

#: Escapes; those with a number may be half of a character beyond U+FFFF (`\ud800`), an escaped backslash is none.
_HALVES = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)

#: Half of a character that JSON writes in two escapes, perhaps with its other half; and one without it, behind all that
#: stands before.
_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_ALONE: Final = re.compile(
    rb"((?:[^\\]++|\\(?!u[dD][89a-fA-F])[\s\S]|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})*+)"
    rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}"
)

#: What stands for it: no text, and no name of anything.
_NOTHING: Final = rb"\uffff"

#: Texts, and numbers that are none.
_TOKENS: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|\bNaN\b|-?\bInfinity\b', re.DOTALL)
_CONTROLS: Final = re.compile(rb"[\x00-\x1f]")

#: So many are mended; a list with more is none.
_MOST_HALVES: Final = 10_000


def fault_of_json(text: object, error: Exception) -> str:
    """What is wrong with `text` (bytes or str), which a reader refused with `error`."""
    half = lone_surrogate(text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text))
    if half is not None:
        return f"it holds {half}, which is half of a character"
    if isinstance(error, UnicodeEncodeError):
        return "it holds half of a character"
    return str(error)


def lone_surrogate(text: str) -> str | None:
    """The first escape that is half of a character and has no other half beside it."""
    waiting: re.Match[str] | None = None
    for found in _HALVES.finditer(text):
        unit = int(found[1], 16) if found[1] else 0
        paired = waiting is not None and waiting.end() == found.start() and 0xDC00 <= unit <= 0xDFFF
        if waiting is not None and not paired:
            return waiting[0]
        waiting = found if 0xD800 <= unit <= 0xDBFF else None
        if 0xDC00 <= unit <= 0xDFFF and not paired:
            return found[0]
    return waiting[0] if waiting else None


def mended(body: bytes) -> bytes:
    """The same without what most clients read over: a mark of its byte order (RFC 8259, section 8.1), and halves of
    characters, for which the whole of it would be refused. So these cost one entry."""
    body = body.removeprefix(codecs.BOM_UTF8)
    if not _HALF.search(body):
        return body
    whole, at = bytearray(), 0
    for _ in range(_MOST_HALVES):
        found = _ALONE.match(body, at)
        if found is None:
            break
        whole += found[1] + _NOTHING
        at = found.end()
    return bytes(whole + body[at:])


def decimal_of(value: object) -> Decimal:
    """The number as JSON would have it; Python reads underscores, blanks and the digits of any script as well, so that
    a slip such as 1_5 would be 15. Raises InvalidOperation."""
    text = str(value)
    if not text.isascii() or "_" in text or text != text.strip():
        raise InvalidOperation(text)
    return Decimal(text)


def proper(body: bytes) -> bytes:
    """The same as JSON has it: control characters that stand in texts as they are become escapes, and NaN and Infinity
    become texts. So they cost what they stand in."""
    return _TOKENS.sub(_proper, body)


def _proper(token: re.Match[bytes]) -> bytes:
    if not token[0].startswith(b'"'):
        return b'"' + token[0] + b'"'
    return _CONTROLS.sub(lambda found: b"\\u%04x" % found[0][0], token[0])


def whole_numbers(value: Any) -> Any:
    """JSON knows one kind of numbers: 2.0 is a whole one. What is nested too deeply stays as it is: whoever asks for a
    shape finds another one there."""
    try:
        return _whole_numbers(value)
    except RecursionError:
        return value


def _whole_numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _whole_numbers(it) for name, it in value.items()}
    if isinstance(value, list):
        return [_whole_numbers(it) for it in value]
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(value)  # of what is more than a float, as NumPy has them
    return value
