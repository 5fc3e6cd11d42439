"""Public catalogs for administrators: which are fetched, from where, and what came."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, route
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import describe_body, shaped
from radiant.domain.source import SourceState

from .registry import refuse_unknown

_PATH = "/api/v2/admin/sources"


class SourcesChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to set at every public catalog."""

    enabled: bool


class SourceChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to set; the rest stays. `url` is the address of a mirror of one's own, or `public` for its own again."""

    enabled: bool | None = None
    url: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern="^[^\\u0000]*$")] | None = None


class PublicCatalogs(Controller):
    path = _PATH
    guards = (admin,)
    tags = ("sources",)

    # One handler for both methods: of two on one path, the framework's OPTIONS knows the first only.
    @route(
        "/",
        http_method=["GET", "PATCH"],
        status_code=200,
        summary="GET: all public catalogs, and what came of them. PATCH: enable or disable all",
    )
    async def listed(self, radiant: TheApp, request: AnyRequest) -> list[SourceState]:
        """By id. One that is enabled is fetched by every run that asks providers for their lists; none is in a fresh
        registry."""
        refuse_unknown(request, set())
        if request.method == "GET":
            return await radiant.sources.listed()
        change = await shaped(request, SourcesChange)
        return await radiant.sources.change("all", enabled=change.enabled)

    @route(
        "/{id:str}",
        http_method=["GET", "PATCH"],
        status_code=200,
        summary="GET: one public catalog. PATCH: enable or disable it, or fetch it from a mirror",
    )
    async def of(
        self,
        radiant: TheApp,
        request: AnyRequest,
        id: Annotated[str, Parameter(description="Its id", examples=[Example(value="litellm")])],
    ) -> SourceState:
        """What people said of it, and what came."""
        refuse_unknown(request, set())
        found = await radiant.sources.of(id)
        if request.method == "GET":
            return found
        change = await shaped(request, SourceChange)
        (found,) = await radiant.sources.change(id, enabled=change.enabled, url=change.url)
        return found


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what goes in."""
    describe_body(document, _PATH, "patch", SourcesChange, {"enabled": True})
    describe_body(document, f"{_PATH}/{{id}}", "patch", SourceChange, {"enabled": True})
    url = {"anyOf": [{"type": "string", "format": "base-url"}, {"type": "null"}], "default": None}
    document["components"]["schemas"]["SourceChange"]["properties"]["url"] = url
    for operation in document["paths"][f"{_PATH}/{{id}}"].values():
        for parameter in operation["parameters"]:
            parameter["schema"] |= {"format": "public-catalog"}


HANDLERS: list[Any] = [PublicCatalogs]
