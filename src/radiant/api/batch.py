"""Bodies that are one item or a batch of them, each judged for itself: how they are read, answered and described."""

from typing import Any

import msgspec

from radiant.domain.choice import Diagnosis
from radiant.domain.errors import RadiantError

from .problem_types import BODY_INVALID
from .problems import Refused, problem_of


class Problem(msgspec.Struct, omit_defaults=True):
    """A problem document (RFC 9457): what is wrong with a request, or with one item of a batch. `index` is the place of
    that item, from 0, where the answers are not in the order of the items."""

    type: str
    title: str
    status: int
    detail: str
    index: int | None = None
    field: str | None = None
    problem: str | None = None
    allowed: list[str] | None = None
    close: list[str] | None = None
    candidates: list[str] | None = None
    request_id: str | None = None
    diagnosis: Diagnosis | None = None


def problem_with(error: RadiantError, *, index: int | None = None) -> Problem:
    """What is said of one item."""
    return msgspec.convert({**problem_of(error).document(), "index": index}, Problem)


def batch_of(body: Any, most: int, noun: str, *, field: str = "requests", bare: bool = True) -> list[Any] | None:
    """The items of a batch, at most so many; None where the body is a single one. They stand in `field`, or are the
    body itself where it is `bare`. Raises Refused."""
    if isinstance(body, dict) and field not in body:
        return None
    return items_of(body, most, noun, field=field, others=(f"one {noun}", *(("a list of them",) if bare else ())))


def items_of(body: Any, most: int, noun: str, *, field: str = "requests", others: tuple[str, ...] = ()) -> list[Any]:
    """The same of a body that has to be a batch. `others` are what a body may be besides. Raises Refused."""
    bare = len(others) > 1
    items = body[field] if isinstance(body, dict) and body.keys() == {field} else body if bare else None
    if not isinstance(items, list):
        forms = ", ".join([*others, f'{"or " if others else ""}{{"{field}": [{noun}, …]}}'])
        raise Refused(BODY_INVALID, f"The body is {forms}.")
    if len(items) > most:
        raise Refused(BODY_INVALID, f"There are {len(items):,} entries; at most {most:,} go into one batch.")
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
