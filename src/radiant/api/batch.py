"""Bodies that are one item or a batch of them, each judged for itself: how they are read, answered and described."""

from typing import Any

import msgspec

from .problem_types import BODY_INVALID
from .problems import Refused


class ItemProblem(msgspec.Struct, omit_defaults=True):
    """A problem document (RFC 9457): what is wrong with one item."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    close: list[str] | None = None
    candidates: list[str] | None = None
    request_id: str | None = None


def batch_of(body: Any, most: int, noun: str) -> list[Any] | None:
    """The items of a batch, at most so many; None where the body is a single one. Raises Refused."""
    if isinstance(body, dict) and "requests" not in body:
        return None
    items = body["requests"] if isinstance(body, dict) and body.keys() == {"requests"} else body
    if not isinstance(items, list):
        raise Refused(BODY_INVALID, f'The body is one {noun}, a list of them, or {{"requests": [{noun}, …]}}.')
    if len(items) > most:
        raise Refused(BODY_INVALID, f"There are {len(items):,} {noun}s; at most {most:,} go into one batch.")
    return items


def describe_batch(
    document: dict[str, Any],
    path: str,
    item: type[msgspec.Struct],
    answers: tuple[type[msgspec.Struct], ...],
    most: int,
    examples: dict[str, Any],
    *,
    strict: bool = False,
) -> None:
    """Show in the OpenAPI document what goes in and out. With `strict` a single item that is not right is refused."""
    references, components = msgspec.json.schema_components(
        [item, *answers], ref_template="#/components/schemas/{name}"
    )
    document["components"].setdefault("schemas", {}).update(components)
    one, *answer = references
    results = {"type": "array", "items": {"anyOf": answer}, "description": "In the order of the items"}
    whole = {"type": "object", "required": ["results"], "properties": {"results": results}}
    any_one = {"anyOf": [one, {"description": "Anything else is answered with a problem of its own"}]}
    alone = one if strict else {"anyOf": [one, {"type": "object", "not": {"required": ["requests"]}}]}
    list_of = {"type": "array", "items": any_one, "maxItems": most}
    many = {
        "type": "object",
        "required": ["requests"],
        "additionalProperties": False,
        "properties": {"requests": list_of},
    }
    operation = document["paths"][path]["post"]
    operation["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": {"anyOf": [many, list_of, alone]}, "examples": examples}},
    }
    operation["responses"]["200"]["content"] = {"application/json": {"schema": {"anyOf": [*answer, whole]}}}
