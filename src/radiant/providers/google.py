"""Google's Gemini API: pages by token, names behind `models/`, what a model does as a list of methods."""

from typing import Final

from radiant.domain.vocabulary import Task

from .entry import Entry
from .listing import Kind
from .paging import Cursor
from .shape import Shape

PAGING: Final = Cursor(field="nextPageToken", parameter="pageToken", size=("pageSize", 1000))


def _methods(entry: Entry) -> None:
    """`generateContent` alone does not tell a chat model from one that draws or speaks."""
    methods = set(entry.facts.names(entry.at("supportedGenerationMethods"), of="supportedGenerationMethods"))
    if "embedContent" in methods:
        entry.task(Task.EMBEDDING)
        entry.facts.values.pop("max_output", None)
    elif "bidiGenerateContent" in methods and "generateContent" not in methods:
        entry.task(Task.REALTIME)
    if entry.id.startswith("tunedModels/"):
        entry.is_made_from(entry.at("baseModelId"), Kind.FINE_TUNE)


SHAPE: Final = Shape(
    arrays=("models",),
    id=("name",),
    strip="models/",
    facts={"display_name": "displayName", "max_input": "inputTokenLimit", "max_output": "outputTokenLimit"},
    capabilities={"thinking": "reasoning"},
    created=None,
    more=_methods,
    absent_is_empty=True,
)
