"""The registry for administrators: models and statistics."""

from typing import Annotated, Any

import msgspec
from litestar import Controller, get
from litestar.openapi.spec import Example
from litestar.params import Parameter, QueryParameter

from radiant.api.problem_types import ADDRESS_UNKNOWN, PARAMETER_INVALID
from radiant.api.problems import AnyRequest, Refused
from radiant.api.security import TheApp, admin
from radiant.domain.errors import UnknownFilterValue
from radiant.domain.registry_model import ModelFilter, RegistryModel
from radiant.domain.vocabulary import HealthStatus, Hosting


class ModelList(msgspec.Struct):
    """Models of the unified registry with their counts by hosting."""

    total: int
    external: int
    self_hosted: int = msgspec.field(name="selfHosted")
    models: list[RegistryModel]


class Statistics(msgspec.Struct):
    """The counts of the registry as they are now. Deprecated models do not count, one's own hardware is no provider."""

    external_count: int
    self_hosted_count: int
    healthy_count: int
    unhealthy_count: int
    hot_count: int
    warm_count: int
    cold_count: int
    category_count: int
    provider_count: int
    off_count: int


class Registry(Controller):
    path = "/api/v2/admin"
    guards = (admin,)
    tags = ("registry",)

    @get("/registry/models", summary="All models, external and self-hosted")
    async def models(
        self,
        radiant: TheApp,
        request: AnyRequest,
        category: Annotated[
            str | None, Parameter(examples=[Example(value="llm")], description="Only this category")
        ] = None,
        hosting_type: Annotated[
            str | None,
            QueryParameter(
                name="hostingType", examples=[Example(value="self_hosted")], description="external or self_hosted"
            ),
        ] = None,
        status: Annotated[
            str | None, Parameter(examples=[Example(value="healthy")], description="Only this health status")
        ] = None,
    ) -> ModelList:
        """Ordered by hosting type, category and display name. Prices are exact decimals, written as strings."""
        refuse_unknown(request, {"category", "hostingType", "status"})
        try:
            found = await radiant.models.listed(ModelFilter(category=category, hosting=hosting_type, status=status))
        except UnknownFilterValue as error:
            name = {"hosting": "hostingType"}.get(error.field, error.field)
            raise UnknownFilterValue(name, error.value, error.allowed, error.close) from error
        external = sum(model.hosting_type == "external" for model in found)
        return ModelList(total=len(found), external=external, self_hosted=len(found) - external, models=found)

    @get("/registry/stats", summary="Counts")
    async def stats(self, radiant: TheApp, request: AnyRequest) -> Statistics:
        """How many models there are, by hosting, health and thermal state."""
        refuse_unknown(request, set())
        return Statistics(**await radiant.models.statistics())


def refuse_unknown(request: AnyRequest, known: set[str]) -> None:
    """A misspelled filter must not look like an unfiltered answer, and what is no number like another's number: Python
    reads 1_0 as 10."""
    parts = request.scope["path"].split("/")
    if any(isinstance(it, int) and str(it) not in parts for it in request.path_params.values()):
        raise Refused(ADDRESS_UNKNOWN, "There is nothing at this address; a number is written in digits alone.")
    given = [name for name, _ in request.query_params.multi_items()]
    if strange := sorted(set(given) - known):
        expected = f"expected one of: {', '.join(sorted(known))}" if known else "it takes none"
        raise Refused(PARAMETER_INVALID, f"Unknown query parameter {', '.join(strange)[:200]}; {expected}.")
    if len(given) > len(set(given)):
        raise Refused(PARAMETER_INVALID, f"Query parameter {max(given, key=given.count)} is given more than once.")


#: Checked by the registry itself, whose refusals list them.
_VALUES = {
    "hostingType": {"enum": [it.value for it in Hosting]},
    "status": {"enum": [it.value for it in HealthStatus]},
    "category": {"format": "category"},
}

_STATISTICS = {
    "external_count": 192,
    "self_hosted_count": 56,
    "healthy_count": 154,
    "unhealthy_count": 3,
    "hot_count": 1,
    "warm_count": 4,
    "cold_count": 11,
    "category_count": 16,
    "provider_count": 35,
    "off_count": 40,
}
_MODEL: dict[str, Any] = dict.fromkeys(RegistryModel.__struct_encode_fields__) | {
    "id": "7a69355d-d29d-4e63-b3cf-b4d51cf03609",
    "provider_id": "openai",
    "provider_name": "OpenAI",
    "model_id": "gpt-4o-mini",
    "litellm_id": "openai/gpt-4o-mini",
    "name": "gpt-4o-mini",
    "display_name": "GPT-4o mini",
    "hosting_type": "external",
    "category": "llm",
    "capabilities": ["function_calling", "vision"],
    "input_modalities": ["text", "image"],
    "output_modalities": ["text"],
    "primary_mode": "chat",
    "context_window": 128_000,
    "max_output": 16_384,
    "pricing_type": "per_token",
    "input_cost_per_1k": "0.00015",
    "output_cost_per_1k": "0.0006",
    "markup_rate": "0.4000",
    "is_transitioning": False,
    "enabled": True,
    "deprecated": False,
    "doubts": [],
    "scheduled_prices": None,
    "health_status": "healthy",
    "avg_latency_ms": 412.5,
    "error_rate": 0.0,
    "compliance": ["HIPAA"],
    "min_tier": 1,
    "created_at": "2026-11-23T06:53:04.545567Z",
    "updated_at": "2026-11-23T06:53:04.545567Z",
    "license_conditions": [],
    "aliases": ["gpt-4o-mini-2024-07-18"],
    "model_context_window": 128_000,
    "key_variables": [],
}
_EXAMPLES = {
    "/registry/models": {"total": 1, "external": 1, "selfHosted": 0, "models": [_MODEL]},
    "/registry/stats": _STATISTICS,
}


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what an answer looks like."""
    for path, example in _EXAMPLES.items():
        answer = document["paths"][f"{Registry.path}{path}"]["get"]["responses"]["200"]
        answer["content"]["application/json"]["example"] = example
    for parameter in document["paths"][f"{Registry.path}/registry/models"]["get"]["parameters"]:
        if parameter["name"] in _VALUES:
            parameter["schema"] |= _VALUES[parameter["name"]]


HANDLERS: list[Any] = [Registry]
