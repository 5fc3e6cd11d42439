"""The shapes of usage in the responses of providers: one list of rules, and where each was read.

A count names the meters it adds to. What a provider counts beside its input or output adds to that as well; what it
counts inside adds to its own meter alone.
"""

from typing import Final

from .response_shape import Count, Response, Shape, by_the_total, count, has, numbers
from .response_shapes_chat import CHAT, GENAI_PRICES, SERVER_TOOLS
from .response_shapes_clouds import BEDROCK, BEDROCK_HEADERS, CAMEL_CHAT, GEMINI, INTERACTIONS
from .response_shapes_others import BY_TIME, CLIENTS, OTHERS, TOTALS_ALONE

#: Events of OpenAI's streams that are the whole answer: an image, or speech.
_IMAGE_EVENTS: Final = ("image_generation.completed", "image_edit.completed")
_SPEECH_EVENT: Final = "speech.audio.done"


def _is_anthropic(usage: Response, response: Response, provider: str | None) -> bool:
    if response.get("type") == "message_delta":
        return "output_tokens" in usage
    return (
        "input_tokens" in usage
        and "cached_input_tokens" not in usage
        and (
            provider == "anthropic"
            or response.get("type") == "message"
            or any(
                name in usage for name in ("cache_creation_input_tokens", "cache_read_input_tokens", "cache_creation")
            )
        )
    )


def _is_images(usage: Response, response: Response, provider: str | None) -> bool:
    return "input_tokens" in usage and (isinstance(response.get("data"), list) or response.get("type") in _IMAGE_EVENTS)


def _is_speech(usage: Response, response: Response, provider: str | None) -> bool:
    return response.get("type") == _SPEECH_EVENT


def _images_beside(usage: Response) -> tuple[tuple[str, str], ...]:
    """Tokens of images are beside those of text where the input is no more than the text, or less than the images."""
    images, whole, text = (usage.get(name) for name in ("image_tokens", "input_tokens", "text_tokens"))
    if isinstance(images, int) and (whole is None or whole == text or (isinstance(whole, int) and whole < images)):
        return (("input_image_tokens", "input_tokens"),)
    return ()


def _annotated_beside(usage: Response) -> tuple[tuple[str, str], ...]:
    """Pages that are annotated are among all, unless there are more of them: then only the others are counted so."""
    parts = numbers(usage, "pages_processed", "pages_processed_annotation")
    return (("input_annotated_document_pages", "input_document_pages"),) if parts and parts[0] < parts[1] else ()


def _details(side: str, path: str) -> tuple[Count, ...]:
    return tuple(count(f"{path}.{it}_tokens", f"{side}_{it}_tokens") for it in ("text", "audio", "image"))


def _details_again(side: str, path: str) -> tuple[Count, ...]:
    """The same by another name, which LiteLLM writes beside it (https://github.com/BerriAI/litellm/pull/38457); text is
    what is left."""
    return tuple(count(f"{path}.{it}_tokens", f"{side}_{it}_tokens", instead_of_zero=True) for it in ("audio", "image"))


def _cached_details(path: str) -> tuple[Count, ...]:
    return tuple(count(f"{path}.{it}_tokens", f"cache_{it}_read_tokens") for it in ("text", "audio", "image"))


def _summarized(field: str, *meters: str) -> Count:
    """What it took to shorten a conversation, which Anthropic counts beside all else."""
    return count("iterations", *meters, among=("type", ("compaction",), field))


