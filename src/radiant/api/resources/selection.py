"""Which model should serve a request: one, many at once, and why."""

from typing import Any

import msgspec
from litestar import MediaType, Router, post
from litestar.exceptions import ClientException
from litestar.openapi.datastructures import ResponseSpec
from litestar.response.base import ASGIResponse

from radiant.api.body import whole_body
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, radiant_of, reader, role_of
from radiant.app import App
from radiant.domain.choice import Choice, ChoiceDocument, Diagnosis, Explanation
from radiant.domain.criteria import Criteria
from radiant.domain.errors import InvalidCriteria, NoEligibleModel

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


class Problem(msgspec.Struct):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
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
    404: ResponseSpec(data_container=Problem, description="Nothing fits; the diagnosis says why"),
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
    criteria = selector.read(await whole_body(request))
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
            raise ClientException(f"`{name}` is {value!r}; expected true or false.")
        flags[name] = value == "true"
    return flags


@post("/batch", status_code=200, guards=[reader], summary="The same for up to 1,000 requests")
async def select_batch(radiant: TheApp, request: AnyRequest) -> BatchAnswers:
    """Each is answered for itself: a choice, or the problem with that request."""
    refuse_unknown(request, set())
    return BatchAnswers([_answer(radiant, asked) for asked in _requests(await request.body())])


def _requests(body: bytes) -> list[Any]:
    try:
        batch = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ClientException(f"The body is not JSON: {error}.") from error
    except RecursionError as error:
        raise ClientException("The body is nested too deeply.") from error
    requests = batch.get("requests") if isinstance(batch, dict) and batch.keys() == {"requests"} else None
    if not isinstance(requests, list):
        raise ClientException('The body is one object with one field: {"requests": [criteria, …]}.')
    if len(requests) > LARGEST_BATCH:
        raise ClientException(f"`requests` has {len(requests):,} entries; at most {LARGEST_BATCH:,} go into one batch.")
    return requests


def _answer(radiant: App, asked: Any) -> BatchAnswer:
    selector = radiant.selector
    try:
        criteria = selector.read(asked)
        choice = selector.choose(criteria)
        if choice is not None:
            return BatchAnswer(choice=choice.document())
        error = NoEligibleModel(selector.diagnose(criteria))
        return BatchAnswer(problem=Problem("about:blank", "Not Found", 404, str(error), error.diagnosis))
    except InvalidCriteria as invalid:
        return BatchAnswer(problem=Problem("about:blank", "Bad Request", 400, str(invalid)))


def describe(document: dict[str, Any]) -> None:
    """Complete the OpenAPI document: bodies are read by the selector itself, which names field and allowed values."""
    (schema,), definitions = msgspec.json.schema_components([Criteria], ref_template="#/components/schemas/{name}")
    document["components"].setdefault("schemas", {}).update(definitions)
    many = {
        "type": "object",
        "required": ["requests"],
        "additionalProperties": False,
        "properties": {"requests": {"type": "array", "items": schema, "maxItems": LARGEST_BATCH}},
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
