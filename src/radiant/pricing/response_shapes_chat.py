"""The shapes of usage in chats, as OpenAI has them and those who speak its language."""

from typing import Final

from .response_shape import Response, Shape, by_the_total, count, has, numbers, of

GENAI_PRICES: Final = "https://github.com/pydantic/genai-prices, package 0.2.3, 2026-11-26"

#: Calls of tools that xAI ran: https://docs.x.ai/developers/tools/tool-usage-details, 2026-11-26.
SERVER_TOOLS: Final = tuple(
    count(f"server_side_tool_usage_details.{name}", meter)
    for name, meter in {
        "web_search_calls": "web_searches",
        "x_search_calls": "social_searches",
        "code_interpreter_calls": "code_executions",
        "file_search_calls": "storage_searches",
    }.items()
)

#: The same cached tokens by other names, for which some clients write 0 by the usual one. LiteLLM and Databricks:
#: pkg:pypi/litellm@1.110.2 and pkg:pypi/genai-prices@0.2.3; Alibaba:
#: https://www.alibabacloud.com/help/en/model-studio/context-cache; Mistral, whose client writes `{}` for what is not
#: set: https://docs.mistral.ai/openapi.yaml. Read on 2026-11-26 and 27.
_OTHER_NAMES: Final = (
    *(
        count(path, "cache_read_tokens", instead_of_zero=True)
        for path in (
            "prompt_cache_hit_tokens",
            "cached_tokens",
            "num_cached_tokens",
            "prompt_token_details.cached_tokens",
            "cache_read_input_tokens",
        )
    ),
    *(
        count(path, "cache_write_tokens", instead_of_zero=True)
        for path in (
            "prompt_tokens_details.cache_creation_input_tokens",
            "prompt_tokens_details.cache_creation_tokens",
            "cache_creation_input_tokens",
        )
    ),
    *(
        count(f"{path}.ephemeral_{ttl}_input_tokens", f"cache_write_{ttl}_tokens", instead_of_zero=True)
        for ttl in ("5m", "1h")
        for path in (
            "prompt_tokens_details.cache_creation",
            "prompt_tokens_details.cache_creation_token_details",
            "cache_creation",
        )
    ),
)

_CHAT: Final = (
    count("prompt_tokens", "input_tokens"),
    count("prompt_tokens_details.cached_tokens", "cache_read_tokens"),
    count("prompt_tokens_details.cache_write_tokens", "cache_write_tokens"),
    *_OTHER_NAMES,
    *(count(f"prompt_tokens_details.{it}_tokens", f"input_{it}_tokens") for it in ("audio", "image", "video")),
    # https://github.com/langwatch/tasks/issues/641, 2026-11-27.
    *(
        count(f"prompt_tokens_details.cached_tokens_details.{it}_tokens", f"cache_{it}_read_tokens")
        for it in ("audio", "image")
    ),
    count("completion_tokens", "output_tokens"),
    *(count(f"completion_tokens_details.{it}_tokens", f"output_{it}_tokens") for it in ("audio", "image", "video")),
    count("prompt_audio_seconds", "input_audio_seconds", or_empty=True),
    count("server_tool_use.web_search_requests", "web_searches"),
    count("server_tool_use_details.web_search_requests", "web_searches", instead_of_zero=True),
    # What Mistral's connectors put in, and are called for: pkg:pypi/mistralai@3.7.0 (ConversationUsageInfo).
    count("connector_tokens", "input_tool_tokens", "input_tokens", or_empty=True),
    count("connectors.web_search", "web_searches"),
    count("connectors.web_search_premium", "web_searches"),
    count("connectors.code_interpreter", "code_executions"),
    *SERVER_TOOLS,
)
_REASONING: Final = count("completion_tokens_details.reasoning_tokens", "output_reasoning_tokens")

_REASONING_BESIDE: Final = (("output_reasoning_tokens", "output_tokens"),)


def _xai_beside(usage: Response) -> tuple[tuple[str, str], ...]:
    """Whether reasoning is beside the completion is what the total says; xAI's documentation has it beside."""
    parts = numbers(usage, "prompt_tokens", "completion_tokens", "total_tokens")
    return () if parts is not None and sum(parts) == 2 * parts[-1] else _REASONING_BESIDE


#: A model of xAI or Google at a third provider, what was read from a cache for a client of Anthropic.
_SAID_BESIDE: Final = by_the_total(
    "prompt_tokens",
    "completion_tokens",
    "total_tokens",
    reasoning=("completion_tokens_details.reasoning_tokens", "reasoning_tokens"),
    cached={
        "cache_read_tokens": ("prompt_tokens_details.cached_tokens", "cached_tokens", "cache_read_input_tokens"),
        "cache_write_tokens": (
            "prompt_tokens_details.cache_write_tokens",
            "prompt_tokens_details.cache_creation_tokens",
            "cache_creation_input_tokens",
        ),
    },
)


CHAT: Final = (
    Shape(
        name="perplexity chat",
        root=("usage",),
        fits=of("perplexity", "prompt_tokens"),
        counts=(
            *_CHAT,
            count("reasoning_tokens", "output_reasoning_tokens", "output_tokens"),
            count("citation_tokens", "output_citation_tokens", "output_tokens"),
            count("num_search_queries", "web_searches"),
        ),
        read=GENAI_PRICES,
    ),
    Shape(
        name="xai chat",
        root=("usage",),
        fits=of("xai", "prompt_tokens"),
        counts=(
            *_CHAT,
            _REASONING,
            # As its own client calls them: pkg:pypi/xai-sdk@1.21.0 (SamplingUsage).
            count("reasoning_tokens", "output_reasoning_tokens", instead_of_zero=True),
            count("cached_prompt_text_tokens", "cache_read_tokens", instead_of_zero=True),
            count("prompt_image_tokens", "input_image_tokens", instead_of_zero=True),
        ),
        silent=("prompt_text_tokens",),
        beside_if=_xai_beside,
        read=GENAI_PRICES,
    ),
    Shape(
        name="chat",
        root=("usage",),
        fits=has("prompt_tokens"),
        counts=(
            *_CHAT,
            _REASONING,
            count("reasoning_tokens", "output_reasoning_tokens", instead_of_zero=True),
        ),
        beside_if=_SAID_BESIDE,
        read=GENAI_PRICES,
    ),
)
