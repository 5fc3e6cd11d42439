"""Cohere: pages by token; the endpoints a model can be used with tell its task."""

from typing import Final

from radiant.domain.vocabulary import Task

from .entry import Entry
from .listing import Kind
from .paging import Cursor
from .shape import Shape

PAGING: Final = Cursor(field="next_page_token", parameter="page_token", size=("page_size", 1000))

_TASKS: Final = {"chat": Task.CHAT, "embed": Task.EMBEDDING, "rerank": Task.RERANK}
_FEATURES: Final = {
    "tools": "function_calling",
    "json_mode": "json_mode",
    "json_schema": "structured_output",
    "vision": "vision",
    "reasoning": "reasoning",
}


def _endpoints(entry: Entry) -> None:
    endpoints = set(entry.facts.names(entry.at("endpoints"), of="endpoints"))
    found = [task for endpoint, task in _TASKS.items() if endpoint in endpoints]
    entry.task(found[0] if len(found) == 1 else None)
    features = {_FEATURES[it] for it in entry.facts.names(entry.at("features"), of="features") if it in _FEATURES}
    entry.facts.known("capabilities", sorted(features) or None)
    if entry.says("finetuned"):
        entry.is_made_from(None, Kind.FINE_TUNE)


SHAPE: Final = Shape(
    arrays=("models",),
    id=("name",),
    facts={"context_window": "context_length"},
    deprecated="is_deprecated",
    created=None,
    more=_endpoints,
)
