"""Who is told of events."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, get, post, route
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.problems import PROBLEM, AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import shaped
from radiant.api.sse import LARGEST
from radiant.domain.event import DeadLetter, NewSink, Sink, SinkTerms

from .registry import refuse_unknown

Name = Annotated[str, Parameter(description="The name of the sink", examples=[Example(value="ops")])]


class EventSinksOfTheRegistry(Controller):
    path = "/api/v2/admin/event-sinks"
    guards = (admin,)
    tags = ("events",)

    @get("/", summary="Who is told of events, and how far each is")
    async def sinks(self, radiant: TheApp, request: AnyRequest) -> list[Sink]:
        """By name. No secret is shown: none is stored."""
        refuse_unknown(request, set())
        return await radiant.event_sinks.listed()

    @route(
        "/{name:str}",
        http_method=["PUT", "DELETE"],
        status_code=200,
        summary="PUT: tell somebody of what happens from now on. DELETE: forget a sink and its dead letters",
    )
    async def change(self, radiant: TheApp, request: AnyRequest, name: Name) -> Sink:
        """The body of a PUT has `kind` and what the kind needs. A name that is taken is refused."""
        # One handler for both: of two on one path, the framework's OPTIONS knows the first only.
        refuse_unknown(request, set())
        if request.method == "DELETE":
            return await radiant.event_sinks.remove(name)
        terms = await shaped(request, SinkTerms)
        return await radiant.event_sinks.add(NewSink(name=name, **msgspec.structs.asdict(terms)))

    @post("/{name:str}/enable", status_code=200, summary="Go on telling a sink")
    async def enable(self, radiant: TheApp, request: AnyRequest, name: Name) -> Sink:
        """What happened meanwhile is delivered first."""
        refuse_unknown(request, set())
        return await radiant.event_sinks.set_enabled(name, True)

    @post("/{name:str}/disable", status_code=200, summary="Stop telling a sink")
    async def disable(self, radiant: TheApp, request: AnyRequest, name: Name) -> Sink:
        """What happens meanwhile waits."""
        refuse_unknown(request, set())
        return await radiant.event_sinks.set_enabled(name, False)

    @post("/{name:str}/replay", status_code=200, summary="Tell a sink its dead letters again")
    async def replay(
        self,
        radiant: TheApp,
        request: AnyRequest,
        name: Name,
        after: Annotated[
            int,
            Parameter(description="Everything after this number", ge=0, le=LARGEST, examples=[Example(value=4711)]),
        ] = 0,
    ) -> Sink:
        """With `after`, everything from that number on."""
        refuse_unknown(request, {"after"})
        return (await radiant.event_sinks.replay(name, after if "after" in request.query_params else None)).sink

    @get("/{name:str}/dead-letters", summary="What a sink did not take after all attempts")
    async def dead_letters(self, radiant: TheApp, request: AnyRequest, name: Name) -> list[DeadLetter]:
        """The oldest 1,000."""
        refuse_unknown(request, set())
        return await radiant.event_sinks.dead(name)


_BODY = {
    "type": "object",
    "required": ["kind"],
    "additionalProperties": False,
    "properties": {
        "kind": {"enum": ["webhook", "eventbridge", "log"]},
        **{field: {"type": ["string", "null"]} for field in ("url", "url_env", "bus", "region", "secret_env")},
        "types": {"type": "array", "items": {"type": "string"}},
    },
}
_EXAMPLE = {"kind": "webhook", "url": "https://ops.example.com/hooks/radiant", "secret_env": "OPS_HOOK_SECRET"}


def describe(document: dict[str, Any]) -> None:
    """Show the body, and how it can be refused."""
    operations = document["paths"][f"{EventSinksOfTheRegistry.path}/{{name}}"]
    put = operations["put"]
    media = {"schema": _BODY, "examples": {"usual": {"value": _EXAMPLE}}}
    put["requestBody"] = {"required": True, "content": {"application/json": media}}
    for status, title in ((409, "The name is taken"), (422, "The settings do not fit the kind")):
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/AnyProblem"}}}
        put["responses"][str(status)] = {"description": title, "content": content}


HANDLERS: list[Any] = [EventSinksOfTheRegistry]
