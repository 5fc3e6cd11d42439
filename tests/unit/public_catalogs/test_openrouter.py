"""OpenRouter's list, rule by rule. It ships in no package: entries are written after its interface."""

import json
from decimal import Decimal
from typing import Any

import pytest

from radiant.claims.reading import Claim, Reading
from radiant.public_catalogs import openrouter

MODEL: dict[str, Any] = {
    "id": "anthropic/claude-sonnet-5.5",
    "canonical_slug": "anthropic/claude-5.5-sonnet-20260901",
    "hugging_face_id": "",
    "name": "Anthropic: Claude Sonnet 5.5",
    "created": 1788220800,
    "description": "A model.",
    "context_length": 1_000_000,
    "architecture": {
        "modality": "text+image+file->text",
        "input_modalities": ["file", "image", "text"],
        "output_modalities": ["text"],
        "tokenizer": "Claude",
        "instruct_type": None,
    },
    "pricing": {
        "prompt": "0.000002",
        "completion": "0.00001",
        "request": "0",
        "image": "0.0048",
        "web_search": "0.01",
        "internal_reasoning": "0",
        "input_cache_read": "0.0000002",
        "input_cache_write": "0.0000025",
    },
    "top_provider": {"context_length": 200_000, "max_completion_tokens": 64_000, "is_moderated": True},
    "per_request_limits": None,
    "supported_parameters": ["include_reasoning", "max_tokens", "reasoning", "stop", "structured_outputs", "tools"],
    "default_parameters": {"temperature": None},
    "supported_voices": None,
    "expiration_date": None,
    "links": {"details": "/api/v1/models/anthropic/claude-5.5-sonnet-20260901/endpoints"},
}


def read(**changes: Any) -> Reading:
    return openrouter.read(json.dumps({"data": [{**MODEL, **changes}], "total_count": 1}).encode())


def claim(**changes: Any) -> Claim:
    reading = read(**changes)
    assert reading.refusals == ()
    return reading.claims[0]


def price(pricing: dict[str, Any]) -> dict[str, Any]:
    facts = claim(pricing=pricing).facts
    return {key[6:]: value for key, value in facts.items() if key.startswith("price.")}


def test_an_entry_is_openrouters_own_offering() -> None:
    """The author's own offering is not claimed, nor is the day it came to OpenRouter the day it was released."""
    reading = read()
    assert reading.claims == (
        Claim(
            entry="anthropic/claude-sonnet-5.5",
            provider_id="openrouter",
            model_id="anthropic/claude-sonnet-5.5",
            facts={
                "display_name": "Anthropic: Claude Sonnet 5.5",
                "task": "chat",
                "input_modalities": ["text", "image", "file"],
                "output_modalities": ["text"],
                "context_window": 1_000_000,
                "max_output": 64_000,
                "capabilities": ["function_calling", "pdf_input", "reasoning", "structured_output", "vision"],
                "price.input_per_mtok": Decimal(2),
                "price.output_per_mtok": Decimal(10),
                "price.cache_read_per_mtok": Decimal("0.2"),
                "price.cache_write_per_mtok": Decimal("2.5"),
                "price.reasoning_per_mtok": Decimal(0),
                "price.per_search": Decimal("0.01"),
                "price.per_input_image": Decimal("0.0048"),
            },
        ),
    )
    assert (reading.refusals, reading.date) == ((), None)


@pytest.mark.parametrize(
    "id",
    ["openrouter/auto", "~anthropic/claude-opus-latest", "openai/gpt-4o-2024-08-06", "meta-llama/llama-4:free"],
)
def test_an_id_is_kept_as_it_is(id: str) -> None:
    assert (claim(id=id).provider_id, claim(id=id).model_id) == ("openrouter", id)


def test_an_alias_names_its_target() -> None:
    alias = claim(
        id="~anthropic/claude-opus-latest", alias_target={"slug": "anthropic/claude-opus-5.5", "name": "Opus 5.5"}
    )
    assert alias.facts["alias_of"] == "anthropic/claude-opus-5.5"
    assert "alias_of" not in claim(alias_target=None).facts


def test_an_entry_that_is_sold_in_batches_alone_is_a_way_to_buy_the_model() -> None:
    assert (claim(id="a/m:batch").facts["variant"], claim(id="a/m:batch").facts["variant_of"]) == ("batch", "a/m")
    for other in ("a/batch", "a/m:batches", ":batch", "a/m:free"):
        assert "variant_of" not in claim(id=other).facts


def test_free_is_zero_and_dynamic_is_no_price() -> None:
    assert price({"prompt": "0", "completion": "0"}) == {"input_per_mtok": 0, "output_per_mtok": 0}
    assert price({"prompt": "-1", "completion": "-1", "request": "-1", "image": "-1"}) == {}
    assert price({"prompt": "-1", "completion": "0.000001"}) == {}
    assert price({}) == {}


