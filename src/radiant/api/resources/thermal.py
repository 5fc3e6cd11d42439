"""How warm self-hosted models are: read by everybody, wished for by everybody, said by administrators."""

import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any, Final

import msgspec
from litestar import Controller, get, post, route
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import Parameter
from litestar.response.base import ASGIResponse

from radiant.api.model_paths import OwnModelName, at_the_end
from radiant.api.problem_types import (
    ADMIN_NEEDED,
    MODEL_AMBIGUOUS,
    MODEL_NOT_FOUND,
    PARAMETER_INVALID,
    TOO_MANY_WARMUPS,
)
from radiant.api.problems import AnyRequest, Refused
from radiant.api.security import NO_ADMIN, TheApp, admin, reader, role_of
from radiant.api.shaped import describe_body, describe_problems, shaped
from radiant.api.sse import ALIVE, STREAM, last_event, number_of, stream, told
from radiant.app import App
from radiant.domain.errors import TooManyStreams
from radiant.domain.vocabulary import ThermalState
from radiant.domain.warmth import (
    Asked,
    BulkChange,
    ModelWarmth,
    TooManyWarmups,
    WarmOrder,
    Warmth,
    WarmthChange,
    WarmthMetrics,
)

from .registry import refuse_unknown

_PATH = "/api/v2/thermal"

#: Warm-ups that readers may ask one server for in a minute.
MOST: Final = 60

#: How the types of events begin that are streamed.
_OURS: Final = "radiant.thermal."


class WarmthList(msgspec.Struct):
    """Models by id; `after` for the next request stands in `next`, null on the last page."""

    models: list[ModelWarmth]
    next: str | None


class Changed(msgspec.Struct):
    """The models that were given a target."""

    models: list[ModelWarmth]


class Rate:
    """So many in a minute. `clock` returns seconds."""

    def __init__(self, most: int = MOST, clock: Any = time.monotonic) -> None:
        self._most, self._clock = most, clock
        self._times: deque[float] = deque()

    def take(self) -> None:
        """Raises TooManyWarmups where the minute is full."""
        now = self._clock()
        while self._times and now - self._times[0] >= 60:
            self._times.popleft()
        if len(self._times) >= self._most:
            raise TooManyWarmups(self._most)
        self._times.append(now)


_rates: dict[int, Rate] = {}


class WarmthOfModels(Controller):
    path = _PATH
    guards = (reader,)
    tags = ("thermal",)

    @get("/models", summary="How warm self-hosted models are, and why")
    async def listed(
        self,
        radiant: TheApp,
        request: AnyRequest,
        thermal_state: Annotated[
            str | None, Parameter(description="Only those in this state", examples=[Example(value="COLD")])
        ] = None,
        after: Annotated[
            str | None, Parameter(description="Only those after this id", examples=[Example(value="esm2-650m")])
        ] = None,
        limit: Annotated[int, Parameter(description="At most so many", ge=1, le=1000)] = 100,
    ) -> WarmthList:
        """By id, with learned durations of warm-ups, and what sleeping saved in the last 30 days."""
        refuse_unknown(request, {"thermal_state", "after", "limit"})
        found = await radiant.warmth.listed(state=_state(thermal_state), after=after, limit=limit + 1)
        page = found[:limit]
        return WarmthList(page, page[-1].model_id if len(found) > limit else None)

    @route(
        "/models/{id:path}",
        http_method=["GET", "PUT"],
        status_code=200,
        summary="GET: one model with its last warm-ups. PUT: say how warm it is held, for administrators",
    )
    async def of(self, radiant: TheApp, request: AnyRequest, id: OwnModelName) -> Warmth:
        """What a body leaves out stays as it is; `windows` replace all that there are."""
        refuse_unknown(request, set())
        if request.method == "GET":
            return await radiant.warmth.of(at_the_end(id))
        if await role_of(request) != "admin":
            raise Refused(ADMIN_NEEDED, NO_ADMIN)
        return await radiant.warmth.set(at_the_end(id), await shaped(request, WarmthChange), by="api")

    @post("/bulk", status_code=200, guards=[admin], summary="Hold many models at one target")
    async def bulk(self, radiant: TheApp, request: AnyRequest) -> Changed:
        """All of them, or none where one is not known."""
        refuse_unknown(request, set())
        return Changed(await radiant.warmth.set_many(await shaped(request, BulkChange), by="api"))

    @post("/warm/{id:path}", status_code=202, summary="Ask for a model to be brought up")
    async def warm(self, radiant: TheApp, request: AnyRequest, id: OwnModelName) -> Asked:
        """Readers may, too, up to 60 times a minute on each server. Of any number of callers one starts a warm-up; a
        model that an operator holds COLD or OFF is not started, and `problem` says so."""
        refuse_unknown(request, set())
        order, role = await shaped(request, WarmOrder), await role_of(request)
        if role != "admin":
            _rates.setdefault(id_of(radiant), Rate()).take()
        return await radiant.warmth.warm(at_the_end(id), order.minutes, by=f"api ({role})", anew=role == "admin")

    @post("/cool/{id:path}", status_code=200, guards=[admin], summary="Send a model to sleep")
    async def cool(self, radiant: TheApp, request: AnyRequest, id: OwnModelName) -> Warmth:
        """As soon as nothing is in flight. It may be woken again by whoever asks then."""
        refuse_unknown(request, set())
        return await radiant.warmth.cool(at_the_end(id), by="api")

    @get("/metrics", summary="All self-hosted models together: states, warm-ups, savings, hand-overs")
    async def metrics(self, radiant: TheApp, request: AnyRequest) -> WarmthMetrics:
        """Of the last 30 days."""
        refuse_unknown(request, set())
        return await radiant.warmth.metrics()

    @get(
        "/changes",
        summary="What happens to the warmth of models, as a stream",
        responses={200: ResponseSpec(data_container=str, description="Server-sent events", media_type=STREAM)},
    )
    async def changes(self, radiant: TheApp, request: AnyRequest) -> ASGIResponse:
        """Server-sent events of the types `radiant.thermal.*`, from now on or after the number in `Last-Event-ID`; each
        has a CloudEvent 1.0 as its `data`."""
        refuse_unknown(request, set())
        last = last_event(request)
        radiant.events.check_room()
        return stream(request, _lines(radiant, number_of(last) if last else None))


