"""Whose pages may ask, and with which methods: those that the address is asked with, and no others."""

from typing import Any, Final

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.exceptions import HTTPException
from litestar.types import Message, Scope, Send
from litestar.utils.path import normalize_path

#: Every method that some address here is asked with.
METHODS: Final = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")

_ALLOWED: Final = b"access-control-allow-methods"


def cors(origins: tuple[str, ...]) -> CORSConfig | None:
    """None lets no page of another origin ask. No cookie is ever looked at, so none is allowed."""
    if not origins:
        return None
    return CORSConfig(
        allow_origins=list(origins),
        allow_methods=list(METHODS),
        expose_headers=["ETag", "Link", "Location", "Retry-After"],
    )


def narrowed(app: Litestar, scope: Scope, send: Send) -> Send:
    """A `send` whose answers to other origins name only the methods of the address; the framework names all there
    are."""
    path = normalize_path(scope["path"])

    async def send_narrowed(message: Message) -> None:
        if message["type"] == "http.response.start":
            allowed = [(name, value) for name, value in message["headers"] if name.lower() != _ALLOWED]
            if len(allowed) < len([*message["headers"]]):
                methods = ", ".join(methods_of(app, path)).encode()
                message = {**message, "headers": [*allowed, (_ALLOWED, methods)] if methods else allowed}
        await send(message)

    return send_narrowed


def methods_of(app: Litestar, path: str) -> list[str]:
    """The methods that an address is asked with; none where there is nothing."""
    found = [method for method in METHODS if method != "HEAD" and _is_asked(app, path, method)]
    return sorted({*found, "HEAD"}) if "GET" in found else found


def _is_asked(app: Litestar, path: str, method: Any) -> bool:
    try:
        app.asgi_router.handle_routing(path=path, method=method)
    except HTTPException:
        return False
    return True
