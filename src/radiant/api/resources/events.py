"""What happened: as a list, and as a stream of server-sent events that goes on where it was left."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Annotated, Any

import msgspec
from litestar import MediaType, Router, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import Parameter
from litestar.response.base import ASGIResponse

from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, reader
from radiant.api.sse import ALIVE, LARGEST, STREAM, last_event, number_of, stream, told
from radiant.app import App
from radiant.domain.errors import TooManyStreams
from radiant.domain.event import Event

from .registry import refuse_unknown

#: Events in one answer, where nothing else is asked for and at most.
USUAL, MOST = 100, 1000


class EventList(msgspec.Struct):
    """Events in the order in which they became known; `after` for the next request stands in `next`."""

    events: list[Event]
    next: int


_ANSWERS = {200: ResponseSpec(data_container=EventList, description="What happened")}

_ENCODE = msgspec.json.Encoder().encode


@get(
    "/api/v2/events",
    guards=[reader],
    summary="What happened: a list, or a stream that follows",
    responses=_ANSWERS,
)
async def follow(
    radiant: TheApp,
    request: AnyRequest,
    after: Annotated[
        int,
        Parameter(description="Only those after this number", ge=0, le=LARGEST, examples=[Example(value=0)]),
    ] = 0,
    limit: Annotated[
        int, Parameter(description="At most so many", ge=1, le=MOST, examples=[Example(value=100)])
    ] = USUAL,
) -> ASGIResponse:
    """With `after`, `limit` or `Accept: application/json` a list, oldest first. Otherwise a stream of server-sent
    events (`text/event-stream`) that begins with what happens next, or after the number in `Last-Event-ID`. Each has
    the number as its `id`, the type as its `event` and a CloudEvent 1.0 as its `data`."""
    refuse_unknown(request, {"after", "limit"})
    accepted = request.headers.get("accept", "*/*")
    given = set(request.query_params)
    if STREAM in accepted or not (given or "application/json" in accepted):
        return _stream(radiant, request, after if "after" in given else None)
    found = await radiant.events.after(after, limit=limit)
    answer = EventList(found, found[-1].seq if found else after)
    return ASGIResponse(body=_ENCODE(answer), media_type=MediaType.JSON)


def _stream(radiant: App, request: AnyRequest, after: int | None) -> ASGIResponse:
    last = last_event(request)
    radiant.events.check_room()
    return stream(request, _lines(radiant, number_of(last) if last else after))


async def _lines(radiant: App, after: int | None) -> AsyncIterator[bytes]:
    yield b": events of this registry follow\nretry: 2000\n\n"
    with suppress(TooManyStreams):  # the last places were taken meanwhile
        async for page in radiant.events.follow(after):
            yield b"".join(map(_told, page)) or ALIVE


def _told(event: Event) -> bytes:
    from radiant.events.cloud_events import encoded

    return told(event.type, encoded(event), event.seq)


_EVENT = {
    "seq": 4711,
    "id": "0c6d4b5e-6f0f-4b5b-9a51-3a1f7f4de0c9",
    "type": "radiant.model.deprecated",
    "source": "radiant.registry",
    "subject": "openai/gpt-4o-mini",
    "time": "2026-11-26T09:00:00Z",
    "data": {"provider_id": "openai", "model_id": "gpt-4o-mini", "successor": None},
}


def describe(document: dict[str, Any]) -> None:
    """Say that it may be a stream, and where that goes on."""
    operation = document["paths"]["/api/v2/events"]["get"]
    content = operation["responses"]["200"]["content"]
    content["application/json"]["example"] = {"events": [_EVENT], "next": 4711}
    content[STREAM] = {"schema": {"type": "string"}}


HANDLERS: list[Any] = [Router("/", route_handlers=[follow], tags=["events"])]
