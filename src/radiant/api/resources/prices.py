"""Prices of models at two moments: when they hold, and as of when that was believed."""

import datetime as dt
from typing import Annotated, Any

from litestar import Controller, get
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.model_paths import ModelName, of_long_ids
from radiant.api.problem_types import USAGE_INVALID
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, reader
from radiant.api.shaped import describe_problems
from radiant.app import App
from radiant.domain.prices import ModelPrices
from radiant.pricing.moment import within_reach

from .registry import refuse_unknown

_MOMENT = Example(value="2026-12-01T00:00:00Z")
At = Annotated[
    str | None, Parameter(description="When prices hold, RFC 3339 with a zone; now without it", examples=[_MOMENT])
]
Tenant = Annotated[
    str | None,
    Parameter(description="With the terms of this tenant", max_length=200, examples=[Example(value="blue")]),
]
Known = Annotated[
    str | None, Parameter(description="As they were believed then; as they are now without it", examples=[_MOMENT])
]


class Prices(Controller):
    path = "/api/v2"
    guards = (reader,)
    tags = ("prices",)

    @get("/models/{id:str}/prices", summary="Prices of a model at a moment, as believed at another")
    async def prices(
        self,
        radiant: TheApp,
        request: AnyRequest,
        id: ModelName,
        at: At = None,
        known: Known = None,
        tenant: Tenant = None,
    ) -> list[ModelPrices]:
        """One entry for each provider that has a model of that id. A meter without a line is unknown, 0 is free; a
        sheet of a higher rank speaks first for the meters that it names. `markup` is what comes on top for tenants,
        `below_cost` what is sold below what it costs us."""
        return await _prices(radiant, request, id, at, known, tenant)

    @get(of_long_ids("prices"), include_in_schema=False)
    async def prices_of_long_id(
        self, radiant: TheApp, request: AnyRequest, at: At = None, known: Known = None, tenant: Tenant = None
    ) -> list[ModelPrices]:
        """The same for ids with slashes."""
        return await _prices(radiant, request, "/".join(request.path_params.values()), at, known, tenant)


async def _prices(
    radiant: App, request: AnyRequest, name: str, at: str | None, known: str | None, tenant: str | None
) -> list[ModelPrices]:
    refuse_unknown(request, {"at", "known", "tenant"})
    when, believed = _moment(at, "at"), _moment(known, "known")
    return await radiant.prices.at(name, when, believed, tenant)


def _moment(text: str | None, parameter: str) -> dt.datetime | None:
    return None if text is None else within_reach(text, parameter)


def describe(document: dict[str, Any]) -> None:
    """Say in the OpenAPI document what a moment looks like."""
    for parameter in document["paths"]["/api/v2/models/{id}/prices"]["get"]["parameters"]:
        if parameter["name"] in ("at", "known"):
            parameter["schema"] = {"type": "string", "format": "moment"}
    describe_problems(document["paths"]["/api/v2/models/{id}/prices"]["get"], USAGE_INVALID)


HANDLERS: list[Any] = [Prices]
