"""What callers tell of their requests: real traffic counts for the health of providers and models."""

from typing import Any

import msgspec
from litestar import Controller, Response, route

from radiant.api.batch import Problem, batch_of, problem_with
from radiant.api.body import decoded, json_body
from radiant.api.problem_types import MODEL_AMBIGUOUS, PROVIDER_NOT_FOUND
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, reader
from radiant.api.shaped import describe_problems
from radiant.domain.outcome import LARGEST_BATCH, Buffered, Outcome
from radiant.health.outcome import WORDS
from radiant.outcomes import Outcomes as CountedOutcomes

from .registry import refuse_unknown

_PATH = "/api/v2/outcomes"

_EXAMPLE = {
    "id": "req-7d1f",
    "provider": "openai",
    "model": "gpt-4o-mini",
    "latency_ms": 840,
    "ttft_ms": 210,
    "input_tokens": 1200,
    "output_tokens": 300,
}
_FAILED = {"id": "req-7d20", "model": "openai/gpt-4o-mini", "error": "timeout", "latency_ms": 30000}


class OutcomesTaken(msgspec.Struct):
    """How many were counted, were counted before under the same id, and are not right; each problem with the `index` of
    its outcome."""

    accepted: int
    duplicate: int
    refused: int
    problems: list[Problem]


class Outcomes(Controller):
    path = _PATH
    guards = (reader,)
    tags = ("health",)

    # One handler for both methods: of two on one path, the framework's OPTIONS knows the first only.
    @route(
        "/",
        http_method=["GET", "POST"],
        status_code=200,
        summary="POST: tell how requests went, one or up to 1,000. GET: how many wait to be written, and were lost",
    )
    async def tell(self, radiant: TheApp, request: AnyRequest) -> Buffered | Response[OutcomesTaken]:
        """What is told is counted at once, and written within half a second. Each is judged for itself; a single one
        that is not right is answered with its problem. What waits is of the process that answers, since it started."""
        refuse_unknown(request, set())
        if request.method == "GET":
            return radiant.outcomes.buffered
        return Response(_told(radiant.outcomes, decoded(await json_body(request), quoting=True)), status_code=202)


def _told(outcomes: CountedOutcomes, body: Any) -> OutcomesTaken:
    """What became of a body. Raises Refused, and the error of a single outcome."""
    batch = batch_of(body, LARGEST_BATCH, "outcome", field="outcomes", bare=False)
    taken = outcomes.take([body] if batch is None else batch)
    if batch is None and taken.refused:
        raise taken.refused[0].error
    problems = [problem_with(it.error, index=it.index) for it in taken.refused]
    return OutcomesTaken(accepted=taken.accepted, duplicate=taken.duplicate, refused=len(problems), problems=problems)


def describe(document: dict[str, Any]) -> None:
    """Complete the OpenAPI document: a single outcome, or a batch of them that are judged one by one."""
    (one, _), components = msgspec.json.schema_components(
        [Outcome, OutcomesTaken], ref_template="#/components/schemas/{name}"
    )
    document["components"].setdefault("schemas", {}).update(components)
    _describe_one(components[Outcome.__name__])
    any_one = {"anyOf": [one, {"description": "Anything else is answered with a problem of its own"}]}
    many = {
        "type": "object",
        "required": ["outcomes"],
        "additionalProperties": False,
        "properties": {"outcomes": {"type": "array", "items": any_one, "maxItems": LARGEST_BATCH}},
    }
    operation = document["paths"][_PATH]["post"]
    examples = {"one": {"value": _EXAMPLE}, "batch": {"value": {"outcomes": [_EXAMPLE, _FAILED]}}}
    media = {"schema": {"anyOf": [many, one]}, "examples": examples}
    operation["requestBody"] = {"required": True, "content": {"application/json": media}}
    describe_problems(operation, PROVIDER_NOT_FOUND, MODEL_AMBIGUOUS)
    taken = operation["responses"].pop("200")
    told = {"description": "Counted, or refused one by one", "content": _json(OutcomesTaken)}
    operation["responses"]["202"] = {**taken, **told}
    document["paths"][_PATH]["get"]["responses"]["200"]["content"] = _json(Buffered)


def _json(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}


def _describe_one(schema: dict[str, Any]) -> None:
    """Add to the schema of an outcome what holds between its fields, and what `outcomes.py` and `health/outcome.py` ask
    of single ones."""
    properties = schema["properties"]
    word = next(kind for kind in properties["error"]["anyOf"] if kind["type"] == "string")
    word["enum"] = [*WORDS]
    next(kind for kind in properties["at"]["anyOf"] if kind["type"] == "string")["format"] = "recent-moment"
    named = [{"required": [it], "properties": {it: {"type": "string"}}} for it in ("provider", "model")]
    no_error = {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 100, "maximum": 399}]}
    agreeing = [{"properties": {"ok": {"enum": [False, None]}}}, {"properties": {"error": no_error}}]
    schema["allOf"] = [{"anyOf": named}, {"anyOf": agreeing}]


HANDLERS: list[Any] = [Outcomes]
