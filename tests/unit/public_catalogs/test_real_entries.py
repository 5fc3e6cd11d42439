"""Chosen entries of the catalogs as their packages ship them say here what they say there."""

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from radiant.claims.reading import Claim, Reading


def entry(reading: Reading, key: str) -> Claim:
    (found,) = (claim for claim in reading.claims if claim.entry == key)
    return found


def prices(claim: Claim) -> dict[str, Any]:
    return {key[6:]: value for key, value in claim.facts.items() if key.startswith("price.")}


def test_chosen_entries_of_litellm(litellm_reading: Reading) -> None:
    mini = entry(litellm_reading, "gpt-4o-mini")
    assert (mini.provider_id, mini.model_id, mini.facts["litellm_id"]) == (
        "openai",
        "gpt-4o-mini",
        "openai/gpt-4o-mini",
    )
    assert (mini.facts["context_window"], mini.facts["max_output"]) == (128_000, 16_384)
    assert prices(mini) == {
        "input_per_mtok": Decimal("0.15"),
        "output_per_mtok": Decimal("0.6"),
        "cache_read_per_mtok": Decimal("0.075"),
        "batch_input_per_mtok": Decimal("0.075"),
        "batch_output_per_mtok": Decimal("0.3"),
        "per_search": Decimal("0.025"),
        "variants": [
            {
                "when": {"service_tier": "priority"},
                "cache_read_per_mtok": "0.125",
                "input_per_mtok": "0.25",
                "output_per_mtok": "1",
            }
        ],
    }
    luna = entry(litellm_reading, "gpt-6-luna")
    assert luna.facts["price.cache_write_per_mtok"] == Decimal("0.125")
    assert luna.facts["price.tiers"] == [
        {
            "above_input_tokens": 272_000,
            "cache_read_per_mtok": "0.02",
            "cache_write_per_mtok": "0.25",
            "input_per_mtok": "0.2",
            "output_per_mtok": "0.75",
        }
    ]
    assert prices(entry(litellm_reading, "claude-opus-5-5"))["input_per_mtok"] == 4
    assert entry(litellm_reading, "text-embedding-3-small").facts["embedding_dimension"] == 1536
    assert entry(litellm_reading, "gpt-4o-mini-2024-07-18").model_id == "gpt-4o-mini-2024-07-18"


@pytest.mark.parametrize(
    ("key", "provider", "model", "region", "input"),
    [
        ("azure/gpt-4o-2024-11-20", "azure_openai", "gpt-4o-2024-11-20", None, "2.5"),
        ("azure/eu/gpt-4o-2024-11-20", "azure_openai", "eu/gpt-4o-2024-11-20", "eu", "2.75"),
        ("anthropic.claude-opus-5-5", "bedrock", "anthropic.claude-opus-5-5", None, "4"),
        ("us.anthropic.claude-opus-5-5", "bedrock", "us.anthropic.claude-opus-5-5", "us", "4.4"),
        ("global.anthropic.claude-opus-5-5", "bedrock", "global.anthropic.claude-opus-5-5", "global", "4"),
        ("bedrock/sa-east-1/deepseek.v3.2", "bedrock", "sa-east-1/deepseek.v3.2", "sa-east-1", "0.74"),
        ("gemini/gemini-3.8-flash", "google", "gemini-3.8-flash", None, "0.75"),
        ("vertex_ai/gemini-3.8-flash", "vertex_ai", "gemini-3.8-flash", None, "0.75"),
        ("fireworks_ai/glm-5p3", "fireworks", "accounts/fireworks/models/glm-5p3", None, "1.4"),
        ("dashscope/qwen3-max", "dashscope", "qwen3-max", None, "1.2"),
        ("deepseek/deepseek-v4-pro", "deepseek", "deepseek-v4-pro", None, "1.32"),
        ("databricks/databricks-claude-opus-4", "databricks", "databricks-claude-opus-4", None, "15.00002"),
    ],
)
def test_keys_and_regions_of_litellm(
    litellm_reading: Reading, key: str, provider: str, model: str, region: str | None, input: str
) -> None:
    claim = entry(litellm_reading, key)
    assert (claim.provider_id, claim.model_id, claim.facts.get("region")) == (provider, model, region)
    assert claim.facts["price.input_per_mtok"] == Decimal(input)


