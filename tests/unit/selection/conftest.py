"""Rows of the registry, short to write."""

from collections.abc import Callable
from typing import Any

import pytest

from radiant.selection.masks import bound, memory, sieve

MakeRow = Callable[..., dict[str, Any]]

NOTHING: dict[str, Any] = dict.fromkeys(
    (
        "input_cost_per_1k",
        "output_cost_per_1k",
        "cost_per_request",
        "cost_per_second",
        "cost_per_image",
        "cost_per_minute",
        "markup_rate",
        "thermal_state",
        "warmup_time_seconds",
        "avg_latency_ms",
        "commercial_use_allowed",
        "pricing_type",
        "min_tier",
    )
)


def _row(model_id: str, columns: dict[str, Any]) -> dict[str, Any]:
    provider = columns.get("provider_id", "p")
    return (
        NOTHING
        | {
            "id": f"{provider}#{model_id}",
            "provider_id": provider,
            "provider_name": f"Provider {provider}",
            "model_id": model_id,
            "litellm_id": f"{provider}/{model_id}",
            "display_name": model_id.upper(),
            "hosting_type": "external",
            "capabilities": [],
            "input_modalities": ["text"],
            "output_modalities": ["text"],
            "primary_mode": "chat",
            "context_window": 8000,
            "is_transitioning": False,
            "enabled": True,
            "deprecated": False,
            "health_status": "healthy",
            "compliance": [],
        }
        | columns
    )


@pytest.fixture(scope="session")
def external() -> MakeRow:
    """`external("m", column=…)`: a healthy chat model of provider `p` without prices or latency."""

    def make(model_id: str, **columns: Any) -> dict[str, Any]:
        return _row(model_id, columns)

    return make


@pytest.fixture(scope="session")
def hosted() -> MakeRow:
    """`hosted("m", "COLD", column=…)`: a self-hosted chat model of tier 3."""

    def make(model_id: str, state: str = "COLD", **columns: Any) -> dict[str, Any]:
        return _row(
            model_id,
            {
                "provider_id": "self_hosted",
                "hosting_type": "self_hosted",
                "pricing_type": "per_hour",
                "thermal_state": state,
                "warmup_time_seconds": 90,
                "health_status": "healthy" if state in ("HOT", "WARM") else "unknown",
                "min_tier": 3,
            }
            | columns,
        )

    return make


@pytest.fixture(scope="session")
def chat() -> dict[str, Any]:
    """A request that every chat model up to tier 3 can serve."""
    return {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 3}


@pytest.fixture(params=["roomy", "cramped"])
def space(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Cramped, even small registries are asked as very large ones are: by steps, and the head of the list first."""
    if request.param == "cramped":
        monkeypatch.setattr(memory, "ROOM", 0)
        monkeypatch.setattr(memory, "FEWEST", 2)
        monkeypatch.setattr(bound, "FEWEST_STEPS", 2)
        monkeypatch.setattr(sieve, "HEAD", 2)
    return str(request.param)
