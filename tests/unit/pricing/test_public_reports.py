"""Bug reports of comparable software, with the numbers that they show: what a response costs, by hand."""

from decimal import Decimal
from typing import Any

import pytest

from radiant.domain.errors import UsageInvalid
from radiant.domain.meter import METERS
from radiant.pricing.rating import rate
from radiant.pricing.responses import consumed

from .sheets import NOON, above, price, sheet

MILLION = 1_000_000

#: By report: whose response, what it was, USD by meter (for a million tokens, a thousand searches, an hour), and what
#: it costs: the report's own number where it has one, else reckoned here.
REPORTS: dict[str, tuple[str, dict[str, Any], dict[str, str], str]] = {
    "BerriAI/litellm#6215": (
        "openai",
        {"usage": {
            "prompt_tokens": 2006, "completion_tokens": 300, "total_tokens": 2306,
            "prompt_tokens_details": {"cached_tokens": 1920}, "completion_tokens_details": {"reasoning_tokens": 0},
        }},
        {"input_tokens": "2.5", "cache_read_tokens": "1.25", "output_tokens": "10"},
        "0.005615",  # 86 × 2.5 + 1,920 × 1.25 + 300 × 10
    ),
    "BerriAI/litellm#14849": (
        "google",
        {"usage": {
            "total_tokens": 264704, "prompt_tokens": 262960, "completion_tokens": 1744,
            "prompt_tokens_details": {"text_tokens": 262960, "cached_tokens": 257955},
        }},
        {"input_tokens": "1.25", "cache_read_tokens": "0.625", "output_tokens": "10"},
        "0.184918125",
    ),
    "BerriAI/litellm#9812": (
        "anthropic",
        {"usage": {"input_tokens": 3, "cache_creation_input_tokens": 12304, "cache_read_input_tokens": 0,
                   "output_tokens": 550}},
        {"input_tokens": "3", "cache_write_tokens": "3.75", "cache_read_tokens": "0.3", "output_tokens": "15"},
        "0.054399",  # the console of Anthropic: 0.05439
    ),
    "BerriAI/litellm#11789": (
        "anthropic",
        {"usage": {
            "total_tokens": 2482, "prompt_tokens": 2459, "completion_tokens": 23,
            "prompt_tokens_details": {"audio_tokens": None, "cached_tokens": 0}, "cache_read_input_tokens": 2455,
            "cache_creation_input_tokens": 0,
        }},
        {"input_tokens": "0.8", "cache_read_tokens": "0.08", "output_tokens": "4"},
        "0.0002916",  # the report: 0.000292
    ),
    "BerriAI/litellm#11364": (
        "bedrock",
        {"usage": {
            "total_tokens": 103925, "prompt_tokens": 98805, "completion_tokens": 5120,
            "prompt_tokens_details": {"text_tokens": None, "cached_tokens": 66360, "cache_creation_tokens": 32435},
            "cache_read_input_tokens": 66360, "completion_tokens_details": {"reasoning_tokens": 1710},
            "cache_creation_input_tokens": 32435,
        }},
        {"input_tokens": "5.5", "cache_read_tokens": "0.55", "cache_write_tokens": "6.875", "output_tokens": "27.5"},
        "0.400343625",  # 10 × 5.5 + 66,360 × 0.55 + 32,435 × 6.875 + 5,120 × 27.5
    ),
    "langwatch/langwatch#7021": (
        "openai",
        {"text": "x", "usage": {"type": "tokens", "input_tokens": 66, "output_tokens": 22, "total_tokens": 88,
                                "input_token_details": {"text_tokens": 0, "audio_tokens": 66}}},
        {"input_tokens": "2.5", "input_audio_tokens": "2.5", "output_tokens": "10"},
        "0.000385",
    ),
    "BerriAI/litellm#31714": (
        "fireworks",
        {"usage": {"prompt_tokens": 27147, "completion_tokens": 351, "total_tokens": 27498,
                   "prompt_tokens_details": {"cached_tokens": 27146}}},
        {"input_tokens": "1.4", "cache_read_tokens": "0.26", "output_tokens": "4.4"},
        "0.00860376",
    ),
    "BerriAI/litellm#17906": (
        "openai",
        {"data": [{"b64_json": "x"}], "usage": {
            "input_tokens": 150, "output_tokens": 8000, "total_tokens": 8150,
            "input_tokens_details": {"text_tokens": 150, "image_tokens": 0},
        }},
        {"input_tokens": "5", "input_image_tokens": "10", "output_image_tokens": "40"},
        "0.32075",
    ),
    "BerriAI/litellm#36397": (
        "google",
        {"modelVersion": "gemini-3-flash-preview", "usageMetadata": {"promptTokenCount": 0},
         "candidates": [{"groundingMetadata": {
             "webSearchQueries": ["bitcoin price USD", "ethereum price USD", "bitcoin price USD"]}}]},
        {"input_tokens": "0.5", "web_searches": "14"},
        "0.028",  # two that are different
    ),
    "BerriAI/litellm#14127": (
        "xai",
        {"usage": {"prompt_tokens": 11, "completion_tokens": 143, "total_tokens": 914,
                   "completion_tokens_details": {"reasoning_tokens": 760}}},
        {"input_tokens": "0.3", "output_tokens": "0.5"},
        "0.0004548",
    ),
    "Wei-Shaw/sub2api#5771": (
        "openrouter",
        {"usage": {
            "prompt_tokens": 10120, "completion_tokens": 1499, "total_tokens": 14428,
            "prompt_tokens_details": {"cached_tokens": 128}, "completion_tokens_details": {"reasoning_tokens": 2809},
        }},
        {"input_tokens": "1.25", "cache_read_tokens": "0.2", "output_tokens": "2.5"},
        "0.0232856",  # 232,856,000 ticks
    ),
    "vercel/ai#12425": (
        "xai",
        {"usage": {"prompt_tokens": 12, "completion_tokens": 1, "total_tokens": 399,
                   "completion_tokens_details": {"reasoning_tokens": 386}}},
        {"input_tokens": "0", "output_tokens": "1"},
        "0.000387",
    ),
    "ding113/claude-code-hub#663": (
        "google",
        {"usageMetadata": {
            "promptTokenCount": 326, "candidatesTokenCount": 2340, "totalTokenCount": 3003, "thoughtsTokenCount": 337,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 326}],
            "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 2000}],
        }},
        {"input_tokens": "2", "output_tokens": "12", "output_image_tokens": "120"},
        "0.248776",  # 326 × 2 + 2,000 × 120 + 340 × 12 + 337 × 12
    ),
    "PostHog/posthog#45801": (
        "google",
        {"usageMetadata": {
            "promptTokenCount": 0, "candidatesTokenCount": 1300, "totalTokenCount": 1300,
            "candidatesTokensDetails": [
                {"modality": "IMAGE", "tokenCount": 1290}, {"modality": "TEXT", "tokenCount": 10},
            ],
        }},
        {"input_tokens": "0.3", "output_tokens": "0.4", "output_image_tokens": "30"},
        "0.038704",
    ),
    "QuantumNous/new-api#7230": (
        "openai",
        {"usage": {
            "prompt_tokens": 24643, "completion_tokens": 3110, "total_tokens": 27753,
            "prompt_tokens_details": {"cached_tokens": 24503, "image_tokens": 22000},
        }},
        {"input_tokens": "1.5", "cache_read_tokens": "0.15", "output_tokens": "9"},
        "0.03187545",
    ),
    "laravel/ai#846": (
        "openai",
        {"object": "response", "usage": {
            "input_tokens": 18014, "input_tokens_details": {"cache_write_tokens": 18011, "cached_tokens": 0},
            "output_tokens": 0, "total_tokens": 18014,
        }},
        {"input_tokens": "1", "cache_write_tokens": "1.25", "cache_read_tokens": "0.1", "output_tokens": "6"},
        "0.02251675",  # 3 + 18,011 × 1.25
    ),
    "tensorzero/tensorzero#5688": (
        "bedrock",
        {"usage": {
            "cacheDetails": [{"inputTokens": 7502, "ttl": "5m"}], "cacheReadInputTokenCount": 0,
            "cacheReadInputTokens": 0, "cacheWriteInputTokenCount": 7502, "cacheWriteInputTokens": 7502,
            "inputTokens": 18, "outputTokens": 386, "serverToolUsage": {}, "totalTokens": 7906,
        }},
        {"input_tokens": "1", "cache_write_tokens": "1.25", "cache_read_tokens": "0.1", "output_tokens": "5"},
        "0.0113255",  # 18 + 7,502 × 1.25 + 386 × 5
    ),
    "tensorzero/tensorzero#5481": (
        "anthropic",
        {"type": "message_delta", "usage": {"output_tokens": 15},
         "message": {"type": "message", "usage": {"input_tokens": 25, "output_tokens": 1}}},
        {"input_tokens": "3", "output_tokens": "15"},
        "0.0003",  # 15 that came out, not 16
    ),
    "langfuse/langfuse#12306": (
        "anthropic",
        {"usage": {"input_tokens": 5, "cache_read_input_tokens": 128955, "cache_creation_input_tokens": 1253,
                   "output_tokens": 0}},
        {"input_tokens": "3", "cache_read_tokens": "0.3", "cache_write_tokens": "3.75", "output_tokens": "15"},
        "0.04340025",
    ),
    "earendil-works/pi#5738": (
        "anthropic",
        {"usage": {
            "input_tokens": 0, "cache_creation_input_tokens": 1_000_000, "cache_read_input_tokens": 0,
            "output_tokens": 0,
            "cache_creation": {"ephemeral_5m_input_tokens": 600_000, "ephemeral_1h_input_tokens": 400_000},
        }},
        {"input_tokens": "5", "cache_write_tokens": "6.25", "cache_write_1h_tokens": "10", "output_tokens": "25"},
        "7.75",
    ),
    "maximhq/bifrost#4239": (
        "cohere",
        {"results": [], "meta": {"billed_units": {"search_units": 1}}},
        {"rerank_searches": "2"},
        "0.002",
    ),
    "langwatch/langwatch#7048": (
        "openai",
        {"type": "response.done", "response": {"usage": {
            "input_tokens": 1000, "output_tokens": 0, "total_tokens": 1000, "input_token_details": {
                "text_tokens": 200, "audio_tokens": 800, "cached_tokens": 640,
                "cached_tokens_details": {"text_tokens": 40, "audio_tokens": 600},
            },
        }}},
        {"input_tokens": "4", "input_audio_tokens": "32", "cache_read_tokens": "0.4", "cache_audio_read_tokens": "0.4",
         "output_tokens": "16"},
        "0.007296",  # 160 × 4 + 200 × 32 + 640 × 0.4
    ),
    "BerriAI/litellm#14447": (
        "deepgram",
        {"metadata": {"request_id": "r", "duration": 25.933313, "channels": 1}, "results": {"channels": []}},
        {"audio_seconds": "0.25812"},  # an hour
        "0.00185941854210",
    ),
}  # fmt: skip


