"""The shapes of usage of providers with a form of their own, and of clients that say it in theirs."""

from collections.abc import Mapping
from typing import Final

from .response_shape import Response, Shape, by_the_total, count, has, numbers

_OPENROUTER: Final = "pkg:pypi/openrouter@1.3.84 (types of usage), 2026-11-27"


def _total_alone(usage: Response, response: Response, provider: str | None) -> bool:
    """Embeddings and rankings that say one number: nothing comes out that is counted. Of an answer in words, one
    number tells not what went in from what came out."""
    return (
        "total_tokens" in usage
        and all(usage.get(name) is None for name in _TOKENS_APART)
        and any(isinstance(response.get(name), list) for name in ("data", "results", "embeddings"))
    )


_TOKENS_APART: Final = frozenset({"prompt_tokens", "completion_tokens", "input_tokens", "output_tokens"})


def _seconds_alone(usage: Response, response: Response, provider: str | None) -> bool:
    return usage.get("type") == "duration" or ("seconds" in usage and not usage.get("input_tokens"))


def _is_ai_sdk(usage: Response, response: Response, provider: str | None) -> bool:
    """Usage as Vercel's AI SDK has it, which calls tokens as Bedrock does and counts cached ones inside."""
    inputs = usage.get("inputTokens")
    if isinstance(inputs, Mapping):
        return "total" in inputs
    return inputs is not None and not _AI_SDK_NAMES.isdisjoint(usage)


_AI_SDK_NAMES: Final = frozenset({"cachedInputTokens", "reasoningTokens", "inputTokenDetails", "outputTokenDetails"})


def _is_pydantic_ai(usage: Response, response: Response, provider: str | None) -> bool:
    """Usage with everything inside the input, whoever's the model is, and the provider's own words beside it."""
    return "cache_read_tokens" in usage and isinstance(usage.get("details"), Mapping)


def _of_anthropic(usage: Response, response: Response, provider: str | None) -> bool:
    """Usage as version 5 has it of providers whose cached tokens it leaves beside the input."""
    plain = "cachedInputTokens" in usage and "inputTokenDetails" not in usage
    return plain and provider in ("anthropic", "bedrock") and not isinstance(usage.get("inputTokens"), Mapping)


def _cached_beside(usage: Response) -> tuple[tuple[str, str], ...]:
    """Earlier versions had Anthropic's cached tokens beside the input: where they are more than it, they are."""
    parts = numbers(usage, "inputTokens", "cachedInputTokens")
    cached = (("cache_read_tokens", "input_tokens"),) if parts and parts[0] < parts[1] else ()
    return (*cached, *_GOOGLE_BESIDE(usage))


#: Version 5 has Google's thoughts so, which earlier ones had not at all: https://github.com/vercel/ai/issues/6082.
_GOOGLE_BESIDE: Final = by_the_total("inputTokens", "outputTokens", "totalTokens", reasoning=("reasoningTokens",))


_AI_SDK: Final = "https://app.unpkg.com/@ai-sdk/openai@3.0.37/files/src/chat/convert-openai-chat-usage.ts, 2026-11-27"

#: What clients make of the usage of any provider.
CLIENTS: Final = (
    Shape(
        name="ai sdk of anthropic",
        root=("usage",),
        fits=_of_anthropic,
        counts=(
            count("inputTokens", "input_tokens"),
            count("cachedInputTokens", "cache_read_tokens", "input_tokens"),
            count("outputTokens", "output_tokens"),
            count("reasoningTokens", "output_reasoning_tokens"),
        ),
        read="https://github.com/PostHog/posthog-js/issues/2829, 2026-11-27",
    ),
    Shape(
        name="ai sdk",
        root=("usage",),
        fits=_is_ai_sdk,
        counts=(
            count("inputTokens.total", "input_tokens"),
            count("inputTokens", "input_tokens", instead_of_nothing=True),
            count("inputTokens.cacheRead", "cache_read_tokens"),
            count("inputTokens.cacheWrite", "cache_write_tokens"),
            count("inputTokenDetails.cacheReadTokens", "cache_read_tokens", instead_of_nothing=True),
            count("inputTokenDetails.cacheWriteTokens", "cache_write_tokens", instead_of_nothing=True),
            count("cachedInputTokens", "cache_read_tokens", instead_of_nothing=True),
            count("outputTokens.total", "output_tokens"),
            count("outputTokens", "output_tokens", instead_of_nothing=True),
            count("outputTokens.reasoning", "output_reasoning_tokens"),
            count("outputTokenDetails.reasoningTokens", "output_reasoning_tokens", instead_of_nothing=True),
            count("reasoningTokens", "output_reasoning_tokens", instead_of_nothing=True),
        ),
        silent=(
            "input_tokens.no_cache",
            "output_tokens.text",
            "input_token_details.no_cache_tokens",
            "raw",
        ),
        beside_if=_cached_beside,
        read=_AI_SDK,
    ),
    Shape(
        name="pydantic ai",
        root=("usage",),
        fits=_is_pydantic_ai,
        counts=(
            count("input_tokens", "input_tokens"),
            count("cache_read_tokens", "cache_read_tokens"),
            count("cache_write_tokens", "cache_write_tokens"),
            count("input_audio_tokens", "input_audio_tokens"),
            count("cache_audio_read_tokens", "cache_audio_read_tokens"),
            count("output_tokens", "output_tokens"),
            count("output_audio_tokens", "output_audio_tokens"),
            count("details.reasoning_tokens", "output_reasoning_tokens"),
        ),
        # What the provider's own words were, and what ran at the caller's.
        silent=("details", "requests", "tool_calls"),
        read="https://github.com/pydantic/genai-prices/pull/602, https://github.com/langfuse/langfuse/issues/12306, "
        "2026-11-27",
    ),
    Shape(
        name="langchain",
        root=("usage_metadata",),
        fits=has("input_tokens", "output_tokens"),
        counts=(
            count("input_tokens", "input_tokens"),
            count("input_token_details.cache_read", "cache_read_tokens"),
            count("input_token_details.cache_creation", "cache_write_tokens"),
            count("input_token_details.ephemeral_5m_input_tokens", "cache_write_5m_tokens"),
            count("input_token_details.ephemeral_1h_input_tokens", "cache_write_1h_tokens"),
            count("input_token_details.audio", "input_audio_tokens"),
            count("output_tokens", "output_tokens"),
            count("output_token_details.reasoning", "output_reasoning_tokens"),
            count("output_token_details.audio", "output_audio_tokens"),
        ),
        silent=("input_token_details.text", "output_token_details.text"),
        # What streams of Gemini at Vertex AI have beside, and Bedrock in JavaScript:
        # https://github.com/danny-avila/LibreChat/pull/13014, https://github.com/langchain-ai/langchainjs/pull/10839.
        beside_if=by_the_total(
            "input_tokens",
            "output_tokens",
            "total_tokens",
            reasoning=("output_token_details.reasoning",),
            cached={
                "cache_read_tokens": ("input_token_details.cache_read",),
                "cache_write_tokens": ("input_token_details.cache_creation",),
            },
        ),
        read="https://reference.langchain.com/python/langchain_core/messages/ (UsageMetadata), 2026-11-27",
    ),
    Shape(
        name="ollama",
        root=(),
        fits=has("prompt_eval_count", "eval_count"),
        counts=(count("prompt_eval_count", "input_tokens"), count("eval_count", "output_tokens")),
        usage_alone=False,
        read="https://docs.ollama.com/api/usage, 2026-11-27",
    ),
)

