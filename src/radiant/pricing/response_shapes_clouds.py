"""The shapes of usage of Google and Amazon."""

from typing import Final

from .response_shape import Count, Response, Shape, at, count, has, numbers

_MODALITIES: Final = {
    "text": ("TEXT",), "audio": ("AUDIO",), "image": ("IMAGE", "DOCUMENT"), "video": ("VIDEO",)
}  # fmt: skip


def _by_modality(path: str, name: str, *also: str, counted: str = "tokenCount", **more: bool) -> tuple[Count, ...]:
    """Lists of `{modality, tokenCount}`; `name` and `also` are of meters, `{}` standing for the modality."""
    return tuple(
        count(
            path,
            *(it.format(modality) for it in (name, *also)),
            among=("modality", (*words, *(word.lower() for word in words)), counted),
            **more,
        )
        for modality, words in _MODALITIES.items()
    )


def _thoughts_beside(usage: Response) -> tuple[tuple[str, str], ...]:
    """Thoughts are beside the output, unless the total says that they were inside."""
    parts = numbers(usage, "total_input_tokens", "total_output_tokens", "total_tokens")
    tools = usage.get("total_tool_use_tokens") or 0
    if parts is not None and isinstance(tools, int) and parts[0] + parts[1] + tools == parts[2]:
        return ()
    return (("output_reasoning_tokens", "output_tokens"),)


def _candidates_beside(usage: Response) -> tuple[tuple[str, str], ...]:
    """The same of candidates, which had thoughts inside until the spring of 2025, and at Vertex AI for longer:
    https://github.com/QuantumNous/new-api/issues/1014, pkg:pypi/litellm@1.110.2 (Gemini). Both read on 2026-11-27."""
    parts = [at(usage, (name,)) for name in ("promptTokenCount", "candidatesTokenCount", "toolUsePromptTokenCount")]
    total = at(usage, ("totalTokenCount",))
    if parts[1] and sum(it for it in parts if isinstance(it, int)) == total:
        return ()
    return (("output_reasoning_tokens", "output_tokens"),)


GEMINI: Final = Shape(
    name="gemini",
    root=("usageMetadata",),
    fits=has(
        "promptTokenCount", "prompt_token_count", "candidatesTokenCount", "candidates_token_count",
        "responseTokenCount", "response_token_count",
    ),
    counts=(
        count("promptTokenCount", "input_tokens"),
        count("cachedContentTokenCount", "cache_read_tokens"),
        count("candidatesTokenCount", "output_tokens"),
        # The Live API: https://googleapis.github.io/kotlin-genai/google-genai-kotlin/com.google.genai.kotlin.types/
        # -usage-metadata/index.html, 2026-11-26.
        count("responseTokenCount", "output_tokens", instead_of_nothing=True),
        count("thoughtsTokenCount", "output_reasoning_tokens"),
        count("toolUsePromptTokenCount", "input_tool_tokens", "input_tokens"),
        *_by_modality("promptTokensDetails", "input_{}_tokens"),
        *_by_modality("promptTokenDetails", "input_{}_tokens", instead_of_nothing=True),
        *_by_modality("cacheTokensDetails", "cache_{}_read_tokens"),
        *_by_modality("candidatesTokensDetails", "output_{}_tokens"),
        *_by_modality("responseTokensDetails", "output_{}_tokens", instead_of_nothing=True),
        *_by_modality("toolUsePromptTokensDetails", "input_{}_tool_tokens", "input_{}_tokens"),
    ),
    read="https://firebase.google.com/docs/reference/js/ai.usagemetadata, 2026-11-26",
    beside_if=_candidates_beside,
)  # fmt: skip

INTERACTIONS: Final = Shape(
    name="gemini interactions",
    root=("usage",),
    fits=has("total_input_tokens", "total_output_tokens"),
    counts=(
        count("total_input_tokens", "input_tokens"),
        count("total_cached_tokens", "cache_read_tokens"),
        count("total_output_tokens", "output_tokens"),
        count("total_thought_tokens", "output_reasoning_tokens"),
        count("total_tool_use_tokens", "input_tool_tokens", "input_tokens"),
        *_by_modality("input_tokens_by_modality", "input_{}_tokens", counted="tokens"),
        *_by_modality("cached_tokens_by_modality", "cache_{}_read_tokens", counted="tokens"),
        *_by_modality("output_tokens_by_modality", "output_{}_tokens", counted="tokens"),
        *_by_modality("tool_use_tokens_by_modality", "input_{}_tool_tokens", "input_{}_tokens", counted="tokens"),
        count("grounding_tool_count", "web_searches", among=("type", ("google_search",), "count")),
        count("grounding_tool_count", "map_searches", among=("type", ("google_maps",), "count")),
    ),
    read="pkg:pypi/google-genai@3.6.1 (types of interactions, usage), 2026-11-26",
    beside_if=_thoughts_beside,
)

