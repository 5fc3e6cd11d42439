"""What batches cost by our own catalog: half of all, of what is cached and of long requests as well."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radiant.catalog.load import load_catalog
from radiant.domain.vocabulary import Task
from radiant.pricing.rating import rate
from radiant.pricing.responses import consumed
from radiant.pricing.row_sheets import BATCH, PriceRow, sheets_of

CATALOG = load_catalog()
TODAY = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)

#: Of these our sources do not say what a cached token costs in a batch, or not alike. Where a step follows, it is not
#: said either: a step names no kinds of requests.
UNKNOWN = {("google", "gemini-3.5-flash-lite"), ("openai", "gpt-4o-mini")}


def _costs(provider: str, model: str, usage: dict[str, int], context: dict[str, str]) -> Decimal | None:
    row = PriceRow(
        provider_id=provider,
        model_id=model,
        hosting="external",
        task=Task.CHAT,
        columns={},
        details=msgspec.to_builtins(CATALOG.external[provider, model].price),
        markup=None,
    )
    return rate(sheets_of(row), usage, TODAY, context, ahead=False).total


@pytest.mark.parametrize(
    ("provider", "model", "usage", "usd"),
    [
        # 10,000 × 1 + 50,000 × 0.1 + 20,000 × 1.25 + 20,000 × 2 + 1,000 × 5.
        ("anthropic", "claude-sonnet-5",
         {"input_tokens": 100_000, "cache_read_tokens": 50_000, "cache_write_tokens": 40_000,
          "cache_write_1h_tokens": 20_000, "output_tokens": 1_000}, "0.085"),
        # Above 100,000 tokens: 150,000 × 0.25 + 1,000 × 1.25.
        ("anthropic", "claude-haiku-5-5", {"input_tokens": 150_000, "output_tokens": 1_000}, "0.03875"),
        # Above 272,000 tokens: 100,000 × 10 + 200,000 × 1 + 1,000 × 37.5.
        ("openai", "gpt-6-astra",
         {"input_tokens": 300_000, "cache_read_tokens": 200_000, "output_tokens": 1_000}, "1.2375"),
        # A fifth less: 199,999 × 1 and 200,000 × 2.
        ("xai", "grok-4.3", {"input_tokens": 199_999, "output_tokens": 0}, "0.199999"),
        ("xai", "grok-4.3", {"input_tokens": 200_000, "output_tokens": 0}, "0.4"),
        # Images that come out: 1,756 × 15 and 1,120 × 60.
        ("openai", "gpt-image-2", {"output_tokens": 1_756, "output_image_tokens": 1_756}, "0.02634"),
        # A voice that costs what output does: 1,000 × 4.5.
        ("google", "gemini-3.8-flash-tts", {"output_tokens": 1_000, "output_audio_tokens": 1_000}, "0.0045"),
        ("google", "gemini-3-pro-image", {"output_tokens": 1_120, "output_image_tokens": 1_120}, "0.0672"),
    ],
)  # fmt: skip
def test_a_batch_costs_what_two_price_lists_say(provider: str, model: str, usage: dict[str, int], usd: str) -> None:
    assert _costs(provider, model, usage, BATCH) == Decimal(usd)


@pytest.mark.parametrize(
    "key",
    [
        key for key, it in CATALOG.external.items()
        if it.price is not None and it.price.batch_input_per_mtok and it.price.cache_read_per_mtok
        and not it.price.steps and key not in UNKNOWN
    ],
    ids="/".join,
)  # fmt: skip
def test_a_cached_token_of_a_batch_costs_less_than_elsewhere(key: tuple[str, str]) -> None:
    usage = {"input_tokens": 1_000, "cache_read_tokens": 1_000}
    inside, outside = (_costs(*key, usage, context) for context in (BATCH, {}))
    assert inside is not None and outside is not None and inside < outside


def test_a_line_of_a_batch_with_what_was_cached() -> None:
    """https://github.com/BYK/loreai/pull/503: the discount is on what is cached as well."""
    message: dict[str, Any] = {
        "type": "message", "model": "claude-haiku-4-5",
        "usage": {"input_tokens": 100, "cache_read_input_tokens": 10_000, "cache_creation_input_tokens": 0,
                  "output_tokens": 50, "service_tier": "batch"},
    }  # fmt: skip
    found = consumed({"custom_id": "a", "result": {"type": "succeeded", "message": message}}, "anthropic")
    # 100 × 0.5 + 10,000 × 0.05 + 50 × 2.5
    assert _costs(
        "anthropic", "claude-haiku-4-5", {it: int(number) for it, number in found.usage.items()}, dict(found.context)
    ) == Decimal("0.000675")


def _litellm(**more: Any) -> PriceRow:
    details = {
        "input_per_mtok": "1",
        "output_per_mtok": "10",
        "reasoning_per_mtok": "10",
        "audio_output_per_mtok": "12",
    }
    return PriceRow(
        provider_id="acme", model_id="m", hosting="external", task=Task.CHAT, columns={}, markup=None,
        details={**details, "batch_output_per_mtok": "5", **more},
    )  # fmt: skip


PRIORITY = {"service_tier": "priority"}


@pytest.mark.parametrize(
    ("row", "context", "usd"),
    [
        (_litellm(), {}, "0.0112"),  # 1,000 × 10 and 100 × 12
        (_litellm(), BATCH, "0.0062"),  # 1,000 × 5 and 100 × 12
        (_litellm(reasoning_per_mtok="11"), BATCH, "0.0116"),  # 100 × 5, 900 × 11 and 100 × 12
        (_litellm(variants=[{"when": PRIORITY, "output_per_mtok": "20"}]), PRIORITY, "0.0212"),
        (_litellm(variants=[{"when": PRIORITY, "output_per_mtok": "20", "reasoning_per_mtok": "21"}]), PRIORITY,
         "0.0221"),
        (_litellm(variants=[{"when": BATCH, "input_per_mtok": "0.5"}]), BATCH, "0.0062"),
    ],
)  # fmt: skip
def test_a_part_that_costs_what_its_whole_does_costs_so_in_a_batch(
    row: PriceRow, context: dict[str, str], usd: str
) -> None:
    usage = {"output_tokens": 1_100, "output_reasoning_tokens": 900, "output_audio_tokens": 100}
    rating = rate(sheets_of(row), usage, TODAY, context, ahead=False)
    assert (rating.total, rating.charged_as) == (Decimal(usd), {})
