"""For orchestrators: is the process alive, is it ready for requests."""

from typing import Any

from litestar import Response, get

from radiant.api.problems import problem
from radiant.api.security import TheApp


@get(["/health/live", "/healthz", "/health/liveliness"], summary="Is the process alive", tags=["health"])
async def live() -> dict[str, str]:
    """Never touches the database."""
    return {"status": "alive"}


@get(["/health/ready", "/readyz", "/health/readiness"], summary="Is it ready for requests", tags=["health"])
async def ready(radiant: TheApp) -> Response[dict[str, Any]]:
    """200 when the database answers, 503 with a problem document when not."""
    if await radiant.is_ready():
        return Response({"status": "ready"})
    return problem(503, "The registry's database does not answer.", headers={"Retry-After": "1"})


HANDLERS = [live, ready]
