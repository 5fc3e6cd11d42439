"""LiteLLM's map, rule by rule."""

import json
from decimal import Decimal
from typing import Any

import pytest

from radiant.claims.reading import Claim
from radiant.public_catalogs import litellm

#: How it is said that a price is not kept; `test_left_out.py` is about that.
LEFT_OUT = ("it is not in the costs", "which are left out", "the shortest is kept")


def claim(key: str = "m", **entry: Any) -> Claim:
    body = {key: {"litellm_provider": "x", **entry}}
    reading = litellm.read(json.dumps(body).encode())
    assert [it for it in reading.refusals if not it.problem.endswith(LEFT_OUT)] == []
    return reading.claims[0]


def test_a_region_never_stands_for_the_plain_model() -> None:
    body = {
        "azure/gpt-4o": {"litellm_provider": "azure", "mode": "chat", "input_cost_per_token": 2.5e-6},
        "azure/eu/gpt-4o": {"litellm_provider": "azure", "mode": "chat", "input_cost_per_token": 2.75e-6},
    }
    plain, eu = litellm.read(json.dumps(body).encode()).claims
    assert (plain.model_id, plain.facts["price.input_per_mtok"]) == ("gpt-4o", Decimal("2.5"))
    assert (eu.model_id, eu.facts["price.input_per_mtok"]) == ("eu/gpt-4o", Decimal("2.75"))
    assert (eu.facts["region"], eu.facts["variant_of"]) == ("eu", "gpt-4o")
    assert "region" not in plain.facts and "litellm_id" not in eu.facts


@pytest.mark.parametrize(
    ("mode", "task", "into", "out", "capability"),
    [
        ("chat", "chat", ["text"], ["text"], None),
        ("responses", "chat", ["text"], ["text"], None),
        ("completion", "completion", ["text"], ["text"], None),
        ("embedding", "embedding", ["text"], ["embedding"], "text_embedding"),
        ("image_generation", "image", ["text"], ["image"], "text_to_image"),
        ("image_edit", "image", ["text", "image"], ["image"], "image_to_image"),
        ("video_generation", "video", ["text"], ["video"], "text_to_video"),
        ("audio_speech", "audio", ["text"], ["audio"], "text_to_speech"),
        ("audio_transcription", "transcription", ["audio"], ["text"], "transcription"),
        ("realtime", "realtime", ["text", "audio"], ["text", "audio"], "realtime_audio"),
        ("rerank", "rerank", ["text"], ["structured"], "rerank"),
        ("moderation", "moderation", ["text"], ["structured"], "content_moderation"),
        ("ocr", "ocr", ["image", "file"], ["text"], "ocr"),
        ("search", "search", ["text"], ["text"], "web_search_api"),
        ("evaluation", "other", None, None, None),
        ("telepathy", "other", None, None, None),
    ],
)
def test_a_mode_is_a_task(
    mode: str, task: str, into: list[str] | None, out: list[str] | None, capability: str | None
) -> None:
    facts = claim(mode=mode).facts
    assert facts["task"] == task
    assert (facts.get("input_modalities"), facts.get("output_modalities")) == (into, out)
    assert facts.get("capabilities") == ([capability] if capability else None)


def test_flags_become_capabilities_and_inputs() -> None:
    facts = claim(
        mode="chat",
        supports_response_schema=True,
        supports_native_structured_output=True,
        supports_vision=True,
        supports_pdf_input=True,
        supports_native_streaming=True,
        supports_web_search=False,
        supports_telepathy=True,
    ).facts
    assert facts["capabilities"] == ["pdf_input", "streaming", "structured_output", "vision"]
    assert facts["input_modalities"] == ["text", "image", "file"]


def test_listed_modalities_come_first() -> None:
    facts = claim(
        mode="chat",
        supported_modalities=["video", "text"],
        supported_output_modalities=["text", "code", "audio"],
        supports_vision=True,
    ).facts
    assert facts["input_modalities"] == ["text", "image", "video"]
    assert facts["output_modalities"] == ["text", "audio"]


def test_limits_and_dates() -> None:
    facts = claim(
        mode="embedding",
        max_input_tokens=8191,
        max_output_tokens=8191,
        max_tokens=4,
        output_vector_size=1536.0,
        deprecation_date="2027-01-14",
    ).facts
    assert {key: facts[key] for key in ("context_window", "max_input", "embedding_dimension", "retires")} == {
        "context_window": 8191,
        "max_input": 8191,
        "embedding_dimension": 1536,
        "retires": "2027-01-14",
    }
    assert "max_output" not in facts
    assert claim(mode="chat", max_output_tokens=4096).facts["max_output"] == 4096