@pytest.mark.parametrize("report", REPORTS)
def test_it_costs_what_the_report_says_it_should(report: str) -> None:
    provider, response, prices, usd = REPORTS[report]
    found = consumed(response, provider)
    sheets = sheet(*(price(meter, amount, METERS[meter].per) for meter, amount in prices.items()))
    rating = rate(sheets, found.usage, NOON)
    assert (rating.total, rating.unpriced, found.unread) == (Decimal(usd), (), ())
    assert sum(line.usd for line in rating.lines) == rating.total


@pytest.mark.parametrize(
    ("read", "written", "usd"),
    [
        (5_000, 3_000, "1.097"),  # 270,000 × 4 + 5,000 × 0.4 + 3,000 × 5
        (0, 0, "0.54"),  # 270,000 × 2
        (2_000, 0, "0.5404"),  # 272,000 in all, which is not above it: 270,000 × 2 + 2,000 × 0.2
    ],
)
def test_the_whole_prompt_decides_of_the_tier(read: int, written: int, usd: str) -> None:
    """https://github.com/junhoyeo/tokscale/issues/862: what was written to a cache is part of it as well."""
    details = {"cached_tokens": read, "cache_write_tokens": written}
    usage = {"input_tokens": 270_000 + read + written, "input_tokens_details": details, "output_tokens": 0}
    prices = sheet(
        price("input_tokens", "2", MILLION, above(272_000, "4")),
        price("cache_read_tokens", "0.2", MILLION, above(272_000, "0.4")),
        price("cache_write_tokens", "2.5", MILLION, above(272_000, "5")),
    )
    assert rate(prices, consumed({"usage": usage}, "openai").usage, NOON).total == Decimal(usd)


