"""models.dev's `api.json`, rule by rule."""

import json
from decimal import Decimal
from typing import Any

import pytest

from radiant.claims.reading import Claim, PublicProvider, Reading
from radiant.public_catalogs import models_dev


def read(provider: str = "openai", model: str = "m", **entry: Any) -> Reading:
    body = {provider: {"id": provider, "models": {model: {"name": "M", **entry}}}}
    return models_dev.read(json.dumps(body).encode())


def claim(provider: str = "openai", model: str = "m", **entry: Any) -> Claim:
    reading = read(provider, model, **entry)
    assert reading.refusals == ()
    return reading.claims[0]


def test_an_entry_becomes_facts_in_our_words() -> None:
    found = claim(
        model="gpt-5",
        name="GPT-5",
        release_date="2025-08-07",
        last_updated="2025-09-01",
        tool_call=True,
        reasoning=True,
        structured_output=False,
        temperature=False,
        attachment=True,
        status="deprecated",
        modalities={"input": ["text", "pdf", "image"], "output": ["text"]},
        limit={"context": 400_000, "input": 272_000, "output": 128_000},
        cost={"input": 1.25, "output": 10, "cache_read": 0.125, "cache_write": 0, "input_audio": 40, "reasoning": 10},
    )
    assert found == Claim(
        entry="openai/gpt-5",
        provider_id="openai",
        model_id="gpt-5",
        date="2025-09-01",
        facts={
            "display_name": "GPT-5",
            "task": "chat",
            "input_modalities": ["text", "image", "file"],
            "output_modalities": ["text"],
            "context_window": 400_000,
            "max_input": 272_000,
            "max_output": 128_000,
            "capabilities": ["function_calling", "pdf_input", "reasoning", "vision"],
            "price.input_per_mtok": Decimal("1.25"),
            "price.output_per_mtok": Decimal(10),
            "price.cache_read_per_mtok": Decimal("0.125"),
            "price.cache_write_per_mtok": Decimal(0),
            "price.reasoning_per_mtok": Decimal(10),
            "price.audio_input_per_mtok": Decimal(40),
            "released": "2025-08-07",
            "deprecated": True,
        },
    )


@pytest.mark.parametrize(
    ("provider", "model", "ours", "region"),
    [
        ("openai", "gpt-5", "openai", None),
        ("anthropic", "claude-opus-5", "anthropic", None),
        ("google", "gemini-2.5-pro", "google", None),
        ("google-vertex", "gemini-2.5-pro", "vertex_ai", None),
        ("google-vertex-anthropic", "claude-opus-4@20250514", "vertex_ai", None),
        ("amazon-bedrock", "anthropic.claude-opus-4-7", "bedrock", None),
        ("amazon-bedrock", "eu.anthropic.claude-opus-4-7", "bedrock", "eu"),
        ("azure", "gpt-4.1", "azure_openai", None),
        ("azure", "o3-mini", "azure_openai", None),
        ("azure", "text-embedding-3-large", "azure_openai", None),
        ("azure", "claude-haiku-4-5", "azure_ai", None),
        ("azure", "gpt-oss-120b", "azure_ai", None),
        ("azure-cognitive-services", "gpt-4.1", "azure_cognitive_services", None),
        ("togetherai", "openai/gpt-oss-120b", "together", None),
        ("fireworks-ai", "accounts/fireworks/models/kimi-k3", "fireworks", None),
        ("moonshotai", "kimi-k2.5", "moonshot", None),
        ("moonshotai-cn", "kimi-k2.5", "moonshot_cn", "cn"),
        ("alibaba", "qwen-max", "dashscope", None),
        ("alibaba-cn", "qwen-max", "dashscope_cn", "cn"),
        ("minimax", "MiniMax-M3", "minimax", None),
        ("minimax-coding-plan", "MiniMax-M3", "minimax_coding_plan", None),
        ("perplexity-agent", "perplexity/sonar", "perplexity", None),
        ("zai", "glm-5", "zai", None),
        ("zhipuai", "glm-5", "zhipu", None),
        ("novita-ai", "a/b", "novita", None),
        ("vercel", "openai/gpt-5", "vercel_ai_gateway", None),
        ("deepinfra", "a/b", "deepinfra", None),
        ("wafer.ai", "a", "wafer_ai", None),
        ("302ai", "a", "302ai", None),
    ],
)
def test_a_provider_is_one_of_ours_or_gets_an_id_of_its_own(
    provider: str, model: str, ours: str, region: str | None
) -> None:
    found = claim(provider, model)
    assert (found.entry, found.provider_id, found.model_id) == (f"{provider}/{model}", ours, model)
    assert found.facts.get("region") == region


@pytest.mark.parametrize(
    ("model", "into", "out", "task"),
    [
        ("m", ["text"], ["text"], "chat"),
        ("m", ["text", "audio"], ["text", "audio"], "chat"),
        ("m", ["audio"], ["text"], "transcription"),
        ("m", ["text"], ["image"], "image"),
        ("gemini-2.5-flash-image", ["text", "image"], ["text", "image"], "image"),
        ("gpt-5", ["text", "image"], ["text", "image"], "chat"),
        ("m", ["text", "image"], ["video"], "video"),
        ("m", ["text"], ["audio"], "audio"),
        ("text-embedding-3-small", ["text"], ["text"], "embedding"),
        ("baai/bge-m3", ["text"], ["text"], "embedding"),
        ("bge-reranker-v2-m3", ["text"], ["text"], "rerank"),
        ("embedded-thoughts", ["text"], ["text"], "chat"),
    ],
)
def test_what_goes_in_and_out_tells_the_task(model: str, into: list[str], out: list[str], task: str) -> None:
    found = claim("openai", model, modalities={"input": into, "output": out})
    assert found.facts["task"] == task


