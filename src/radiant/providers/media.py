"""Providers of speech, pictures and of everybody's models: lists in shapes of their own, without tokens or windows."""

from typing import Final

from radiant.domain.vocabulary import Task

from .entry import Entry
from .paging import Next
from .shape import Shape

#: An id is owner and name; `run_count` changes with every call and is not read.
REPLICATE: Final = Shape(arrays=("results",), id=("owner", "name"), created="latest_version.created_at")
REPLICATE_PAGING: Final = Next(url="next")

STABILITY: Final = Shape(
    facts={"display_name": "name"},
    task="type",
    tasks={"PICTURE": Task.IMAGE, "VIDEO": Task.VIDEO, "AUDIO": Task.AUDIO},
    created=None,
)


def _voices(entry: Entry) -> None:
    if entry.says("can_do_text_to_speech") or entry.says("can_do_voice_conversion"):
        entry.task(Task.AUDIO)


ELEVENLABS: Final = Shape(id=("model_id",), facts={"display_name": "name"}, created=None, more=_voices)


def _direction(entry: Entry) -> None:
    entry.task(Task.TRANSCRIPTION if entry.under == "stt" else Task.AUDIO)


#: Versions of a model have one `canonical_name`.
DEEPGRAM: Final = Shape(
    arrays=("stt", "tts"),
    id=("canonical_name",),
    facts={"display_name": "name"},
    capabilities={"streaming": "streaming"},
    created=None,
    more=_direction,
    versions=True,
)
