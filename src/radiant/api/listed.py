"""The shapes of model lists that clients of OpenAI and of OpenRouter read."""

import datetime as dt
from typing import Literal

import msgspec

from radiant.domain.registry_model import RegistryModel


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
    released: dt.date | None
    retires: dt.date | None
    successor: str | None


class OpenAIModel(msgspec.Struct):
    """A model as OpenAI lists it, and as Anthropic does: `type`, `display_name`, `created_at`, `lifecycle`,
    `retires_at`, `max_input_tokens` and `max_tokens` are what clients of Anthropic read.

    `created` (seconds since 1970) and `created_at` are the day of release; where nobody knows it, the time at which the
    registry first had the model, and `radiant.released` is null. `shutdown_date` is the day of retirement.
    """

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    shutdown_date: dt.date | None
    type: Literal["model"]
    display_name: str
    created_at: dt.datetime
    lifecycle: Literal["active", "deprecated"]
    retires_at: dt.datetime | None
    max_input_tokens: int | None
    max_tokens: int | None
    radiant: Known


class OpenAIList(msgspec.Struct):
    """All of them, or with `limit` a page: the next one is asked for with `after=` the `last_id` of this one."""

    object: Literal["list"]
    data: list[OpenAIModel]
    first_id: str | None
    last_id: str | None
    has_more: bool


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
    """A model as OpenRouter lists it. `pricing` is USD for one unit, as decimal text; `-1` is a price that nobody knows
    or that there is none for one token of."""

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


class Count(msgspec.Struct):
    """How many models there are."""

    count: int


class OpenRouterCount(msgspec.Struct):
    data: Count


def id_of(model: RegistryModel) -> str:
    """How a model is called in these lists: `provider/model`."""
    return f"{model.provider_id}/{model.model_id}"


def created_at(model: RegistryModel) -> dt.datetime:
    """The day of release, at midnight UTC; where it is not known, when the registry first had the model."""
    if model.released is None:
        return model.created_at
    return dt.datetime.combine(model.released, dt.time.min, dt.UTC)
