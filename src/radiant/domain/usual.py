"""The usual input and output modalities of each task, for sources that name none."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from .vocabulary import Modality, Task


class Usual(NamedTuple):
    """`takes` and `gives` are what a request of the task has. Its models as a rule also handle `also_takes` and
    `also_gives`."""

    takes: tuple[Modality, ...]
    gives: tuple[Modality, ...]
    also_takes: tuple[Modality, ...] = ()
    also_gives: tuple[Modality, ...] = ()


_TEXT = (Modality.TEXT,)
_AUDIO = (Modality.AUDIO,)

#: For every task; those that say nothing (`inference`, `other`) take and give anything.
USUAL: Mapping[Task, Usual] = MappingProxyType(
    {
        Task.CHAT: Usual(_TEXT, _TEXT),
        Task.COMPLETION: Usual(_TEXT, _TEXT),
        Task.EMBEDDING: Usual(_TEXT, (Modality.EMBEDDING,)),
        Task.IMAGE: Usual(_TEXT, (Modality.IMAGE,)),
        Task.VIDEO: Usual(_TEXT, (Modality.VIDEO,)),
        Task.AUDIO: Usual(_TEXT, _AUDIO),
        Task.TRANSCRIPTION: Usual(_AUDIO, _TEXT),
        Task.SEARCH: Usual(_TEXT, _TEXT),
        Task.THREE_D: Usual(_TEXT, (Modality.THREE_D,)),
        Task.INFERENCE: Usual((), ()),
        Task.RERANK: Usual(_TEXT, (Modality.STRUCTURED,)),
        Task.MODERATION: Usual(_TEXT, (Modality.STRUCTURED,)),
        Task.OCR: Usual((Modality.IMAGE,), _TEXT, also_takes=(Modality.FILE,)),
        Task.REALTIME: Usual(_TEXT, _TEXT, also_takes=_AUDIO, also_gives=_AUDIO),
        Task.OTHER: Usual((), ()),
    }
)


def usual(task: str) -> Usual:
    """The same by name; nothing for a task there is not, which whoever reads the request will refuse."""
    return USUAL[Task(task)] if task in Task.__members__.values() else Usual((), ())
