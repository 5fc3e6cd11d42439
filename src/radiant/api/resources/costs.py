"""What a usage costs with a model: estimates and bills from one function, item by item."""

from typing import Any

import msgspec
from litestar import Router, post

from radiant.api.body import decoded, json_body
from radiant.api.problem_types import BODY_INVALID
from radiant.api.problems import AnyRequest, Refused, problem_of
from radiant.api.security import TheApp, reader
from radiant.domain.cost import LARGEST_BATCH, Cost, CostAsked, CostLine
from radiant.domain.errors import RadiantError

from .registry import refuse_unknown

_PATH = "/api/v2/costs"

_EXAMPLE = {
    "provider": "openai",
    "model": "gpt-4o-mini",
    "usage": {"input_tokens": 1000, "cache_read_tokens": 400, "output_tokens": 500},
}
_OF_RESPONSE = {
    "model": "openai/gpt-4o-mini",
    "at": "2026-11-26T12:00:00Z",
    "book": "sale",
    "response": {
        "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "prompt_tokens_details": {"cached_tokens": 400}}
    },
}


class CostProblem(msgspec.Struct, omit_defaults=True):
    """A problem document (RFC 9457): what is wrong with one question."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    close: list[str] | None = None
    candidates: list[str] | None = None


class NoCost(msgspec.Struct):
    """A question that could not be answered: nothing has a price, and `problem` says why."""

    problem: CostProblem
    usd: None = None
    lines: list[CostLine] = []
    unpriced: list[str] = []


@post(_PATH, status_code=200, guards=[reader], summary="What usages cost with models, one or up to 1,000")
async def cost(radiant: TheApp, request: AnyRequest) -> Any:
    """A single question is answered by itself, a batch by `results`. Each is judged for itself: what is wrong with one
    stands in its place, and the call succeeds."""
    refuse_unknown(request, set())
    body = decoded(await json_body(request))
    asked = _batch(body)
    answers = [_told(it) for it in await radiant.costs.of([body] if asked is None else asked)]
    return answers[0] if asked is None else {"results": answers}


def _told(found: Cost | RadiantError) -> Cost | NoCost:
    if isinstance(found, RadiantError):
        return NoCost(msgspec.convert(problem_of(found).document(), CostProblem))
    return found


def _batch(body: Any) -> list[Any] | None:
    """The questions of a batch; None where the body is a single one. Raises Refused."""
    if isinstance(body, dict) and "requests" not in body:
        return None
    asked = body["requests"] if isinstance(body, dict) and body.keys() == {"requests"} else body
    if not isinstance(asked, list):
        raise Refused(BODY_INVALID, 'The body is one question, a list of them, or {"requests": [question, …]}.')
    if len(asked) > LARGEST_BATCH:
        raise Refused(BODY_INVALID, f"There are {len(asked):,} questions; at most {LARGEST_BATCH:,} go into one batch.")
    return asked


def describe(document: dict[str, Any]) -> None:
    """Complete the OpenAPI document: a question, or a batch of them that are judged one by one."""
    references, components = msgspec.json.schema_components(
        [CostAsked, Cost, NoCost], ref_template="#/components/schemas/{name}"
    )
    document["components"].setdefault("schemas", {}).update(components)
    one, *answer = references
    results = {"type": "array", "items": {"anyOf": answer}, "description": "In the order of the questions"}
    answers = {"type": "object", "required": ["results"], "properties": {"results": results}}
    any_one = {"anyOf": [one, {"description": "Anything else is answered with a problem of its own"}]}
    alone = {"anyOf": [one, {"type": "object", "not": {"required": ["requests"]}}]}
    list_of = {"type": "array", "items": any_one, "maxItems": LARGEST_BATCH}
    many = {
        "type": "object",
        "required": ["requests"],
        "additionalProperties": False,
        "properties": {"requests": list_of},
    }
    operation = document["paths"][_PATH]["post"]
    examples = {"one": {"value": _EXAMPLE}, "batch": {"value": {"requests": [_EXAMPLE, _OF_RESPONSE]}}}
    operation["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": {"anyOf": [many, list_of, alone]}, "examples": examples}},
    }
    operation["responses"]["200"]["content"] = {"application/json": {"schema": {"anyOf": [*answer, answers]}}}


HANDLERS: list[Any] = [Router("", route_handlers=[cost], tags=["costs"])]
