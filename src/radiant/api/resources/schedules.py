"""What runs by the clock: when each kind of run is due, and having one run now."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post, route
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.problem_types import RULE_INVALID, SCHEDULE_NOT_FOUND
from radiant.api.problems import AnyRequest, Refused
from radiant.api.security import TheApp, admin
from radiant.api.shaped import describe_body, describe_problems, shaped
from radiant.domain.schedule import KINDS, Requested, Schedule

from .registry import refuse_unknown

_PATH = "/api/v2/admin/schedules"

#: Examples are tried, also long from now.
_TO_COME = "2126-12-24T00:00:00Z"

Kind = Annotated[str, Parameter(description="The kind of run", examples=[Example(value="full")])]


class ScheduleChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Minute, hour, day, month and weekday, in UTC; a sixth field is seconds."""

    cron: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]


class Pause(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When it goes on by itself, a time to come; where nothing is said, once it is resumed."""

    until: Annotated[dt.datetime, msgspec.Meta(tz=True)] | None = None


class SchedulesOfRuns(Controller):
    path = _PATH
    guards = (admin,)
    tags = ("schedules",)

    @get("/", summary="What runs by the clock")
    async def listed(self, radiant: TheApp, request: AnyRequest) -> list[Schedule]:
        """By kind, each with its next tick, and how its last run went."""
        refuse_unknown(request, set())
        return await radiant.schedules.listed()

    # One handler for both methods: of two on one path, the framework's OPTIONS knows the first only.
    @route(
        "/{kind:str}",
        http_method=["GET", "PUT"],
        status_code=200,
        summary="GET: one schedule. PUT: give a kind of run another one, or its first",
    )
    async def of(self, radiant: TheApp, request: AnyRequest, kind: Kind) -> Schedule:
        """What is set holds at once, on every machine; ticks count from now on."""
        refuse_unknown(request, set())
        if request.method == "GET":
            return await radiant.schedules.of(kind)
        change = await shaped(request, ScheduleChange)
        return await radiant.schedules.set(_known(kind), change.cron)

    @post("/{kind:str}/pause", status_code=200, summary="Stop a schedule")
    async def pause(self, radiant: TheApp, request: AnyRequest, kind: Kind) -> Schedule:
        """What is missed meanwhile is not made up."""
        refuse_unknown(request, set())
        pause = await shaped(request, Pause)
        return await radiant.schedules.pause(_known(kind), pause.until)

    @post("/{kind:str}/resume", status_code=200, summary="Let a schedule go on from now")
    async def resume(self, radiant: TheApp, request: AnyRequest, kind: Kind) -> Schedule:
        """One that goes on already is left as it is."""
        refuse_unknown(request, set())
        return await radiant.schedules.resume(_known(kind))

    @post("/{kind:str}/run", status_code=202, summary="Have a kind of run done by the next free worker")
    async def run(self, radiant: TheApp, request: AnyRequest, kind: Kind) -> Requested:
        """Where one waits already, that does for both. `POST /api/v2/admin/registry-sync` begins one in the process
        that answers instead, at once."""
        refuse_unknown(request, set())
        return await radiant.schedules.run(_known(kind), "api")


def _known(kind: str) -> str:
    """The kind of run that an address names. Raises Refused."""
    if kind not in KINDS:
        detail = f"There are no runs of the kind {kind[:100]!r}; expected one of: {', '.join(KINDS)}."
        raise Refused(SCHEDULE_NOT_FOUND, detail, known=KINDS)
    return kind


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document which kinds there are, and what goes in."""
    one = f"{_PATH}/{{kind}}"
    describe_body(document, one, "put", ScheduleChange, {"cron": "30 2 * * *"})
    describe_body(document, f"{one}/pause", "post", Pause, {"until": _TO_COME})
    schemas = document["components"]["schemas"]
    schemas["ScheduleChange"]["properties"]["cron"] |= {"format": "cron"}
    schemas["Pause"]["properties"]["until"]["anyOf"][0]["format"] = "moment"
    for path in (one, f"{one}/pause", f"{one}/resume", f"{one}/run"):
        for operation in document["paths"][path].values():
            describe_problems(operation, SCHEDULE_NOT_FOUND, RULE_INVALID)
            for parameter in operation["parameters"]:
                parameter["schema"] |= {"enum": [*KINDS]}


HANDLERS: list[Any] = [SchedulesOfRuns]
