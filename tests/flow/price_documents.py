"""Documents of four public catalogs about models at one provider, each saying what it is given of them."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

#: The provider that all four speak of.
PROVIDER = "openrouter"

#: What a source says of a model: USD for a million tokens by `input`, `output`, `cache_read`, `batch_input` and
#: `long_input` (above 200,000 tokens), or for one request by `request`.
Prices = Mapping[str, Decimal]

#: By model id.
Said = Mapping[str, Prices]

_MILLION = Decimal(1_000_000)


def body(source: str, said: Said) -> bytes:
    """A document of `source`. What its format has no word for is left out."""
    return json.dumps(_WRITERS[source](said), default=float).encode()


def _litellm(said: Said) -> Any:
    names = {
        "input": "input_cost_per_token",
        "output": "output_cost_per_token",
        "cache_read": "cache_read_input_token_cost",
        "long_input": "input_cost_per_token_above_200k_tokens",
        "batch_input": "input_cost_per_token_batches",
    }
    return {
        f"{PROVIDER}/{model}": {
            "litellm_provider": PROVIDER,
            "mode": "chat",
            **{name: prices[key] / _MILLION for key, name in names.items() if key in prices},
            **({"input_cost_per_request": prices["request"]} if "request" in prices else {}),
        }
        for model, prices in said.items()
    }


def _genai(said: Said) -> Any:
    def listed(prices: Prices) -> dict[str, Any]:
        names = {"input": "input_mtok", "output": "output_mtok", "cache_read": "cache_read_mtok"}
        found: dict[str, Any] = {name: prices[key] for key, name in names.items() if key in prices}
        if "long_input" in prices and "input" in prices:
            tier = {"start": 200_000, "price": prices["long_input"]}
            found["input_mtok"] = {"base": prices["input"], "tiers": [tier]}
        return {**found, **({"requests_kcount": prices["request"] * 1000} if "request" in prices else {})}

    models = [
        {"id": model, "name": model, "match": {"equals": model}, "prices": listed(prices)}
        for model, prices in said.items()
    ]
    return [{"id": PROVIDER, "name": "OpenRouter", "models": models}]


def _models_dev(said: Said) -> Any:
    names = ("input", "output", "cache_read")
    models = {
        model: {"id": model, "name": model, "cost": {key: prices[key] for key in names if key in prices}}
        for model, prices in said.items()
    }
    return {PROVIDER: {"id": PROVIDER, "name": "OpenRouter", "models": models}}


def _openrouter(said: Said) -> Any:
    names = {"input": "prompt", "output": "completion", "cache_read": "input_cache_read"}
    return {
        "data": [
            {
                "id": model,
                "name": model,
                "context_length": 128_000,
                "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
                "pricing": {
                    **{name: f"{prices[key] / _MILLION:f}" for key, name in names.items() if key in prices},
                    **({"request": f"{prices['request']:f}"} if "request" in prices else {}),
                },
            }
            for model, prices in said.items()
        ]
    }


_WRITERS = {"litellm": _litellm, "genai-prices": _genai, "models.dev": _models_dev, "openrouter": _openrouter}
