"""Bodies as they were meant, never larger than allowed: a small body that unpacks to a large one is given up early."""

import zlib
from typing import Any, Final

import msgspec

from radiant.domain.json_text import mended

#: What we ask for, and all that we unpack.
ACCEPTED: Final = "gzip"

_GZIP: Final = ("gzip", "x-gzip")

#: Bytes that packing may add to what is packed.
_PACKING: Final = 64 * 1024

#: Pieces that one body may be packed in.
_MOST_MEMBERS: Final = 100


class TooLarge(ValueError):
    """More bytes than the limit."""


class NotDecoded(ValueError):
    """Packed in a way that was not asked for, or broken; or no JSON where that was expected."""


class Body:
    """Gathers a body of at most `limit` bytes, unpacked as its Content-Encoding says."""

    def __init__(self, encoding: str, *, limit: int) -> None:
        """Raises NotDecoded for an encoding that was not asked for, two of them at once included."""
        name = encoding.strip().lower()
        if name not in ("", "identity", *_GZIP):
            raise NotDecoded(f"is packed as {encoding!r:.40}, which was not asked for")
        self._unpack = _unpacker() if name in _GZIP else None
        self._limit, self._gathered = limit, bytearray()
        self._came, self._members = 0, 1

    def add(self, part: bytes) -> None:
        """Raises TooLarge as soon as it is, NotDecoded for what does not unpack."""
        if self._unpack is None:
            self._append(part)
            return
        self._came += len(part)
        if self._came > self._limit + _PACKING:
            raise TooLarge
        while part:
            if self._unpack.eof:  # gzip may have several members, which are unpacked one after the other
                self._unpack, self._members = _unpacker(), self._members + 1
                if self._members > _MOST_MEMBERS:
                    raise NotDecoded("is packed in too many pieces")
            try:
                self._append(self._unpack.decompress(part, self._limit - len(self._gathered) + 1))
            except zlib.error as error:
                raise NotDecoded("does not unpack") from error
            part = self._unpack.unconsumed_tail or self._unpack.unused_data

    def whole(self) -> bytes:
        """All of it. Raises NotDecoded where the packed end is missing."""
        if self._unpack is not None and not self._unpack.eof:
            raise NotDecoded("ends in the middle")
        return bytes(self._gathered)

    def beginning(self) -> bytes:
        """What was unpacked up to the limit."""
        return bytes(self._gathered[: self._limit])

    def _append(self, part: bytes) -> None:
        self._gathered += part
        if len(self._gathered) > self._limit:
            raise TooLarge


def json_of(body: bytes) -> Any:
    """What a body says. Raises NotDecoded for what is no JSON, or nested deeper than can be read."""
    try:
        return msgspec.json.decode(mended(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotDecoded("is no JSON") from error


def _unpacker() -> "zlib._Decompress":
    return zlib.decompressobj(zlib.MAX_WBITS | 16)


def is_error(told: Any) -> bool:
    """Whether JSON says that something went wrong, and nothing of what was asked for."""
    if not isinstance(told, dict) or any(told.get(it) for it in ("data", "models", "choices")):
        return False
    return bool(told.get("error")) or told.get("success") is False