@pytest.mark.parametrize(
    ("key", "task", "price"),
    [
        ("deepgram/nova-3", "transcription", {"per_minute": "0.0043"}),
        ("whisper-1", "transcription", {"per_minute": "0.006"}),
        ("gpt-realtime-whisper", "transcription", {"per_minute": "0.017"}),
        ("elevenlabs/eleven_v3", "audio", {"per_million_characters": "80"}),
        ("tts-1", "audio", {"per_million_characters": "15"}),
        ("recraft/recraftv3", "image", {"per_image": "0.04"}),
        ("high/1024-x-1024/gpt-image-1", "image", {"per_image": "0.167"}),
        ("runwayml/gen4.5", "video", {"per_second": "0.12"}),
        ("openai/sora-2", "video", {"per_second": "0.1"}),
        ("rerank-v4.0-pro", "rerank", {"per_request": "0.0025"}),
        ("tavily/search", "search", {"per_request": "0.008"}),
        ("mistral/mistral-ocr-4-1", "ocr", {"per_thousand_pages": "4", "per_thousand_annotated_pages": "5"}),
        ("gpt-live-1", "realtime", {"per_minute": "0.05"}),
        ("bedrock/us-east-1/1-month-commitment/anthropic.claude-v1", "chat", {}),
    ],
)
def test_units_of_litellm(litellm_reading: Reading, key: str, task: str, price: dict[str, str]) -> None:
    claim = entry(litellm_reading, key)
    assert claim.facts["task"] == task
    assert prices(claim) == {meter: Decimal(amount) for meter, amount in price.items()}


def test_variants_of_litellm_never_have_a_plain_models_id(litellm_reading: Reading) -> None:
    variants = [claim for claim in litellm_reading.claims if "variant" in claim.facts]
    assert len(variants) >= 500
    assert all(claim.model_id == f"{claim.facts['variant']}/{claim.facts['variant_of']}" for claim in variants)
    assert Counter(claim.provider_id for claim in variants).keys() == {
        "azure_openai", "bedrock", "bedrock_mantle", "openai", "fal_ai", "deepgram", "xai",
    }  # fmt: skip


def test_chosen_entries_of_models_dev(models_dev_reading: Reading) -> None:
    gpt5 = entry(models_dev_reading, "openai/gpt-5")
    assert (gpt5.provider_id, gpt5.model_id, gpt5.date) == ("openai", "gpt-5", "2025-08-07")
    assert {key: gpt5.facts[key] for key in ("context_window", "max_input", "max_output", "released")} == {
        "context_window": 400_000,
        "max_input": 272_000,
        "max_output": 128_000,
        "released": "2025-08-07",
    }
    assert prices(gpt5) == {
        "input_per_mtok": Decimal("1.25"),
        "output_per_mtok": Decimal(10),
        "cache_read_per_mtok": Decimal("0.125"),
    }
    nova = entry(models_dev_reading, "amazon-bedrock/eu.anthropic.claude-opus-4-7")
    assert (nova.provider_id, nova.model_id, nova.facts["region"]) == ("bedrock", "eu.anthropic.claude-opus-4-7", "eu")
    assert entry(models_dev_reading, "azure/gpt-4.1").provider_id == "azure_openai"
    assert entry(models_dev_reading, "azure/claude-haiku-4-5").provider_id == "azure_ai"
    assert entry(models_dev_reading, "moonshotai-cn/kimi-k2.5").provider_id == "moonshot_cn"
    assert entry(models_dev_reading, "groq/whisper-large-v3").facts["task"] == "transcription"
    assert entry(models_dev_reading, "openai/text-embedding-3-small").facts["output_modalities"] == ["embedding"]
    assert models_dev_reading.date == max(claim.date or "" for claim in models_dev_reading.claims) >= "2026-05-01"