def test_a_search_that_is_charged_as_a_request_is_said_to_be() -> None:
    """https://github.com/metadist/synaplan/issues/1778 and https://github.com/maximhq/bifrost/issues/4239."""
    found = rate(sheet(price("requests", "0.002", 1)), {"rerank_searches": 3}, NOON)
    assert (found.charged_as, found.unpriced, found.state) == ({"rerank_searches": "requests"}, (), "priced")
    own = rate(sheet(price("requests", "0.002", 1), price("rerank_searches", "1", 1)), {"rerank_searches": 3}, NOON)
    assert (own.total, own.charged_as) == (Decimal("3.002"), {})
    with pytest.raises(UsageInvalid, match=r"^rerank_searches: is 'many'"):
        rate(sheet(price("requests", "0.002", 1)), {"rerank_searches": "many"}, NOON)  # type: ignore[dict-item]


def test_a_container_of_code_is_charged_once() -> None:
    """OpenAI charges its sessions, in which code runs more than once (LiteLLM: code_interpreter_cost_per_session)."""
    output = [{"type": "code_interpreter_call", "container_id": it} for it in ("a", "a", "b", None)]
    response = {"usage": {"input_tokens": 1, "output_tokens": 1}, "output": output}
    assert consumed(response, "openai").usage["code_executions"] == 3  # two containers, and one that is not named
