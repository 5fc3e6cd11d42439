"""Lists in OpenAI's shape, and what one provider adds to it, as data."""

from typing import Final

from radiant.claims.entries import shown, whole
from radiant.claims.facts import LARGEST_COUNT
from radiant.domain.vocabulary import Task

from .entry import Entry
from .listing import Kind
from .shape import Shape

#: `{"object": "list", "data": [{"id", "object", "created", "owned_by"}]}`
PLAIN: Final = Shape()

#: Names under which compatible servers (vLLM, SGLang, llama.cpp, gateways) give a window and a largest output. What LM
#: Studio loaded a model with is all that it takes, whatever the model could.
_WINDOWS: Final = ("loaded_context_length", "context_length", "context_window", "max_context_length", "max_model_len")
_OUTPUTS: Final = ("max_output_tokens", "max_completion_tokens")


def _server(entry: Entry) -> None:
    for key, names in (("context_window", _WINDOWS), ("max_output", _OUTPUTS)):
        name = next((name for name in names if entry.at(name) not in (None, "", 0)), None)
        if name is not None:
            entry.facts.count(key, entry.at(name), of=name)
    parent = entry.at("parent")
    if type(parent) is str and parent.strip() and parent != entry.id:  # some fill it in for every model
        entry.is_made_from(parent, Kind.ADAPTER)


#: Any server that lists models as OpenAI does.
ANY: Final = Shape(facts={"display_name": "name"}, more=_server)

OPENAI: Final = Shape(facts={"retires": "shutdown_date"})

DEEPSEEK: Final = Shape(
    facts={"display_name": "name", "context_window": "context_window", "max_output": "max_output_tokens"},
    modalities=("input_modalities", "output_modalities"),
    created=None,
)

VERCEL: Final = Shape(
    facts={"display_name": "name", "context_window": "context_window", "max_output": "max_tokens"},
)

GROQ: Final = Shape(facts={"context_window": "context_window", "max_output": "max_completion_tokens"})

MOONSHOT: Final = Shape(
    facts={"context_window": "context_length"},
    capabilities={
        "supports_image_in": "vision",
        "supports_video_in": "video_input",
        "supports_reasoning": "reasoning",
    },
)

#: Cerebras' public list, beside a plain one for the key. Prices are text, USD per token.
CEREBRAS: Final = Shape(
    facts={
        "display_name": "name",
        "context_window": "limits.max_context_length",
        "max_output": "limits.max_completion_tokens",
    },
    prices={"input_per_mtok": "pricing.prompt", "output_per_mtok": "pricing.completion"},
    capabilities={
        "capabilities.function_calling": "function_calling",
        "capabilities.json_mode": "json_mode",
        "capabilities.parallel_tool_calls": "parallel_function_calling",
        "capabilities.reasoning": "reasoning",
        "capabilities.structured_outputs": "structured_output",
        "capabilities.vision": "vision",
    },
    deprecated="deprecated",
)

#: Prices are numbers, USD per token.
SAMBANOVA: Final = Shape(
    facts={"context_window": "context_length", "max_output": "max_completion_tokens"},
    prices={"input_per_mtok": "pricing.prompt", "output_per_mtok": "pricing.completion"},
    created=None,
)


def _billed(entry: Entry) -> None:
    """Zeros fill the prices of models that are not billed by tokens."""
    entry.facts.without_filler(by_tokens=entry.facts.values.get("task") not in (Task.IMAGE.value, None))


#: A list without an envelope; prices are USD per million tokens.
TOGETHER: Final = Shape(
    facts={"display_name": "display_name", "context_window": "context_length"},
    prices={
        "input_per_mtok": "pricing.input",
        "output_per_mtok": "pricing.output",
        "cache_read_per_mtok": "pricing.cached_input",
    },
    per=1_000_000,
    task="type",
    tasks={
        "chat": Task.CHAT,
        "language": Task.COMPLETION,
        "image": Task.IMAGE,
        "embedding": Task.EMBEDDING,
        "moderation": Task.MODERATION,
        "rerank": Task.RERANK,
    },
    more=_billed,
)


#: USD cents for 100 million of what is counted.
_CENTS: Final = 10_000_000_000

#: What a prompt that reaches `long_context_threshold` pays for all of its request (pydantic/genai-prices, pull request
#: 586).
_LONG: Final = {
    "input_per_mtok": "prompt_text_token_price_long_context",
    "output_per_mtok": "completion_text_token_price_long_context",
    "cache_read_per_mtok": "cached_prompt_text_token_price_long_context",
}


def _grok(entry: Entry) -> None:
    facts, raw = entry.facts, entry.at("long_context_threshold")
    facts.drop_zero("image_input_per_mtok", "cache_read_per_mtok", "per_search")
    reached = whole(raw)
    if raw is None or reached == 0:
        return
    if reached is None or not 1 < reached <= LARGEST_COUNT:
        # What long requests cost is not known then, and the price of short ones would be taken for it.
        facts.refuse(f"`long_context_threshold` is {shown(raw)}; expected a number of tokens, and no price was read")
        facts.drop(*XAI.prices)
        return
    long = {meter: facts.amount(meter, entry.at(path), of=path, per=_CENTS) for meter, path in _LONG.items()}
    facts.tiers({reached - 1: {key: it for key, it in long.items() if it and f"price.{key}" in facts.values}})


#: xAI's own list: USD cents for 100 million tokens or searches.
XAI: Final = Shape(
    arrays=("models",),
    prices={
        "input_per_mtok": "prompt_text_token_price",
        "output_per_mtok": "completion_text_token_price",
        "cache_read_per_mtok": "cached_prompt_text_token_price",
        "image_input_per_mtok": "prompt_image_token_price",
        "per_search": "search_price",
    },
    per=_CENTS,
    modalities=("input_modalities", "output_modalities"),
    aliases="aliases",
    more=_grok,
)


def _mistral(entry: Entry) -> None:
    tasks = {
        "moderation": Task.MODERATION,
        "ocr": Task.OCR,
        "audio_transcription": Task.TRANSCRIPTION,
        "completion_chat": Task.CHAT,
    }
    entry.task(next((task for name, task in tasks.items() if entry.at(f"capabilities.{name}") is True), None))
    # Each name of a model has an entry, and `name` is the one that all of them mean (simonw/llm-mistral, issue 23).
    name, others = entry.at("name"), entry.at("aliases")
    if name != entry.id and isinstance(others, list) and name in others:
        entry.is_made_from(name, Kind.ALIAS)
    if entry.at("type") == "fine-tuned" or entry.at("TYPE") == "fine-tuned":
        entry.is_made_from(entry.at("root"), Kind.FINE_TUNE)


MISTRAL: Final = Shape(
    facts={
        "display_name": "name",
        "context_window": "max_context_length",
        "retires": "deprecation",
        "successor": "deprecation_replacement_model",
    },
    capabilities={
        "capabilities.function_calling": "function_calling",
        "capabilities.vision": "vision",
        "capabilities.audio": "audio_input",
        "capabilities.ocr": "ocr",
    },
    aliases="aliases",
    more=_mistral,
)