def test_providers_of_models_dev_can_be_adopted(models_dev_reading: Reading) -> None:
    (deepinfra,) = (provider for provider in models_dev_reading.providers if provider.id == "deepinfra")
    assert (deepinfra.display_name, deepinfra.key_variables) == ("Deep Infra", ("DEEPINFRA_API_KEY",))
    assert {claim.provider_id for claim in models_dev_reading.claims} - {"azure_ai"} <= {
        provider.id for provider in models_dev_reading.providers
    } | {"azure_openai"}


@pytest.mark.parametrize(
    ("key", "provider", "model", "price"),
    [
        ("openai/gpt-4o-mini", "openai", "gpt-4o-mini", {"input_per_mtok": "0.15", "batch_output_per_mtok": "0.3"}),
        ("openai/gpt-4o-mini#gpt-4o-mini-2024-07-18", "openai", "gpt-4o-mini-2024-07-18", {"input_per_mtok": "0.15"}),
        ("anthropic/claude-opus-5-5", "anthropic", "claude-opus-5-5", {"cache_write_per_mtok": "5"}),
        ("deepseek/deepseek-v4-pro", "deepseek", "deepseek-v4-pro", {"input_per_mtok": "1.32"}),
        ("fireworks/glm-5p3", "fireworks", "accounts/fireworks/models/glm-5p3", {"output_per_mtok": "4.4"}),
        ("zai/GLM-5.3", "zai", "glm-5.3", {"input_per_mtok": "1.4"}),
        ("minimax/minimax-m3", "minimax", "MiniMax-M3", {"input_per_mtok": "0.3"}),
        ("google/gemini-3.8-flash", "google", "gemini-3.8-flash", {"input_per_mtok": "0.75"}),
        ("google/claude-opus-5-5", "vertex_ai", "claude-opus-5-5", {"input_per_mtok": "4"}),
        ("azure/phi-4", "azure_ai", "phi-4", {"input_per_mtok": "0.125"}),
        ("aws/regional.moonshotai.kimi-k3", "bedrock", "us.moonshotai.kimi-k3", {"input_per_mtok": "3.3"}),
        ("huggingface_together/openai/gpt-oss-120b", "huggingface", "openai/gpt-oss-120b:together",
         {"output_per_mtok": "0.6"}),
        ("openai/gpt-realtime-whisper", "openai", "gpt-realtime-whisper", {"per_minute": "0.017"}),
        ("mistral/mistral-ocr-4-1", "mistral", "mistral-ocr-4-1", {"per_thousand_pages": "4"}),
        ("mistral/devstral-small:free", "mistral", None, {}),
    ],
)  # fmt: skip
def test_chosen_entries_of_genai_prices(
    genai_prices_reading: Reading, key: str, provider: str, model: str | None, price: dict[str, str]
) -> None:
    claim = entry(genai_prices_reading, key)
    assert (claim.provider_id, claim.model_id) == (provider, model)
    assert {meter: prices(claim)[meter] for meter in price} == {
        meter: Decimal(amount) for meter, amount in price.items()
    }


def test_where_catalogs_agree_units_and_keys_were_understood(
    litellm_reading: Reading, genai_prices_reading: Reading
) -> None:
    """Of the input prices that both state, nine in ten are equal to the last digit, in spite of other units."""
    theirs = {(claim.provider_id, claim.model_id): prices(claim) for claim in genai_prices_reading.claims}
    pairs = [
        (ours["input_per_mtok"], theirs[claim.provider_id, claim.model_id]["input_per_mtok"])
        for claim in litellm_reading.claims
        if "input_per_mtok" in (ours := prices(claim))
        and "input_per_mtok" in theirs.get((claim.provider_id, claim.model_id), {})
    ]
    assert len(pairs) >= 700
    assert sum(ours == other for ours, other in pairs) >= 0.88 * len(pairs)
