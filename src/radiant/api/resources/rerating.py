"""Rating usages again by the prices that are believed now, and closing periods."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, post

from radiant.api.problem_types import RATING_GOES_ON, USAGE_INVALID
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import describe_body, describe_problems, shaped
from radiant.domain.usage import ClosedPeriod, Rerating
from radiant.pricing.moment import within_reach

from .registry import refuse_unknown

_PATH = "/api/v2/admin/prices"
_BY = "api"

#: A moment with a zone, RFC 3339.
_Moment = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class RerateAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Usages from `since` until just before `until`, or all later ones. Without `apply` nothing is written."""

    since: _Moment
    until: _Moment | None = None
    apply: bool = False


class CloseAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A moment that is over: what was booked before it stays as it is."""

    until: _Moment


class RatingsAgain(Controller):
    path = _PATH
    guards = (admin,)
    tags = ("costs",)

    @post("/rerate", status_code=200, summary="Rate usages again by the prices that are believed now")
    async def rerate(self, radiant: TheApp, request: AnyRequest) -> Rerating:
        """A plan, by tenant and model; with `apply` a run is appended for the usages that cost something else, whole or
        not at all. Closed periods stay: what is found of them is booked now."""
        refuse_unknown(request, set())
        asked = await shaped(request, RerateAsked)
        since = within_reach(asked.since, "since")
        until = None if asked.until is None else within_reach(asked.until, "until")
        return await radiant.reratings.rerate(since, until, by=_BY, apply=asked.apply)

    @post("/close", status_code=200, summary="Close the books until a moment")
    async def close(self, radiant: TheApp, request: AnyRequest) -> ClosedPeriod:
        """From the end of the last closed period on. Nothing is added to it any more, and its totals stay."""
        refuse_unknown(request, set())
        asked = await shaped(request, CloseAsked)
        return await radiant.reratings.close(within_reach(asked.until, "until"), by=_BY)


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what goes in."""
    describe_body(document, f"{_PATH}/rerate", "post", RerateAsked, {"since": "2026-11-01T00:00:00Z"})
    describe_body(document, f"{_PATH}/close", "post", CloseAsked, {"until": "2026-11-01T00:00:00Z"})
    schemas = document["components"]["schemas"]
    schemas["RerateAsked"]["properties"]["since"]["format"] = "past-moment"
    schemas["RerateAsked"]["properties"]["until"]["anyOf"][0]["format"] = "moment"
    schemas["CloseAsked"]["properties"]["until"]["format"] = "past-moment"
    for path in ("rerate", "close"):
        describe_problems(document["paths"][f"{_PATH}/{path}"]["post"], USAGE_INVALID, RATING_GOES_ON)


HANDLERS: list[Any] = [RatingsAgain]
