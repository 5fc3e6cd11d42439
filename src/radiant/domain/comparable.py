"""The amount of work that models of one task are compared by, as data."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from .criteria import Usage
from .units import COMPARED_TOKENS, NO_OUTPUT_TOKENS
from .vocabulary import Task


class Comparable(msgspec.Struct, frozen=True):
    """One request of a usual size. Whatever unit a model's price is in, `usage` says how many of it the request takes.

    `words` stand behind an amount of USD: "0.006 USD for a minute of audio".
    """

    usage: Usage
    words: str


_TEXT: Final = f"{COMPARED_TOKENS.input_tokens:,} input and {COMPARED_TOKENS.output_tokens:,} output tokens"
_TOKENS: Final = Comparable(COMPARED_TOKENS, f"for {_TEXT}")
_INPUT: Final = Comparable(
    Usage(input_tokens=COMPARED_TOKENS.input_tokens, output_tokens=0),
    f"for {COMPARED_TOKENS.input_tokens:,} input tokens",
)

#: Of every task; in no other place stands how large a request of a task is taken to be.
COMPARABLE: Final[Mapping[Task, Comparable]] = MappingProxyType(
    {
        **{task: _INPUT if task in NO_OUTPUT_TOKENS else _TOKENS for task in Task},
        Task.IMAGE: Comparable(Usage(images=1), "for an image of 1024 × 1024"),
        Task.VIDEO: Comparable(Usage(seconds=5), "for 5 seconds of video"),
        Task.AUDIO: Comparable(Usage(characters=1000), "for 1,000 characters spoken"),
        Task.TRANSCRIPTION: Comparable(Usage(seconds=60), "for a minute of audio"),
        Task.OCR: Comparable(Usage(pages=1), "for a page"),
        Task.SEARCH: Comparable(COMPARED_TOKENS, f"for a search with {_TEXT}"),
    }
)
