"""The catalogs as their packages ship them: all of each is read, and nothing in it means what it cannot mean."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import radiant.catalog
from radiant.claims.document import document
from radiant.claims.reading import Claim, Reading
from radiant.domain.units import BY_KEY as PER_UNIT


def prices(claim: Claim) -> dict[str, Any]:
    return {key[6:]: value for key, value in claim.facts.items() if key.startswith("price.")}


def test_every_entry_of_litellms_map_is_read(litellm_body: bytes, litellm_reading: Reading) -> None:
    entries = document("litellm", litellm_body)
    assert len(entries) >= 4_242
    assert {claim.entry for claim in litellm_reading.claims} == set(entries) - {
        "sample_spec", "fallback_generalizations",
    }  # fmt: skip


#: How the report begins to speak of models whose price depends on the hour.
#: What is said once of many entries, which are read.
ALIKE = ("costs less at certain hours", "`prices.", "has prices of ")


def test_every_entry_of_models_dev_is_read(models_dev_body: bytes, models_dev_reading: Reading) -> None:
    raw = document("models.dev", models_dev_body)
    keys = {f"{provider}/{model}" for provider, entry in raw.items() for model in entry["models"]}
    assert len(keys) >= 4_800
    assert {claim.entry for claim in models_dev_reading.claims} == keys


def test_every_entry_of_genai_prices_is_read_or_refused(
    genai_prices_body: bytes, genai_prices_reading: Reading
) -> None:
    raw = document("genai-prices", genai_prices_body)
    keys = {f"{provider['id']}/{model['id']}" for provider in raw for model in provider["models"]}
    assert len(keys) >= 2_330
    read = {claim.entry.partition("#")[0] for claim in genai_prices_reading.claims}
    refused = {refusal.entry for refusal in genai_prices_reading.refusals if not refusal.problem.startswith(ALIKE)}
    assert read | refused == keys and not read & refused


def test_hardly_anything_in_the_real_files_is_refused(
    litellm_reading: Reading, models_dev_reading: Reading, genai_prices_reading: Reading
) -> None:
    """What is, is a mistake there: a price per thousand tokens as one per token, a month 25, an entry of no fact."""
    mistakes = [it for it in litellm_reading.refusals if "not in the costs" not in it.problem]
    assert len(mistakes) <= 12
    assert len(litellm_reading.refusals) <= 60, "what many entries have alike is one sentence"
    assert len(models_dev_reading.refusals) <= 10
    problems = {refusal.problem for refusal in genai_prices_reading.refusals}
    assert {it for it in problems if not it.startswith(ALIKE)} == {"says nothing that we keep"}
    assert len(problems) <= 20, "what many entries have alike is one sentence"
    assert len(genai_prices_reading.refusals) <= 100


def test_no_price_is_negative_or_absurd_and_all_are_exact(reading: Reading) -> None:
    seen = Counter[str]()
    for claim in reading.claims:
        for meter, value in prices(claim).items():
            seen[meter] += 1
            if meter == "note":
                assert type(value) is str
            elif meter == "tiers":
                assert [tier["above_input_tokens"] > 0 and len(tier) > 1 for tier in value] == [True] * len(value)
                assert all(isinstance(tier[key], str) for tier in value for key in tier if key != "above_input_tokens")
            elif meter == "variants":
                assert all(
                    it["when"] and len(it) > 1 and PER_UNIT.keys() >= it.keys() - {"when", "tiers"} for it in value
                )
            elif meter == "hours":
                assert all(it["weekdays"] and it["utc"] and len(it) > 2 for it in value)
            else:
                assert type(value) is Decimal, (claim.entry, meter)
                assert 0 <= value <= PER_UNIT[meter].highest, (claim.entry, meter)
                assert len(value.as_tuple().digits) <= 10, (claim.entry, meter)
    assert sum(seen.values()) >= 8_000


def test_entries_are_told_apart_and_ids_are_ids(reading: Reading) -> None:
    assert len({claim.entry for claim in reading.claims}) == len(reading.claims)
    for claim in reading.claims:
        assert claim.provider_id, claim.entry
        assert claim.model_id is None or claim.model_id.strip() == claim.model_id != "", claim.entry
    assert sum(claim.model_id is None for claim in reading.claims) <= 40


#: Our providers, as far as each file has them, by their names there.
OURS = {
    "litellm": {
        "ai21", "anthropic", "assemblyai", "azure_ai", "azure_openai", "bedrock", "bfl", "cerebras", "cloudflare",
        "cohere", "dashscope", "databricks", "deepgram", "deepinfra", "deepseek", "elevenlabs", "fal_ai", "fireworks",
        "google", "groq", "inception", "jina", "meta", "minimax", "mistral", "moonshot", "nebius", "novita", "nvidia",
        "oci", "openai", "parallel_ai", "perplexity", "recraft", "replicate", "runway", "sambanova", "stability",
        "tavily", "together", "vercel_ai_gateway", "vertex_ai", "voyage", "xai", "zai",
    },
    "models.dev": {
        "anthropic", "azure_ai", "azure_openai", "bedrock", "cerebras", "cloudflare", "cohere", "dashscope",
        "databricks", "deepinfra", "deepseek", "fireworks", "github_models", "google", "groq", "huggingface",
        "inception", "minimax", "mistral", "moonshot", "nebius", "novita", "nvidia", "openai", "openrouter",
        "perplexity", "together", "vercel_ai_gateway", "vertex_ai", "xai", "zai",
    },
    "genai-prices": {
        "anthropic", "azure_ai", "azure_openai", "bedrock", "cerebras", "cloudflare", "cohere", "databricks",
        "deepseek", "elevenlabs", "fireworks", "google", "groq", "huggingface", "meta", "minimax", "mistral",
        "moonshot", "novita", "openai", "openrouter", "perplexity", "together", "vertex_ai", "voyage", "xai", "zai",
    },
}  # fmt: skip


def test_every_provider_of_ours_in_a_file_is_mapped_to_ours(reading: Reading) -> None:
    catalog = {folder.name for folder in (Path(radiant.catalog.__path__[0]) / "providers").iterdir()}
    assert {claim.provider_id for claim in reading.claims} & catalog == OURS[reading.source]


def test_the_file_names_no_provider_of_ours_that_we_missed(reading: Reading) -> None:
    """No id that a source's name makes is one of ours in another spelling."""
    spellings = {
        "ai21_chat", "alibaba", "amazon_bedrock", "aws", "azure", "azure_text", "bedrock_converse",
        "black_forest_labs", "cohere_chat", "fireworks_ai", "gemini", "jina_ai", "lumaai", "mistralai",
        "moonshotai", "nvidia_nim", "perplexity_agent", "runwayml", "stability_ai", "text_completion_openai",
        "together_ai", "togetherai", "voyageai", "x_ai",
    }  # fmt: skip
    assert {claim.provider_id for claim in reading.claims} & spellings == set()
