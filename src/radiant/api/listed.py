"""The shapes of model lists that clients of OpenAI and of OpenRouter read."""

import datetime as dt
from typing import Literal

import msgspec


class Known(msgspec.Struct):
    """What the registry knows of a model beyond OpenAI's fields."""

    id: str
    model_id: str
    litellm_id: str | None
    display_name: str
    hosting_type: str
    task: str
    thermal_state: str | None
    is_transitioning: bool
    health_status: str
    context_window: int | None
    max_output: int | None
    capabilities: list[str]
    min_tier: int
    retires: dt.date | None


class OpenAIModel(msgspec.Struct):
    """A model as OpenAI lists it; `created` in seconds since 1970."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    radiant: Known


class OpenAIList(msgspec.Struct):
    """All of them; there are no pages."""

    object: Literal["list"]
    data: list[OpenAIModel]


class Architecture(msgspec.Struct):
    """`modality` is `inputs->outputs`, each joined by `+`."""

    modality: str
    input_modalities: list[str]
    output_modalities: list[str]
    tokenizer: str
    instruct_type: str | None


class Provided(msgspec.Struct):
    """What the provider allows, in tokens."""

    context_length: int | None
    max_completion_tokens: int | None
    is_moderated: bool


class OpenRouterModel(msgspec.Struct):
    """A model as OpenRouter lists it. `pricing` is USD for one unit, as decimal text."""

    id: str
    canonical_slug: str
    name: str
    created: int
    description: str
    context_length: int | None
    architecture: Architecture
    pricing: dict[str, str]
    top_provider: Provided
    per_request_limits: None
    supported_parameters: list[str]
    default_parameters: None
    supported_voices: None
    expiration_date: dt.date | None
    links: dict[str, str]


class Links(msgspec.Struct):
    """`next` is null on the last page."""

    next: str | None


class OpenRouterList(msgspec.Struct):
    """One page, and how many models there are on all of them."""

    data: list[OpenRouterModel]
    total_count: int
    links: Links
