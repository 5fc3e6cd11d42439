"""Reads the body of a request as JSON, up to a size."""

import re
from collections.abc import Iterable
from math import isfinite
from typing import Any, Final

import msgspec

from radiant.domain.json_text import fault_of_json, mended

from .problem_types import (
    BODY_INVALID,
    BODY_TOO_LARGE,
    BODY_UNFINISHED,
    ENCODING_UNSUPPORTED,
    MEDIA_UNSUPPORTED,
)
from .problems import AnyRequest, Refused

#: Bytes of a request body; criteria and batches of criteria fit many times over.
LARGEST = 4 * 1024 * 1024

#: What JSON may be called. `curl -d` calls everything a form, so that says nothing about the body.
_JSON = re.compile(
    rb'(application/([\w.+-]+\+)?json|application/x-www-form-urlencoded)\s*(;\s*charset="?utf-?8"?\s*)?;?\s*',
    re.IGNORECASE,
)


async def json_body(request: AnyRequest) -> bytes:
    """All of it, at most `LARGEST` bytes. A third of what the framework's own way takes.

    Raises Refused, where the headers tell enough before the body is read.
    """
    _check_headers(request.scope["headers"])
    body, more = await _part(request)
    if not more:
        return body
    parts, size = [body], len(body)
    while more:
        body, more = await _part(request)
        parts.append(body)
        size += len(body)
        if size > LARGEST:
            raise _too_large()
    return b"".join(parts)


def decoded(body: bytes, *, quoting: bool = False) -> Any:
    """What `body` says in JSON. Raises Refused.

    One that is `quoting` what others said may hold halves of characters, as whoever cuts a text leaves them
    (rllm-org/rllm, pull request 879). They are read as U+FFFF, no character, and cost nothing else in the batch.
    """
    try:
        return _with_every_number(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if quoting and (whole := mended(body)) != body:
            return decoded(whole)
        raise Refused(BODY_INVALID, f"The body is not JSON: {fault_of_json(body, error)}.") from error
    except RecursionError as error:
        raise Refused(BODY_INVALID, "The body is nested too deeply.") from error


def _with_every_number(body: bytes) -> Any:
    """A number that is none of this machine's stays as it is written: who is asked for it says what is wrong with it,
    and what stands beside it is not touched."""
    try:
        return msgspec.json.decode(body)
    except msgspec.ValidationError:
        return _NUMBERS.decode(body)


def _number(text: str) -> float | str:
    number = float(text)
    return number if isfinite(number) else text


_NUMBERS: Final = msgspec.json.Decoder(float_hook=_number)


def _check_headers(headers: Iterable[tuple[bytes, bytes]]) -> None:
    for name, value in headers:
        if name == b"content-type":
            if value != b"application/json" and not _JSON.fullmatch(value):
                raise Refused(
                    MEDIA_UNSUPPORTED, f"The body is {_shown(value)}; send JSON, with `Content-Type: application/json`."
                )
        elif name == b"content-length":
            if value.isdigit() and (len(value) > 18 or int(value) > LARGEST):
                raise _too_large()
        elif name == b"content-encoding" and value.strip().lower() not in (b"", b"identity"):
            raise Refused(ENCODING_UNSUPPORTED, f"The body's encoding {_shown(value)} is not read; send it as it is.")


def _shown(value: bytes) -> str:
    return repr(value[:60].decode("latin-1"))


def _too_large() -> Refused:
    return Refused(BODY_TOO_LARGE, f"The body is larger than {LARGEST // 2**20} MiB.")


async def _part(request: AnyRequest) -> tuple[bytes, bool]:
    """What came next, and whether more comes."""
    message = await request.receive()
    if message["type"] != "http.request":
        raise Refused(BODY_UNFINISHED, "The client went away before the body was whole.")
    return message.get("body", b""), message.get("more_body", False)
