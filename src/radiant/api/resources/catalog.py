"""Facts of sources about a model, and conflicts between sources."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, get
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.cursor import LONGEST, cursor_of, place_of
from radiant.api.model_paths import ModelName, of_long_ids
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, reader
from radiant.app import App
from radiant.domain.fact import Claim, Conflict, ConflictPlace

from .registry import refuse_unknown


class ModelFacts(msgspec.Struct):
    """Every claim about one model, by field; the one that holds stands first."""

    id: str
    provider_id: str
    model_id: str
    facts: list[Claim]


class ConflictPage(msgspec.Struct):
    """Disagreements between sources; `next_cursor` is null on the last page."""

    conflicts: list[Conflict]
    next_cursor: str | None


def describe(document: dict[str, Any]) -> None:
    """Say in the OpenAPI document that a cursor is one that was given, never an empty one; a provider one there is."""
    for parameter in document["paths"]["/api/v2/catalog/conflicts"]["get"]["parameters"]:
        if parameter["name"] == "cursor":
            parameter["schema"] |= {"format": "cursor", "minLength": 1, "maxLength": LONGEST}
        if parameter["name"] == "provider":
            parameter["schema"] = {"type": "string", "format": "provider"}


class CatalogFacts(Controller):
    path = "/api/v2"
    guards = (reader,)
    tags = ("catalog",)

    @get("/models/{id:str}/facts", summary="Every claim about a model, which one holds, and why")
    async def facts(self, radiant: TheApp, request: AnyRequest, id: ModelName) -> list[ModelFacts]:
        """One entry for each provider that has a model of that id. Prices are exact decimals, written as strings."""
        return await _facts(radiant, request, id)

    @get(of_long_ids("facts"), include_in_schema=False)
    async def facts_of_long_id(self, radiant: TheApp, request: AnyRequest) -> list[ModelFacts]:
        """The same for ids with slashes."""
        return await _facts(radiant, request, "/".join(request.path_params.values()))

    @get("/catalog/conflicts", summary="Where sources disagree")
    async def conflicts(
        self,
        radiant: TheApp,
        request: AnyRequest,
        provider: Annotated[str | None, Parameter(examples=[Example(value="openai")])] = None,
        prices_only: Annotated[bool, Parameter(description="No other fields than prices")] = False,
        limit: Annotated[int, Parameter(ge=1, le=500)] = 100,
        cursor: Annotated[str | None, Parameter(description="`next_cursor` of the page before")] = None,
    ) -> ConflictPage:
        """Prices first, the largest gap first."""
        refuse_unknown(request, {"provider", "prices_only", "limit", "cursor"})
        after = place_of(cursor, ConflictPlace)
        found = await radiant.facts.conflicts(provider=provider, prices_only=prices_only, limit=limit + 1, after=after)
        page = found[:limit]
        return ConflictPage(conflicts=page, next_cursor=cursor_of(page[-1].place) if len(found) > limit else None)


async def _facts(radiant: App, request: AnyRequest, name: str) -> list[ModelFacts]:
    refuse_unknown(request, set())
    return [
        ModelFacts(id=model.id, provider_id=model.provider_id, model_id=model.model_id, facts=told)
        for model, told in await radiant.facts.claims(name)
    ]


HANDLERS: list[Any] = [CatalogFacts]
