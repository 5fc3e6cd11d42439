"""Liveness and readiness, for orchestrators such as Kubernetes."""

from litestar import get

from radiant.api.problem_types import DATABASE_UNREACHABLE
from radiant.api.problems import Refused
from radiant.api.security import TheApp


@get(["/health/live", "/healthz", "/health/liveliness"], summary="Is the process alive", tags=["health"])
async def live() -> dict[str, str]:
    """Never touches the database."""
    return {"status": "alive"}


@get(["/health/ready", "/readyz", "/health/readiness"], summary="Is it ready for requests", tags=["health"])
async def ready(radiant: TheApp) -> dict[str, str]:
    """200 when the database answers and choices follow it, 503 with a problem document when not."""
    problem = await radiant.unready()
    if problem is None:
        return {"status": "ready"}
    raise Refused(DATABASE_UNREACHABLE, problem, headers={"Retry-After": "1"})


HANDLERS = [live, ready]
