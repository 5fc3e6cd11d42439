"""What requests consumed, told once for each: the ledger of usage."""

from typing import Any

import msgspec
from litestar import Router, post

from radiant.api.batch import Problem, batch_of, describe_batch, problem_with
from radiant.api.body import decoded, json_body
from radiant.api.problem_types import MODEL_AMBIGUOUS, USAGE_INVALID
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, reader
from radiant.api.shaped import describe_problems
from radiant.domain.errors import RadiantError
from radiant.domain.usage import LARGEST_BATCH, UsageRecorded, UsageTold

from .registry import refuse_unknown

_PATH = "/api/v2/usage"

_EXAMPLE = {
    "request_id": "req-7d1f",
    "provider": "openai",
    "model": "gpt-4o-mini",
    "tenant": "acme",
    "usage": {"input_tokens": 1000, "cache_read_tokens": 400, "output_tokens": 500},
}
_OF_RESPONSE = {
    "request_id": "req-7d20",
    "model": "openai/gpt-4o-mini",
    "at": "2026-11-26T12:00:00Z",
    "reported_cost": "0.00042",
    "response": {
        "usage": {"prompt_tokens": 1000, "completion_tokens": 500, "prompt_tokens_details": {"cached_tokens": 400}}
    },
}


class NotRecorded(msgspec.Struct):
    """A usage that was not taken into the ledger: `problem` says why."""

    problem: Problem


@post(_PATH, status_code=200, guards=[reader], summary="Tell what requests consumed, one or up to 1,000")
async def tell(radiant: TheApp, request: AnyRequest) -> Any:
    """Each `request_id` counts once: the same content again has the same answer, another is a `usage-conflict`. A batch
    is answered by `results`, each for itself; a single usage that is not right is answered with its problem. A usage
    without a price is recorded all the same, and can be rated later."""
    refuse_unknown(request, set())
    body = decoded(await json_body(request), quoting=True)
    batch = batch_of(body, LARGEST_BATCH, "usage")
    taken = await radiant.usage.record([body] if batch is None else batch)
    counters = radiant.counters
    counters.usage_recorded += taken.recorded
    counters.usage_repeated += taken.repeated
    counters.usage_refused += taken.refused
    counters.usage_differing += taken.differing
    if batch is not None:
        return {"results": [_told(it) for it in taken.answers]}
    (answer,) = taken.answers
    if isinstance(answer, RadiantError):
        raise answer
    return answer


def _told(found: UsageRecorded | RadiantError) -> UsageRecorded | NotRecorded:
    if isinstance(found, RadiantError):
        return NotRecorded(problem_with(found))
    return found


def describe(document: dict[str, Any]) -> None:
    """Complete the OpenAPI document: a usage, or a batch of them that are judged one by one."""
    examples = {"one": {"value": _EXAMPLE}, "batch": {"value": {"requests": [_EXAMPLE, _OF_RESPONSE]}}}
    describe_batch(document, _PATH, UsageTold, (UsageRecorded, NotRecorded), LARGEST_BATCH, examples, strict=True)
    describe_problems(document["paths"][_PATH]["post"], USAGE_INVALID, MODEL_AMBIGUOUS)


HANDLERS: list[Any] = [Router("", route_handlers=[tell], tags=["costs"])]
