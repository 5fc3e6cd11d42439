"""Which model should serve a request: one, many at once, and why."""

from typing import Any

import msgspec
from litestar import MediaType, Router, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse

from radiant.api.answers import JsonBytes
from radiant.api.batch import Problem, items_of, problem_with
from radiant.api.body import decoded, json_body
from radiant.api.criteria_schema import criteria_schema
from radiant.api.problem_types import PARAMETER_INVALID
from radiant.api.problems import PROBLEM, AnyRequest, Refused
from radiant.api.security import TheApp, radiant_of, reader, role_of
from radiant.app import App
from radiant.domain.choice import Choice, ChoiceDocument
from radiant.domain.errors import InvalidCriteria, NoEligibleModel
from radiant.insight.counters import Counters

from .compliance import advised
from .explaining import Selected, told_at_length
from .falling_back import NAMED, described, taken_apart, while_there
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


class BatchAnswer(msgspec.Struct):
    """One of the two: a choice, or why there is none."""

    choice: ChoiceDocument | None = None
    problem: Problem | None = None


class BatchAnswers(msgspec.Struct):
    """In the order of the requests."""

    results: list[BatchAnswer]


_FLAGS = {
    "explain": "Show the best candidates with their reasons, and how many others are refused for which reason",
    "fallback": "Warm up what is not ready, and let a ready model stand in meanwhile",
}

#: Models that an explanation lists; `all` lists every one, with its refusals.
_LIMIT = "limit"
_EXPLAINED = 10
_MOST = 1000

_ENCODE = msgspec.json.Encoder().encode

_ANSWERS = {
    200: ResponseSpec(data_container=Selected, description="The model to use"),
    404: ResponseSpec(data_container=Problem, media_type=PROBLEM, description="Nothing fits; the diagnosis says why"),
    503: ResponseSpec(data_container=Problem, media_type=PROBLEM, description="The best model is not warm yet"),
}


class counted:
    """Counts what becomes of one request for a model. A class, as `contextmanager` would cost as much as a choice."""

    __slots__ = ("_counters",)

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._counters.chosen += 1
        elif issubclass(kind, NoEligibleModel):
            self._counters.nothing_fits += 1
        elif issubclass(kind, InvalidCriteria | Refused):
            self._counters.refused += 1
        else:
            self._counters.failed += 1


@post("/", status_code=200, summary="The model that should serve a request", responses=_ANSWERS)
async def select(request: AnyRequest) -> ASGIResponse:
    """Criteria in, choice out. With `explain`, the best `limit` candidates with their reasons, and for each reason of a
    refusal a count and examples; with `limit=all` every candidate, sent as it is made. With `fallback`, a model
    that is not ready is warmed up while a ready one stands in, and the task's default model is the last resort; in the
    body it is `none`, `handover`, `hold` (for at most `max_wait_s` seconds) or `fail` (503 with `Retry-After`)."""
    # The road most traveled: a guard (for which the framework copies the route) and a typed handler would cost ten
    # times what the choice does.
    await role_of(request)
    radiant = radiant_of(request)
    with counted(radiant.counters):
        selector = radiant.selector
        flags, limit = _asked_for(request) if request.scope["query_string"] else ({}, None)
        body = await json_body(request)
        asked, how = taken_apart(body) if NAMED.search(body) else (body, None)
        criteria = selector.read(asked)
        if how is not None or flags.get("fallback"):
            choice: Choice | None = await while_there(request, selector.select_with_fallback, criteria, how or {})
        else:
            choice = selector.choose(criteria)
        if choice is None:
            raise NoEligibleModel(selector.diagnose(criteria))
        if flags.get("explain") and limit is None:
            pieces = told_at_length(choice.document(), selector.explain_at_length(criteria))
            return ASGIStreamingResponse(iterator=pieces, media_type=MediaType.JSON)
        explanation = advised(selector.explain(criteria, limit=limit)) if flags.get("explain") else None
        return JsonBytes(_ENCODE(Selected(choice.document(), explanation)))


def _asked_for(request: AnyRequest) -> tuple[dict[str, bool], int | None]:
    """The flags, and how many models an explanation lists; None is every one."""
    refuse_unknown(request, {*_FLAGS, _LIMIT})
    flags = {}
    limit: int | None = _EXPLAINED
    for name, value in request.query_params.items():
        if name == _LIMIT:
            limit = _limit(value)
            continue
        if value not in ("true", "false"):
            raise Refused(PARAMETER_INVALID, f"`{name}` is {value!r:.40}; expected true or false.")
        flags[name] = value == "true"
    return flags, limit


def _limit(value: str) -> int | None:
    if value == "all":
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(_MOST)) and int(value) <= _MOST):
        raise Refused(PARAMETER_INVALID, f"`{_LIMIT}` is {value!r:.40}; expected 0 to {_MOST:,}, or all.")
    return int(value)


@post("/batch", status_code=200, guards=[reader], summary="The same for up to 1,000 requests")
async def select_batch(radiant: TheApp, request: AnyRequest) -> BatchAnswers:
    """Each is answered for itself: a choice, or the problem with that request."""
    refuse_unknown(request, set())
    requests = items_of(decoded(await json_body(request)), LARGEST_BATCH, "criteria")
    return BatchAnswers([_answer(radiant, asked) for asked in requests])


def _answer(radiant: App, asked: Any) -> BatchAnswer:
    selector = radiant.selector
    try:
        with counted(radiant.counters):
            criteria = selector.read(asked)
            choice = selector.choose(criteria)
            if choice is None:
                raise NoEligibleModel(selector.diagnose(criteria))
            return BatchAnswer(choice=choice.document())
    except (InvalidCriteria, NoEligibleModel) as problem:
        return BatchAnswer(problem=problem_with(problem))


_LIMIT_PARAMETER = {
    "name": _LIMIT,
    "in": "query",
    "required": False,
    "description": f"How many models an explanation lists, best first; {_EXPLAINED} where it is left out",
    "schema": {"anyOf": [{"type": "integer", "minimum": 0, "maximum": _MOST}, {"const": "all"}]},
}


def describe(document: dict[str, Any]) -> None:
    """Complete the OpenAPI document: bodies are read by the selector itself, which names field and allowed values."""
    schema, definitions = criteria_schema()
    document["components"].setdefault("schemas", {}).update(definitions)
    one = {"anyOf": [described(schema), {"description": "Anything else is answered with a problem of its own"}]}
    many = {
        "type": "object",
        "required": ["requests"],
        "additionalProperties": False,
        "properties": {"requests": {"type": "array", "items": one, "maxItems": LARGEST_BATCH}},
    }
    document["paths"]["/api/v2/select"]["post"]["parameters"] = [
        {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": "boolean"}}
        for name, text in _FLAGS.items()
    ] + [_LIMIT_PARAMETER]
    examples = {"/api/v2/select": (schema, _EXAMPLE), "/api/v2/select/batch": (many, {"requests": [_EXAMPLE]})}
    for path, (body, example) in examples.items():
        media = {"schema": body, "examples": {"usual": {"value": example}}}
        document["paths"][path]["post"]["requestBody"] = {"required": True, "content": {"application/json": media}}


HANDLERS: list[Any] = [Router("/api/v2/select", route_handlers=[select, select_batch], tags=["selection"])]
