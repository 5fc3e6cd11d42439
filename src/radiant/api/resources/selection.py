"""Which model should serve a request: one, many at once, and why."""

from typing import Any

import msgspec
from litestar import MediaType, Router, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.response.base import ASGIResponse

from radiant.api.body import decoded, json_body
from radiant.api.criteria_schema import criteria_schema
from radiant.api.problem_types import BODY_INVALID, PARAMETER_INVALID
from radiant.api.problems import PROBLEM, AnyRequest, Refused, problem_of
from radiant.api.security import TheApp, radiant_of, reader, role_of
from radiant.app import App
from radiant.domain.choice import Choice, ChoiceDocument, Diagnosis, Explanation
from radiant.domain.errors import InvalidCriteria, NoEligibleModel, RadiantError

from .registry import refuse_unknown

#: Requests in one batch.
LARGEST_BATCH = 1000

_EXAMPLE = {
    "task": "chat",
    "input_modalities": ["text"],
    "output_modalities": ["text"],
    "tenant_tier": 3,
    "required_capabilities": ["function_calling"],
    "max_cost_per_request": "0.01",
}


class Selected(msgspec.Struct):
    """The chosen model, and with `explain=true` every candidate with its reasons or refusals."""

    choice: ChoiceDocument
    explanation: Explanation | None = None


class Problem(msgspec.Struct, omit_defaults=True):
    """A problem document (RFC 9457): criteria that are not valid, or that no model satisfies."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = None
    problem: str | None = None
    allowed: list[str] | None = None
    diagnosis: Diagnosis | None = None


class BatchAnswer(msgspec.Struct):
    """One of the two: a choice, or why there is none."""

    choice: ChoiceDocument | None = None
    problem: Problem | None = None


class BatchAnswers(msgspec.Struct):
    """In the order of the requests."""

    results: list[BatchAnswer]


_FLAGS = {
    "explain": "Show every candidate with its reasons or refusals",
    "fallback": "Warm up what is not ready, and let a ready model stand in meanwhile",
}

_ENCODE = msgspec.json.Encoder().encode

_ANSWERS = {
    200: ResponseSpec(data_container=Selected, description="The model to use"),
    404: ResponseSpec(data_container=Problem, media_type=PROBLEM, description="Nothing fits; the diagnosis says why"),
}


@post("/", status_code=200, summary="The model that should serve a request", responses=_ANSWERS)
async def select(request: AnyRequest) -> ASGIResponse:
    """Criteria in, choice out. With `explain`, every candidate with its reasons or refusals. With `fallback`, a model
    that is not ready is warmed up while a ready one stands in, and the task's default model is the last resort."""
    # The road most traveled: a guard (for which the framework copies the route) and a typed handler would cost ten
    # times what the choice does.
    await role_of(request)
    selector = radiant_of(request).selector
    flags = _flags(request) if request.scope["query_string"] else {}
    criteria = selector.read(await json_body(request))
    if flags.get("fallback"):
        choice: Choice | None = await selector.select_with_fallback(criteria)
    else:
        choice = selector.choose(criteria)
    if choice is None:
        raise NoEligibleModel(selector.diagnose(criteria))
    explanation = selector.explain(criteria) if flags.get("explain") else None
    return ASGIResponse(body=_ENCODE(Selected(choice.document(), explanation)), media_type=MediaType.JSON)


def _flags(request: AnyRequest) -> dict[str, bool]:
    refuse_unknown(request, set(_FLAGS))
    flags = {}
    for name, value in request.query_params.items():
        if value not in ("true", "false"):
            raise Refused(PARAMETER_INVALID, f"`{name}` is {value!r}; expected true or false.")
        flags[name] = value == "true"
    return flags


@post("/batch", status_code=200, guards=[reader], summary="The same for up to 1,000 requests")
async def select_batch(radiant: TheApp, request: AnyRequest) -> BatchAnswers:
    """Each is answered for itself: a choice, or the problem with that request."""
    refuse_unknown(request, set())
    return BatchAnswers([_answer(radiant, asked) for asked in _requests(await json_body(request))])


def _requests(body: bytes) -> list[Any]:
    batch = decoded(body)
    requests = batch.get("requests") if isinstance(batch, dict) and batch.keys() == {"requests"} else None
    if not isinstance(requests, list):
        raise Refused(BODY_INVALID, 'The body is one object with one field: {"requests": [criteria, …]}.')
    if len(requests) > LARGEST_BATCH:
        raise Refused(
            BODY_INVALID, f"`requests` has {len(requests):,} entries; at most {LARGEST_BATCH:,} go into one batch."
        )
    return requests


def _answer(radiant: App, asked: Any) -> BatchAnswer:
    selector = radiant.selector
    try:
        criteria = selector.read(asked)
        choice = selector.choose(criteria)
        if choice is not None:
            return BatchAnswer(choice=choice.document())
        return BatchAnswer(problem=_problem(NoEligibleModel(selector.diagnose(criteria))))
    except InvalidCriteria as invalid:
        return BatchAnswer(problem=_problem(invalid))


def _problem(error: RadiantError) -> Problem:
    return msgspec.convert(problem_of(error).document(), Problem)


def describe(document: dict[str, Any]) -> None:
    """Complete the OpenAPI document: bodies are read by the selector itself, which names field and allowed values."""
    schema, definitions = criteria_schema()
    document["components"].setdefault("schemas", {}).update(definitions)
    one = {"anyOf": [schema, {"description": "Anything else is answered with a problem of its own"}]}
    many = {
        "type": "object",
        "required": ["requests"],
        "additionalProperties": False,
        "properties": {"requests": {"type": "array", "items": one, "maxItems": LARGEST_BATCH}},
    }
    document["paths"]["/api/v2/select"]["post"]["parameters"] = [
        {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": "boolean"}}
        for name, text in _FLAGS.items()
    ]
    examples = {"/api/v2/select": (schema, _EXAMPLE), "/api/v2/select/batch": (many, {"requests": [_EXAMPLE]})}
    for path, (body, example) in examples.items():
        media = {"schema": body, "examples": {"usual": {"value": example}}}
        document["paths"][path]["post"]["requestBody"] = {"required": True, "content": {"application/json": media}}


HANDLERS: list[Any] = [Router("/api/v2/select", route_handlers=[select, select_batch], tags=["selection"])]
