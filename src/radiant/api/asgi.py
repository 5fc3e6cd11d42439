"""The ASGI application. A new resource is one file and one line in `ROSTER`."""

from importlib.metadata import version
from types import ModuleType
from typing import Any

from litestar import Litestar
from litestar.datastructures import State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import Message

from radiant.app import App

from .body import LARGEST
from .document import complete
from .problems import HANDLERS, AnyRequest
from .resources import catalog, health, listings, registry, selection

ROSTER: tuple[ModuleType, ...] = (catalog, health, listings, registry, selection)


class CompletedDocument(JsonRenderPlugin):
    """The OpenAPI document with what the resources add to it."""

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        for module in ROSTER:
            if hasattr(module, "describe"):
                module.describe(openapi_schema)
        complete(openapi_schema)
        return super().render(request, openapi_schema)


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
    """The JSON face of `radiant`, which stays the caller's to close."""
    handlers: list[Any] = [handler for module in ROSTER for handler in module.HANDLERS]
    return Face(
        route_handlers=handlers,
        dependencies={"radiant": Provide(lambda: radiant, sync_to_thread=False)},
        state=State({"radiant": radiant}),
        exception_handlers=HANDLERS,
        request_max_body_size=LARGEST,
        openapi_config=OpenAPIConfig(
            title="Radiant",
            version=version("radiant-registry"),
            description="One live record of every AI model a company can call.",
            path="/api",
            render_plugins=[CompletedDocument(path="/openapi.json")],
            components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
            security=[{"token": []}],
        ),
        debug=False,
        logging_config=None,
        stores=None,
    )
