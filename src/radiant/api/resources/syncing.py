"""Runs of the sync service for administrators: begin one, and look at it and at those before."""

import datetime as dt
from typing import Annotated, Any, Literal
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from litestar import Controller, Response, get, post
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.cursor import LONGEST, cursor_of, place_of
from radiant.api.problem_types import PROVIDER_NOT_FOUND, RUN_IN_THE_WAY, RUN_NOT_FOUND
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import describe_body, describe_problems, shaped
from radiant.domain.source import SourceResult
from radiant.domain.sync import ProviderResult, RunKind, RunPlace

from .registry import refuse_unknown

#: What is said where a run waits and nobody would take it.
NOBODY = "No worker is running, so nobody takes it yet: start `radiant worker` or `radiant up`."

_PATH = "/api/v2/admin/registry-sync"
_ID = "0c6d4b5e-6f0f-4b5b-9a51-3a1f7f4de0c9"

#: Runs in one answer, where nothing else is asked for and at most.
USUAL, MOST = 50, 500

RunId = Annotated[UUID, Parameter(description="Its id", examples=[Example(value=_ID)])]


class SyncOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to bring up to date: everything, where nothing is said; at one provider or at all."""

    sync_type: RunKind = RunKind.FULL
    provider: Annotated[str, msgspec.Meta(min_length=1, max_length=50, pattern="^[a-z0-9][a-z0-9_.-]*$")] | None = None
    dry_run: bool = False


class SyncBegun(msgspec.Struct):
    """The run that was begun, or that waits for a worker; look at it under its id.

    `workers` are those that may take it, and null where this process does it itself; `note` says what to do where
    there are none.
    """

    id: UUID
    status: Literal["running", "queued"]
    workers: int | None
    note: str | None


class SyncRun(msgspec.Struct):
    """One run of the sync service."""

    id: UUID
    sync_type: str
    providers_updated: int
    models_added: int
    models_updated: int
    models_deprecated: int
    errors: list[str]
    started_at: dt.datetime
    completed_at: dt.datetime | None
    duration_ms: int | None
    status: str
    error_message: str | None
    trigger: str
    requested_by: str | None
    provider: str | None
    dry_run: bool
    heartbeat_at: dt.datetime | None
    worker: str | None
    details: dict[str, Any]


class SyncRunDetail(SyncRun):
    """One run with what it found at each public catalog and each provider so far."""

    sources: list[SourceResult]
    providers: list[ProviderResult]


class Syncing(Controller):
    path = _PATH
    guards = (admin,)
    tags = ("registry",)

    @post("/", status_code=202, summary="Begin a run")
    async def begin(self, radiant: TheApp, request: AnyRequest) -> SyncBegun:
        """Answers at once. The run goes on in this process; where it runs without a worker (`radiant api`), another
        process's takes it. Its `stream` shows how. One of a kind at a time."""
        refuse_unknown(request, set())
        order = await shaped(request, SyncOrder)
        begun = await radiant.syncing.start(
            order.sync_type, provider=order.provider, dry_run=order.dry_run, requested_by="api"
        )
        status: Literal["running", "queued"] = "running" if begun.workers is None else "queued"
        return SyncBegun(begun.id, status, begun.workers, NOBODY if begun.workers == 0 else None)

    @get("/history", summary="Runs, newest first")
    async def history(
        self,
        radiant: TheApp,
        request: AnyRequest,
        sync_type: Annotated[
            str | None, Parameter(description="Only this kind", examples=[Example(value="models")])
        ] = None,
        limit: Annotated[
            int, Parameter(description="At most so many", ge=1, le=MOST, examples=[Example(value=50)])
        ] = USUAL,
        cursor: Annotated[str | None, Parameter(description="As the `Link` of the page before has it")] = None,
    ) -> Response[list[SyncRun]]:
        """The newest 50, where nothing else is asked for. `Link: <…>; rel="next"` leads to those before, where there
        are any."""
        refuse_unknown(request, {"sync_type", "limit", "cursor"})
        found = await radiant.runs.newest(sync_type, limit=limit + 1, after=place_of(cursor, RunPlace))
        page = [SyncRun(**run) for run in found[:limit]]
        headers = {}
        if len(found) > limit:
            kind = {} if sync_type is None else {"sync_type": sync_type}
            following = cursor_of(RunPlace(page[-1].started_at, page[-1].id))
            address = f"{_PATH}/history?{urlencode({**kind, 'limit': limit, 'cursor': following})}"
            headers["Link"] = f'<{address}>; rel="next"'
        return Response(page, headers=headers)

    @get("/{id:uuid}", summary="One run, with what it found at each public catalog and provider")
    async def found(self, radiant: TheApp, request: AnyRequest, id: RunId) -> SyncRunDetail:
        """While it goes on, `status` is running, and `sources` and `providers` are those that are done; while it waits
        for a worker, `status` is queued and `started_at` when it was asked for."""
        refuse_unknown(request, set())
        return SyncRunDetail(**await radiant.runs.found(id))


_RUN = {
    "id": _ID,
    "sync_type": "models",
    "providers_updated": 36,
    "models_added": 248,
    "models_updated": 0,
    "models_deprecated": 0,
    "errors": [],
    "started_at": "2026-11-23T06:53:04.545567Z",
    "completed_at": "2026-11-23T06:53:04.686735Z",
    "duration_ms": 141,
    "status": "completed",
    "error_message": None,
    "trigger": "person",
    "requested_by": None,
    "provider": None,
    "dry_run": False,
    "heartbeat_at": None,
    "worker": None,
    "details": {},
}


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what goes in, and how it can be refused."""
    describe_body(document, _PATH, "post", SyncOrder, {"sync_type": "models", "provider": "openai"})
    describe_problems(document["paths"][_PATH]["post"], RUN_IN_THE_WAY, PROVIDER_NOT_FOUND)
    describe_problems(document["paths"][f"{_PATH}/{{id}}"]["get"], RUN_NOT_FOUND)
    history = document["paths"][f"{_PATH}/history"]["get"]
    answer = history["responses"]["200"]
    answer["content"]["application/json"]["example"] = [_RUN]
    answer["headers"] = {"Link": {"description": "Where the next page is", "schema": {"type": "string"}}}
    formats = {
        "sync_type": {"enum": [it.value for it in RunKind]},
        "cursor": {"format": "run-cursor", "minLength": 1, "maxLength": LONGEST},
    }
    for parameter in history["parameters"]:
        parameter["schema"] |= formats.get(parameter["name"], {})


HANDLERS: list[Any] = [Syncing]
