"""Which capability is meant: the one table of the words that people and other catalogs have for ours."""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from radiant.public_catalogs.vocabulary import (
    INPUT_CAPABILITIES,
    LITELLM_MODE_CAPABILITIES,
    LITELLM_SUPPORTS,
    MODELS_DEV_FLAGS,
    OPENROUTER_PARAMETERS,
)

from .folding import nearest, squeezed, the_one

#: Ours, with what people write for it. Case and separators do not count.
_WRITTEN: Final = {
    "audio_input": ("audio", "speech_input", "input_audio", "listening"),
    "audio_output": ("speech_output", "output_audio"),
    "code": ("coding", "code_generation"),
    "computer_use": ("computer", "computer_use_preview", "gui"),
    "content_moderation": ("moderation",),
    "fill_in_the_middle": ("fim", "infill"),
    "function_calling": (
        "tool", "tools", "tool_use", "tool_call", "tool_calls", "tool_calling", "function", "functions",
        "function_call", "function_calls", "functions_calling",
    ),
    "image_to_image": ("image_edit", "image_edits", "image_editing"),
    "json_mode": ("response_format",),
    "parallel_function_calling": ("parallel_tools", "parallel_tool_use", "parallel_tool_calling"),
    "pdf_input": ("pdf", "pdfs", "file_input", "document_input", "documents"),
    "prompt_caching": ("cache", "caching", "prompt_cache", "context_caching", "cached_input"),
    "reasoning": (
        "thinking", "think", "extended_thinking", "reasoning_effort", "reasoning_tokens", "thinking_budget",
        "chain_of_thought", "include_reasoning",
    ),
    "streaming": ("stream",),
    "structured_output": (
        "json", "json_object", "json_output", "json_schema", "structured", "structured_json", "response_schema",
        "schema",
    ),
    "system_messages": ("system", "system_message", "system_prompt", "system_prompts", "system_role"),
    "text_embedding": ("embedding", "embeddings", "text_embeddings"),
    "text_to_image": ("image_generation", "image_output", "txt2img"),
    "text_to_speech": ("tts", "speech", "speech_synthesis"),
    "text_to_video": ("video_generation", "video_output"),
    "transcription": ("stt", "asr", "speech_to_text", "speech_recognition", "transcribe"),
    "video_input": ("video",),
    "vision": ("image_input", "image", "images", "input_image", "visual", "image_understanding", "multimodal"),
    "web_search": ("search", "websearch", "browsing", "internet", "grounding"),
}  # fmt: skip


def _table() -> Mapping[str, str]:
    supports = {name.removeprefix("supports_"): ours for name, ours in LITELLM_SUPPORTS.items()}
    written = {word: ours for ours, words in _WRITTEN.items() for word in (ours, *words)}
    modes = {ours: ours for ours in (*LITELLM_MODE_CAPABILITIES.values(), *INPUT_CAPABILITIES.values())}
    words = modes | supports | LITELLM_SUPPORTS | MODELS_DEV_FLAGS | OPENROUTER_PARAMETERS | written
    return MappingProxyType({squeezed(word): ours for word, ours in words.items()})


#: By a word without case and separators, what we call it.
MEANT: Final = _table()

#: What is understood where no model has it.
OURS: Final = frozenset(MEANT.values())


def capability_named(word: str, known: Collection[str]) -> str | None:
    """What is meant by `word` in a registry whose models have `known`: its own words first."""
    return the_one(word, known) or MEANT.get(squeezed(word))


def nearest_capabilities(word: str, known: Collection[str]) -> tuple[str, ...]:
    """Ours that are most like `word`, or whose other names are."""
    form = squeezed(word)
    among = {squeezed(name): name for name in sorted(known)}
    alike = nearest(form, {*among, *MEANT})
    return tuple(dict.fromkeys(among.get(it) or MEANT[it] for it in alike))
