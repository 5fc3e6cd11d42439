"""Hugging Face: what its router serves, with facts by inference provider, and the hub's list of all that is served."""

from typing import Final

from radiant.domain.vocabulary import Task

from .entry import Entry
from .paging import Link
from .shape import Shape

HUB: Final = ("router.huggingface.co", "huggingface.co")
HUB_PATH: Final = "/api/models?inference_provider=all"
PAGING: Final = Link(size=("limit", 1000))

_SUPPORTS: Final = {"supports_tools": "function_calling", "supports_structured_output": "structured_output"}


def _providers(entry: Entry) -> None:
    """The largest window that any of them has, whether or not it is up this hour.

    Prices differ from one to the next, so that none is the model's.
    """
    served = [it for _, it in entry.facts.tables(entry.at("providers"), of="providers")]
    windows = [it["context_length"] for it in served if type(it.get("context_length")) is int]
    entry.facts.count("context_window", max(windows, default=None), of="providers[].context_length")
    found = {ours for it in served for theirs, ours in _SUPPORTS.items() if it.get(theirs) is True}
    entry.facts.known("capabilities", sorted(found) or None)


ROUTER: Final = Shape(modalities=("architecture.input_modalities", "architecture.output_modalities"), more=_providers)
MODELS: Final = Shape(
    created="createdAt",
    task="pipeline_tag",
    tasks={
        "text-generation": Task.CHAT,
        "image-text-to-text": Task.CHAT,
        "feature-extraction": Task.EMBEDDING,
        "sentence-similarity": Task.EMBEDDING,
        "text-to-image": Task.IMAGE,
        "image-to-image": Task.IMAGE,
        "text-to-video": Task.VIDEO,
        "image-to-video": Task.VIDEO,
        "text-to-speech": Task.AUDIO,
        "automatic-speech-recognition": Task.TRANSCRIPTION,
        "text-ranking": Task.RERANK,
    },
)
