"""For each task: the amount of work that prices are compared by, and what is assumed of a request that states none."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .vocabulary import Task

#: What one request consumes where it does not say, by the fields of `Usage`; seconds depend on the task.
ASSUMED: Final[Mapping[str, int]] = MappingProxyType(
    {"input_tokens": 1000, "output_tokens": 500, "images": 1, "characters": 1000, "pages": 1}
)


def assumed_seconds(task: Task) -> int:
    """Seconds of audio or video: 5 of video, a minute of everything else. A thousand characters are about a minute of
    speech."""
    return 5 if task is Task.VIDEO else 60


_TEXT: Final = f"{ASSUMED['input_tokens']:,} input and {ASSUMED['output_tokens']:,} output tokens"

#: For every task what a request consumes that says nothing, in words: "0.006 USD for a minute of audio".
COMPARED: Final[Mapping[Task, str]] = MappingProxyType(
    {
        **dict.fromkeys(Task, f"for {_TEXT}"),
        Task.EMBEDDING: f"for {ASSUMED['input_tokens']:,} input tokens",
        Task.RERANK: f"for a request of {ASSUMED['input_tokens']:,} tokens",
        Task.MODERATION: f"for a request of {ASSUMED['input_tokens']:,} tokens",
        Task.IMAGE: "for an image of 1024 × 1024",
        Task.VIDEO: "for 5 seconds of video",
        Task.AUDIO: f"for {ASSUMED['characters']:,} characters, a minute of speech",
        Task.TRANSCRIPTION: "for a minute of audio",
        Task.OCR: "for a page",
        Task.SEARCH: f"for a search with {_TEXT}",
        Task.THREE_D: "for a 3D model",
    }
)
