"""Other catalogs' words for tasks, modalities and capabilities, as ours."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from radiant.domain.usual import USUAL
from radiant.domain.vocabulary import Modality, Task

#: LiteLLM's `mode`; any other is Task.OTHER.
LITELLM_MODES: Final = {
    "chat": Task.CHAT,
    "responses": Task.CHAT,
    "completion": Task.COMPLETION,
    "embedding": Task.EMBEDDING,
    "image_generation": Task.IMAGE,
    "image_edit": Task.IMAGE,
    "image_variation": Task.IMAGE,
    "video_generation": Task.VIDEO,
    "audio_speech": Task.AUDIO,
    "audio_transcription": Task.TRANSCRIPTION,
    "realtime": Task.REALTIME,
    "rerank": Task.RERANK,
    "moderation": Task.MODERATION,
    "guardrail": Task.MODERATION,
    "ocr": Task.OCR,
    "search": Task.SEARCH,
}

#: Every catalog's names of modalities; the outputs of OpenRouter name tasks too.
MODALITIES: Final = {
    "text": Modality.TEXT,
    "code": Modality.TEXT,
    "image": Modality.IMAGE,
    "audio": Modality.AUDIO,
    "video": Modality.VIDEO,
    "pdf": Modality.FILE,
    "file": Modality.FILE,
    "3d": Modality.THREE_D,
    "speech": Modality.AUDIO,
    "transcription": Modality.TEXT,
    "embeddings": Modality.EMBEDDING,
    "embedding": Modality.EMBEDDING,
    "rerank": Modality.STRUCTURED,
}

#: LiteLLM's `supports_…`.
LITELLM_SUPPORTS: Final = {
    "supports_function_calling": "function_calling",
    "supports_parallel_function_calling": "parallel_function_calling",
    "supports_tool_choice": "tool_choice",
    "supports_response_schema": "structured_output",
    "supports_native_structured_output": "structured_output",
    "supports_vision": "vision",
    "supports_reasoning": "reasoning",
    "supports_prompt_caching": "prompt_caching",
    "supports_web_search": "web_search",
    "supports_pdf_input": "pdf_input",
    "supports_audio_input": "audio_input",
    "supports_audio_output": "audio_output",
    "supports_video_input": "video_input",
    "supports_computer_use": "computer_use",
    "supports_system_messages": "system_messages",
    "supports_native_streaming": "streaming",
    "supports_embedding_image_input": "multimodal_embedding",
    "supports_multimodal": "multimodal_embedding",
}

#: LiteLLM's modes that say what a model can do.
LITELLM_MODE_CAPABILITIES: Final = {
    "embedding": "text_embedding",
    "image_generation": "text_to_image",
    "image_edit": "image_to_image",
    "image_variation": "image_to_image",
    "video_generation": "text_to_video",
    "audio_speech": "text_to_speech",
    "audio_transcription": "transcription",
    "realtime": "realtime_audio",
    "rerank": "rerank",
    "moderation": "content_moderation",
    "guardrail": "content_moderation",
    "ocr": "ocr",
    "search": "web_search_api",
}

#: models.dev's booleans.
MODELS_DEV_FLAGS: Final = {
    "tool_call": "function_calling",
    "reasoning": "reasoning",
    "structured_output": "structured_output",
}

#: OpenRouter's `supported_parameters`.
OPENROUTER_PARAMETERS: Final = {
    "tools": "function_calling",
    "tool_choice": "tool_choice",
    "parallel_tool_calls": "parallel_function_calling",
    "structured_outputs": "structured_output",
    "response_format": "json_mode",
    "reasoning": "reasoning",
    "web_search_options": "web_search",
}

#: The output OpenRouter names is the task, except where it is text.
OPENROUTER_OUTPUTS: Final = {
    "embeddings": Task.EMBEDDING,
    "rerank": Task.RERANK,
    "transcription": Task.TRANSCRIPTION,
    "speech": Task.AUDIO,
    "video": Task.VIDEO,
}

#: What a chat model that takes more than text can do.
INPUT_CAPABILITIES: Final = {
    Modality.IMAGE: "vision",
    Modality.FILE: "pdf_input",
    Modality.AUDIO: "audio_input",
    Modality.VIDEO: "video_input",
}

#: Billed by tokens, so that a price of zero means free.
BY_TOKENS: Final = frozenset({Task.CHAT, Task.COMPLETION, Task.EMBEDDING, Task.MODERATION, Task.REALTIME, Task.OTHER})


class Flow(NamedTuple):
    """What goes in and what comes out."""

    into: frozenset[Modality]
    out: frozenset[Modality]


#: What models of a task take and give at least, where a source lists no modalities.
FLOWS: Final[Mapping[Task, Flow]] = {
    task: Flow(frozenset(usual.takes + usual.also_takes), frozenset(usual.gives + usual.also_gives))
    for task, usual in USUAL.items()
}

UNKNOWN_FLOW: Final = Flow(frozenset(), frozenset())
