"""What responses say besides their counts: under which conditions they were served, and what they cost."""

from decimal import Decimal
from typing import Any

import pytest

from radiant.pricing.rating import rate
from radiant.pricing.responses import consumed

from .sheets import NOON, price, sheet


def test_what_a_provider_says_it_cost_stands_beside() -> None:
    """https://github.com/mozilla-ai/any-llm/issues/622: the cost has what was written to a cache, and nothing else."""
    told = {"completion_tokens": 122, "prompt_tokens": 13559, "total_tokens": 13681, "cost": 0.017558, "is_byok": False}
    assert consumed({"usage": told}, "openrouter").reported_usd == Decimal("0.017558")
    # https://github.com/BerriAI/litellm/pull/39441, with two searches of a social network.
    calls = {"web_search_calls": 0, "x_search_calls": 2}
    usage = {"input_tokens": 3834, "output_tokens": 467, "cost_in_usd_ticks": 127344000}
    found = consumed({"usage": {**usage, "server_side_tool_usage_details": calls}}, "xai")
    assert (found.reported_usd, found.usage["social_searches"]) == (Decimal("0.0127344"), 2)


@pytest.mark.parametrize(
    ("response", "context"),
    [
        # What boto3 hands on of Bedrock's InvokeModel and Converse, and OpenRouter of a request that it is asked for.
        ({"serviceTier": "flex", "performanceConfigLatency": "optimized", "usage": {"inputTokens": 1}},
         {"service_tier": "flex", "latency": "optimized"}),
        ({"serviceTier": {"type": "priority"}, "usage": {"inputTokens": 1}}, {"service_tier": "priority"}),
        ({"service_tier": "priority", "usage": {"prompt_tokens": 1}}, {"service_tier": "priority"}),
        ({"usage": {"input_tokens": 1, "service_tier": "batch"}}, {"processing": "batch"}),
        ({"data": {"native_tokens_prompt": 1, "service_tier": "priority"}}, {"service_tier": "priority"}),
        ({"serviceTier": "default", "usage": {"inputTokens": 1}}, {}),
    ],
)  # fmt: skip
def test_the_conditions_that_a_response_states(response: dict[str, Any], context: dict[str, str]) -> None:
    assert dict(consumed(response).context) == context


@pytest.mark.parametrize(("cache_type", "usd"), [({"cache_type": "ephemeral"}, "0.000511"), ({}, "0.000911")])
def test_a_cache_that_was_asked_for_has_a_price_of_its_own(cache_type: dict[str, str], usd: str) -> None:
    """https://github.com/BerriAI/litellm/issues/40090: Alibaba has two ways of caching, and two prices."""
    details = {"cached_tokens": 2000, "cache_creation_input_tokens": 0, **cache_type}
    usage = {"prompt_tokens": 2011, "completion_tokens": 0, "total_tokens": 2011, "prompt_tokens_details": details}
    found = consumed({"usage": usage}, "dashscope")
    usual = sheet(price("input_tokens", "1"), price("cache_read_tokens", "0.45"))
    asked = sheet(price("cache_read_tokens", "0.25"), context={"cache_type": "ephemeral"})
    rating = rate((usual, asked), found.usage, NOON, found.context)
    assert (rating.total, rating.unmatched) == (Decimal(usd), ())
    # What was only written is written at one price.
    written = {"prompt_tokens": 9, "prompt_tokens_details": {"cached_tokens": 0, **cache_type}}
    assert consumed({"usage": written}, "dashscope").context == {}


@pytest.mark.parametrize(
    ("response", "usage"),
    [
        # https://github.com/langchain-ai/langchainjs/pull/10839: what Bedrock has beside, told as LangChain does.
        ({"usage_metadata": {"input_tokens": 100, "output_tokens": 50, "total_tokens": 1650,
                             "input_token_details": {"cache_read": 1000, "cache_creation": 500}}}, (1600, 50)),
        # The same where all is inside, and where no total says it.
        ({"usage_metadata": {"input_tokens": 1600, "output_tokens": 50, "total_tokens": 1650,
                             "input_token_details": {"cache_read": 1000, "cache_creation": 500}}}, (1600, 50)),
        ({"usage_metadata": {"input_tokens": 100, "output_tokens": 50, "input_token_details": {"cache_read": 1000}}},
         (1100, 50)),
        # Both beside, and reasoning alone.
        ({"usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 1022,
                    "prompt_tokens_details": {"cached_tokens": 1000},
                    "completion_tokens_details": {"reasoning_tokens": 7}}}, (1010, 12)),
        ({"usage": {"input_tokens": 1100, "output_tokens": 5, "total_tokens": 1112,
                    "input_tokens_details": {"cached_tokens": 1000},
                    "output_tokens_details": {"reasoning_tokens": 7}}}, (1100, 12)),
        ({"usage": {"input_tokens": 10, "output_tokens": 5, "input_tokens_details": {"cached_tokens": 1000}}},
         (1010, 5)),
    ],
)  # fmt: skip
def test_the_total_says_what_is_beside(response: dict[str, Any], usage: tuple[int, int]) -> None:
    found = consumed(response).usage
    assert (found["input_tokens"], found["output_tokens"]) == usage


def test_credits_of_github_are_cents() -> None:
    """https://github.com/openclaw/openclaw/issues/100097: 500 credits are five dollars, for a million tokens."""
    usage = {"prompt_tokens": 547, "completion_tokens": 0, "total_tokens": 547}
    told = {"usage": usage, "copilot_usage": {"total_nano_aiu": 547 * 500_000}}
    assert consumed(told, "github_copilot").reported_usd == Decimal("0.002735")