@pytest.mark.parametrize(
    ("mode", "entry", "price"),
    [
        (
            "chat",
            {
                "input_cost_per_token": 1.5e-7,
                "output_cost_per_token": 6e-7,
                "cache_read_input_token_cost": 7.5e-8,
                "cache_creation_input_token_cost": 1.875e-7,
                "input_cost_per_token_batches": 7.5e-8,
                "output_cost_per_token_batches": 3e-7,
                "input_cost_per_audio_token": 1e-5,
                "output_cost_per_audio_token": 2e-5,
                "output_cost_per_image_token": 3e-5,
                "cache_creation_input_token_cost_above_1hr": 3e-7,
                "cache_read_input_audio_token_cost": 3e-7,
                "cache_creation_input_audio_token_cost": 4e-7,
                "cache_read_input_image_token_cost": 5e-7,
                "input_cost_per_video_token": 1e-6,
                "citation_cost_per_token": 2e-6,
                "google_maps_grounding_cost_per_query": 0.014,
                "input_cost_per_audio_per_second": 0.0001,
                "input_cost_per_video_per_second": 0.0007,
            },
            {
                "input_per_mtok": "0.15",
                "output_per_mtok": "0.6",
                "cache_read_per_mtok": "0.075",
                "cache_write_per_mtok": "0.1875",
                "batch_input_per_mtok": "0.075",
                "batch_output_per_mtok": "0.3",
                "audio_input_per_mtok": "10",
                "audio_output_per_mtok": "20",
                "image_output_per_mtok": "30",
                "cache_write_1h_per_mtok": "0.3",
                "audio_cache_read_per_mtok": "0.3",
                "audio_cache_write_per_mtok": "0.4",
                "image_cache_read_per_mtok": "0.5",
                "video_input_per_mtok": "1",
                "citation_per_mtok": "2",
                "per_map_search": "0.014",
                "per_input_audio_second": "0.0001",
                "per_input_video_second": "0.0007",
            },
        ),
        ("image_generation", {"output_cost_per_image": 0.04}, {"per_image": "0.04"}),
        ("image_generation", {"input_cost_per_image": 0.167, "input_cost_per_pixel": 1e-7}, {"per_image": "0.167"}),
        (
            "image_generation",
            {"output_cost_per_image_1K": 0.08, "output_cost_per_image_4K": 0.16},
            {"per_image_1k": "0.08", "per_image_4k": "0.16"},
        ),
        (
            "realtime",
            {"input_cost_per_second": 0.0008, "input_cost_per_text_message": 0.004},
            {"per_minute": "0.048", "per_text_message": "0.004"},
        ),
        ("image_edit", {"output_cost_per_image": 0.05}, {"per_image": "0.05"}),
        ("video_generation", {"output_cost_per_second": 0.12}, {"per_second": "0.12"}),
        ("video_generation", {"output_cost_per_video_per_second": 0.1}, {"per_second": "0.1"}),
        ("audio_speech", {"input_cost_per_character": 0.000015}, {"per_million_characters": "15"}),
        ("audio_speech", {"output_cost_per_second": 0.00025}, {"per_second": "0.00025"}),
        (
            "audio_transcription",
            {"input_cost_per_second": 0.0001, "output_cost_per_second": 0.0},
            {"per_minute": "0.006"},
        ),
        (
            "audio_transcription",
            {"input_cost_per_second": 0.00007167, "metadata": {"original_pricing_per_minute": 0.0043}},
            {"per_minute": "0.0043"},
        ),
        ("realtime", {"input_cost_per_second": 0.000833333333333}, {"per_minute": "0.05"}),
        ("rerank", {"input_cost_per_query": 0.002}, {"per_request": "0.002"}),
        ("search", {"input_cost_per_query": 0.008}, {"per_request": "0.008"}),
        (
            "ocr",
            {"ocr_cost_per_page": 0.004, "annotation_cost_per_page": 0.005},
            {"per_thousand_pages": "4", "per_thousand_annotated_pages": "5"},
        ),
        ("chat", {"input_cost_per_second": 0.0175}, {}),
        ("chat", {"input_cost_per_image": 0.001, "input_cost_per_character": 1e-6}, {"per_input_image": "0.001"}),
    ],
)
def test_prices_come_in_our_units(mode: str, entry: dict[str, Any], price: dict[str, str]) -> None:
    facts = claim(mode=mode, **entry).facts
    assert {key[6:]: value for key, value in facts.items() if key.startswith("price.")} == {
        meter: Decimal(amount) for meter, amount in price.items()
    }


