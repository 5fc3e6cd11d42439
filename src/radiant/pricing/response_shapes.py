"""The shapes of usage in the responses of providers: one list of rules, and where each was read.

A count names the meters it adds to. What a provider counts beside its input or output adds to that as well; what it
counts inside adds to its own meter alone.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

Response = Mapping[str, Any]
Fits = Callable[[Response, Response, "str | None"], bool]
Beside = Callable[[Response], tuple[tuple[str, str], ...]]


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """A number at a path below the shape's root, and the meters it adds to.

    `among` picks from a list the entries whose field has one of some values, and names the field that counts. With
    `instead_of_nothing`, it is looked at only where nothing was found for its meter.
    """

    path: tuple[str, ...]
    meters: tuple[str, ...]
    among: tuple[str, tuple[str, ...], str] | None = None
    instead_of_nothing: bool = False


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Usage as one API states it: `read` says where and when it was looked up. `beside_if` names pairs of meters of
    which the first is to be added to the second, by what the usage itself says."""

    name: str
    root: tuple[str, ...]
    fits: Fits
    counts: tuple[Count, ...]
    read: str
    beside_if: Beside | None = None


def _count(path: str, *meters: str, **more: Any) -> Count:
    return Count(path=tuple(path.split(".")), meters=meters, **more)


def _has(*names: str) -> Fits:
    return lambda usage, response, provider: any(name in usage for name in names)


def _of(provider: str, *names: str) -> Fits:
    return lambda usage, response, given: given == provider and any(name in usage for name in names)


def _is_anthropic(usage: Response, response: Response, provider: str | None) -> bool:
    return "input_tokens" in usage and (
        provider == "anthropic"
        or response.get("type") == "message"
        or any(name in usage for name in ("cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation"))
    )


def _is_images(usage: Response, response: Response, provider: str | None) -> bool:
    return "input_tokens" in usage and isinstance(response.get("data"), list)


def _reasoning_beside(usage: Response) -> tuple[tuple[str, str], ...]:
    """Whether reasoning is beside the completion is what the total says; xAI's documentation has it beside."""
    parts = [usage.get(name) for name in ("prompt_tokens", "completion_tokens", "total_tokens")]
    numbers = [part for part in parts if isinstance(part, int)]
    if len(numbers) == len(parts) and sum(numbers) == 2 * numbers[-1]:
        return ()
    return (("output_reasoning_tokens", "output_tokens"),)


_MODALITIES: Final = {
    "text": ("TEXT",), "audio": ("AUDIO",), "image": ("IMAGE", "DOCUMENT"), "video": ("VIDEO",)
}  # fmt: skip


def _by_modality(path: str, name: str, *also: str) -> tuple[Count, ...]:
    """Gemini's lists of `{modality, tokenCount}`; `name` and `also` are of meters, `{}` standing for the modality."""
    return tuple(
        _count(path, *(it.format(modality) for it in (name, *also)), among=("modality", words, "tokenCount"))
        for modality, words in _MODALITIES.items()
    )


def _details(side: str, path: str) -> tuple[Count, ...]:
    return tuple(_count(f"{path}.{it}_tokens", f"{side}_{it}_tokens") for it in ("text", "audio", "image"))


_CHAT: Final = (
    _count("prompt_tokens", "input_tokens"),
    _count("prompt_tokens_details.cached_tokens", "cache_read_tokens"),
    _count("prompt_cache_hit_tokens", "cache_read_tokens", instead_of_nothing=True),
    _count("cached_tokens", "cache_read_tokens", instead_of_nothing=True),
    _count("prompt_tokens_details.cache_write_tokens", "cache_write_tokens"),
    _count("prompt_tokens_details.audio_tokens", "input_audio_tokens"),
    _count("completion_tokens", "output_tokens"),
    _count("completion_tokens_details.audio_tokens", "output_audio_tokens"),
    _count("prompt_audio_seconds", "input_audio_seconds"),
)
_REASONING: Final = _count("completion_tokens_details.reasoning_tokens", "output_reasoning_tokens")

_GENAI_PRICES: Final = "https://github.com/pydantic/genai-prices, package 0.2.3, 2026-11-26"

