"""Providers for administrators: how each is asked for its list, and what came of it."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, Response, route
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, admin
from radiant.api.shaped import ONE_LINE, created, describe_body, describe_created, shaped
from radiant.domain.sync import ProviderState

from .registry import refuse_unknown

_PATH = "/api/v2/admin/providers"

_Url = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern="^[^\\u0000]*$")]
_Variable = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern="^[A-Za-z_][A-Za-z0-9_]*$")]


class NewProvider(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A server that speaks OpenAI's API. `key_env` is the environment variable with its key, never the key."""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=50, pattern="^[a-z0-9][a-z0-9_.-]*$")]
    base_url: _Url
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern="^[^\\u0000]*$")] | None = None
    key_env: _Variable | None = None


class ProviderChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to set; the rest stays. Enabled, a provider is asked also without a key, where its list needs none."""

    base_url: _Url | None = None
    key_env: _Variable | None = None
    enabled: bool | None = None


class ProvidersAsked(Controller):
    path = _PATH
    guards = (admin,)
    tags = ("providers",)

    # One handler for both methods: of two on one path, the framework's OPTIONS knows the first only.
    @route(
        "/",
        http_method=["GET", "POST"],
        status_code=200,
        summary="GET: all providers, and what became of their lists. POST: add a server that speaks OpenAI's API",
    )
    async def listed(self, radiant: TheApp, request: AnyRequest) -> list[ProviderState] | Response[ProviderState]:
        """By id. Keys are read from the environment of the process that asks; `has_key` is about this one's. What is
        added is enabled, and asked at the next run."""
        refuse_unknown(request, set())
        if request.method == "GET":
            return await radiant.providers.listed()
        new = await shaped(request, NewProvider)
        made = await radiant.providers.add(new.id, name=new.name, base_url=new.base_url, key_env=new.key_env)
        return created(made, f"{_PATH}/{made.id}")

    @route(
        "/{id:str}",
        http_method=["GET", "PATCH"],
        status_code=200,
        summary="GET: one provider. PATCH: set how it is asked",
    )
    async def of(
        self,
        radiant: TheApp,
        request: AnyRequest,
        id: Annotated[str, Parameter(description="Its id", examples=[Example(value="openai")])],
    ) -> ProviderState:
        """How it is asked, and what came of it. No seed takes back what is set here."""
        refuse_unknown(request, set())
        if request.method == "GET":
            return await radiant.providers.of(id)
        change = await shaped(request, ProviderChange)
        return await radiant.providers.change(
            id, base_url=change.base_url, key_env=change.key_env, enabled=change.enabled
        )


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what goes in."""
    new = {"id": "acme", "name": "Acme", "base_url": "https://llm.example.com/v1", "key_env": "ACME_API_KEY"}
    describe_body(document, _PATH, "post", NewProvider, new)
    describe_body(document, f"{_PATH}/{{id}}", "patch", ProviderChange, {"enabled": True})
    url = {"type": "string", "format": "base-url"}
    schemas = document["components"]["schemas"]
    schemas["NewProvider"]["properties"]["base_url"] = url
    schemas["NewProvider"]["properties"]["name"] = {"anyOf": [ONE_LINE, {"type": "null"}], "default": None}
    schemas["ProviderChange"]["properties"]["base_url"] = {"anyOf": [url, {"type": "null"}], "default": None}
    describe_created(document, _PATH, "ProviderState")
    for operation in document["paths"][f"{_PATH}/{{id}}"].values():
        for parameter in operation["parameters"]:
            parameter["schema"] |= {"format": "provider"}


HANDLERS: list[Any] = [ProvidersAsked]
