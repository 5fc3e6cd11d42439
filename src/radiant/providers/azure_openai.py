"""Azure OpenAI's data plane: the models a resource may deploy, not the deployments made of them."""

from typing import Final

from radiant.domain.vocabulary import Task

from .entry import Entry
from .listing import Kind
from .shape import Shape

PATH: Final = "models?api-version=2024-06-01"

_TASKS: Final = {
    "capabilities.embeddings": Task.EMBEDDING,
    "capabilities.chat_completion": Task.CHAT,
    "capabilities.completion": Task.COMPLETION,
}


def _own(entry: Entry) -> None:
    entry.task(next((task for path, task in _TASKS.items() if entry.says(path)), None))
    if entry.at("fine_tune") is not None:
        entry.is_made_from(entry.at("model"), Kind.FINE_TUNE)


SHAPE: Final = Shape(facts={"retires": "deprecation.inference"}, created="created_at", more=_own, versions=True)