#: Transcriptions that say tokens beside the time that is charged; they come before chats.
BY_TIME: Final = (
    Shape(
        name="mistral transcription",
        root=("usage",),
        fits=lambda usage, response, provider: "prompt_audio_seconds" in usage and "text" in response,
        counts=(count("prompt_audio_seconds", "input_audio_seconds", or_empty=True),),
        # It is charged by time.
        silent=("prompt_tokens", "completion_tokens", "total_tokens", "prompt_tokens_details", "num_cached_tokens"),
        read="pkg:pypi/mistralai@3.7.0 (TranscriptionResponse), 2026-11-27",
    ),
)

OTHERS: Final = (
    Shape(
        name="xai realtime",
        root=("usage",),
        fits=has("billable_audio_seconds"),
        counts=(
            count("billable_audio_seconds", "audio_seconds"),
            count("input_text_messages", "input_text_messages"),
        ),
        # Voice is charged by time and by messages.
        silent=("input_tokens", "output_tokens", "input_token_details", "output_token_details"),
        read="https://github.com/pydantic/genai-prices, package 0.2.3, 2026-11-27",
    ),
    Shape(
        name="transcription by time",
        root=("usage",),
        fits=_seconds_alone,
        counts=(count("seconds", "input_audio_seconds"),),
        read=f"pkg:pypi/openai@3.57.0 (usage by duration) and {_OPENROUTER}",
        silent=("output_tokens",),
    ),
    Shape(
        name="searches",
        root=("usage",),
        fits=has("search_units"),
        counts=(count("search_units", "rerank_searches"),),
        read=_OPENROUTER,
    ),
    Shape(
        name="openrouter generation",
        root=("data",),
        fits=has("nativeTokensPrompt", "native_tokens_prompt"),
        counts=(
            count("nativeTokensPrompt", "input_tokens"),
            count("nativeTokensCached", "cache_read_tokens"),
            count("nativeTokensCompletion", "output_tokens"),
            count("nativeTokensReasoning", "output_reasoning_tokens"),
            count("nativeTokensCompletionImages", "output_image_tokens"),
        ),
        usage_alone=False,
        read="https://openrouter.ai/docs/client-sdks/python/components/generationresponsedata, 2026-11-27",
    ),
    Shape(
        name="media by count",
        root=("usage",),
        fits=has("image_count", "characters", "video_duration"),
        counts=(
            count("image_count", "images"),
            count("characters", "input_characters"),
            count("video_duration", "output_video_seconds"),
            count("input_tokens", "input_tokens"),
            count("output_tokens", "output_tokens"),
        ),
        silent=("video_count",),
        read="pkg:pypi/dashscope@2.0.2 (usage of its responses), 2026-11-27",
    ),
    Shape(
        name="minimax speech",
        root=("extra_info",),
        fits=has("usage_characters"),
        counts=(count("usage_characters", "input_characters"),),
        usage_alone=False,
        read="https://platform.minimax.io/docs/api-reference/speech-t2a-http, 2026-11-27",
    ),
    Shape(
        name="pixels",
        root=("usage",),
        fits=has("image_pixels", "video_pixels"),
        counts=(
            count("text_tokens", "input_tokens"),
            count("image_pixels", "input_pixels"),
            count("video_pixels", "input_pixels"),
        ),
        # The sum has pixels in it, as tokens.
        silent=("total_tokens",),
        read="pkg:pypi/voyageai@0.5.0 (multimodal embeddings), 2026-11-27",
    ),
)

#: What says nothing but a sum; it comes after all that says more.
TOTALS_ALONE: Final = (
    Shape(
        name="sum of tokens",
        root=("usage",),
        fits=_total_alone,
        counts=(count("total_tokens", "input_tokens"),),
        read="pkg:pypi/voyageai@0.5.0 (embeddings, rerankings), 2026-11-27",
    ),
)
