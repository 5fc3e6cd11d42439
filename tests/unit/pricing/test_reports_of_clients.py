"""What clients, agents and gateways make of usage, with the numbers of their bug reports: what each costs, by hand."""

from decimal import Decimal
from typing import Any

import pytest

from radiant.domain.meter import METERS
from radiant.pricing.rating import rate
from radiant.pricing.responses import consumed

from .sheets import NOON, price, sheet

#: USD for a million tokens, a thousand searches, one image.
CLAUDE = {
    "input_tokens": "3", "cache_read_tokens": "0.3", "cache_write_tokens": "3.75", "cache_write_1h_tokens": "6",
    "output_tokens": "15",
}  # fmt: skip
GPT = {"input_tokens": "1", "cache_read_tokens": "0.1", "cache_write_tokens": "1.25", "output_tokens": "10"}

REPORTS: dict[str, tuple[str, dict[str, Any], dict[str, str], str]] = {
    "langchain-ai/langchain#36991": (
        "anthropic",
        {"usage_metadata": {
            "input_tokens": 5000, "output_tokens": 10, "total_tokens": 5010, "input_token_details": {
                "cache_read": 0, "cache_creation": 0, "ephemeral_5m_input_tokens": 4900,
                "ephemeral_1h_input_tokens": 0},
        }},
        CLAUDE,
        "0.018825",  # 100 × 3 + 4,900 × 3.75 + 10 × 15
    ),
    "of a cache for an hour alone": (
        "anthropic",
        {"type": "message", "usage": {
            "input_tokens": 3, "output_tokens": 0, "cache_creation_input_tokens": 0,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 1000},
        }},
        CLAUDE,
        "0.006009",  # 3 × 3 + 1,000 × 6
    ),
    "AstrBotDevs/AstrBot#6614": (
        "moonshot",
        {"object": "chat.completion.chunk", "model": "kimi-k2-0905-preview", "choices": [{
            "delta": {"content": None}, "finish_reason": "stop", "index": 0, "usage": {
                "prompt_tokens": 1336, "completion_tokens": 31, "total_tokens": 1367, "cached_tokens": 1280,
                "prompt_tokens_details": {"cached_tokens": 1280}},
        }]},
        GPT,
        "0.000494",  # 56 × 1 + 1,280 × 0.1 + 31 × 10
    ),
    "earendil-works/pi#8075": (
        "moonshot",
        {"usage": {"prompt_tokens": 19, "completion_tokens": 13, "total_tokens": 32, "cached_tokens": 12}},
        GPT,
        "0.0001382",  # 7 × 1 + 12 × 0.1 + 13 × 10
    ),
    "maximhq/bifrost#5510": (
        "moonshot",
        {"type": "message_delta",
         "usage": {"input_tokens": 250, "cache_read_input_tokens": 173056, "prompt_tokens": 173306,
                   "completion_tokens": 20, "output_tokens": 20},
         "message": {"type": "message", "usage": {"input_tokens": 173306, "output_tokens": 0}}},
        GPT,
        "0.0177556",  # 250 × 1 + 173,056 × 0.1 + 20 × 10
    ),
    "maximhq/bifrost#5355": (
        "dashscope",
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"},
         "usage": {"input_tokens": 18, "output_tokens": 426, "cache_creation_input_tokens": 0,
                   "cache_read_input_tokens": 8831, "cache_creation": {"ephemeral_5m_input_tokens": 0}}},
        GPT,
        "0.0051611",  # 18 × 1 + 8,831 × 0.1 + 426 × 10
    ),
    "junhoyeo/tokscale#1142": (
        "openai",
        {"usage": {"input_tokens": 16845360, "cached_input_tokens": 16358912, "output_tokens": 63820,
                   "reasoning_output_tokens": 24882, "total_tokens": 16909180}},
        GPT,
        "2.7605392",  # 486,448 × 1 + 16,358,912 × 0.1 + 63,820 × 10
    ),
    "aws-samples/sample-agent-cost-bench#4": (
        "openai",
        {"type": "turn.completed", "usage": {
            "input_tokens": 10155262, "cached_input_tokens": 9452211, "cache_write_input_tokens": 702443,
            "output_tokens": 1}},
        GPT,
        "1.82389285",  # 608 × 1 + 9,452,211 × 0.1 + 702,443 × 1.25 + 10
    ),
    "PixelPaw-Labs/codex-trace#154": (
        "openai",
        {"usage": {"input_tokens": 26701, "cache_creation_input_tokens": 0, "cached_input_tokens": 2048,
                   "output_tokens": 283, "reasoning_output_tokens": 211, "total_tokens": 26984}},
        GPT,
        "0.0276878",  # 24,653 × 1 + 2,048 × 0.1 + 283 × 10
    ),
    "vercel/ai#14482": (
        "anthropic",
        {"usage": {"inputTokens": 12, "outputTokens": 40, "totalTokens": 52, "cachedInputTokens": 6209},
         "providerMetadata": {"anthropic": {"cacheCreationInputTokens": 0, "usage": {
             "input_tokens": 12, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 6209,
             "output_tokens": 40}}}},
        CLAUDE,
        "0.0024987",  # 12 × 3 + 6,209 × 0.3 + 40 × 15
    ),
    "of less in the cache than beside it, with what was written": (
        "anthropic",
        {"usage": {"inputTokens": 5000, "outputTokens": 10, "totalTokens": 5010, "cachedInputTokens": 3000},
         "providerMetadata": {"anthropic": {"cacheCreationInputTokens": 2000}}},
        CLAUDE,
        "0.02355",  # 5,000 × 3 + 3,000 × 0.3 + 2,000 × 3.75 + 10 × 15
    ),
    "of several steps, of which the metadata are the last's": (
        "anthropic",
        {"usage": {"inputTokens": 900, "outputTokens": 90, "totalTokens": 990, "cachedInputTokens": 100},
         "providerMetadata": {"anthropic": {"usage": {"input_tokens": 300, "output_tokens": 30}}}},
        CLAUDE,
        "0.00408",  # 900 × 3 + 100 × 0.3 + 90 × 15
    ),
    "of the same without metadata": (
        "bedrock",
        {"usage": {"inputTokens": 5000, "outputTokens": 10, "totalTokens": 5010, "cachedInputTokens": 3000}},
        CLAUDE,
        "0.01605",  # 5,000 × 3 + 3,000 × 0.3 + 10 × 15
    ),
    "of Bedrock, with what was written": (
        "bedrock",
        {"usage": {"inputTokens": 4, "outputTokens": 10, "totalTokens": 14, "cachedInputTokens": 300},
         "providerMetadata": {"bedrock": {"usage": {"cacheWriteInputTokens": 2000}}}},
        CLAUDE,
        "0.007752",  # 4 × 3 + 300 × 0.3 + 2,000 × 3.75 + 10 × 15
    ),
    "PostHog/posthog-js#3022": (
        "anthropic",
        {"usage": {"inputTokens": {"total": 21561, "noCache": 5, "cacheRead": 17399, "cacheWrite": 4157},
                   "outputTokens": {"total": 10, "text": 10, "reasoning": 0}},
         "providerMetadata": {"anthropic": {"cacheCreationInputTokens": 4157}}},
        CLAUDE,
        "0.02097345",  # 5 × 3 + 17,399 × 0.3 + 4,157 × 3.75 + 10 × 15
    ),
    "vercel/ai#4335": (
        "anthropic",
        {"usage": {"promptTokens": 787, "completionTokens": 60, "totalTokens": 847},
         "providerMetadata": {"anthropic": {"cacheCreationInputTokens": 1200, "cacheReadInputTokens": 0}}},
        CLAUDE,
        "0.007761",  # 787 × 3 + 1,200 × 3.75 + 60 × 15
    ),
    "vercel/ai#6489": (
        "openai",
        {"usage": {"promptTokens": 1378, "completionTokens": 9, "totalTokens": 1387},
         "providerMetadata": {"openai": {"cachedPromptTokens": 1024, "reasoningTokens": 0,
                                         "acceptedPredictionTokens": 0, "rejectedPredictionTokens": 0}}},
        GPT,
        "0.0005464",  # 354 × 1 + 1,024 × 0.1 + 9 × 10
    ),
    "MAXeaglet/commandcode-proxy#25": (
        "deepseek",
        {"usage": {"inputTokens": 3336, "outputTokens": 0, "cachedInputTokens": 3200,
                   "inputTokenDetails": {"noCacheTokens": 136, "cacheReadTokens": 3200}}},
        GPT,
        "0.000456",  # 136 × 1 + 3,200 × 0.1
    ),
    "pipecat-ai/pipecat#4783": (
        "bedrock",
        {"event": {"usageEvent": {"details": {
            "delta": {"input": {"speechTokens": 0, "textTokens": 3}, "output": {"speechTokens": 20, "textTokens": 0}},
            "total": {"input": {"speechTokens": 288, "textTokens": 3443},
                      "output": {"speechTokens": 694, "textTokens": 203}},
        }, "totalTokens": 4628}}},
        {"input_tokens": "0.06", "input_audio_tokens": "3.4", "output_tokens": "0.24", "output_audio_tokens": "13.6"},
        "0.01067290",  # 3,443 × 0.06 + 288 × 3.4 + 203 × 0.24 + 694 × 13.6
    ),
    "oracle/langchain-oracle#22": (
        "oci",
        {"modelId": "xai.grok-3", "chatResponse": {"apiFormat": "GENERIC", "choices": [], "usage": {
            "completionTokens": 10, "promptTokens": 100, "totalTokens": 110,
            "completionTokensDetails": {"reasoningTokens": 4, "acceptedPredictionTokens": 0},
            "promptTokensDetails": {"cachedTokens": 40}}}},
        GPT,
        "0.000164",  # 60 × 1 + 40 × 0.1 + 10 × 10
    ),
    "danny-avila/LibreChat#13014": (
        "vertex_ai",
        {"usage_metadata": {"input_tokens": 80657, "output_tokens": 766, "total_tokens": 83265,
                            "output_token_details": {"reasoning": 1842}}},
        GPT,
        "0.106737",  # 80,657 × 1 + 2,608 × 10
    ),
    "vercel/ai#6082, as version 5 has it": (
        "google",
        {"usage": {"inputTokens": 7477, "outputTokens": 2060, "totalTokens": 11476, "reasoningTokens": 1939}},
        GPT,
        "0.047467",  # 7,477 × 1 + 3,999 × 10
    ),
    "anomalyco/opencode#17566": (
        "openai",
        {"usage": {"input_tokens": 14746, "output_tokens": 1944, "output_tokens_details": {"reasoning_tokens": 1360}}},
        {"input_tokens": "30", "output_tokens": "180"},
        "0.7923",
    ),
    "BerriAI/litellm#36762": (
        "bedrock",
        {"usage": {"prompt_tokens": 8865, "completion_tokens": 4, "cache_creation_input_tokens": 8851,
                   "prompt_tokens_details": {"text_tokens": 14, "cache_creation_tokens": 8851,
                                             "cache_creation_token_details": {"ephemeral_5m_input_tokens": 0,
                                                                              "ephemeral_1h_input_tokens": 8851}}}},
        {"input_tokens": "5", "cache_write_tokens": "6.25", "cache_write_1h_tokens": "10", "output_tokens": "25"},
        "0.08868",
    ),
    "BerriAI/litellm#37104": (
        "bedrock",
        {"usage": {"inputTokens": 10, "outputTokens": 2, "cacheWriteInputTokens": 4000, "cacheReadInputTokens": 0,
                   "cacheDetails": [{"ttl": "1h", "inputTokens": 3000}, {"ttl": "5m", "inputTokens": 1000}]}},
        CLAUDE,
        "0.02181",  # 10 × 3 + 1,000 × 3.75 + 3,000 × 6 + 2 × 15
    ),
    # https://github.com/earendil-works/pi/issues/8752: of OpenAI's models Bedrock has cached tokens inside and beside.
    # Its contract says beside, and so does its invoice: https://github.com/anomalyco/opencode/issues/47296.
    "anomalyco/opencode#47296": (
        "bedrock",
        {"usage": {"inputTokens": 12401, "cacheReadInputTokens": 8367, "cacheWriteInputTokens": 4032,
                   "outputTokens": 0, "totalTokens": 24800}},
        GPT,
        "0.0182777",  # 12,401 × 1 + 8,367 × 0.1 + 4,032 × 1.25
    ),
    "of cached tokens beside the prompt": (
        "openai",
        {"usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 1015,
                   "prompt_tokens_details": {"cached_tokens": 1000}}},
        GPT,
        "0.00016",  # 10 × 1 + 1,000 × 0.1 + 5 × 10
    ),
    "of SambaNova's speeds, which cost nothing": (
        "sambanova",
        {"usage": {
            "acceptance_rate": 4.0, "completion_tokens": 10, "completion_tokens_after_first_per_sec": 100.1,
            "completion_tokens_after_first_per_sec_first_ten": 90.2, "completion_tokens_per_sec": 50.5,
            "end_time": 1746852567.74, "is_last_response": True, "prompt_tokens": 100, "start_time": 1746852567.7,
            "time_to_first_token": 0.05, "total_latency": 0.2, "total_tokens": 110, "total_tokens_per_sec": 500.0}},
        GPT,
        "0.0002",
    ),
    "of images as bytes": (
        "bedrock",
        {"seeds": [1, 2], "finish_reasons": [None, "Filter reason: output image"], "images": ["aGk=", "aGk="]},
        {"images": "0.14"},
        "0.14",
    ),
    "of Nova Canvas": ("bedrock", {"images": ["aGk=", "aGk="], "error": None}, {"images": "0.04"}, "0.08"),
    "of OpenRouter, asked afterwards": (
        "openrouter",
        {"data": {"id": "gen-1", "total_cost": 0.0002573, "tokens_prompt": 9, "tokens_completion": 20,
                  "native_tokens_prompt": 10, "native_tokens_completion": 25, "native_tokens_reasoning": 5,
                  "native_tokens_cached": 3, "num_search_results": 0, "latency": 1250}},
        GPT,
        "0.0002573",  # 7 × 1 + 3 × 0.1 + 25 × 10
    ),
}  # fmt: skip


