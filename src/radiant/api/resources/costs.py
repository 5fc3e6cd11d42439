"""What a usage costs with a model: estimates and bills from one function, item by item."""

from typing import Any

import msgspec
from litestar import Router, post

from radiant.api.batch import Problem, batch_of, describe_batch, problem_with
from radiant.api.body import decoded, json_body
from radiant.api.problems import AnyRequest
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


class NoCost(msgspec.Struct):
    """A question that could not be answered: nothing has a price, and `problem` says why."""

    problem: Problem
    usd: None = None
    lines: list[CostLine] = []
    unpriced: list[str] = []


@post(_PATH, status_code=200, guards=[reader], summary="What usages cost with models, one or up to 1,000")
async def cost(radiant: TheApp, request: AnyRequest) -> Any:
    """A single question is answered by itself, a batch by `results`. Each is judged for itself: what is wrong with one
    stands in its place, and the call succeeds."""
    refuse_unknown(request, set())
    body = decoded(await json_body(request), quoting=True)
    asked = batch_of(body, LARGEST_BATCH, "question")
    answers = [_told(it) for it in await radiant.costs.of([body] if asked is None else asked)]
    return answers[0] if asked is None else {"results": answers}


def _told(found: Cost | RadiantError) -> Cost | NoCost:
    if isinstance(found, RadiantError):
        return NoCost(problem_with(found))
    return found


def describe(document: dict[str, Any]) -> None:
    """Complete the OpenAPI document: a question, or a batch of them that are judged one by one."""
    examples = {"one": {"value": _EXAMPLE}, "batch": {"value": {"requests": [_EXAMPLE, _OF_RESPONSE]}}}
    describe_batch(document, _PATH, CostAsked, (Cost, NoCost), LARGEST_BATCH, examples)


HANDLERS: list[Any] = [Router("", route_handlers=[cost], tags=["costs"])]
