"""The OpenAPI document: what the framework derives from the handlers, completed by what all operations share."""

from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from typing import Any

from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from .problem_types import (
    ADDRESS_UNKNOWN,
    ADMIN_NEEDED,
    BODY_TOO_LARGE,
    CRITERIA_INVALID,
    DATABASE_UNREACHABLE,
    FILTER_UNKNOWN,
    MEDIA_UNSUPPORTED,
    METHOD_NOT_ALLOWED,
    MODEL_AMBIGUOUS,
    MODEL_NOT_FOUND,
    REQUEST_UNFINISHED,
    TOKEN_NEEDED,
    TOO_MANY_CONNECTIONS,
)
from .problems import PROBLEM, Refused
from .security import ANONYMOUS, NO_ADMIN

#: Asked by machines that hold no token, and by people.
_OPEN = ("/health", "/readyz", "/problems")

_DETAILS = {
    400: (FILTER_UNKNOWN, "status 'ill' is unknown; expected one of: healthy, degraded, unhealthy, unknown."),
    401: (TOKEN_NEEDED, ANONYMOUS),
    403: (ADMIN_NEEDED, NO_ADMIN),
    404: (MODEL_NOT_FOUND, "No model 'gpt-4o-mino' in the registry. Did you mean gpt-4o-mini?"),
    409: (MODEL_AMBIGUOUS, "'gpt-oss' is the name of 2 models: cerebras/gpt-oss, groq/gpt-oss. Say which one."),
    405: (METHOD_NOT_ALLOWED, "PUT is not allowed here; expected GET, HEAD, OPTIONS."),
    408: (REQUEST_UNFINISHED, "The request was not finished in time."),
    413: (BODY_TOO_LARGE, "The body is larger than 4 MiB."),
    415: (MEDIA_UNSUPPORTED, "The body is 'text/csv'; send JSON, with `Content-Type: application/json`."),
    429: (TOO_MANY_CONNECTIONS, "There are too many connections from this address."),
    503: (DATABASE_UNREACHABLE, "The registry's database does not answer. Try again."),
}

_CRITERIA = (CRITERIA_INVALID, "tenant_tier: is 9; expected: 1 to 5.")

_PROBLEM = {
    "type": "object",
    "description": "A problem document (RFC 9457); some problems have more members. `type` leads to its page.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}

_ETAG = {"description": "Changes with the answer; send it back in `If-None-Match`", "schema": {"type": "string"}}

_OPENAI_ERROR = {
    "type": "object",
    "description": "An error as clients of OpenAI know it.",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"enum": ["invalid_request_error", "server_error"]},
                "param": {"type": ["string", "null"]},
                "code": {"type": ["string", "null"]},
            },
        }
    },
}


def openapi(handlers: Sequence[Any], describe: Iterable[Callable[[dict[str, Any]], None]]) -> dict[str, Any]:
    """The document of these handlers, completed by what the resources know of theirs."""
    config = OpenAPIConfig(
        title="Radiant",
        version=version("radiant-registry"),
        description="One live record of every AI model a company can call.",
        components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
        security=[{"token": []}],
    )
    dependencies = {"radiant": Provide(lambda: None, sync_to_thread=False)}
    found = Litestar(handlers, openapi_config=config, dependencies=dependencies, logging_config=None)
    document = found.openapi_schema.to_schema()
    for completes in describe:
        completes(document)
    _complete(document)
    return document


def _complete(document: dict[str, Any]) -> None:
    """Add to every operation what it may answer besides success."""
    schemas = document["components"].setdefault("schemas", {})
    schemas["AnyProblem"], schemas["OpenAIError"] = _PROBLEM, _OPENAI_ERROR
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path.startswith(_OPEN):
                operation["security"] = []
            if "lists" in operation["tags"]:
                operation["responses"]["200"]["headers"] = {"ETag": _ETAG}
                operation["responses"]["304"] = {"description": "The same as for the ETag that `If-None-Match` names"}
            for parameter in operation.get("parameters", ()):
                parameter["schema"] = _without_null(parameter["schema"])
            for status in _problems(path, operation):
                if PROBLEM not in operation["responses"].get(str(status), {}).get("content", {}):
                    operation["responses"][str(status)] = _response(path, operation, status)


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is left out is not null: in an address there is none."""
    kinds = [kind for kind in schema.get("oneOf", ()) if kind != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name != "oneOf"}
    return {**kinds[0], **rest} if len(kinds) == 1 else schema


def _problems(path: str, operation: dict[str, Any]) -> list[int]:
    if path.startswith("/health") or path == "/readyz":
        return [405, 429, *([503] if "read" in path else [])]
    named = [404] if "{" in path else []
    if path.startswith(("/v1/models/{", "/api/v2/models/{")):
        named.append(409)  # a name may be that of several models
    body = [408, 413, 415] if "requestBody" in operation else []
    if path.startswith("/problems"):
        return [400, *named, 405, 429]
    return [400, 401, *([403] if "/admin/" in path else []), *named, 405, *body, 429, 503]


def _response(path: str, operation: dict[str, Any], status: int) -> dict[str, Any]:
    kind, detail = _CRITERIA if status == 400 and "requestBody" in operation else _DETAILS[status]
    if path.startswith("/problems/") and status == 404:
        kind, detail = ADDRESS_UNKNOWN, "There is no problem of that name; `/problems` lists all."
    refused = Refused(kind, detail)
    if path.startswith("/v1/"):
        media, schema, example = "application/json", "OpenAIError", refused.openai_document()
    else:
        media, schema, example = PROBLEM, "AnyProblem", refused.document()
    content = {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}
    return {"description": kind.title, "content": {media: content}}