@pytest.mark.parametrize("report", REPORTS)
def test_it_costs_what_was_used(report: str) -> None:
    provider, response, prices, usd = REPORTS[report]
    found = consumed(response, provider)
    rating = rate(sheet(*(price(it, amount, METERS[it].per) for it, amount in prices.items())), found.usage, NOON)
    assert (rating.total, rating.unpriced, found.unread) == (Decimal(usd), (), ())
    assert sum(line.usd for line in rating.lines) == rating.total


def test_a_line_of_a_batch_of_claude_at_vertex_ai_is_one() -> None:
    """https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude-batch, 2026-11-27."""
    answer = {"type": "message", "model": "claude", "usage": {"input_tokens": 10, "output_tokens": 5}}
    line = {"custom_id": "request-1", "request": {"messages": []}, "response": answer, "status": ""}
    found = consumed(line, "vertex_ai")
    assert (dict(found.context), found.model) == ({"processing": "batch"}, "claude")
    # One that is inside what Gemini's API says of a batch: https://ai.google.dev/gemini-api/docs/batch-api, 2026-11-27.
    inline = {"response": {"usageMetadata": {"promptTokenCount": 1}}, "metadata": {"key": "request-1"}}
    assert consumed(inline, "google").context == {"processing": "batch"}
    # What somebody wrote down beside the request is no batch.
    assert consumed({"request": {"messages": []}, "response": answer}, "anthropic").context == {}


def test_what_openrouter_says_afterwards_that_it_cost() -> None:
    counts = {"native_tokens_prompt": 10, "native_tokens_completion": 25, "total_cost": 0.0015}
    own = {**counts, "is_byok": True, "upstream_inference_cost": 0.0012}
    told = [consumed({"data": it}, "openrouter").reported_usd for it in (counts, own)]
    assert told == [Decimal("0.0015"), Decimal("0.0012")]


def test_what_further_models_did_for_claude_code_is_named() -> None:
    """Its usage is of one model: https://github.com/IstiN/dmtools-agents/pull/359."""
    of_one = {"claude-sonnet-5": {"inputTokens": 10, "outputTokens": 5}}
    response: dict[str, Any] = {
        "type": "result",
        "usage": {"input_tokens": 10, "cache_read_input_tokens": 0, "output_tokens": 5},
        "modelUsage": {**of_one, "claude-haiku-5-5": {"inputTokens": 100, "outputTokens": 500}},
    }
    assert consumed(response, "anthropic").unread == ("model_usage",)
    assert consumed({**response, "modelUsage": of_one}, "anthropic").unread == ()
