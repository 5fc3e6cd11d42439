"""What else than text goes into a request or comes out of it."""

from collections.abc import Iterable, Mapping
from enum import IntFlag
from typing import Final

from radiant.domain.vocabulary import Modality, Task


class Media(IntFlag):
    """What else than text goes into a request or comes out of it, as far as it changes the price."""

    NONE = 0
    IMAGE_IN = 1
    AUDIO_IN = 2
    IMAGE_OUT = 4
    AUDIO_OUT = 8
    VIDEO_OUT = 16


_INTO: Final = {Modality.IMAGE: Media.IMAGE_IN, Modality.AUDIO: Media.AUDIO_IN}
_OUT_OF: Final = {
    Modality.IMAGE: Media.IMAGE_OUT,
    Modality.AUDIO: Media.AUDIO_OUT,
    Modality.VIDEO: Media.VIDEO_OUT,
}

#: What a task takes and gives by itself, whatever a request says.
_OF_TASK: Final[Mapping[Task, Media]] = {
    Task.IMAGE: Media.IMAGE_OUT,
    Task.VIDEO: Media.VIDEO_OUT,
    Task.AUDIO: Media.AUDIO_OUT,
    Task.TRANSCRIPTION: Media.AUDIO_IN,
}


def media_of(inputs: Iterable[str], outputs: Iterable[str]) -> Media:
    """What a request with these modalities takes and gives besides text."""
    media = Media.NONE
    for modality in inputs:
        media |= _INTO.get(Modality(modality), Media.NONE)
    for modality in outputs:
        media |= _OUT_OF.get(Modality(modality), Media.NONE)
    return media


def beyond(task: Task, media: Media) -> Media:
    """Those of `media` that a request of the task does not have anyway."""
    return media & ~_OF_TASK.get(task, Media.NONE)
