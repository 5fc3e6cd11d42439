"""The quantities one request consumes, stated or assumed, as integers."""

from decimal import Decimal
from enum import StrEnum
from math import lcm
from typing import Any, Final

import msgspec

from radiant.domain.comparable import ASSUMED, assumed_seconds
from radiant.domain.criteria import Usage
from radiant.domain.vocabulary import Task


class Quantity(StrEnum):
    """What a request consumes, counted."""

    INPUT = "input"  #: thousands of input tokens at the full price
    CACHED = "cached"  #: thousands of input tokens read from a cache
    OUTPUT = "output"  #: thousands of output tokens
    IMAGES = "images"  #: images, those that come out or those that go in
    SECONDS = "seconds"  #: seconds of audio or video
    CHARACTERS = "characters"
    PAGES = "pages"
    REQUESTS = "requests"  #: the request itself; one search too
    INSTANCE_SECONDS = "instance_seconds"  #: seconds of a whole instance


#: Places of `Quantities.counts`.
PLACES: Final = {quantity: place for place, quantity in enumerate(Quantity)}


class Quantities(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """`counts` stand in the order of `Quantity`, in `common`-ths; None where nobody said how many.

    Tokens stand for themselves too. `input_tokens` decides the tier. `input_stated` and `output_stated` say whether the
    request named its tokens: for a picture or for speech the assumed number means nothing.
    """

    common: int
    input: int
    cached: int
    output: int
    counts: tuple[int | None, ...]
    input_tokens: int
    input_stated: bool
    output_stated: bool


def of_usage(usage: Usage, task: Task) -> Quantities:
    """One request of a task that consumes `usage`."""
    taken = {name: assumed if (given := getattr(usage, name)) is None else given for name, assumed in ASSUMED.items()}
    share, shares = _ratio(usage.cached_share)
    time, times = _ratio(assumed_seconds(task) if usage.seconds is None else usage.seconds)
    common = lcm(1000 * shares, times)
    thousandth, second = common // 1000, common // times * time
    cached = taken["input_tokens"] * thousandth // shares * share
    counts: dict[Quantity, int | None] = {
        Quantity.INPUT: taken["input_tokens"] * thousandth - cached,
        Quantity.CACHED: cached,
        Quantity.OUTPUT: taken["output_tokens"] * thousandth,
        Quantity.IMAGES: taken["images"] * common,
        Quantity.SECONDS: second,
        Quantity.CHARACTERS: taken["characters"] * common,
        Quantity.PAGES: taken["pages"] * common,
        Quantity.REQUESTS: common,
        Quantity.INSTANCE_SECONDS: None if usage.seconds is None else second,
    }
    return Quantities(
        common=common,
        input=taken["input_tokens"] * thousandth - cached,
        cached=cached,
        output=taken["output_tokens"] * thousandth,
        counts=tuple(counts[quantity] for quantity in Quantity),
        input_tokens=taken["input_tokens"],
        input_stated=usage.input_tokens is not None,
        output_stated=usage.output_tokens is not None,
    )


def _ratio(number: Any) -> tuple[int, int]:
    return (number, 1) if isinstance(number, int) else Decimal(str(number)).as_integer_ratio()