def id_of(radiant: App) -> int:
    """One rate for each registry that this process serves."""
    return id(radiant)


async def _lines(radiant: App, after: int | None) -> AsyncIterator[bytes]:
    from radiant.events.cloud_events import encoded

    yield b": the warmth of models follows\nretry: 2000\n\n"
    with suppress(TooManyStreams):  # the last places were taken meanwhile
        async for page in radiant.events.follow(after):
            # Where much else happens there would never be a silence in which to say that the stream lives.
            yield b"".join(told(it.type, encoded(it), it.seq) for it in page if it.type.startswith(_OURS)) or ALIVE


def _state(text: str | None) -> ThermalState | None:
    if text is None or text in tuple(ThermalState):
        return None if text is None else ThermalState(text)
    allowed = ", ".join(ThermalState)
    raise Refused(PARAMETER_INVALID, f"`thermal_state` is {text!r:.40}; expected one of {allowed}.")


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what goes in."""
    model, warm, cool = f"{_PATH}/models/{{id}}", f"{_PATH}/warm/{{id}}", f"{_PATH}/cool/{{id}}"
    describe_body(document, model, "put", WarmthChange, {"target": "AUTOMATIC", "scale_to_zero_minutes": 15})
    describe_body(document, f"{_PATH}/bulk", "post", BulkChange, {"target": "COLD", "state": "WARM"})
    describe_body(document, warm, "post", WarmOrder, {"minutes": 15})
    schemas = document["components"]["schemas"]
    schemas["BulkChange"]["oneOf"] = [
        {"required": ["model_ids"], "properties": {"model_ids": {"type": "array"}, "state": {"type": "null"}}},
        {"required": ["state"], "properties": {"state": {"type": "string"}, "model_ids": {"type": "null"}}},
    ]
    schemas["NewWindow"]["properties"] |= {
        "cron": {"type": "string", "format": "window"},
        "time_zone": {"type": "string", "format": "time-zone"},
    }
    for parameter in document["paths"][f"{_PATH}/models"]["get"]["parameters"]:
        if parameter["name"] == "thermal_state":
            parameter["schema"] = {"type": "string", "enum": list(ThermalState)}
    for path, method in ((model, "get"), (model, "put"), (warm, "post"), (cool, "post"), (f"{_PATH}/bulk", "post")):
        describe_problems(document["paths"][path][method], MODEL_NOT_FOUND, MODEL_AMBIGUOUS)
    describe_problems(document["paths"][model]["put"], ADMIN_NEEDED)
    describe_problems(document["paths"][warm]["post"], TOO_MANY_WARMUPS)


HANDLERS: list[Any] = [WarmthOfModels]
