"""The health of providers for readers: what it is, and what it was."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from litestar import Controller, get
from litestar.openapi.spec import Example
from litestar.params import Parameter, QueryParameter

from radiant.api.problems import AnyRequest
from radiant.api.security import TheApp, reader
from radiant.domain.health import (
    ModelHealth,
    Point,
    ProviderHealth,
    ProviderHistory,
    RegionHealth,
    Spending,
    Window,
)
from radiant.domain.vocabulary import HealthStatus

from .registry import refuse_unknown

_PATH = "/api/v2/health"


class HealthList(msgspec.Struct):
    """All providers with an API, by id, and what completions that people asked for have cost today."""

    providers: list[ProviderHealth]
    paid_probes: Spending


class HealthOfProviders(Controller):
    path = _PATH
    guards = (reader,)
    tags = ("health",)

    @get("/", summary="The health of all providers")
    async def listed(self, radiant: TheApp, request: AnyRequest) -> HealthList:
        """As probes and reported outcomes measured it; nobody is asked for this answer. The status of a provider is
        that of its best region. What nobody measured is null, and `not_probed` says why. Latencies are milliseconds,
        rates shares from 0 to 1."""
        refuse_unknown(request, set())
        return HealthList(await radiant.health.listed(), await radiant.health.spending())

    @get("/{provider:str}", summary="The health of one provider in a window of time")
    async def of(
        self,
        radiant: TheApp,
        request: AnyRequest,
        provider: Annotated[str, Parameter(description="Its id", examples=[Example(value="openai")])],
        window: Annotated[
            str, QueryParameter(description="How far back: 1h, 24h or 30d", examples=[Example(value="24h")])
        ] = Window.DAY.value,
    ) -> ProviderHistory:
        """Uptime, percentiles and incidents in the window, step by step in `points`, and the models that real requests
        were reported of."""
        refuse_unknown(request, {"window"})
        return await radiant.health.of(provider, window)


_AT = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
_REGION = RegionHealth(
    region="global",
    status=HealthStatus.HEALTHY,
    avg_latency_ms=212.4,
    p95_latency_ms=251.0,
    p99_latency_ms=251.0,
    error_rate=0.0,
    success_rate=1.0,
)
_NOW: dict[str, Any] = {
    "provider_id": "groq",
    "display_name": "Groq",
    "status": HealthStatus.HEALTHY,
    "regions": [_REGION],
    "resting": [],
    "status_page": None,
}


def _all() -> dict[str, Any]:
    """All providers as they are told of."""
    spending = Spending(spent_usd=Decimal("0.0000141"), budget_usd=Decimal("0.05"))
    found: dict[str, Any] = msgspec.to_builtins(HealthList([ProviderHealth(**_NOW)], spending))
    return found


def _example() -> dict[str, Any]:
    """One provider as it is told of."""
    model = ModelHealth(model_id="openai/gpt-oss-20b", status=HealthStatus.HEALTHY, avg_latency_ms=300.2)
    found: dict[str, Any] = msgspec.to_builtins(
        ProviderHistory(
            **_NOW,
            window=Window.DAY,
            since=_AT - Window.DAY.length,
            uptime=0.998,
            success_rate=0.997,
            p50_latency_ms=201.1,
            p95_latency_ms=260.4,
            p99_latency_ms=401.9,
            points=[Point(at=_AT, ok=12, failed=0, p50_latency_ms=199.0)],
            incidents=[],
            models=[model],
        )
    )
    return found


def describe(document: dict[str, Any]) -> None:
    """Show in the OpenAPI document what an answer looks like, and which values may be asked for."""
    one = document["paths"][f"{_PATH}/{{provider}}"]["get"]
    examples = ((document["paths"][_PATH]["get"], _all()),)
    for operation, example in (*examples, (one, _example())):
        operation["responses"]["200"]["content"]["application/json"]["example"] = example
    values = {"provider": {"format": "provider"}, "window": {"enum": list(Window)}}
    for parameter in one["parameters"]:
        parameter["schema"] |= values[parameter["name"]]


HANDLERS: list[Any] = [HealthOfProviders]