def test_prices_above_a_number_of_tokens_are_tiers() -> None:
    facts = claim(
        mode="chat",
        input_cost_per_token=1e-7,
        output_cost_per_token=5e-7,
        input_cost_per_token_above_272k_tokens=2e-7,
        output_cost_per_token_above_272k_tokens=7.5e-7,
        cache_read_input_token_cost_above_272k_tokens=2e-8,
        input_cost_per_token_above_128k_tokens=1.5e-7,
        input_cost_per_token_above_272k_tokens_priority=4e-7,
        cache_creation_input_token_cost_above_1hr=2e-7,
    ).facts
    assert facts["price.tiers"] == [
        {"above_input_tokens": 128_000, "input_per_mtok": "0.15"},
        {
            "above_input_tokens": 272_000,
            "cache_read_per_mtok": "0.02",
            "input_per_mtok": "0.2",
            "output_per_mtok": "0.75",
        },
    ]


def test_ranges_are_a_base_price_and_tiers() -> None:
    facts = claim(
        mode="chat",
        tiered_pricing=[
            {"range": [0, 32000.0], "input_cost_per_token": 1.2e-6, "output_cost_per_token": 6e-6},
            {"range": [32000.0, 128000.0], "input_cost_per_token": 2.4e-6, "output_cost_per_token": 1.2e-5},
        ],
    ).facts
    assert (facts["price.input_per_mtok"], facts["price.output_per_mtok"]) == (Decimal("1.2"), Decimal(6))
    assert facts["price.tiers"] == [{"above_input_tokens": 32_000, "input_per_mtok": "2.4", "output_per_mtok": "12"}]


def test_a_tier_like_the_base_price_is_none() -> None:
    facts = claim(mode="chat", input_cost_per_token=1e-6, input_cost_per_token_above_200k_tokens=1e-6).facts
    assert "price.tiers" not in facts


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('{"mode": "chat"}', "`litellm_provider` is null; expected the name of a provider"),
        ('{"litellm_provider": 3}', "`litellm_provider` is 3; expected the name of a provider"),
        ('{"litellm_provider": "x"}', None),
        ('"text"', 'is "text"; expected an object'),
        ("[]", "is a list; expected an object"),
    ],
)
def test_an_entry_that_says_nothing_usable_is_refused(entry: str, problem: str | None) -> None:
    body = f'{{"m": {entry}, "good": {{"litellm_provider": "x", "mode": "chat"}}}}'
    reading = litellm.read(body.encode())
    expected = [f"m: {problem}"] if problem else []
    assert [str(refusal) for refusal in reading.refusals] == expected
    assert [claim.entry for claim in reading.claims] == (["good"] if problem else ["m", "good"])


@pytest.mark.parametrize(
    ("fact", "problem"),
    [
        ('"mode": 7', "`mode` is 7; expected text"),
        ('"max_input_tokens": "many"', '`max_input_tokens` is "many"; expected a whole number from 1 to 1,000,000,000'),
        ('"max_input_tokens": -5', "`max_input_tokens` is -5; expected a whole number from 1 to 1,000,000,000"),
        ('"max_input_tokens": true', "`max_input_tokens` is true; expected a whole number from 1 to 1,000,000,000"),
        ('"max_output_tokens": 1.5', "`max_output_tokens` is 1.5; expected a whole number from 1 to 1,000,000,000"),
        ('"max_output_tokens": 1e12', "`max_output_tokens` is 1E+12; expected a whole number from 1 to 1,000,000,000"),
        ('"supports_vision": "yes"', '`supports_vision` is "yes"; expected true or false'),
        ('"supports_vision": 1', "`supports_vision` is 1; expected true or false"),
        ('"deprecation_date": "soon"', '`deprecation_date` is "soon"; expected a date, YYYY-MM-DD'),
        ('"deprecation_date": "2026-02-30"', '`deprecation_date` is "2026-02-30"; expected a date, YYYY-MM-DD'),
        ('"supported_modalities": "text"', '`supported_modalities` is "text"; expected a list'),
        ('"supported_modalities": ["smell"]', '`supported_modalities` holds "smell", which is no modality we know'),
        ('"supported_modalities": [1]', "`supported_modalities` holds 1; expected text"),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused_alone(fact: str, problem: str) -> None:
    body = f'{{"m": {{"litellm_provider": "x", "output_vector_size": 8, {fact}}}}}'
    reading = litellm.read(body.encode())
    assert [refusal.problem for refusal in reading.refusals] == [problem]
    assert reading.claims[0].facts["embedding_dimension"] == 8


def test_zero_and_null_limits_are_unknown() -> None:
    facts = claim(mode="chat", max_input_tokens=0, max_output_tokens=None).facts
    assert "context_window" not in facts and "max_output" not in facts


def test_documentation_and_patterns_in_the_map_are_no_entries() -> None:
    body = {
        "sample_spec": {"litellm_provider": "one of many", "mode": "one of", "max_tokens": "some"},
        "fallback_generalizations": {"rules": []},
        "m": {"litellm_provider": "x", "mode": "chat"},
    }
    reading = litellm.read(json.dumps(body).encode())
    assert [claim.entry for claim in reading.claims] == ["m"]
    assert reading.refusals == ()
