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
from radiant.domain.errors import SettingsError
from radiant.settings import Settings

from .body import LARGEST
from .cross_origin import cors, narrowed
from .document import openapi
from .problems import HANDLERS, with_head
from .resources import (
    catalog,
    compliance,
    costs,
    currencies,
    endpoints,
    event_sinks,
    events,
    health,
    markups,
    metrics,
    models,
    not_carried,
    openai_list,
    openrouter_list,
    outcomes,
    pages,
    price_setting,
    prices,
    problem_pages,
    provider_health,
    providers,
    registry,
    rerating,
    review,
    review_rules,
    run_stream,
    schedules,
    selection,
    sources,
    spend,
    syncing,
    thermal,
    usage,
)
from .sse import HEAD
from .transfer import economical

ROSTER: tuple[ModuleType, ...] = (
    catalog,
    compliance,
    costs,
    currencies,
    endpoints,
    event_sinks,
    events,
    health,
    markups,
    metrics,
    models,
    not_carried,
    openai_list,
    openrouter_list,
    outcomes,
    pages,
    price_setting,
    prices,
    problem_pages,
    provider_health,
    providers,
    registry,
    rerating,
    review,
    review_rules,
    run_stream,
    schedules,
    selection,
    sources,
    spend,
    syncing,
    thermal,
    usage,
)

_RESOURCES: list[Any] = [handler for module in ROSTER for handler in module.HANDLERS]


@get("/api/openapi.json", sync_to_thread=False, middleware=[economical])
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
    """Answers HEAD wherever it answers GET, and tells other origins the methods of each address."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.cors_config is not None and scope["type"] == "http":
            send = narrowed(self, scope, send)
        if scope.get("method") == "OPTIONS":
            send = _naming_head(send)
        if scope.get("method") == "HEAD":

            async def send_head(message: Message) -> None:
                await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

            scope = {**scope, "method": "GET", HEAD: True}
            await super().__call__(scope, receive, send_head)
        else:
            await super().__call__(scope, receive, send)


def _naming_head(send: Any) -> Any:
    async def send_named(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [
                (name, with_head(value.decode()).encode() if name.lower() == b"allow" else value)
                for name, value in message["headers"]
            ]
            message = {**message, "headers": headers}
        await send(message)

    return send_named


def application(radiant: App) -> Litestar:
    """The JSON face of `radiant`, which is open and stays the caller's to close."""
    return _face(State({"radiant": radiant}), [], radiant.settings)


def create() -> Litestar:
    """The same for any ASGI server: `uvicorn --factory radiant.api.asgi:create`.

    Opens the registry of the environment when the server starts, and closes it when the server stops. Runs that
    people begin are left to workers. Raises SettingsError.
    """

    settings = Settings.from_environment()
    if settings.keys_secret is not None:
        raise SettingsError(
            "RADIANT_KEYS_SECRET",
            "is set, and an ASGI server that loads the application itself does not read it. Start `radiant api`, which"
            " does, or unset it and give the keys to this server as variables of its environment",
        )

    @asynccontextmanager
    async def opened(face: Litestar) -> AsyncIterator[None]:
        logs.configure()
        async with await App.open(settings, selecting=True, queueing=True) as radiant:
            face.state["radiant"] = radiant
            yield

    return _face(State(), [opened], settings)


def _face(state: State, lifespan: list[Any], settings: Settings) -> Litestar:
    return Face(
        route_handlers=[*_RESOURCES, document],
        dependencies={"radiant": Provide(_radiant, sync_to_thread=False)},
        state=state,
        lifespan=lifespan,
        exception_handlers=HANDLERS,
        request_max_body_size=LARGEST,
        cors_config=cors(settings.cors_origins),
        openapi_config=None,
        debug=False,
        logging_config=None,
        stores=None,
    )


def _radiant(state: State) -> App:
    """The registry behind a request."""
    radiant: App = state["radiant"]
    return radiant
