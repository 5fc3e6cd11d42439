"""Bug reports of gateways and dashboards, with the numbers that they show: what each response costs, by hand."""

from decimal import Decimal
from typing import Any

import pytest

from radiant.domain.meter import METERS
from radiant.pricing.rating import rate
from radiant.pricing.responses import consumed

from .sheets import NOON, price, sheet

#: USD for a million tokens, a thousand searches.
CLAUDE = {
    "input_tokens": "1", "cache_read_tokens": "0.1", "cache_write_tokens": "1.25", "cache_write_1h_tokens": "2",
    "output_tokens": "5", "web_searches": "10",
}  # fmt: skip
GPT = {"input_tokens": "1", "cache_read_tokens": "0.1", "cache_write_tokens": "1.25", "output_tokens": "10"}
GEMINI = {"input_tokens": "1.25", "cache_read_tokens": "0.125", "output_tokens": "10"}
LIVE = {"input_tokens": "0.5", "input_audio_tokens": "3", "output_tokens": "2", "output_audio_tokens": "12"}
IMAGES = {
    "input_tokens": "5", "input_image_tokens": "8", "cache_read_tokens": "1.25", "output_tokens": "10",
    "output_image_tokens": "30",
}  # fmt: skip

REPORTS: dict[str, tuple[str, dict[str, Any], dict[str, str], str]] = {
    "anthropics/anthropic-sdk-java#353": (
        "anthropic",
        {"type": "message", "usage": {
            "input_tokens": 335, "output_tokens": 690, "cache_creation_input_tokens": 12229,
            "cache_read_input_tokens": 14942,
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
            "server_tool_use": {"web_search_requests": 1, "web_fetch_requests": 0}}},
        CLAUDE,
        "0.03056545",  # 335 × 1 + 12,229 × 1.25 + 14,942 × 0.1 + 690 × 5, and a search
    ),
    "anthropics/claude-code#53371": (
        "anthropic",
        {"type": "message", "usage": {"input_tokens": 18, "output_tokens": 2435, "cache_creation_input_tokens": 13560,
                                      "cache_read_input_tokens": 69460}},
        CLAUDE,
        "0.036089",  # 18 × 1 + 13,560 × 1.25 + 69,460 × 0.1 + 2,435 × 5
    ),
    "maximhq/bifrost#3451": (
        "anthropic",
        {"type": "message", "usage": {"input_tokens": 6, "output_tokens": 2745, "cache_creation_input_tokens": 159217,
                                      "cache_read_input_tokens": 0}},
        {"input_tokens": "5", "cache_write_tokens": "6.25", "output_tokens": "25"},
        "1.06376125",
    ),
    "QuantumNous/new-api#5756": (
        "anthropic",
        {"type": "message", "usage": {"input_tokens": 24951, "output_tokens": 854, "cache_creation_input_tokens": 2805,
                                      "cache_read_input_tokens": 64126}},
        CLAUDE,
        "0.03913985",  # 24,951 × 1 + 2,805 × 1.25 + 64,126 × 0.1 + 854 × 5
    ),
    "QuantumNous/new-api#6353": (
        "anthropic",
        {"type": "message", "usage": {"input_tokens": 10, "output_tokens": 1, "cache_creation_input_tokens": 400,
                                      "cache_read_input_tokens": 0, "cache_creation": None}},
        CLAUDE,
        "0.000515",  # 10 × 1 + 400 × 1.25 + 1 × 5
    ),
    "QuantumNous/new-api#6144": (
        "xai",
        {"usage": {"prompt_tokens": 1816, "completion_tokens": 64, "total_tokens": 1880,
                   "prompt_tokens_details": {"cached_tokens": 1792, "text_tokens": 0, "audio_tokens": 0,
                                             "image_tokens": 0}}},
        GPT,
        "0.0008432",  # 24 × 1 + 1,792 × 0.1 + 64 × 10
    ),
    "Routstr/routstr-core#756": (
        "openai",
        {"usage": {"input_tokens": 9434, "input_tokens_details": {"cached_tokens": 8704, "cache_write_tokens": 0},
                   "output_tokens": 9}},
        GPT,
        "0.0016904",  # 730 × 1 + 8,704 × 0.1 + 9 × 10
    ),
    "langwatch/langwatch#7021": (
        "openai",
        {"usage": {"prompt_tokens": 4814, "completion_tokens": 10, "total_tokens": 4824,
                   "prompt_tokens_details": {"cached_tokens": 4736}}},
        {"input_tokens": "1.25", "cache_read_tokens": "0.125", "output_tokens": "10"},
        "0.0007895",
    ),
    "langwatch/tasks#641": (
        "openai",
        {"usage": {"prompt_tokens": 1000, "completion_tokens": 0, "total_tokens": 1000, "prompt_tokens_details": {
            "audio_tokens": 800, "cached_tokens": 640, "cached_tokens_details": {"audio_tokens": 600}}}},
        {"input_tokens": "0.6", "input_audio_tokens": "10", "cache_read_tokens": "0.06", "output_tokens": "2.4",
         "cache_audio_read_tokens": "0.3"},
        "0.0022784",  # 160 × 0.6 + 200 × 10 + 40 × 0.06 + 600 × 0.3
    ),
    "langfuse/langfuse#10592": (
        "openrouter",
        {"usage": {"prompt_tokens": 17903, "completion_tokens": 0, "total_tokens": 17903,
                   "prompt_tokens_details": {"cached_tokens": 17817}}},
        GPT,
        "0.0018677",  # 86 × 1 + 17,817 × 0.1
    ),
    "langfuse/codex-observability-plugin#22": (
        "openai",
        {"usage": {"input_tokens": 117231, "cached_input_tokens": 115584, "output_tokens": 225,
                   "total_tokens": 117456}},
        GPT,
        "0.0154554",  # 1,647 × 1 + 115,584 × 0.1 + 225 × 10
    ),
    "langfuse/langfuse#12306, as its client has it": (
        "anthropic",
        {"usage": {"input_tokens": 130213, "cache_read_tokens": 128955, "cache_write_tokens": 1253, "output_tokens": 40,
                   "requests": 1, "tool_calls": 2, "details": {"input_tokens": 5, "cache_read_input_tokens": 128955,
                                                               "reasoning_tokens": 8}}},
        CLAUDE,
        "0.01466675",  # 5 × 1 + 128,955 × 0.1 + 1,253 × 1.25 + 40 × 5
    ),
    "pydantic/genai-prices#334": (
        "anthropic",
        {"usage": {"inputTokens": 4740, "outputTokens": 255,
                   "inputTokenDetails": {"noCacheTokens": 5, "cacheReadTokens": 0, "cacheWriteTokens": 4735}}},
        CLAUDE,
        "0.00719875",  # 5 × 1 + 4,735 × 1.25 + 255 × 5
    ),
    "BerriAI/litellm#26016": (
        "fireworks",
        {"usage": {"prompt_tokens": 44341, "completion_tokens": 0, "total_tokens": 44341,
                   "prompt_tokens_details": {"cached_tokens": 41518}}},
        {"input_tokens": "1.4", "cache_read_tokens": "0.26", "output_tokens": "4.4"},
        "0.01474688",
    ),
    "BerriAI/litellm#18599": (
        "openai",
        {"object": "chat.completion", "service_tier": "default", "usage": {
            "completion_tokens": 482, "prompt_tokens": 17, "total_tokens": 499, "completion_tokens_details": {
                "rejected_prediction_tokens": 0, "accepted_prediction_tokens": 0, "reasoning_tokens": 448}}},
        {"input_tokens": "0.05", "output_tokens": "0.4"},
        "0.00019365",  # 17 × 0.05 + 482 × 0.4
    ),
    "BerriAI/litellm#38457": (
        "google",
        {"type": "response.done", "response": {"usage": {
            "input_tokens": 12, "output_tokens": 85, "total_tokens": 97,
            "output_tokens_details": {"reasoning_tokens": 38, "text_tokens": 0, "audio_tokens": 47}}}},
        LIVE,
        "0.000646",  # 12 × 0.5 + 38 × 2 + 47 × 12
    ),
    "BerriAI/litellm#38419, with sound by both names": (
        "google",
        {"type": "response.done", "response": {"usage": {
            "input_tokens": 8, "input_tokens_details": {"audio_tokens": 6, "cached_tokens": 0, "text_tokens": 2},
            "output_tokens": 23, "output_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 21},
            "total_tokens": 31, "cost": None,
            "input_token_details": {"cached_tokens": 0, "text_tokens": 2, "audio_tokens": 6},
            "output_token_details": {"text_tokens": 2, "audio_tokens": 21, "reasoning_tokens": 0}}}},
        LIVE,
        "0.000275",  # 2 × 0.5 + 6 × 3 + 2 × 2 + 21 × 12
    ),
    "BerriAI/litellm#36125": (
        "openai",
        {"data": [{"b64_json": "x"}], "usage": {
            "input_tokens": 268, "input_tokens_details": {"image_tokens": 256, "text_tokens": 12},
            "output_tokens": 196, "total_tokens": 464}},
        IMAGES,
        "0.007988",
    ),
    "BerriAI/litellm#21902": (
        "azure_openai",
        {"data": [{"b64_json": "x"}], "usage": {
            "input_tokens": 357, "output_tokens": 6543, "total_tokens": 6900,
            "input_tokens_details": {"text_tokens": 34, "image_tokens": 323},
            "output_tokens_details": {"text_tokens": 335, "image_tokens": 6208}}},
        IMAGES,
        "0.192344",  # 34 × 5 + 323 × 8 + 335 × 10 + 6,208 × 30
    ),
    "Wei-Shaw/sub2api#4386": (
        "openai",
        {"data": [{"b64_json": "x"}], "usage": {
            "input_tokens": 371, "input_tokens_details": {"image_tokens": 352, "text_tokens": 19},
            "output_tokens": 439, "output_tokens_details": {"image_tokens": 439, "text_tokens": 0},
            "total_tokens": 810}},
        IMAGES,
        "0.016081",
    ),
    "Wei-Shaw/sub2api#554": (
        "google",
        {"usageMetadata": {"promptTokenCount": 55021, "candidatesTokenCount": 923, "totalTokenCount": 56729,
                           "thoughtsTokenCount": 785}},
        GEMINI,
        "0.08585625",  # 55,021 × 1.25 + 1,708 × 10
    ),
    "googleapis/python-genai#1339": (
        "google",
        {"usageMetadata": {"promptTokenCount": 463, "totalTokenCount": 65998, "thoughtsTokenCount": 65535}},
        GEMINI,
        "0.65592875",  # 463 × 1.25 + 65,535 × 10
    ),
    "QuantumNous/new-api#2935, without its searches": (
        "google",
        {"usageMetadata": {
            "promptTokenCount": 151, "candidatesTokenCount": 1089, "totalTokenCount": 20689,
            "toolUsePromptTokenCount": 18329, "thoughtsTokenCount": 1120,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 151}],
            "toolUsePromptTokensDetails": [{"modality": "TEXT", "tokenCount": 18329}]}},
        GEMINI,
        "0.04519",  # 18,480 × 1.25 + 2,209 × 10
    ),
    "QuantumNous/new-api#1014, as it was before": (
        "google",
        {"usageMetadata": {"promptTokenCount": 8, "candidatesTokenCount": 99, "totalTokenCount": 107,
                           "thoughtsTokenCount": 98}},
        GEMINI,
        "0.001",  # 8 × 1.25 + 99 × 10
    ),
    "BerriAI/litellm#5087": (
        "voyage",
        {"object": "list", "data": [{"embedding": []}], "usage": {"prompt_tokens": None, "total_tokens": 7}},
        {"input_tokens": "0.12"},
        "0.00000084",
    ),
    "BerriAI/litellm#25907": (
        "bedrock",
        {"embedding": [0.1], "inputTextTokenCount": 0, "message": None},
        {"input_tokens": "0.8", "input_images": "0.00006"},
        "0.00006",
    ),
    "BerriAI/litellm#33681": (
        "google",
        {"embedding": {"values": []}, "usageMetadata": {
            "promptTokenCount": 268, "promptTokenDetails": [
                {"modality": "TEXT", "tokenCount": 10}, {"modality": "IMAGE", "tokenCount": 258}]}},
        {"input_tokens": "0.2", "input_image_tokens": "0.45"},
        "0.0001181",  # 10 × 0.2 + 258 × 0.45
    ),
    "bgeneto/open-webui-cost-tracker#6": (
        "perplexity",
        {"usage": {"prompt_tokens": 108, "completion_tokens": 3256, "total_tokens": 3364, "citation_tokens": 7299,
                   "num_search_queries": 74, "reasoning_tokens": 73248}},
        {"input_tokens": "2", "output_tokens": "8", "output_reasoning_tokens": "3", "output_citation_tokens": "2",
         "web_searches": "5"},
        "0.630606",  # 108 × 2 + 3,256 × 8 + 73,248 × 3 + 7,299 × 2, and 74 searches
    ),
    "earendil-works/pi#2148": (
        "google",
        {"usageMetadata": {"promptTokenCount": 20212, "cachedContentTokenCount": 16298, "candidatesTokenCount": 931,
                           "totalTokenCount": 21143}},
        {"input_tokens": "0.5", "cache_read_tokens": "0.05", "output_tokens": "3"},
        "0.0055649",  # the report: 0.0056
    ),
    "constellation-works/orbit#1274": (
        "google",
        {"usageMetadata": {"promptTokenCount": 100_000, "cachedContentTokenCount": 90_000}},
        {"input_tokens": "0.75", "cache_read_tokens": "0.075", "output_tokens": "4.5"},
        "0.01425",  # 10,000 × 0.75 + 90,000 × 0.075
    ),
}  # fmt: skip


@pytest.mark.parametrize("report", REPORTS)
def test_it_costs_what_the_report_says_it_should(report: str) -> None:
    provider, response, prices, usd = REPORTS[report]
    found = consumed(response, provider)
    rating = rate(sheet(*(price(it, amount, METERS[it].per) for it, amount in prices.items())), found.usage, NOON)
    assert (rating.total, rating.unpriced, found.unread) == (Decimal(usd), (), ())
    assert sum(line.usd for line in rating.lines) == rating.total
