"""The ASGI application. A new resource is one file and one line in `ROSTER`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from types import ModuleType
from typing import Any

import msgspec
from litestar import Litestar, Response, get
from litestar.datastructures import State
from litestar.di import Provide
from litestar.types import Message

from radiant import logs
from radiant.app import App
from radiant.settings import Settings

from .body import LARGEST
from .document import openapi
from .problems import HANDLERS
from .resources import catalog, health, listings, problem_pages, registry, selection

ROSTER: tuple[ModuleType, ...] = (catalog, health, listings, problem_pages, registry, selection)

_RESOURCES: list[Any] = [handler for module in ROSTER for handler in module.HANDLERS]


@get("/api/openapi.json", sync_to_thread=False)
def document() -> Response[bytes]:
    """The OpenAPI document; needs no token."""
    return Response(document_json(), media_type="application/vnd.oai.openapi+json")


@cache
def document_json() -> bytes:
    """The OpenAPI document of all resources."""
    return msgspec.json.encode(
        openapi(_RESOURCES, [module.describe for module in ROSTER if hasattr(module, "describe")])
    )


class Face(Litestar):
    """Answers HEAD wherever it answers GET."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope.get("method") == "HEAD":

            async def send_head(message: Message) -> None:
                await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

            scope = {**scope, "method": "GET"}
            await super().__call__(scope, receive, send_head)
        else:
            await super().__call__(scope, receive, send)


def application(radiant: App) -> Litestar:
    """The JSON face of `radiant`, which is open and stays the caller's to close."""
    return _face(State({"radiant": radiant}), [])


def create() -> Litestar:
    """The same for any ASGI server: `uvicorn --factory radiant.api.asgi:create`.

    Opens the registry of the environment when the server starts, and closes it when the server stops.
    """

    @asynccontextmanager
    async def opened(face: Litestar) -> AsyncIterator[None]:
        logs.configure()
        async with await App.open(Settings.from_environment(), selecting=True) as radiant:
            face.state["radiant"] = radiant
            yield

    return _face(State(), [opened])


def _face(state: State, lifespan: list[Any]) -> Litestar:
    return Face(
        route_handlers=[*_RESOURCES, document],
        dependencies={"radiant": Provide(_radiant, sync_to_thread=False)},
        state=state,
        lifespan=lifespan,
        exception_handlers=HANDLERS,
        request_max_body_size=LARGEST,
        openapi_config=None,
        debug=False,
        logging_config=None,
        stores=None,
    )


def _radiant(state: State) -> App:
    """The registry behind a request."""
    radiant: App = state["radiant"]
    return radiant