_CONVERSE: Final = Shape(
    name="bedrock converse",
    root=("usage",),
    fits=has("inputTokens"),
    counts=(
        count("inputTokens", "input_tokens"),
        count("cacheReadInputTokens", "cache_read_tokens", "input_tokens"),
        count("cacheWriteInputTokens", "cache_write_tokens", "input_tokens"),
        # The same once more; what a model of Amazon's own answers to `InvokeModel` has these alone:
        # https://github.com/tensorzero/tensorzero/issues/5688, 2026-11-27.
        count("cacheReadInputTokenCount", "cache_read_tokens", "input_tokens", instead_of_nothing=True),
        count("cacheWriteInputTokenCount", "cache_write_tokens", "input_tokens", instead_of_nothing=True),
        count("cacheDetails", "cache_write_5m_tokens", among=("ttl", ("5m",), "inputTokens")),
        count("cacheDetails", "cache_write_1h_tokens", among=("ttl", ("1h",), "inputTokens")),
        count("outputTokens", "output_tokens"),
    ),
    read="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html, 2026-11-26",
)

#: What `InvokeModel` says in its headers, as boto3 hands them on; what was cached is beside, as in its metrics.
BEDROCK_HEADERS: Final = Shape(
    name="bedrock headers",
    root=("ResponseMetadata", "HTTPHeaders"),
    fits=has("x-amzn-bedrock-input-token-count", "x-amzn-bedrock-output-token-count"),
    counts=(
        count("x-amzn-bedrock-input-token-count", "input_tokens"),
        count("x-amzn-bedrock-cache-read-input-token-count", "cache_read_tokens", "input_tokens"),
        count("x-amzn-bedrock-cache-write-input-token-count", "cache_write_tokens", "input_tokens"),
        count("x-amzn-bedrock-output-token-count", "output_tokens"),
    ),
    usage_alone=False,
    read="pkg:pypi/litellm@1.110.2 (Bedrock's InvokeModel), 2026-11-27",
)

#: What the last event of a streamed `InvokeModel` says, whoever's the model is.
_METRICS: Final = Shape(
    name="bedrock invocation metrics",
    root=("amazon-bedrock-invocationMetrics",),
    fits=has("inputTokenCount", "outputTokenCount"),
    counts=(
        count("inputTokenCount", "input_tokens"),
        count("cacheReadInputTokenCount", "cache_read_tokens", "input_tokens"),
        count("cacheWriteInputTokenCount", "cache_write_tokens", "input_tokens"),
        count("outputTokenCount", "output_tokens"),
    ),
    read="pkg:pypi/litellm@1.110.2 (Bedrock's invocation metrics and its Claude models), 2026-11-26",
)

_TITAN: Final = Shape(
    name="bedrock titan",
    root=(),
    fits=has("inputTextTokenCount"),
    counts=(
        count("inputTextTokenCount", "input_tokens"),
        count("results", "output_tokens", among=("tokenCount", (), "tokenCount")),
        count("totalOutputTextTokenCount", "output_tokens", instead_of_nothing=True),
    ),
    usage_alone=False,
    read="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html, 2026-11-26",
)

_LLAMA: Final = Shape(
    name="bedrock llama",
    root=(),
    fits=has("generation_token_count"),
    counts=(count("prompt_token_count", "input_tokens"), count("generation_token_count", "output_tokens")),
    usage_alone=False,
    read="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-meta.html, 2026-11-26",
)

#: Of an event of a session, what the session used until then: the last one tells all of it.
_SONIC: Final = Shape(
    name="bedrock nova sonic",
    root=("usageEvent", "details", "total"),
    fits=has("input", "output"),
    counts=(
        count("input.textTokens", "input_text_tokens", "input_tokens"),
        count("input.speechTokens", "input_audio_tokens", "input_tokens"),
        count("output.textTokens", "output_text_tokens", "output_tokens"),
        count("output.speechTokens", "output_audio_tokens", "output_tokens"),
    ),
    read="https://github.com/pipecat-ai/pipecat/pull/4783, pkg:pypi/litellm@1.110.2 (Bedrock's realtime), 2026-11-27",
)

BEDROCK: Final = (_CONVERSE, _METRICS, _TITAN, _LLAMA, _SONIC)

#: What OpenAI's chats count, as Oracle writes it, and versions of Vercel's AI SDK before 5 for whatever provider.
CAMEL_CHAT: Final = Shape(
    name="chat in camel case",
    root=("usage",),
    fits=has("promptTokens"),
    counts=(
        count("promptTokens", "input_tokens"),
        count("promptTokensDetails.cachedTokens", "cache_read_tokens"),
        count("cachedPromptTokens", "cache_read_tokens", instead_of_nothing=True),
        count("completionTokens", "output_tokens"),
        count("completionTokensDetails.reasoningTokens", "output_reasoning_tokens"),
        count("reasoningTokens", "output_reasoning_tokens", instead_of_nothing=True),
    ),
    silent=(
        "completion_tokens_details.accepted_prediction_tokens",
        "completion_tokens_details.rejected_prediction_tokens",
    ),
    read="https://docs.oracle.com/en-us/iaas/tools/python/2.155.0/api/generative_ai_inference/models/"
    "oci.generative_ai_inference.models.Usage.html and https://github.com/vercel/ai/issues/6489, 2026-11-27",
)
