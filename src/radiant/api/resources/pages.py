"""What a person sees in a browser: a page at `/`, and the API reference. Nothing comes from another host."""

import base64
import hashlib
import html
import re
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from litestar import MediaType, Response, Router, get
from litestar.params import FromPath

from radiant.api.problem_types import ADDRESS_UNKNOWN
from radiant.api.problems import AnyRequest, Refused
from radiant.api.transfer import economical

_FOLDER = files("radiant.api") / "pages"

#: What the reference page is made of, by name: file and media type.
_PARTS = {
    "swagger-ui-bundle.js": ("swagger_ui/swagger-ui-bundle.js", "text/javascript"),
    "swagger-ui.css": ("swagger_ui/swagger-ui.css", "text/css"),
    "docs.js": ("docs.js", "text/javascript"),
    "docs.css": ("docs.css", "text/css"),
}

_NOWHERE_ELSE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; img-src 'self' data:"

#: Swagger UI sets styles on elements; scripts come from this server alone.
_REFERENCE = f"{_NOWHERE_ELSE}; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:"

_SAFE = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-cache"}


@get("/", sync_to_thread=False)
def home(request: AnyRequest) -> Response[str]:
    """What this is, and where everything lies."""
    page, policy = _home()
    page = page.replace("{address}", html.escape(str(request.base_url).rstrip("/")))
    return _page(page, policy)


@get("/api/docs", sync_to_thread=False)
def reference() -> Response[str]:
    """The API reference, which reads `/api/openapi.json`."""
    return _page(_text("docs.html"), _REFERENCE)


@get("/api/docs/{name:str}", sync_to_thread=False)
def part(name: FromPath[str]) -> Response[bytes]:
    """A file that the reference page asks for."""
    if name not in _PARTS:
        raise Refused(ADDRESS_UNKNOWN, "There is nothing at this address; the API reference is at `/api/docs`.")
    file, media = _PARTS[name]
    return Response(_bytes(file), media_type=media, headers=_SAFE)


def _page(text: str, policy: str) -> Response[str]:
    return Response(text, media_type=MediaType.HTML, headers={**_SAFE, "Content-Security-Policy": policy})


@cache
def _home() -> tuple[str, str]:
    """The page, and a policy that allows its one style sheet by its hash."""
    page = _text("home.html").replace("{version}", html.escape(version("radiant-registry")))
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return page, f"{_NOWHERE_ELSE}; style-src 'sha256-{digest}'"


@cache
def _text(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


@cache
def _bytes(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()


HANDLERS: list[Any] = [
    Router("/", route_handlers=[home, reference, part], middleware=[economical], include_in_schema=False)
]
