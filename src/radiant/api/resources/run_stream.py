"""A run of the sync service as a stream that anybody joins in the middle."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import UUID

from litestar import Router, get
from litestar.response.base import ASGIResponse

from radiant.api.problem_types import RUN_NOT_FOUND, TOO_MANY_STREAMS
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import describe_problems
from radiant.api.sse import ALIVE, STREAM, last_event, number_of, stream, told
from radiant.app import App
from radiant.domain.errors import TooManyStreams
from radiant.domain.sync import Progress, RunNotFound, Step

from .registry import refuse_unknown
from .syncing import RunId, SyncRun, SyncRunDetail

_PATH = "/api/v2/admin/registry-sync/{id:uuid}/stream"

#: The id of the last event of a stream: who comes again with it knows all.
_END = "end"


@get(_PATH, guards=[admin], summary="Follow a run: a stream of server-sent events")
async def follow(radiant: TheApp, request: AnyRequest, id: RunId) -> ASGIResponse:
    """First `run`, as it is now, and again once one that was queued is begun; then a `provider` or a `source` for each
    that is asked or done so far, and for each step that comes, numbered by `id`; in the end `ended`, with the whole
    result. Whoever comes again with `Last-Event-ID` gets what came meanwhile, and 204 where nothing comes any more. It
    does not matter which process the run goes on in."""
    refuse_unknown(request, set())
    last = last_event(request)
    run = await radiant.runs.found(id)
    if last == _END and run["status"] not in ("queued", "running"):
        return ASGIResponse(status_code=204)
    after = 0 if last in ("", _END) else number_of(last)
    radiant.run_feed.check_room()
    return stream(request, _lines(radiant, id, after))


async def _lines(radiant: App, id: UUID, after: int) -> AsyncIterator[bytes]:
    yield b"retry: 2000\n\n"
    status = None
    with suppress(RunNotFound, TooManyStreams):  # deleted meanwhile, or the last places were taken
        async for seen in radiant.run_feed.follow(id, after):
            lines = [told(_noun(step), step, step.step) for step in seen.steps]
            if status is None or (seen.run["status"] != status and not seen.over):
                plain = {name: value for name, value in seen.run.items() if name not in ("sources", "providers")}
                lines.insert(0, told("run", SyncRun(**plain)))
            status = seen.run["status"]
            if seen.over:
                lines.append(told("ended", SyncRunDetail(**seen.run), _END))
            elif seen.lost:
                lines.append(b": whoever runs it was not heard of for %d seconds\n\n" % seen.silent)
            yield b"".join(lines) or ALIVE


def _noun(step: Step) -> str:
    return "provider" if isinstance(step, Progress) else "source"


_EXAMPLE = """event: run
data: {"id": "0c6d4b5e-6f0f-4b5b-9a51-3a1f7f4de0c9", "sync_type": "models", "status": "running", …}

id: 1
event: provider
data: {"provider_id": "openai", "result": null, "step": 1}

id: 2
event: source
data: {"source": "litellm", "result": {"source": "litellm", "outcome": "unchanged", …}, "step": 2}

id: 3
event: provider
data: {"provider_id": "openai", "result": {"provider_id": "openai", "seen": 92, "new": 1, …}, "step": 3}

id: end
event: ended
data: {"id": "0c6d4b5e-6f0f-4b5b-9a51-3a1f7f4de0c9", "status": "completed", "sources": […], "providers": […], …}
"""


def describe(document: dict[str, Any]) -> None:
    """Say that it is a stream, and how it ends."""
    operation = document["paths"][_PATH.replace(":uuid}", "}")]["get"]
    operation["responses"]["200"]["content"] = {STREAM: {"schema": {"type": "string"}, "example": _EXAMPLE}}
    operation["responses"]["204"] = {"description": "It is over, and `Last-Event-ID` says that its end is known"}
    describe_problems(operation, RUN_NOT_FOUND, TOO_MANY_STREAMS)


HANDLERS: list[Any] = [Router("/", route_handlers=[follow], tags=["registry"])]
