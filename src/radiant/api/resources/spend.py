"""What was spent, by tenant, provider, model, day or month."""

from typing import Annotated, Any

from litestar import Controller, get
from litestar.openapi.spec import Example
from litestar.params import Parameter, QueryParameter

from radiant.api.problem_types import USAGE_INVALID
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, reader
from radiant.api.shaped import describe_problems
from radiant.domain.usage import SpendReport
from radiant.pricing.moment import within_reach

from .registry import refuse_unknown

_PATH = "/api/v2/spend"
_BEGIN = Example(value="2026-11-01T00:00:00Z")
_END = Example(value="2026-12-01T00:00:00Z")


class Spends(Controller):
    path = _PATH
    guards = (reader,)
    tags = ("costs",)

    @get("/", summary="What was spent, by tenant, provider, model, day or month")
    async def spend(
        self,
        radiant: TheApp,
        request: AnyRequest,
        by: Annotated[
            str | None,
            Parameter(
                description="Some of tenant, provider, model, day and month, with commas; in all without it",
                examples=[Example(value="tenant,model,day")],
            ),
        ] = None,
        since: Annotated[
            str | None,
            QueryParameter(name="from", description="From when on, RFC 3339 with a zone", examples=[_BEGIN]),
        ] = None,
        until: Annotated[
            str | None,
            QueryParameter(name="to", description="Until just before when, RFC 3339 with a zone", examples=[_END]),
        ] = None,
    ) -> SpendReport:
        """Exact sums of what was booked: what is found out later of a closed period is a correction of today. Usage
        without a price is counted, and is in no sum. Days and months are UTC."""
        refuse_unknown(request, {"by", "from", "to"})
        return await radiant.spend.by(
            [] if by is None else by.split(","),
            None if since is None else within_reach(since, "from"),
            None if until is None else within_reach(until, "to"),
        )


def describe(document: dict[str, Any]) -> None:
    """Say in the OpenAPI document what can be asked by, and what a moment looks like."""
    operation = document["paths"][_PATH]["get"]
    formats = {"by": "spend-by", "from": "past-moment", "to": "moment"}
    for parameter in operation["parameters"]:
        parameter["schema"] = {"type": "string", "format": formats[parameter["name"]]}
    describe_problems(operation, USAGE_INVALID)


HANDLERS: list[Any] = [Spends]
