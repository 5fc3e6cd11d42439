"""The list of models that clients of OpenRouter read."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import Router, get
from litestar.params import Parameter

from radiant.api.listed import (
    Architecture,
    Count,
    Links,
    OpenRouterCount,
    OpenRouterList,
    OpenRouterModel,
    Provided,
    created_at,
    id_of,
)
from radiant.api.lists import TEXT, pattern_of, split
from radiant.api.openrouter_prices import pricing
from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, client
from radiant.api.transfer import economical
from radiant.domain.errors import UnknownFilterValue
from radiant.domain.registry_model import ModelFilter, RegistryModel
from radiant.domain.vocabulary import Modality, Task

#: What OpenRouter calls the capabilities that are parameters of a request.
_PARAMETERS: Final = {
    "function_calling": ("tools", "tool_choice"),
    "structured_output": ("structured_outputs", "response_format"),
    "json_mode": ("response_format",),
    "reasoning": ("reasoning", "include_reasoning"),
    "parallel_function_calling": ("parallel_tool_calls",),
    "web_search": ("web_search_options",),
}

#: What every model that writes text takes.
_OF_TEXT: Final = ("max_tokens", "temperature")

_KNOWN_PARAMETERS: Final = tuple(sorted({*_OF_TEXT, *(it for those in _PARAMETERS.values() for it in those)}))

_WRITING: Final = (Task.CHAT, Task.COMPLETION)

#: What OpenRouter's categories say language models are used for. The registry knows nothing of that, so each of them
#: is all that write text.
_USES: Final = (
    "programming", "roleplay", "marketing", "marketing/seo", "technology", "science", "translation", "legal", "finance",
    "health", "trivia", "academia",
)  # fmt: skip

_MODALITIES: Final = {"embedding": "embeddings"}

PAGE = 500
LARGEST_PAGE = 1000

Modalities = Annotated[str | None, Parameter(description="All of these, separated by commas, or `all`")]


@get("/api/v1/models", summary="All models, in the shape of OpenRouter's list")
async def openrouter_list(
    radiant: TheApp,
    request: AnyRequest,
    q: Annotated[str | None, Parameter(description="Text in id, name or description")] = None,
    category: Annotated[
        str | None,
        Parameter(description="A category of the registry, or one of OpenRouter's uses: all that write text"),
    ] = None,
    supported_parameters: Annotated[str | None, Parameter(description="All of these, separated by commas")] = None,
    input_modalities: Annotated[str | None, Parameter(description="All of these, separated by commas")] = None,
    output_modalities: Modalities = None,
    offset: Annotated[int, Parameter(ge=0)] = 0,
    limit: Annotated[int, Parameter(ge=1, le=LARGEST_PAGE)] = PAGE,
) -> OpenRouterList:
    """Prices are what a tenant pays (with the markup), in USD for one unit, as decimal strings. Pages only when
    `offset` or `limit` is given. Parameters that clients add of their own are ignored."""
    asked = ModelFilter(
        text=q,
        category=None if category in _USES else category,
        input_modalities=_split(input_modalities),
        output_modalities=_outputs(output_modalities),
        current_on=radiant.today,
    )
    needed = _needed(supported_parameters)
    found = [
        it
        for it in await radiant.models.listed(asked)
        if (category not in _USES or it.primary_mode in _WRITING) and needed <= _supported(it)
    ]
    end = offset + limit if {"offset", "limit"} & request.query_params.keys() else len(found)
    following = f"/api/v1/models?{_query(request, end, limit)}" if end < len(found) else None
    page = [_openrouter(model) for model in found[offset:end]]
    return OpenRouterList(data=page, total_count=len(found), links=Links(following))


@get("/api/v1/models/count", summary="How many models there are, in the shape of OpenRouter's answer")
async def openrouter_count(radiant: TheApp, output_modalities: Modalities = None) -> OpenRouterCount:
    """As many as `/api/v1/models` lists with the same `output_modalities`."""
    asked = ModelFilter(output_modalities=_outputs(output_modalities), current_on=radiant.today)
    return OpenRouterCount(Count(len(await radiant.models.listed(asked))))


def _query(request: AnyRequest, offset: int, limit: int) -> str:
    kept = {key: value for key, value in request.query_params.items() if key not in ("offset", "limit")}
    return urlencode({**kept, "offset": offset, "limit": limit})


def _split(text: str | None) -> tuple[str, ...]:
    """The modalities of a list, by our names or by OpenRouter's."""
    ours = {theirs: name for name, theirs in _MODALITIES.items()}
    return tuple(ours.get(name, name) for name in split(text))


def _outputs(text: str | None) -> tuple[str, ...]:
    return _split(None if text == "all" else text)


def _needed(text: str | None) -> frozenset[str]:
    """The parameters asked for. Raises UnknownFilterValue for one that the registry knows of no model."""
    needed = frozenset(split(text))
    for name in sorted(needed):
        if name not in _KNOWN_PARAMETERS:
            raise UnknownFilterValue("supported_parameters", name, _KNOWN_PARAMETERS)
    return needed


def _supported(model: RegistryModel) -> set[str]:
    parameters = set(_OF_TEXT) if model.primary_mode in _WRITING else set()
    for capability in model.capabilities:
        parameters.update(_PARAMETERS.get(capability, ()))
    return parameters


def _openrouter(model: RegistryModel) -> OpenRouterModel:
    inputs, outputs = (
        [_MODALITIES.get(it, it) for it in side] for side in (model.input_modalities, model.output_modalities)
    )
    return OpenRouterModel(
        id=id_of(model),
        canonical_slug=id_of(model),
        name=model.display_name,
        created=int(created_at(model).timestamp()),
        description=model.description or "",
        context_length=model.context_window,
        architecture=Architecture(f"{'+'.join(inputs)}->{'+'.join(outputs)}", inputs, outputs, "Other", None),
        pricing=pricing(model),
        top_provider=Provided(model.context_window, model.max_output, is_moderated=False),
        per_request_limits=None,
        supported_parameters=sorted(_supported(model)),
        default_parameters=None,
        supported_voices=None,
        expiration_date=model.retires,
        links={"details": f"/api/v2/models/{model.id}/facts"},
    )


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document which values can be asked for."""
    paths = document["paths"]
    for parameter in [
        *paths["/api/v1/models"]["get"]["parameters"],
        *paths["/api/v1/models/count"]["get"]["parameters"],
    ]:
        name, schema = parameter["name"], parameter["schema"]
        if name.endswith("_modalities"):
            some = pattern_of([*Modality, *_MODALITIES.values()])
            schema["pattern"] = f"^({some}{'|all' * name.startswith('output')})$"
        elif name == "supported_parameters":
            schema["pattern"] = f"^{pattern_of(_KNOWN_PARAMETERS)}$"
        elif name == "q":
            schema["pattern"] = TEXT
        elif name == "category":
            schema["format"] = "category"
        elif name == "offset":
            schema["minimum"] = 0  # the framework takes a bound of 0 for none


HANDLERS: list[Any] = [
    Router(
        "/",
        route_handlers=[openrouter_list, openrouter_count],
        guards=[client],
        middleware=[economical],
        tags=["lists"],
    )
]
