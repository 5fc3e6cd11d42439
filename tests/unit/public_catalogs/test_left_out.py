"""What a public catalog charges for and we cannot is never dropped in silence, and is told once for all entries."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from radiant.claims.reading import Reading
from radiant.public_catalogs import genai_prices, litellm, models_dev, openrouter

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
        ("chat", "guardrail_cost_per_unit"),
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


EUROS = 'states prices in "EUR"; none of them is taken for US dollars, and all are left out'


@pytest.mark.parametrize(
    ("source", "body"),
    [
        (
            litellm,
            {"m": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-6, "currency": "EUR"}},
        ),
        (
            genai_prices,
            [{"id": "openai", "models": [{"id": "m", "match": {"equals": "m"}, "context_window": 9, "prices": [
                {"constraint": {"start_date": "2026-01-01"}, "prices": {"input_mtok": 1}, "currency": "EUR"}]}]}],
        ),
        (
            models_dev,
            {"openai": {"models": {"m": {"name": "M", "cost": {"input": 1, "currency": "EUR"}}}}},
        ),
        (openrouter, {"data": [{"id": "a/m", "name": "M", "pricing": {"prompt": "0.000001", "currency": "EUR"}}]}),
    ],
    ids=["litellm", "genai-prices", "models.dev", "openrouter"],
)  # fmt: skip
def test_prices_that_an_entry_states_in_another_currency_are_never_taken_for_dollars(source: Any, body: Any) -> None:
    reading = source.read(json.dumps(body).encode(), dt.date(2026, 11, 26))
    assert [it for claim in reading.claims for it in claim.facts if it.startswith("price")] == []
    assert [claim.dated for claim in reading.claims] == [()] * len(reading.claims)
    assert EUROS in [it.problem for it in reading.refusals]
    dollars = source.read(json.dumps(body).replace("EUR", "usd").encode(), dt.date(2026, 11, 26))
    assert [it for claim in dollars.claims for it in claim.facts if it.startswith("price")]
    assert EUROS.replace("EUR", "usd") not in [it.problem for it in dollars.refusals]


@pytest.mark.parametrize("id", ["gemini-2.5-pro-preview-tts", "x/qwen3-tts-flash", "canopy/tts:v1"])
def test_a_voice_is_no_chat(id: str) -> None:
    reading = read(**{id: {"mode": "chat", "max_input_tokens": 1000}})
    assert reading.claims[0].facts["task"] == "audio"