def test_vectors_are_not_text_and_have_no_output_limit() -> None:
    facts = claim(
        model="text-embedding-3-small",
        modalities={"input": ["text"], "output": ["text"]},
        limit={"context": 8191, "output": 1536},
        cost={"input": 0.02, "output": 0},
    ).facts
    assert facts["output_modalities"] == ["embedding"]
    assert "max_output" not in facts and "price.output_per_mtok" not in facts


def test_tiers_and_their_older_form() -> None:
    tiers = [{"input": 5, "output": 22.5, "tier": {"type": "context", "size": 272_000}}]
    older = {"input": 6, "output": 22.5, "cache_read": 0.6}
    base = {"input": 2.5, "output": 15}
    assert claim(cost={**base, "tiers": tiers, "context_over_200k": older}).facts["price.tiers"] == [
        {"above_input_tokens": 272_000, "input_per_mtok": "5", "output_per_mtok": "22.5"}
    ]
    assert claim(cost={**base, "context_over_200k": older}).facts["price.tiers"] == [
        {"above_input_tokens": 200_000, "cache_read_per_mtok": "0.6", "input_per_mtok": "6", "output_per_mtok": "22.5"}
    ]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"name": 5}, "`name` is 5; expected text"),
        ({"name": "a\x1bb"}, '`name` is "a\\x1bb"; expected at most 200 printable characters'),
        ({"cost": [1]}, "`cost` is a list; expected an object"),
        ({"cost": {"input": "one"}}, '`cost.input` is "one"; expected a number'),
        ({"cost": {"output": -0.1}}, "`cost.output` is -0.1: a price is not negative"),
        (
            {"cost": {"tiers": [{"input": 5}]}},
            "`cost.tiers[0]` does not say from how many tokens of context on it holds",
        ),
        (
            {"cost": {"tiers": [{"input": 5, "tier": {"type": "mood", "size": 9}}]}},
            "`cost.tiers[0]` does not say from how many tokens of context on it holds",
        ),
        ({"limit": {"output": False}}, "`limit.output` is false; expected a whole number from 1 to 1,000,000,000"),
        ({"modalities": {"input": ["scent"]}}, '`modalities.input` holds "scent", which is no modality we know'),
        ({"reasoning": "deep"}, '`reasoning` is "deep"; expected true or false'),
        ({"release_date": "9999-12-31"}, '`release_date` is "9999-12-31"; expected a date, YYYY-MM-DD'),
        ({"release_date": "2025-25-11"}, '`release_date` is "2025-25-11"; expected a date, YYYY-MM-DD'),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused_alone(entry: dict[str, Any], problem: str) -> None:
    reading = read(**{"tool_call": True, **entry})
    assert [refusal.problem for refusal in reading.refusals] == [problem]
    assert reading.claims[0].facts["capabilities"] == ["function_calling"]


@pytest.mark.parametrize("day", ["2025-06", "2025", "", None])
def test_less_than_a_day_is_no_date_and_no_mistake(day: str | None) -> None:
    found = claim(release_date=day, last_updated=day)
    assert ("released" in found.facts, found.date) == (False, None)


def test_the_newest_date_is_the_readings() -> None:
    body = {"a": {"models": {"x": {"name": "X", "last_updated": "2026-01-02"}, "y": {"name": "Y"}}}}
    assert models_dev.read(json.dumps(body).encode()).date == "2026-01-02"


def test_a_provider_is_described_once() -> None:
    body = {
        "deepinfra": {
            "name": "Deep Infra",
            "api": "https://api.deepinfra.com/v1/openai",
            "doc": "https://deepinfra.com/models",
            "env": ["DEEPINFRA_API_KEY", "not a variable"],
            "models": {"a": {"name": "A"}},
        },
        "cloudflare-workers-ai": {
            "name": "Cloudflare",
            "api": "https://api.cloudflare.com/${ACCOUNT_ID}/ai",
            "models": {"b": {"name": "B"}},
        },
        "google-vertex": {"name": "Vertex", "models": {"c": {"name": "C"}}},
        "google-vertex-anthropic": {"name": "Vertex (Anthropic)", "models": {"d": {"name": "D"}}},
    }
    assert models_dev.read(json.dumps(body).encode()).providers == (
        PublicProvider(
            id="deepinfra",
            display_name="Deep Infra",
            api_base_url="https://api.deepinfra.com/v1/openai",
            docs_url="https://deepinfra.com/models",
            key_variables=("DEEPINFRA_API_KEY",),
        ),
        PublicProvider(id="cloudflare", display_name="Cloudflare"),
        PublicProvider(id="vertex_ai", display_name="Vertex"),
    )


def test_a_provider_without_models_costs_only_itself() -> None:
    body = {"a": {"models": []}, "b": {"models": {"m": {"name": "M"}}}, "c": 4}
    reading = models_dev.read(json.dumps(body).encode())
    assert [claim.entry for claim in reading.claims] == ["b/m"]
    assert sorted(str(refusal) for refusal in reading.refusals) == [
        "a: `models` is a list; expected an object",
        "c: is 4; expected an object",
    ]
