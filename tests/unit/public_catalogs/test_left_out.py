"""What a public catalog charges for and we cannot is never dropped in silence, and is told once for all entries."""

import json
from decimal import Decimal
from typing import Any

import pytest

from radiant.claims.reading import Reading
from radiant.public_catalogs import genai_prices, litellm

NOT_IN_COSTS = "is no price we know how to charge; it is not in the costs"


def read(**entries: dict[str, Any]) -> Reading:
    return litellm.read(json.dumps({key: {"litellm_provider": "x", **it} for key, it in entries.items()}).encode())


def told(mode: str, **prices: Any) -> list[str]:
    return [it.problem for it in read(m={"mode": mode, "max_input_tokens": 1000, **prices}).refusals]


@pytest.mark.parametrize(
    ("mode", "key"),
    [
        ("image_generation", "input_cost_per_pixel"),
        ("image_generation", "output_cost_per_pixel"),
        ("image_generation", "output_cost_per_image_0.5K"),
        ("video_generation", "output_cost_per_second_1080p"),
        ("ocr", "ocr_cost_per_credit"),
        ("chat", "explicit_cache_read_input_token_cost"),
        ("chat", "input_cost_per_second"),
    ],
)
def test_a_price_of_litellms_that_no_meter_counts_is_told(mode: str, key: str) -> None:
    assert told(mode, **{key: 0.015}) == [f"`{key}` {NOT_IN_COSTS}"]
    assert told(mode, **{key: 0}) == [], "a zero is no loss"


def test_levels_of_service_and_longer_caches_are_one_sentence_each_with_the_number_of_entries() -> None:
    levels = {"input_cost_per_token_ultrafast": 2e-6, "ocr_cost_per_page_batches": 3e-6}
    cache = {"cache_creation_input_token_cost_above_12hr": 2e-6}
    plain = {"mode": "chat", "max_input_tokens": 1000}
    assert [str(it) for it in read(a={**plain, **levels, **cache}, b={**plain, **levels}).refusals] == [
        "a: has prices of other service levels (priority, flex, batch …), which are left out (and 1 more)",
        "a: has prices of caches kept for longer than an hour, which are left out",
    ]


@pytest.mark.parametrize(
    "prices",
    [
        {"input_cost_per_token": 1e-6, "input_dbu_cost_per_token": 1e-5},
        {"cache_read_input_token_cost": 1e-7, "input_cost_per_token_cache_hit": 1e-7},
        {"input_cost_per_token_batches": 1e-6, "output_cost_per_token_above_200k_tokens": 1e-6},
        {"search_context_cost_per_query": {"search_context_size_medium": 0.01}},
    ],
)
def test_what_is_read_or_repeats_what_is_read_is_not_told(prices: dict[str, Any]) -> None:
    assert told("chat", **prices) == []


def test_a_fee_of_genai_prices_for_searches_is_kept_and_what_no_meter_counts_is_told() -> None:
    prices = {"input_mtok": 5, "web_searches_kcount": 10, "input_gpixels": 8}
    body = [{"id": "openai", "models": [{"id": "m", "match": {"equals": "m"}, "prices": prices}]}]
    reading = genai_prices.read(json.dumps(body).encode())
    assert reading.claims[0].facts["price.per_search"] == Decimal("0.01")
    assert [it.problem for it in reading.refusals] == [f"`prices.input_gpixels` {NOT_IN_COSTS}"]


@pytest.mark.parametrize("id", ["gemini-2.5-pro-preview-tts", "x/qwen3-tts-flash", "canopy/tts:v1"])
def test_a_voice_is_no_chat(id: str) -> None:
    reading = read(**{id: {"mode": "chat", "max_input_tokens": 1000}})
    assert reading.claims[0].facts["task"] == "audio"
