"""Anthropic: pages by `after_id`, capabilities as a tree of `supported`, a lifecycle of three words."""

from typing import Final

from radiant.claims.entries import shown

from .entry import Entry
from .paging import Cursor
from .shape import Shape

PAGING: Final = Cursor(field="last_id", parameter="after_id", size=("limit", 1000), more="has_more")


def _lifecycle(entry: Entry) -> None:
    word = entry.at("lifecycle")
    if word in ("deprecated", "retired"):
        entry.facts.known("deprecated", True)
    elif word not in (None, "active"):
        entry.facts.refuse(f"`lifecycle` is {shown(word)}, which is not known")


SHAPE: Final = Shape(
    facts={
        "display_name": "display_name",
        "context_window": "max_input_tokens",
        "max_output": "max_tokens",
        "released": "created_at",
        "retires": "retires_at",
    },
    capabilities={
        "capabilities.image_input.supported": "vision",
        "capabilities.pdf_input.supported": "pdf_input",
        "capabilities.structured_outputs.supported": "structured_output",
        "capabilities.thinking.supported": "reasoning",
        "capabilities.code_execution.supported": "code_execution",
    },
    created="created_at",
    more=_lifecycle,
)
