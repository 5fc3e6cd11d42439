"""JSON as it goes into the database and comes out of it: numbers keep every digit."""

from decimal import Decimal
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def as_json(value: object) -> str:
    """JSON text in which a Decimal is an exact number."""
    return _ENCODER.encode(value).decode()


def from_json(text: str | bytes) -> Any:
    """The value of JSON text: whole numbers are ints, others Decimals. Raises msgspec.DecodeError."""
    return _DECODER.decode(text)
