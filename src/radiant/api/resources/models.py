"""All models for readers: filters, pages, and only the fields that are asked for."""

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from litestar import Router, get
from litestar.openapi.spec import Example
from litestar.params import Parameter, QueryParameter

from radiant.api.cursor import LONGEST, cursor_of, place_of
from radiant.api.lists import TEXT, pattern_of, split
from radiant.api.problem_types import PARAMETER_INVALID
from radiant.api.problems import AnyRequest, Refused
from radiant.api.security import TheApp, reader
from radiant.api.transfer import economical
from radiant.app import App
from radiant.domain.errors import UnknownFilterValue
from radiant.domain.registry_model import ModelFilter, ModelPlace, RegistryModel
from radiant.domain.vocabulary import HealthStatus, Hosting, Modality, ModelClass, Task

from .registry import refuse_unknown

PATH = "/api/v2/models"

PAGE = 100
LARGEST_PAGE = 500

FIELDS: Final = RegistryModel.__struct_encode_fields__

Past = Literal["false", "true", "any"]


class ModelPage(msgspec.Struct):
    """Models by provider and model id; `next_cursor` is null on the last page."""

    models: list[dict[str, Any]]
    next_cursor: str | None


def _text(description: str, example: str, name: str | None = None) -> Any:
    return QueryParameter(name=name, description=description, examples=[Example(value=example)])


@get(PATH, summary="All models: filters, pages, chosen fields")
async def listed(
    radiant: TheApp,
    request: AnyRequest,
    q: Annotated[str | None, _text("Text in id, name or description", "gpt")] = None,
    provider: Annotated[str | None, _text("Only of this provider", "openai")] = None,
    task: Annotated[str | None, _text("Only of this task", "chat")] = None,
    hosting: Annotated[str | None, _text("external or self_hosted", "external")] = None,
    category: Annotated[str | None, _text("Only this category", "llm")] = None,
    status: Annotated[str | None, _text("Only this health status", "healthy")] = None,
    model_class: Annotated[str | None, _text("How its provider positions it", "flagship", "class")] = None,
    capability: Annotated[str | None, _text("All of these, separated by commas", "function_calling,vision")] = None,
    modality: Annotated[str | None, _text("All of these go in or come out", "image")] = None,
    input_modalities: Annotated[str | None, _text("All of these go in", "text,image")] = None,
    output_modalities: Annotated[str | None, _text("All of these come out", "text")] = None,
    deprecated: Annotated[
        str, _text("`true`: only what is deprecated or retired; `any`: that as well", "false")
    ] = "false",
    fields: Annotated[str | None, _text("Only these fields, separated by commas", "provider_id,model_id")] = None,
    limit: Annotated[int, Parameter(ge=1, le=LARGEST_PAGE)] = PAGE,
    cursor: Annotated[str | None, Parameter(description="`next_cursor` of the page before")] = None,
) -> ModelPage:
    """By provider and model id. Prices are USD without markup, exact decimals written as strings. The answer has an
    ETag; with `If-None-Match` it is 304 while nothing in it has changed."""
    refuse_unknown(request, _PARAMETERS)
    shown = _fields(fields)
    wanted = ModelFilter(
        text=q,
        provider=provider,
        task=task,
        hosting=hosting,
        category=category,
        status=status,
        model_class=model_class,
        capabilities=split(capability),
        modalities=split(modality),
        input_modalities=split(input_modalities),
        output_modalities=split(output_modalities),
        **_lifecycle(radiant, deprecated),
    )
    page, following = await _page(radiant, wanted, limit, place_of(cursor, ModelPlace))
    return ModelPage(
        models=[_only(msgspec.to_builtins(model), shown) for model in page],
        next_cursor=cursor_of(following) if following else None,
    )


#: What a filter of the registry is called in the address, where that is something else.
_NAMES: Final = {"model_class": "class", "capabilities": "capability", "modalities": "modality"}

_PARAMETERS: Final = {
    *("q", "provider", "task", "hosting", "category", "status", "class", "capability", "modality"),
    *("input_modalities", "output_modalities", "deprecated", "fields", "limit", "cursor"),
}


async def _page(
    radiant: App, wanted: ModelFilter, limit: int, after: ModelPlace | None
) -> tuple[list[RegistryModel], ModelPlace | None]:
    try:
        return await radiant.models.page(wanted, limit=limit, after=after)
    except UnknownFilterValue as error:
        field = _NAMES.get(error.field, error.field)
        raise UnknownFilterValue(field, error.value, error.allowed, error.close) from error


def _lifecycle(radiant: App, deprecated: str) -> dict[str, Any]:
    if deprecated not in get_args(Past):
        raise Refused(PARAMETER_INVALID, f"`deprecated` is {deprecated!r:.80}; expected one of: false, true, any.")
    return {"false": {"current_on": radiant.today}, "true": {"past_on": radiant.today}, "any": {}}[deprecated]


def _fields(text: str | None) -> tuple[str, ...]:
    """The fields asked for, in the registry's order; all without a word. Raises UnknownFilterValue."""
    asked = split(text) or FIELDS
    for name in asked:
        if name not in FIELDS:
            raise UnknownFilterValue("fields", name, FIELDS)
    return tuple(name for name in FIELDS if name in asked)


def _only(model: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    return {name: model[name] for name in fields}


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document which values may be asked for, and what a model with few fields looks like."""
    modalities = {"pattern": f"^{pattern_of(Modality)}$"}
    values: dict[str, dict[str, Any]] = {
        "q": {"pattern": TEXT},
        "provider": {"format": "provider"},
        "task": {"enum": list(Task)},
        "hosting": {"enum": list(Hosting)},
        "category": {"format": "category"},
        "status": {"enum": list(HealthStatus)},
        "class": {"enum": list(ModelClass)},
        "capability": {"format": "capabilities"},
        "modality": modalities,
        "input_modalities": modalities,
        "output_modalities": modalities,
        "deprecated": {"enum": list(get_args(Past))},
        "fields": {"pattern": f"^{pattern_of(FIELDS)}$"},
        "cursor": {"format": "model-cursor", "minLength": 1, "maxLength": LONGEST},
    }
    for parameter in document["paths"][PATH]["get"]["parameters"]:
        parameter["schema"] |= values.get(parameter["name"], {})
    schemas = document["components"]["schemas"]
    schemas["ListedModel"] = {
        "type": "object",
        "description": "A row of `unified_model_registry`, or the fields of it that were asked for.",
        "properties": schemas["RegistryModel"]["properties"],
        "additionalProperties": False,
    }
    schemas["ModelPage"]["properties"]["models"]["items"] = {"$ref": "#/components/schemas/ListedModel"}


HANDLERS: list[Any] = [Router("/", route_handlers=[listed], guards=[reader], middleware=[economical], tags=["lists"])]
