"""What we know as an entry of LiteLLM's map: read again, it says the same."""

import json
from decimal import Decimal
from typing import Any

import pytest

from radiant.catalog.fields import facts_of
from radiant.catalog.load import load_catalog
from radiant.domain.units import BY_KEY
from radiant.domain.vocabulary import Task
from radiant.public_catalogs.litellm import read
from radiant.public_catalogs.litellm_entry import entry_of
from radiant.public_catalogs.litellm_prices import BESIDES, PER_TOKEN

CATALOG = load_catalog()
SERVED = {"/".join(key): it for key, it in CATALOG.external.items() if it.litellm_id is not None}


def test_prices_are_of_one_token_and_limits_have_litellms_names() -> None:
    facts = {
        "task": "chat", "context_window": 200_000, "max_output": 8000, "capabilities": ["vision", "reasoning"],
        "price.input_per_mtok": Decimal("2.5"), "price.cache_write_per_mtok": Decimal("3.125"),
        "price.tiers": [{"above_input_tokens": 128_000, "input_per_mtok": Decimal(5)}],
    }  # fmt: skip
    assert entry_of("anthropic/m", facts) == {
        "litellm_provider": "anthropic",
        "mode": "chat",
        "max_input_tokens": 200_000,
        "max_output_tokens": 8000,
        "max_tokens": 8000,
        "input_cost_per_token": Decimal("0.0000025"),
        "cache_creation_input_token_cost": Decimal("0.000003125"),
        "input_cost_per_token_above_128k_tokens": Decimal("0.000005"),
        "supports_reasoning": True,
        "supports_vision": True,
    }


@pytest.mark.parametrize(
    ("task", "fact", "key", "amount"),
    [
        ("image", "price.per_image", "output_cost_per_image", "3"),
        ("audio", "price.per_million_characters", "input_cost_per_character", "0.000003"),
        ("transcription", "price.per_minute", "input_cost_per_second", "0.05"),
        ("ocr", "price.per_thousand_pages", "ocr_cost_per_page", "0.003"),
        ("rerank", "price.per_request", "input_cost_per_query", "3"),
        ("video", "price.per_second", "output_cost_per_second", "3"),
    ],
)
def test_each_task_has_its_own_key(task: str, fact: str, key: str, amount: str) -> None:
    assert entry_of("p/m", {"task": task, fact: Decimal(3)})[key] == Decimal(amount)


@pytest.mark.parametrize("name", sorted(SERVED))
def test_what_we_write_is_read_as_what_we_know(name: str) -> None:
    model = SERVED[name]
    facts = facts_of(model)
    id = str(model.litellm_id)
    (claim,) = read(json.dumps({id: entry_of(id, facts)}, default=float).encode()).claims
    meters = {*PER_TOKEN.values(), *(meter for _, meter in BESIDES.get(Task(facts["task"]), ()))}
    told = {f"price.{meter}" for meter in meters & BY_KEY.keys()} & facts.keys() & claim.facts.keys()
    read_again: dict[str, Any] = {field: claim.facts[field] for field in told}
    assert {field: float(value) for field, value in read_again.items()} == {
        field: pytest.approx(float(facts[field]), rel=1e-12) for field in told
    }
    if facts.get("price.input_per_mtok"):
        assert "price.input_per_mtok" in told
    assert claim.facts.get("context_window") == facts.get("context_window")
