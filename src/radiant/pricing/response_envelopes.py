"""What a response may be wrapped in: an event of a stream, a line of a batch. What is inside is read as if it stood
alone, with what the wrapping says besides."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from .response_ai_sdk import of_ai_sdk
from .response_shape import Response, at, mappings

#: Under which condition batches are billed.
_BATCH: Final = {"processing": "batch"}

#: Where usage stands, in whatever API.
_USAGE: Final = (("usage",), ("usageMetadata",), ("usage_info",), ("meta", "billed_units"), ("usageEvent",))


class Opened(msgspec.Struct, frozen=True):
    """What was inside; `context` is what the wrapping alone says, `lacks` what a piece of a stream cannot count."""

    response: Response
    context: dict[str, str] = {}
    lacks: tuple[str, ...] = ()


#: Where an answer stands in what wraps it, and what that says of it. OpenAI and Anthropic, lines of batches:
#: https://developers.openai.com/api/docs/guides/batch, pkg:pypi/anthropic@2.14.0; events at the end of streams: OpenAI
#: (Responses, Realtime), Anthropic, Gemini (pkg:pypi/google-genai@3.6.1), Bedrock (ConverseStreamMetadataEvent of
#: botocore 1.44.5), Cohere (pkg:pypi/cohere@7.3.1), Groq (pkg:pypi/groq@1.7.0). All read on 2026-11-26. Lines of
#: batches of Bedrock: https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html; what wraps
#: every answer of Cloudflare: pkg:pypi/genai-prices@0.2.3; Oracle's `chat`:
#: https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/ChatResult; an event of Nova Sonic:
#: https://github.com/pipecat-ai/pipecat/pull/4783. All read on 2026-11-27.
_WRAPPED: Final[tuple[tuple[tuple[str, ...], dict[str, str]], ...]] = (
    (("response", "body"), _BATCH),
    (("result", "message"), _BATCH),
    (("modelOutput",), _BATCH),
    (("response",), {}),
    (("message",), {}),
    (("interaction",), {}),
    (("metadata",), {}),
    (("delta",), {}),
    (("x_groq",), {}),
    (("result",), {}),
    (("chatResponse",), {}),
    (("event",), {}),
)

#: What stands beside an answer in a line of a batch of Gemini, by its API and by Vertex AI
#: (https://ai.google.dev/gemini-api/docs/batch-api), and of Claude at Vertex AI
#: (https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude-batch). Both read on 2026-11-27.
_LINE_OF_GEMINI: Final = frozenset({"key", "request"})


def opened(response: Response) -> Opened:
    """The answer in a response, which may be wrapped once."""
    kind = response.get("type")
    if kind == "message_delta":
        return _end_of_message(response)
    if _counts(response):
        return Opened(of_ai_sdk(response) if "providerMetadata" in response else response)
    for path, context in _WRAPPED:
        inner = at(response, path)
        if isinstance(inner, Mapping) and _counts(inner):
            # Anthropic's first event counts the input, and of the output what there was by then.
            lacks = ("output_tokens",) if kind == "message_start" else ()
            if path == ("response",) and _is_line_of_batch(response, inner):
                context = _BATCH
            return Opened({**response, **inner}, context, lacks)
    # Moonshot's last event of a stream: https://github.com/AstrBotDevs/AstrBot/issues/6614, 2026-11-27.
    for choice in mappings(response.get("choices")):
        if isinstance(choice.get("usage"), Mapping):
            return Opened({**response, "usage": choice["usage"]})
    return Opened(response)


def _is_line_of_batch(response: Response, inner: Response) -> bool:
    """Whether it is one of a file, or of the answers that a batch of Gemini has inside."""
    if "usageMetadata" in inner:
        return not _LINE_OF_GEMINI.isdisjoint(response) or at(response, ("metadata", "key")) is not None
    return "custom_id" in response


def _end_of_message(response: Response) -> Opened:
    """Anthropic's last event but one: all counts so far, or those of the output alone; then the first event's message
    may stand beside it."""
    usage, message = response.get("usage"), response.get("message")
    before: Any = message.get("usage") if isinstance(message, Mapping) else None
    counts = {
        **(before if isinstance(before, Mapping) else {}),
        **{name: value for name, value in (usage if isinstance(usage, Mapping) else {}).items() if value is not None},
    }
    inner = message if isinstance(message, Mapping) else {}
    lacks = () if "input_tokens" in counts else ("input_tokens",)
    return Opened({**response, **inner, "type": "message_delta", "usage": counts}, {}, lacks)


def _counts(response: Response) -> bool:
    return any(isinstance(at(response, path), Mapping) for path in _USAGE)