#: The first that fits is taken.
SHAPES: Final = (
    *CLIENTS,
    GEMINI,
    INTERACTIONS,
    *BEDROCK,
    *(
        Shape(
            name="cohere",
            root=root,
            fits=has(
                "input_tokens", "output_tokens", "search_units", "images", "image_tokens", "pages", "classifications"
            ),
            counts=(
                count("input_tokens", "input_tokens"),
                count("output_tokens", "output_tokens"),
                count("image_tokens", "input_image_tokens"),
                count("search_units", "rerank_searches"),
                count("images", "input_images"),
                count("pages", "input_document_pages"),
            ),
            read="pkg:pypi/cohere@7.3.1 (types of billed units), 2026-11-26",
            beside_if=_images_beside,
        )
        for root in (("usage", "billed_units"), ("meta", "billed_units"))
    ),
    Shape(
        name="mistral pages",
        root=("usage_info",),
        fits=has("pages_processed"),
        counts=(
            count("pages_processed", "input_document_pages"),
            count("pages_processed_annotation", "input_annotated_document_pages"),
        ),
        read="pkg:pypi/litellm@1.110.2 (usage of OCR), 2026-11-26",
        beside_if=_annotated_beside,
    ),
    Shape(
        name="anthropic",
        root=("usage",),
        fits=_is_anthropic,
        counts=(
            count("input_tokens", "input_tokens"),
            count("cache_read_input_tokens", "cache_read_tokens", "input_tokens"),
            count("cache_creation_input_tokens", "cache_write_tokens", "input_tokens"),
            count("cache_creation.ephemeral_5m_input_tokens", "cache_write_5m_tokens"),
            count("cache_creation.ephemeral_1h_input_tokens", "cache_write_1h_tokens"),
            count("output_tokens", "output_tokens"),
            count("output_tokens_details.thinking_tokens", "output_reasoning_tokens"),
            count("server_tool_use.web_search_requests", "web_searches"),
            _summarized("input_tokens", "input_tokens"),
            _summarized("cache_read_input_tokens", "cache_read_tokens", "input_tokens"),
            _summarized("cache_creation_input_tokens", "cache_write_tokens", "input_tokens"),
            _summarized("cache_creation.ephemeral_5m_input_tokens", "cache_write_5m_tokens"),
            _summarized("cache_creation.ephemeral_1h_input_tokens", "cache_write_1h_tokens"),
            _summarized("output_tokens", "output_tokens"),
        ),
        # Turns of the model itself are in the sums; those of an advisor, which is another model, are not.
        # Moonshot's sums of the same: https://github.com/maximhq/bifrost/issues/5510, 2026-11-27.
        silent=("iterations.message", "prompt_tokens", "completion_tokens"),
        read="pkg:pypi/anthropic@2.14.0 (types of usage and of its iterations), 2026-11-26",
    ),
    *BY_TIME,
    *CHAT,
    CAMEL_CHAT,
    *OTHERS,
    Shape(
        name="speech",
        root=("usage",),
        fits=_is_speech,
        counts=(count("input_tokens", "input_tokens"), count("output_tokens", "output_audio_tokens", "output_tokens")),
        read="https://docs.rs/crate/openai-client-base/0.12.0/source/src/models/speech_audio_done_event.rs, 2026-11-26",
    ),
    Shape(
        name="images",
        root=("usage",),
        fits=_is_images,
        counts=(
            count("input_tokens", "input_tokens"),
            *_details("input", "input_tokens_details"),
            count("input_tokens_details.cached_tokens", "cache_read_tokens"),
            *_cached_details("input_tokens_details.cached_tokens_details"),
            count("output_tokens", "output_tokens"),
            *_details("output", "output_tokens_details"),
            # Without details, what comes out are image tokens.
            count("output_tokens", "output_image_tokens", instead_of_nothing=True),
        ),
        read="https://www.rubydoc.info/gems/openai/OpenAI/Models/ImagesResponse/Usage, 2026-11-26",
    ),
    Shape(
        name="responses",
        root=("usage",),
        fits=has("input_tokens", "output_tokens"),
        counts=(
            count("input_tokens", "input_tokens"),
            count("input_tokens_details.cached_tokens", "cache_read_tokens"),
            count("input_token_details.cached_tokens", "cache_read_tokens", instead_of_nothing=True),
            count("input_tokens_details.cache_read_input_tokens", "cache_read_tokens", instead_of_nothing=True),
            count("prompt_tokens_details.cached_tokens", "cache_read_tokens", instead_of_nothing=True),
            count("cached_input_tokens", "cache_read_tokens", instead_of_nothing=True),
            count("input_tokens_details.cache_write_tokens", "cache_write_tokens"),
            count("input_tokens_details.cache_creation_input_tokens", "cache_write_tokens", instead_of_nothing=True),
            count("cache_write_input_tokens", "cache_write_tokens", instead_of_nothing=True),
            count("cache_creation_input_tokens", "cache_write_tokens", instead_of_nothing=True),
            *_details("input", "input_token_details"),
            *_details_again("input", "input_tokens_details"),
            *_cached_details("input_token_details.cached_tokens_details"),
            # Of Alibaba, which counts them inside: https://www.alibabacloud.com/help/en/model-studio/qwen-api-via-dashscope,
            # 2026-11-27.
            *(
                count(f"{it}_tokens", f"input_{it}_tokens", instead_of_nothing=True)
                for it in ("audio", "image", "video")
            ),
            count("output_tokens", "output_tokens"),
            count("output_tokens_details.reasoning_tokens", "output_reasoning_tokens"),
            count("reasoning_output_tokens", "output_reasoning_tokens", instead_of_nothing=True),
            *_details("output", "output_token_details"),
            *_details_again("output", "output_tokens_details"),
            count("tool_calls_details.search_web.invocation", "web_searches"),
            *SERVER_TOOLS,
        ),
        # How long sound was, where it is charged by its tokens.
        silent=("seconds",),
        beside_if=by_the_total(
            "input_tokens",
            "output_tokens",
            "total_tokens",
            reasoning=("output_tokens_details.reasoning_tokens", "reasoning_output_tokens"),
            cached={
                "cache_read_tokens": ("input_tokens_details.cached_tokens", "cached_input_tokens"),
                "cache_write_tokens": ("input_tokens_details.cache_write_tokens", "cache_write_input_tokens"),
            },
        ),
        # Codex counts inside as well, by names of its own: https://github.com/getagentseal/codeburn/issues/1075.
        read=GENAI_PRICES,
    ),
    *TOTALS_ALONE,
    BEDROCK_HEADERS,
)