def test_units_are_per_token_and_per_request() -> None:
    fields = {"prompt": "0.00000125", "request": "0.005", "audio": "0.000001", "image_output": "3E-5"}
    # https://openrouter.ai/docs/client-sdks/python/components/pricing, 2026-11-26
    caches = {"input_cache_write_1h": "0.000006", "input_audio_cache": "0.0000001"}
    assert price({**fields, **caches}) == {
        "input_per_mtok": Decimal("1.25"),
        "per_request": Decimal("0.005"),
        "audio_input_per_mtok": Decimal(1),
        "cache_write_1h_per_mtok": Decimal(6),
        "audio_cache_read_per_mtok": Decimal("0.1"),
        "image_output_per_mtok": Decimal(30),
    }


def test_overrides_for_long_prompts_are_tiers_and_of_those_for_hours_the_dearest_counts() -> None:
    reading = read(
        pricing={
            "prompt": "0.000002",
            "completion": "0.00001",
            "overrides": [
                {"min_prompt_tokens": 200_000, "prompt": "0.000004", "completion": "0.000015"},
                {"utc_start": "0030", "utc_end": "1630", "prompt": "0.000001"},
                {"min_prompt_tokens": 200_000, "utc_start": "0030", "prompt": "0.000001"},
            ],
        }
    )
    facts = reading.claims[0].facts
    assert facts["price.tiers"] == [{"above_input_tokens": 200_000, "input_per_mtok": "4", "output_per_mtok": "15"}]
    assert facts["price.input_per_mtok"] == 2
    assert facts["price.note"] == "Other prices hold at certain hours; these are the dearest."
    assert [it.problem for it in reading.refusals] == [
        "costs less at certain hours, which are left out; the dearest price is kept"
    ]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"pricing": {"prompt": "free"}}, '`pricing.prompt` is "free"; expected a number'),
        ({"pricing": {"prompt": "NaN"}}, '`pricing.prompt` is "NaN"; expected a number'),
        ({"pricing": {"prompt": "٣"}}, '`pricing.prompt` is "٣"; expected a number'),
        ({"pricing": {"prompt": "-0.5"}}, "`pricing.prompt` is -0.5: a price is not negative"),
        (
            {"pricing": {"prompt": "2"}},
            "`pricing.prompt` is 2: 2,000,000 USD per million tokens is taken for a mistake; at most 2,500 is believed",
        ),
        ({"pricing": "0.1"}, '`pricing` is "0.1"; expected an object'),
        (
            {"pricing": {"overrides": [{"min_prompt_tokens": "200k", "prompt": "1e-6"}]}},
            '`pricing.overrides[0].min_prompt_tokens` is "200k"; expected a number of tokens',
        ),
        ({"expiration_date": "2026-13-01"}, '`expiration_date` is "2026-13-01"; expected a date, YYYY-MM-DD'),
        ({"supported_parameters": "tools"}, '`supported_parameters` is "tools"; expected a list'),
        ({"architecture": None, "name": {}}, "`name` is an object; expected text"),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused_alone(changes: dict[str, Any], problem: str) -> None:
    reading = read(**changes)
    assert [refusal.problem for refusal in reading.refusals] == [problem]
    assert reading.claims[0].facts["context_window"] == 1_000_000


@pytest.mark.parametrize(
    ("output", "task", "ours"),
    [
        (["text"], "chat", ["text"]),
        (["text", "image"], "chat", ["text", "image"]),
        (["image"], "image", ["image"]),
        (["audio"], "audio", ["audio"]),
        (["speech"], "audio", ["audio"]),
        (["transcription"], "transcription", ["text"]),
        (["video"], "video", ["video"]),
        (["embeddings"], "embedding", ["embedding"]),
        (["rerank"], "rerank", ["structured"]),
    ],
)
def test_the_output_tells_the_task(output: list[str], task: str, ours: list[str]) -> None:
    facts = claim(architecture={"input_modalities": ["text"], "output_modalities": output}, pricing={}).facts
    assert (facts["task"], facts["output_modalities"]) == (task, ours)


def test_the_window_of_the_best_provider_stands_in() -> None:
    assert claim(context_length=None).facts["context_window"] == 200_000


def test_an_announced_end_is_a_date() -> None:
    assert claim(expiration_date="2027-01-31").facts["retires"] == "2027-01-31"


@pytest.mark.parametrize(
    ("model", "refusal"),
    [
        (7, "[0]: is 7; expected an object"),
        ({"name": "M"}, "[0]: has the id null; expected text"),
        ({"id": 3}, "[0]: has the id 3; expected text"),
        ({"id": "a/b"}, "a/b: says nothing that we keep"),
    ],
)
def test_an_entry_that_cannot_be_one_is_refused(model: Any, refusal: str) -> None:
    reading = openrouter.read(json.dumps({"data": [model, MODEL]}).encode())
    assert [str(each) for each in reading.refusals] == [refusal]
    assert len(reading.claims) == 1
