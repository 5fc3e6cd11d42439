"""Usage as Vercel's AI SDK has it, with what it hands on of the provider beside it.

Until its version 6 the SDK left what Anthropic and Bedrock read from a cache beside the input, and told what was
written to one in the metadata of the provider alone: https://github.com/vercel/ai/issues/4335,
https://github.com/vercel/ai/issues/8367, https://github.com/PostHog/posthog-js/issues/2829. Read on 2026-11-27.
"""

from collections.abc import Mapping
from typing import Any, Final

from .response_shape import Response, at

#: Providers whose cached tokens stand beside the input, and what they call what the SDK's usage and metadata name.
_BESIDE: Final[Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]]] = {
    "anthropic": {
        "input_tokens": (("inputTokens",), ("promptTokens",)),
        "output_tokens": (("outputTokens",), ("completionTokens",)),
        "cache_read_input_tokens": (("cachedInputTokens",), ("told", "cacheReadInputTokens")),
        "cache_creation_input_tokens": (("told", "cacheCreationInputTokens"),),
    },
    "bedrock": {
        "inputTokens": (("inputTokens",), ("promptTokens",)),
        "outputTokens": (("outputTokens",), ("completionTokens",)),
        "cacheReadInputTokens": (("cachedInputTokens",), ("told", "usage", "cacheReadInputTokens")),
        "cacheWriteInputTokens": (("told", "usage", "cacheWriteInputTokens"),),
    },
}


def of_ai_sdk(response: Response) -> Response:
    """The response with the usage of its provider, where what the SDK says of it lacks something."""
    usage = response.get("usage")
    if not isinstance(usage, Mapping):
        return response
    if isinstance(told := at(response, ("providerMetadata", "openai")), Mapping) and "promptTokens" in usage:
        return {**response, "usage": {**told, **usage}}  # parts of these, by the names of version 4
    for provider, names in _BESIDE.items():
        told = at(response, ("providerMetadata", provider))
        if isinstance(told, Mapping):
            raw = told.get("usage")
            if provider == "anthropic" and _is_the_same(raw, usage):
                return {**response, "type": "message", "usage": raw}
            if isinstance(usage.get("inputTokens"), Mapping) or "inputTokenDetails" in usage:
                return response
            kind = {"type": "message"} if provider == "anthropic" else {}
            return {**response, **kind, "usage": _as_provider({**usage, "told": told}, names)}
    return response


def _is_the_same(raw: Any, usage: Response) -> bool:
    """Whether it is of the same request, and not of the last of several that were summed up."""
    out = usage.get("outputTokens", usage.get("completionTokens"))
    out = out.get("total") if isinstance(out, Mapping) else out
    return isinstance(raw, Mapping) and "input_tokens" in raw and out is not None and raw.get("output_tokens") == out


def _as_provider(usage: Response, names: Mapping[str, tuple[tuple[str, ...], ...]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, paths in names.items():
        said = next((it for path in paths if (it := at(usage, path)) is not None), None)
        if said is not None:
            found[name] = said
    return found
