"""The sale book for administrators: what is added to prices for tenants."""

from typing import Annotated, Any

from litestar import Controller, Response, delete, route
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.problem_types import MARKUP_NOT_FOUND, MODEL_AMBIGUOUS, MODEL_NOT_FOUND, USAGE_INVALID
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import (
    AMOUNT,
    ONE_LINE,
    SINCE,
    UNTIL,
    created,
    describe_body,
    describe_created,
    describe_problems,
    shaped,
)
from radiant.domain.markups import MarkupRow, MarkupTerms

from .registry import refuse_unknown

_PATH = "/api/v2/admin/prices/markups"

MarkupId = Annotated[int, Parameter(description="Its id", ge=1, le=2**53 - 1, examples=[Example(value=1)])]


class MarkupsOfPrices(Controller):
    path = _PATH
    guards = (admin,)
    tags = ("prices",)

    # One handler for both methods: of two on one path, the framework's OPTIONS knows the first only.
    @route(
        "/",
        http_method=["GET", "POST"],
        status_code=200,
        summary="GET: what is added to prices for tenants. POST: set it for a scope",
    )
    async def listed(
        self,
        radiant: TheApp,
        request: AnyRequest,
        ever: Annotated[bool, Parameter(description="Also what ended or was replaced")] = False,
    ) -> list[MarkupRow] | Response[MarkupRow]:
        """Of those that cover a request the most specific counts alone: a tenant's before those of all, of a model, a
        provider, a hosting, of everything; what is usual where none does. A new one holds from `since`, now where it is
        left out; what it replaces stays in the history."""
        refuse_unknown(request, {"ever"} if request.method == "GET" else set())
        if request.method == "GET":
            return await radiant.markups.listed(ever=ever)
        row = await radiant.markups.set(await shaped(request, MarkupTerms), by="api")
        return created(row, f"{_PATH}/{row.id}")

    @delete("/{id:int}", status_code=200, summary="End a markup from now on")
    async def unset(self, radiant: TheApp, request: AnyRequest, id: MarkupId) -> MarkupRow:
        """What is less specific counts again; the past stays as it was."""
        refuse_unknown(request, set())
        return await radiant.markups.unset(id, by="api")


_EXAMPLE = {"rate": "0.25", "tenant": "blue", "provider": "openai", "reason": "contract 7", "minimum_charge": "0.001"}


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what goes in."""
    describe_body(document, _PATH, "post", MarkupTerms, _EXAMPLE)
    describe_created(document, _PATH, "MarkupRow")
    operations = document["paths"][_PATH]
    operations["post"]["parameters"] = []
    describe_problems(operations["post"], MODEL_NOT_FOUND, MODEL_AMBIGUOUS, USAGE_INVALID)
    describe_problems(document["paths"][f"{_PATH}/{{id}}"]["delete"], MARKUP_NOT_FOUND)
    properties = document["components"]["schemas"]["MarkupTerms"]["properties"]
    for name in ("tenant", "model", "provider"):
        properties[name] = {"anyOf": [ONE_LINE | {"maxLength": 200}, {"type": "null"}], "default": None}
    properties |= {
        "rate": {
            "anyOf": [
                {"type": "string", "pattern": r"^0\.[0-9]{1,4}$"},
                {"type": "number", "exclusiveMinimum": -1, "exclusiveMaximum": 100},
            ],
            "description": "0.4 makes 1.4 of 1; below 0 for one tenant alone",
        },
        "minimum_charge": {"anyOf": [*AMOUNT["anyOf"], {"type": "null"}], "default": None},
        "hosting": {"enum": ["external", "self_hosted", None], "default": None},
        "reason": ONE_LINE | {"maxLength": 2000},
        "since": SINCE,
        "until": UNTIL,
    }


HANDLERS: list[Any] = [MarkupsOfPrices]
