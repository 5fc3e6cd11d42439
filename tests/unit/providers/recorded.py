"""Answers as their providers document them, one file each: where it was read, what it says, what we make of it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from radiant.providers.listing import ListedModel
from radiant.providers.roster import lister

FOLDER = Path(__file__).parent / "answers"


class Recorded(NamedTuple):
    """`form` is `example` for an answer copied from its source, `fields` for one made of the fields it documents.
    `next` is the query of the page after it."""

    name: str
    source: str
    read: str
    form: str
    request: int
    next: str | None
    expected: list[dict[str, Any]]
    answer: Any

    @property
    def provider(self) -> str:
        return self.name.partition("-")[0]

    @property
    def body(self) -> bytes:
        return json.dumps(self.answer).encode()

    @property
    def asked(self) -> Any:
        return lister(self.provider).requests[self.request]

    def pages(self, body: bytes) -> tuple[tuple[int, str, bytes], ...]:
        """`body` as the page of its request; a list that only adds facts comes after one that names the models."""
        page = (self.request, "https://example.com/models", body)
        named = json.dumps({"data": [{"id": model["id"]} for model in self.expected]}).encode()
        return (page,) if self.asked.exists else ((0, "https://example.com/all", named), page)


def recorded() -> list[Recorded]:
    found = [(file.stem, json.loads(file.read_text("utf-8"))) for file in sorted(FOLDER.glob("*.json"))]
    return [Recorded(name, **{key: value for key, value in it.items() if key != "note"}) for name, it in found]


def plainly(model: ListedModel) -> dict[str, Any]:
    """A model as the files write it: only what is said, prices as text."""
    facts = {key: f"{value:f}" if isinstance(value, Decimal) else value for key, value in model.facts.items()}
    said = {"id": model.id, "facts": facts, "kind": model.kind.value, "of": model.of, "aliases": list(model.aliases)}
    return {key: value for key, value in said.items() if key in ("id", "facts") or value not in (None, "model", [])}