#: The first that fits is taken.
SHAPES: Final = (
    Shape(
        name="gemini",
        root=("usageMetadata",),
        fits=_has("promptTokenCount", "prompt_token_count", "candidatesTokenCount", "candidates_token_count"),
        counts=(
            _count("promptTokenCount", "input_tokens"),
            _count("cachedContentTokenCount", "cache_read_tokens"),
            _count("candidatesTokenCount", "output_tokens"),
            _count("thoughtsTokenCount", "output_reasoning_tokens", "output_tokens"),
            _count("toolUsePromptTokenCount", "input_tool_tokens", "input_tokens"),
            *_by_modality("promptTokensDetails", "input_{}_tokens"),
            *_by_modality("cacheTokensDetails", "cache_{}_read_tokens"),
            *_by_modality("candidatesTokensDetails", "output_{}_tokens"),
            *_by_modality("toolUsePromptTokensDetails", "input_{}_tool_tokens", "input_{}_tokens"),
        ),
        read="https://firebase.google.com/docs/reference/js/ai.usagemetadata, 2026-11-26",
    ),
    Shape(
        name="bedrock converse",
        root=("usage",),
        fits=_has("inputTokens"),
        counts=(
            _count("inputTokens", "input_tokens"),
            _count("cacheReadInputTokens", "cache_read_tokens", "input_tokens"),
            _count("cacheWriteInputTokens", "cache_write_tokens", "input_tokens"),
            _count("cacheDetails", "cache_write_5m_tokens", among=("ttl", ("5m",), "inputTokens")),
            _count("cacheDetails", "cache_write_1h_tokens", among=("ttl", ("1h",), "inputTokens")),
            _count("outputTokens", "output_tokens"),
        ),
        read="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html, 2026-11-26",
    ),
    *(
        Shape(
            name="cohere",
            root=root,
            fits=_has("input_tokens", "output_tokens", "search_units", "images"),
            counts=(
                _count("input_tokens", "input_tokens"),
                _count("output_tokens", "output_tokens"),
                _count("search_units", "rerank_searches"),
                _count("images", "input_images"),
            ),
            read=_GENAI_PRICES,
        )
        for root in (("usage", "billed_units"), ("meta", "billed_units"))
    ),
    Shape(
        name="mistral pages",
        root=("usage_info",),
        fits=_has("pages_processed"),
        counts=(_count("pages_processed", "input_document_pages"),),
        read=_GENAI_PRICES,
    ),
    Shape(
        name="anthropic",
        root=("usage",),
        fits=_is_anthropic,
        counts=(
            _count("input_tokens", "input_tokens"),
            _count("cache_read_input_tokens", "cache_read_tokens", "input_tokens"),
            _count("cache_creation_input_tokens", "cache_write_tokens", "input_tokens"),
            _count("cache_creation.ephemeral_5m_input_tokens", "cache_write_5m_tokens"),
            _count("cache_creation.ephemeral_1h_input_tokens", "cache_write_1h_tokens"),
            _count("output_tokens", "output_tokens"),
            _count("output_tokens_details.thinking_tokens", "output_reasoning_tokens"),
            _count("server_tool_use.web_search_requests", "web_searches"),
        ),
        read=_GENAI_PRICES,
    ),
    Shape(
        name="perplexity chat",
        root=("usage",),
        fits=_of("perplexity", "prompt_tokens"),
        counts=(
            *_CHAT,
            _count("reasoning_tokens", "output_reasoning_tokens", "output_tokens"),
            _count("citation_tokens", "output_citation_tokens", "output_tokens"),
            _count("num_search_queries", "web_searches"),
        ),
        read=_GENAI_PRICES,
    ),
    Shape(
        name="xai chat",
        root=("usage",),
        fits=_of("xai", "prompt_tokens"),
        counts=(*_CHAT, _REASONING),
        beside_if=_reasoning_beside,
        read=_GENAI_PRICES,
    ),
    Shape(
        name="chat",
        root=("usage",),
        fits=_has("prompt_tokens"),
        counts=(*_CHAT, _REASONING),
        read=_GENAI_PRICES,
    ),
    Shape(
        name="transcription by time",
        root=("usage",),
        fits=lambda usage, response, provider: usage.get("type") == "duration",
        counts=(_count("seconds", "input_audio_seconds"),),
        read=_GENAI_PRICES,
    ),
    Shape(
        name="images",
        root=("usage",),
        fits=_is_images,
        counts=(
            _count("input_tokens", "input_tokens"),
            *_details("input", "input_tokens_details"),
            _count("output_tokens", "output_tokens"),
            *_details("output", "output_tokens_details"),
            # Without details, what comes out are image tokens.
            _count("output_tokens", "output_image_tokens", instead_of_nothing=True),
        ),
        read="https://www.rubydoc.info/gems/openai/OpenAI/Models/ImagesResponse/Usage, 2026-11-26",
    ),
    *(
        Shape(
            name="responses",
            root=root,
            fits=_has("input_tokens", "output_tokens"),
            counts=(
                _count("input_tokens", "input_tokens"),
                _count("input_tokens_details.cached_tokens", "cache_read_tokens"),
                _count("input_token_details.cached_tokens", "cache_read_tokens", instead_of_nothing=True),
                _count("input_tokens_details.cache_read_input_tokens", "cache_read_tokens", instead_of_nothing=True),
                _count("input_tokens_details.cache_write_tokens", "cache_write_tokens"),
                *_details("input", "input_token_details"),
                *(
                    _count(f"input_token_details.cached_tokens_details.{it}_tokens", f"cache_{it}_read_tokens")
                    for it in ("text", "audio", "image")
                ),
                _count("output_tokens", "output_tokens"),
                _count("output_tokens_details.reasoning_tokens", "output_reasoning_tokens"),
                *_details("output", "output_token_details"),
                _count("tool_calls_details.search_web.invocation", "web_searches"),
            ),
            read=_GENAI_PRICES,
        )
        for root in (("usage",), ("response", "usage"))
    ),
)
