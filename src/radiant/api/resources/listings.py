"""Model lists in the shapes that clients of OpenAI and of OpenRouter already read."""

from decimal import Decimal
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Router, get
from litestar.openapi.spec import Example
from litestar.params import Parameter

from radiant.api.listed import (
    Architecture,
    Known,
    Links,
    OpenAIList,
    OpenAIModel,
    OpenRouterList,
    OpenRouterModel,
    Provided,
)
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, reader
from radiant.app import App
from radiant.domain.errors import ModelNotFound
from radiant.domain.registry_model import ModelFilter, RegistryModel
from radiant.domain.units import COLUMNS, METERS
from radiant.domain.vocabulary import Modality

from .registry import refuse_unknown

#: What OpenRouter calls the capabilities that are parameters of a request.
_PARAMETERS = {
    "function_calling": ("tools", "tool_choice"),
    "structured_output": ("structured_outputs", "response_format"),
    "json_mode": ("response_format",),
    "reasoning": ("reasoning", "include_reasoning"),
    "parallel_function_calling": ("parallel_tool_calls",),
    "web_search": ("web_search_options",),
}

#: What OpenRouter calls the meters; its prices are for one token, request or image.
_PRICING = {
    "prompt": "input",
    "completion": "output",
    "input_cache_read": "cache_read",
    "request": "request",
    "image": "image",
}

_MODALITIES = {"embedding": "embeddings"}

PAGE = 500
LARGEST_PAGE = 1000


@get("/v1/models", summary="All models, in the shape of OpenAI's list")
async def openai_list(radiant: TheApp, request: AnyRequest) -> OpenAIList:
    """Ids are `provider/model`. What the registry knows beyond OpenAI's fields stands under `radiant`."""
    refuse_unknown(request, set())
    return OpenAIList(object="list", data=[_openai(model) for model in await _current(radiant, ModelFilter())])


@get("/v1/models/{id:path}", summary="One model, in the shape of OpenAI's list")
async def openai_model(
    radiant: TheApp,
    request: AnyRequest,
    id: Annotated[str, Parameter(examples=[Example(value="openai/gpt-4o-mini")])],
) -> OpenAIModel:
    """By `provider/model`, or by the model id alone: then of the first provider that has it."""
    refuse_unknown(request, set())
    name = id.removeprefix("/")
    for model in await radiant.models.named(name):
        if not model.deprecated:
            return _openai(model)
    raise ModelNotFound(name)


@get("/api/v1/models", summary="All models, in the shape of OpenRouter's list")
async def openrouter_list(
    radiant: TheApp,
    request: AnyRequest,
    q: Annotated[str | None, Parameter(description="Text in id, name or description")] = None,
    input_modalities: Annotated[str | None, Parameter(description="All of these, separated by commas")] = None,
    output_modalities: Annotated[
        str | None, Parameter(description="All of these, separated by commas, or `all`")
    ] = None,
    offset: Annotated[int, Parameter(ge=0)] = 0,
    limit: Annotated[int, Parameter(ge=1, le=LARGEST_PAGE)] = PAGE,
) -> OpenRouterList:
    """Prices are what a tenant pays (with the markup), in USD for one unit, as decimal strings. Pages only when
    `offset` or `limit` is given."""
    refuse_unknown(request, {"q", "input_modalities", "output_modalities", "offset", "limit"})
    asked = ModelFilter(
        text=q,
        input_modalities=_split(input_modalities),
        output_modalities=_split(None if output_modalities == "all" else output_modalities),
    )
    found = await _current(radiant, asked)
    end = offset + limit if {"offset", "limit"} & request.query_params.keys() else len(found)
    following = f"/api/v1/models?{_query(request, end, limit)}" if end < len(found) else None
    page = [_openrouter(model) for model in found[offset:end]]
    return OpenRouterList(data=page, total_count=len(found), links=Links(following))


async def _current(radiant: App, asked: ModelFilter) -> list[RegistryModel]:
    today = radiant.today
    return [model for model in await radiant.models.listed(asked) if model.current(today)]


def _query(request: AnyRequest, offset: int, limit: int) -> str:
    kept = {key: value for key, value in request.query_params.items() if key not in ("offset", "limit")}
    return urlencode({**kept, "offset": offset, "limit": limit})


def _split(text: str | None) -> tuple[str, ...]:
    """The modalities of a list, by our names or by OpenRouter's."""
    ours = {theirs: name for name, theirs in _MODALITIES.items()}
    return tuple(ours.get(part.strip(), part.strip()) for part in text.split(",") if part.strip()) if text else ()


def _slug(model: RegistryModel) -> str:
    return f"{model.provider_id}/{model.model_id}"


def _openai(model: RegistryModel) -> OpenAIModel:
    known = {name: getattr(model, name) for name in Known.__struct_fields__ if name != "task"}
    return OpenAIModel(
        id=_slug(model),
        object="model",
        created=int(model.created_at.timestamp()),
        owned_by=model.provider_id,
        radiant=Known(**known, task=model.primary_mode),
    )


def _openrouter(model: RegistryModel) -> OpenRouterModel:
    inputs, outputs = (
        [_MODALITIES.get(it, it) for it in side] for side in (model.input_modalities, model.output_modalities)
    )
    parameters = {"max_tokens", "temperature"} if model.primary_mode in ("chat", "completion") else set()
    for capability in model.capabilities:
        parameters.update(_PARAMETERS.get(capability, ()))
    return OpenRouterModel(
        id=_slug(model),
        canonical_slug=_slug(model),
        name=model.display_name,
        created=int(model.created_at.timestamp()),
        description=model.description or "",
        context_length=model.context_window,
        architecture=Architecture(f"{'+'.join(inputs)}->{'+'.join(outputs)}", inputs, outputs, "Other", None),
        pricing=_pricing(model),
        top_provider=Provided(model.context_window, model.max_output, is_moderated=False),
        per_request_limits=None,
        supported_parameters=sorted(parameters),
        default_parameters=None,
        supported_voices=None,
        expiration_date=model.retires,
        links={"details": f"/api/v2/models/{model.id}/facts"},
    )


def _pricing(model: RegistryModel) -> dict[str, str]:
    """Only what is known: a price that is not there is unknown, `0` is free."""
    prices = {}
    for name, meter in _PRICING.items():
        price: Decimal | None = getattr(model, COLUMNS[meter])
        if price is not None:
            prices[name] = f"{(price * (1 + model.markup_rate) / METERS[meter].column_per).normalize():f}"
    return prices


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document which modalities can be asked for."""
    names = "|".join([*Modality, *_MODALITIES.values()])
    some = rf"\s*(({names})\s*)?(,\s*(({names})\s*)?)*"
    for parameter in document["paths"]["/api/v1/models"]["get"]["parameters"]:
        if parameter["name"].endswith("_modalities"):
            parameter["schema"]["pattern"] = f"^({some}{'|all' * parameter['name'].startswith('output')})$"
        if parameter["name"] == "offset":
            parameter["schema"]["minimum"] = 0  # the framework takes a bound of 0 for none


HANDLERS: list[Any] = [
    Router("/", route_handlers=[openai_list, openai_model, openrouter_list], guards=[reader], tags=["lists"])
]
