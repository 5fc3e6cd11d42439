"""genai-prices' data, rule by rule."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from radiant.claims.reading import Claim, PublicProvider
from radiant.public_catalogs import genai_prices
from tests.unit.public_catalogs.genai import claims, read


def test_an_entry_becomes_facts_in_our_words() -> None:
    (found,) = claims(
        "anthropic",
        "claude-opus-5",
        name="Claude Opus 5",
        context_window=1_000_000,
        deprecated=True,
        prices_checked="2026-10-01",
        prices={
            "input_mtok": 5,
            "output_mtok": 25,
            "cache_read_mtok": 0.5,
            "cache_write_mtok": 6.25,
            "web_searches_kcount": 10,
        },
    )
    assert found == Claim(
        entry="anthropic/claude-opus-5",
        provider_id="anthropic",
        model_id="claude-opus-5",
        date="2026-10-01",
        facts={
            "display_name": "Claude Opus 5",
            "context_window": 1_000_000,
            "deprecated": True,
            "price.input_per_mtok": Decimal(5),
            "price.output_per_mtok": Decimal(25),
            "price.cache_read_per_mtok": Decimal("0.5"),
            "price.cache_write_per_mtok": Decimal("6.25"),
            "price.per_search": Decimal("0.01"),
        },
    )


@pytest.mark.parametrize(
    ("provider", "id", "ours", "model"),
    [
        ("openai", "gpt-4o", "openai", "gpt-4o"),
        ("x-ai", "grok-4.7", "xai", "grok-4.7"),
        ("aws", "amazon.nova-lite-v1:0", "bedrock", "amazon.nova-lite-v1:0"),
        ("azure", "o3-mini", "azure_openai", "o3-mini"),
        ("azure", "phi-4", "azure_ai", "phi-4"),
        ("azure", "mai-ds-r1:free", "azure_ai", None),
        ("google", "gemini-3.8-flash", "google", "gemini-3.8-flash"),
        ("google", "claude-opus-5", "vertex_ai", "claude-opus-5"),
        ("voyageai", "voyage-4", "voyage", "voyage-4"),
        ("moonshotai", "kimi-k3", "moonshot", "kimi-k3"),
        ("zhipuai", "GLM-5", "zhipu", "glm-5"),
        ("zai", "GLM-5.3", "zai", "glm-5.3"),
        ("mistral", "devstral-small:free", "mistral", None),
        ("openrouter", "meta-llama/llama-4:free", "openrouter", "meta-llama/llama-4:free"),
        ("github-copilot", "gpt-5", "github_copilot", "gpt-5"),
        ("openai-decisions", "gpt-6-luna", "openai_decisions", "gpt-6-luna"),
        ("huggingface_together", "openai/gpt-oss-120b", "huggingface", "openai/gpt-oss-120b:together"),
    ],
)
def test_a_provider_and_its_model_are_ours(provider: str, id: str, ours: str, model: str | None) -> None:
    (found,) = claims(provider, id)
    assert (found.entry, found.provider_id, found.model_id) == (f"{provider}/{id}", ours, model)


def test_who_serves_for_hugging_face_is_a_variant() -> None:
    facts = claims("huggingface_together", "openai/gpt-oss-120b")[0].facts
    assert (facts["variant"], facts["variant_of"]) == ("together", "openai/gpt-oss-120b")


@pytest.mark.parametrize(
    ("match", "models"),
    [
        ({"equals": "m"}, ["m"]),
        ({"starts_with": "m"}, ["m"]),
        ({"contains": "m"}, ["m"]),
        ({"ends_with": "m"}, ["m"]),
        ({"regex": "^m-\\d{8}$"}, ["m"]),
        ({"regex": "^(?!.*tts)"}, [None]),
        ({"and": [{"starts_with": "m"}, {"regex": "^(?!.*tts)"}]}, ["m"]),
        ({"and": [{"starts_with": "m"}, {"contains": "x"}]}, [None]),
        ({"and": [{"regex": "^m"}]}, [None]),
        ({"or": [{"equals": "m"}, {"equals": "m-2024-08-06"}, {"equals": "m-latest"}]},
         ["m", "m-2024-08-06", "m-latest"]),
        ({"or": [{"equals": "other"}, {"or": [{"equals": "third"}]}]}, ["other", "third"]),
        ({"or": [{"equals": "m"}, {"equals": "vendor/m"}]}, ["m"]),
        ({"or": [{"equals": "M"}, {"equals": "m"}]}, ["M"]),
        ({"equals": 5}, [None]),
        ({}, [None]),
        (None, [None]),
        ([], [None]),
    ],
)  # fmt: skip
def test_a_match_names_models(match: Any, models: list[str | None]) -> None:
    found = claims(match=match, prices={"input_mtok": 1})
    assert [claim.model_id for claim in found] == models


def test_a_match_nested_without_end_names_nothing() -> None:
    match: Any = {"equals": "m"}
    for _ in range(100):
        match = {"or": [match]}
    assert [claim.model_id for claim in claims(match=match, prices={"input_mtok": 1})] == [None]


def test_another_name_has_the_prices_and_nothing_else() -> None:
    """A dated name is not its family: the window and the name are said of the model, the price of both."""
    plain, dated = claims(
        id="gpt-4o",
        context_window=128_000,
        match={"or": [{"equals": "gpt-4o"}, {"equals": "gpt-4o-2024-08-06"}]},
        prices={"input_mtok": 2.5},
    )
    assert plain.facts == {"display_name": "M", "context_window": 128_000, "price.input_per_mtok": Decimal("2.5")}
    assert dated.entry == "openai/gpt-4o#gpt-4o-2024-08-06"
    assert dated.facts == {"price.input_per_mtok": Decimal("2.5"), "alias_of": "gpt-4o"}


def test_fireworks_ids_are_in_the_match() -> None:
    match = {"equals": "accounts/fireworks/models/glm-5p3"}
    assert [claim.model_id for claim in claims("fireworks", "glm-5p3", match=match)] == [match["equals"]]


def test_a_regional_entry_of_amazons_is_an_offering_per_geography() -> None:
    match = {
        "or": [
            {"equals": "us.anthropic.claude-opus-5-5"},
            {"equals": "eu.anthropic.claude-opus-5-5"},
            {"equals": "claude-opus-5-5"},
            {"contains": "jp.anthropic.claude-opus-5-5-v1"},
        ]
    }
    found = claims(
        "aws", "regional.anthropic.claude-opus-5-5", match=match, context_window=9, prices={"input_mtok": 4.4}
    )
    assert [(claim.model_id, claim.facts["region"], claim.facts["context_window"]) for claim in found] == [
        ("us.anthropic.claude-opus-5-5", "us", 9),
        ("eu.anthropic.claude-opus-5-5", "eu", 9),
    ]
    assert not any("alias_of" in claim.facts for claim in found)


def test_an_id_that_was_made_up_names_no_model() -> None:
    match = {"contains": "global.anthropic.claude-opus-4-7"}
    assert claims("aws", "global.anthropic.claude-opus-4-7-v1:0", match=match)[0].model_id is None
    dated = "global.anthropic.claude-sonnet-4-5-20250929-v1:0"
    assert claims("aws", dated)[0].model_id == dated


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"prices": {"input_mtok": "5 USD"}}, '`prices.input_mtok` is "5 USD"; expected a number'),
        ({"prices": {"input_mtok": -5}}, "`prices.input_mtok` is -5: a price is not negative"),
        ({"prices": 5}, "`prices` is 5; expected an object"),
        ({"prices": [5]}, "`prices[0]` is 5; expected an object"),
        (
            {"prices": {"input_mtok": {"base": 1, "tiers": [{"start": -1, "price": 2}]}}},
            "`prices.input_mtok.tiers[0].start` is -1; expected a number of tokens",
        ),
        (
            {"prices": {"input_mtok": {"base": 1, "tiers": [{"start": 5, "price": True}]}}},
            "`prices.input_mtok.tiers[0].price` is true; expected a number",
        ),
        ({"context_window": "big"}, '`context_window` is "big"; expected a whole number from 1 to 1,000,000,000'),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused_alone(entry: dict[str, Any], problem: str) -> None:
    reading = read(**entry)
    assert [refusal.problem for refusal in reading.refusals] == [problem]
    assert reading.claims[0].facts["display_name"] == "M"


def test_an_entry_without_a_price_or_a_name_is_refused() -> None:
    body = [{"id": "openai", "models": [{"id": "a", "match": {"equals": "a"}, "prices": {}}, {"id": "b", "name": "B"}]}]
    reading = genai_prices.read(json.dumps(body).encode())
    assert [claim.entry for claim in reading.claims] == ["openai/b"]
    assert [str(refusal) for refusal in reading.refusals] == ["openai/a: says nothing that we keep"]


def test_a_provider_without_models_costs_only_itself() -> None:
    body = [{"id": "a", "models": {}}, 5, {"id": "b", "name": "Bee", "models": [{"id": "m", "name": "M"}]}]
    reading = genai_prices.read(json.dumps(body).encode())
    assert [claim.entry for claim in reading.claims] == ["b/m"]
    assert sorted(str(refusal) for refusal in reading.refusals) == [
        "[1]: is 5; expected an object",
        "a: `models` is an object; expected a list",
    ]
    assert reading.providers == (PublicProvider(id="b", display_name="Bee"),)


@pytest.mark.parametrize(
    ("on", "until"),
    [(None, None), ("2026-11-26", "2026-12-01"), ("2026-12-01", "2027-03-01"), ("2027-03-01", None)],
)
def test_a_reading_says_until_when_it_holds(on: str | None, until: str | None) -> None:
    prices = [
        {"prices": {"input_mtok": 1}},
        {"constraint": {"start_date": "2027-03-01"}, "prices": {"input_mtok": 3}},
        {"constraint": {"start_date": "2026-12-01"}, "prices": {"input_mtok": 2}},
        {"constraint": {"start_date": "soon"}, "prices": {"input_mtok": 9}},
    ]
    body = [{"id": "openai", "models": [{"id": "m", "prices": prices}]}]
    day = None if on is None else dt.date.fromisoformat(on)
    assert genai_prices.read(json.dumps(body).encode(), day).until == until
