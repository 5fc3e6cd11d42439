"""Every error as a problem document (RFC 9457), never a stack trace."""

import uuid
from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, NotFoundException, ValidationException
from litestar.types import ExceptionHandlersMap

from radiant import wording
from radiant.domain.errors import DatabaseError, ModelWarming, RadiantError, TooManyHeld
from radiant.domain.warmth import TooManyWarmups

from .problem_types import (
    ADDRESS_UNKNOWN,
    DATABASE_UNREACHABLE,
    INTERNAL,
    METHOD_NOT_ALLOWED,
    PARAMETER_INVALID,
    ProblemType,
    plain,
)
from .problems_of_errors import type_of

log = structlog.get_logger(__name__)

PROBLEM = "application/problem+json"

AnyRequest = Request[Any, Any, Any]

Answer = Response[dict[str, Any]]


class Refused(Exception):
    """A request cannot be served: what type of problem it is, and one sentence about this one."""

    def __init__(self, kind: ProblemType, detail: str, *, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.headers, self.more = kind, detail, headers, more

    def document(self) -> dict[str, Any]:
        """The problem document, `more` among its members."""
        kind = self.kind
        return {"type": kind.uri, "title": kind.title, "status": kind.status, "detail": self.detail, **self.more}

    def openai_document(self) -> dict[str, Any]:
        """The same in the only shape that clients of OpenAI know."""
        kind = self.kind
        error = {
            "message": self.detail,
            "type": "invalid_request_error" if kind.status < 500 else "server_error",
            "param": "model" if kind.name in ("model-not-found", "model-ambiguous") else None,
            "code": "invalid_api_key" if kind.status == 401 else kind.name.replace("-", "_") or None,
        }
        return {"error": error}


def problem_of(error: RadiantError) -> Refused:
    """What a typed error is to whoever asked. Its fields become members."""
    kind = type_of(error)
    if kind is INTERNAL:
        return _unexpected(error)
    if isinstance(error, DatabaseError):
        return _database(error, kind)
    more = {name: msgspec.to_builtins(getattr(error, name)) for name in kind.members}
    return Refused(kind, str(error), headers=_retry(error), **more)


def _retry(error: RadiantError) -> dict[str, str] | None:
    """When to come again, where that is known."""
    if isinstance(error, ModelWarming):
        return {"Retry-After": str(max(1, error.seconds or 1))}
    if isinstance(error, TooManyWarmups):
        return {"Retry-After": "60"}
    return {"Retry-After": "1"} if isinstance(error, TooManyHeld) else None


def _database(error: DatabaseError, kind: ProblemType) -> Refused:
    """Addresses and rights are for the log only."""
    log.warning("database", reason=str(error))
    if kind is DATABASE_UNREACHABLE:
        return Refused(kind, "The registry's database does not answer. Try again.", headers={"Retry-After": "1"})
    return Refused(kind, "The registry's database cannot be used. The log says why.", headers={"Retry-After": "10"})


def _unexpected(error: Exception) -> Refused:
    """What nobody foresaw: the log has it all, the answer only where to look."""
    instance = uuid.uuid4()
    log.error("unexpected", instance=str(instance), exc_info=error)
    return Refused(INTERNAL, f"Something went wrong here. It is in the log as {instance}.", instance=instance.urn)


def _http(error: HTTPException, method: str) -> Refused:
    """What the framework refuses by itself."""
    headers = {name.title(): value for name, value in (error.headers or {}).items()}
    if isinstance(error, MethodNotAllowedException):
        headers["Allow"] = with_head(headers.get("Allow", ""))
        detail = f"{method} is not allowed here; expected {headers['Allow']}."
        return Refused(METHOD_NOT_ALLOWED, detail, headers=headers)
    if isinstance(error, NotFoundException):
        return Refused(ADDRESS_UNKNOWN, "There is nothing at this address; `/` shows what there is.")
    if isinstance(error, ValidationException):
        return _parameters(error)
    if error.status_code >= 500:
        return _unexpected(error)
    return Refused(plain(error.status_code), error.detail, headers=headers)


def with_head(allow: str) -> str:
    """The methods of an address as the framework names them, and HEAD wherever GET is answered."""
    methods = set(allow.split(", "))
    return ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))


def _parameters(error: ValidationException) -> Refused:
    """What is wrong with which parameters: in words too, for clients of OpenAI see nothing else."""
    found = [{**it, "message": wording.plain(it["message"])} for it in error.extra or () if isinstance(it, dict)]
    told = "; ".join(f"`{it['key']}`: {it['message']}" if it.get("key") else it["message"] for it in found)
    return Refused(PARAMETER_INVALID, f"{told or 'The parameters of the address are not valid'}.", errors=found)


def _handler(explain: Callable[[Any, str], Refused]) -> Callable[[AnyRequest, Any], Answer]:
    def handler(request: AnyRequest, error: Any) -> Answer:
        refused = explain(error, request.method)
        openai = request.url.path.startswith("/v1/")
        return Response(
            refused.openai_document() if openai else refused.document(),
            status_code=refused.kind.status,
            media_type=MediaType.JSON if openai else PROBLEM,
            headers=refused.headers,
        )

    return handler


HANDLERS: ExceptionHandlersMap = {
    Refused: _handler(lambda error, _: error),
    HTTPException: _handler(_http),
    RadiantError: _handler(lambda error, _: problem_of(error)),
    Exception: _handler(lambda error, _: _unexpected(error)),
}
