"""Random registries and requests, full of ties and gaps."""

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]

UNIT_PRICES = {
    "per_request": "cost_per_request",
    "per_image": "cost_per_image",
    "per_second": "cost_per_second",
    "per_minute": "cost_per_minute",
    "per_character": "cost_per_character",
    "per_page": "cost_per_page",
    "per_hour": "cost_per_hour",
}
PRICES = [
    None,
    Decimal(0),
    Decimal("0.00015"),
    Decimal("0.0006"),
    Decimal("0.02"),
    Decimal("0.020000000000000001"),
    Decimal(3),
]
#: Words of ours, which are understood where no model has them, and providers that need have no model.
CAPABILITIES = ["vision", "reasoning", "streaming"]
PROVIDERS = ("p", "q", "Q", "self_hosted", "nobody")
CLASSES = ["small", "standard", "flagship"]
#: The day that retirements are counted from, and the providers that there is a key for.
TODAY = dt.date(2026, 11, 26)
NOW = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)
CONNECTED = ("q", "Q")
MODALITIES = ["text", "image", "audio"]


def some(values: list[str], most: int = 3) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True, max_size=most)


def often(value: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(value), st.just(value), st.just(value), other)


prices = st.sampled_from(PRICES)
rows_strategy = st.lists(
    st.fixed_dictionaries(
        {
            "provider_id": st.sampled_from(["p", "q", "Q"]),
            "model_id": st.sampled_from(["a", "B", "b", "é", "m1", "m2", "m3", "m4", "m5", "m6"]),
            "own": st.sampled_from([None, None, "HOT", "WARM", "COLD", "COLD", "OFF"]),
            "capabilities": st.one_of(st.none(), some(CAPABILITIES)),
            "input_modalities": often(["text"], st.one_of(st.none(), some(MODALITIES))),
            "output_modalities": often(["text"], some(MODALITIES)),
            "primary_mode": often("chat", st.sampled_from(["embedding", "image", "completion"])),
            "context_window": st.sampled_from([None, 0, 4000, 4001, 8000, 10**6]),
            "pricing_type": st.sampled_from([None, "per_token", "per_token", "per_token", *UNIT_PRICES]),
            "input_cost_per_1k": prices,
            "output_cost_per_1k": prices,
            "cached_input_cost_per_1k": prices,
            **dict.fromkeys(UNIT_PRICES.values(), prices),
            "further_prices": often(
                None,
                st.fixed_dictionaries(
                    {},
                    optional={
                        "image_output_per_mtok": st.sampled_from(["30", "0"]),
                        "image_tokens": st.sampled_from([1120, "1056"]),
                        "audio_output_per_mtok": st.sampled_from(["64", "12.5"]),
                        "per_input_image": st.sampled_from(["0.002", "0"]),
                        "tiers": st.just([{"above_input_tokens": 1000, "input_per_mtok": "4"}]),
                    },
                ),
            ),
            "markup_rate": st.sampled_from([None, Decimal(0), Decimal("0.40"), Decimal("0.75")]),
            "enabled": often(True, st.booleans()),
            "deprecated": often(False, st.booleans()),
            "health_status": st.sampled_from([None, "unknown", "healthy", "healthy", "degraded", "unhealthy"]),
            "avg_latency_ms": st.sampled_from([None, 0, 100, 100.5, Decimal("250.25"), 900]),
            "compliance": st.one_of(st.none(), some(["HIPAA", "SOC2"])),
            "commercial_use_allowed": st.sampled_from([None, True, False]),
            "min_tier": st.sampled_from([None, 1, 2, 3, 4, 5]),
            "max_input": st.sampled_from([None, None, 1, 999, 10**6]),
            "max_output": st.sampled_from([None, None, 2, 500]),
            "class": st.sampled_from([None, *CLASSES]),
            "throughput_tps": st.sampled_from([None, None, Decimal(50), Decimal("900.5")]),
            "retires": often(None, st.sampled_from([TODAY + dt.timedelta(days) for days in (-1, 0, 1, 30, 31)])),
            "resting_until": often(None, st.just(NOW + dt.timedelta(seconds=30))),
        }
    ),
    max_size=25,
    unique_by=lambda row: ("self_hosted" if row["own"] else row["provider_id"], row["model_id"]),
)
asked_strategy = st.fixed_dictionaries(
    {
        "task": often("chat", st.sampled_from(["embedding", "image", "completion"])),
        "input_modalities": often(["text"], some(MODALITIES)),
        "output_modalities": often(["text"], some(MODALITIES)),
        "tenant_tier": st.sampled_from([1, 2, 3, 4, 5, 5, 5]),
        "prefer_hosting": often("any", st.sampled_from(["external", "self_hosted"])),
        "prefer_providers": often([], some(["p", "Q", "self_hosted", "nobody"])),
        "max_latency_ms": often(None, st.sampled_from([0, 99, 100, 100.5, 899.9, 10**6])),
        "max_cost_per_request": often(None, st.sampled_from([0, *PRICES[1:], Decimal("0.00045"), Decimal("0.00063")])),
        "required_capabilities": often([], some([*CAPABILITIES, "computer_use"])),
        "max_input_cost_per_1k": often(None, st.sampled_from([0, *PRICES[1:], Decimal("0.00021")])),
        "max_output_cost_per_1k": often(None, st.sampled_from([0, *PRICES[1:]])),
        "only_providers": often([], some(["p", "Q", "self_hosted", "nobody"])),
        "exclude_providers": often([], some(["p", "Q", "self_hosted", "nobody"])),
        "connected_only": st.sampled_from([None, None, False, True]),
        "min_class": often(None, st.sampled_from(CLASSES)),
        "min_context_window": often(None, st.sampled_from([0, 4000, 4001, 10**7])),
        "require_hipaa": often(False, st.booleans()),
        "require_commercial_use": often(False, st.booleans()),
        "exclude": often([], some(["a", "p/m3", "p#é", "self_hosted/m1", "m2", "nobody"])),
        "profile": st.sampled_from(["ready-first", "cheapest", "fastest", "largest-context", "best"]),
        "usage": often(
            None,
            st.fixed_dictionaries(
                {},
                optional={
                    "input_tokens": st.sampled_from([0, 1, 1000, 10**6]),
                    "output_tokens": st.sampled_from([0, 500, 3]),
                    "cached_share": st.sampled_from(["0", "0.5", "0.125", "1"]),
                    "images": st.sampled_from([0, 4]),
                    "seconds": st.sampled_from([0, 30, 3600]),
                    "characters": st.sampled_from([0, 7]),
                    "pages": st.sampled_from([0, 3]),
                },
            ),
        ),
    }
)


def registry(drawn: list[Row]) -> list[Row]:
    rows = []
    for columns in drawn:
        own = columns["own"]
        provider = "self_hosted" if own else columns["provider_id"]
        rows.append(
            {key: value for key, value in columns.items() if key != "own"}
            | {
                "provider_id": provider,
                "id": f"{provider}#{columns['model_id']}",
                "provider_name": provider,
                "litellm_id": None,
                "display_name": columns["model_id"],
                "hosting_type": "self_hosted" if own else "external",
                "thermal_state": own,
                "is_transitioning": False,
                "warmup_time_seconds": 60 if own else None,
            }
        )
    return rows
