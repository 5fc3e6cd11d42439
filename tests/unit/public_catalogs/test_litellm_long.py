"""LiteLLM's prices of long requests and of what a cache keeps for long."""

import json
from typing import Any

from radiant.claims.reading import Claim
from radiant.public_catalogs import litellm


def claim(**entry: Any) -> Claim:
    (found,) = litellm.read(json.dumps({"m": {"litellm_provider": "x", **entry}}).encode()).claims
    return found


def test_long_requests_and_long_caches_both_at_once() -> None:
    keys = {"cache_creation_input_token_cost": (1, 5), "cache_creation_input_token_cost_above_1hr": (2, 10),
            "input_cost_per_audio_token": (3, 6)}  # fmt: skip
    entry: dict[str, Any] = {key: short * 1e-6 for key, (short, _) in keys.items()}
    entry |= {f"{key}_above_100k_tokens": long * 1e-6 for key, (_, long) in keys.items()}
    assert claim(mode="chat", input_cost_per_token=1e-6, **entry).facts["price.tiers"] == [
        {"above_input_tokens": 100_000, "audio_input_per_mtok": "6", "cache_write_1h_per_mtok": "10",
         "cache_write_per_mtok": "5"}
    ]  # fmt: skip
