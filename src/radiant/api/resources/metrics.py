"""What Prometheus reads."""

from typing import Any

from litestar import Response, get
from litestar.handlers.base import BaseRouteHandler

from radiant.api.exposition import MEDIA_TYPE, exposition
from radiant.api.problems import AnyRequest
from radiant.api.security import Connection, TheApp, radiant_of, role_of

from .registry import refuse_unknown


async def watcher(connection: Connection, _: BaseRouteHandler) -> None:
    """Guard: any token of this registry, or anybody where RADIANT_OPEN_METRICS says so."""
    if not radiant_of(connection).settings.open_metrics:
        await role_of(connection)


@get("/metrics", media_type=MEDIA_TYPE, guards=[watcher], summary="Metrics for Prometheus", tags=["health"])
async def metrics(radiant: TheApp, request: AnyRequest) -> Response[str]:
    """In Prometheus's text format 0.0.4. The database is looked at once in five seconds at most; while it is away,
    `radiant_database_up` is 0 and what it would say is absent."""
    refuse_unknown(request, set())
    return Response(exposition(await radiant.metrics.gathered()), media_type=MEDIA_TYPE)


HANDLERS: list[Any] = [metrics]
