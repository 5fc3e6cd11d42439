"""One row of `unified_model_registry`, and the filter for lists of them."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from .compliance import Terms
from .vocabulary import ModelClass


class ModelPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a model stands among all: where the next page begins."""

    provider_id: str
    model_id: str
    id: str


class RegistryModel(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of the view, in its order. Prices are USD and without markup; `markup_rate` 0.4 is 40 %.

    `further_prices` are those without a column of their own that a request's cost depends on, by the keys of catalog
    files, as exact text: media tokens, fees of searches and of images that go in, tiers. `conditional_compliance` are
    the standards that count only once an operator declares their condition met, which then stand in `compliance`.
    `litellm_known` says whether LiteLLM's own map has `litellm_id`; where it has not, LiteLLM counts a price of 0.

    `context_window` is what is served, `model_context_window` what the model itself could take. Of a self-hosted model
    `serving` says whether its container serves it as it is (ready) or inference code has to be written
    (bring_your_own_code), and `key_variables` name what has to be set, such as HF_TOKEN for gated weights.

    `doubts` says in words what is in doubt of what public catalogs say of the model, and what is used.

    `scheduled_prices` are prices of other times by the keys of catalog files: `steps` are announced, each `from` its
    day on, `hours` hold at hours of the week in UTC. The price above is that of today, at the dearest hour.

    Health, latency and errors are the model's own where they were measured lately, or its provider's. A model that
    failed so often in a row is not chosen before `resting_until`; `resting_because` says how often, and why.

    `endpoint_id` is the endpoint of a self-hosted model in the best state, which is the model's; `endpoint_url` is its
    address, None where it has a name only. `minimum_charge` is what a request costs a tenant at least, USD;
    `minimum_price` is what it costs at least before the markup, as price sheets say.
    """

    id: str
    provider_id: str
    provider_name: str
    model_id: str
    litellm_id: str | None
    name: str
    display_name: str
    description: str | None
    hosting_type: str
    category: str
    capabilities: list[str]
    input_modalities: list[str]
    output_modalities: list[str]
    primary_mode: str
    context_window: int | None
    max_output: int | None
    pricing_type: str | None
    input_cost_per_1k: Decimal | None
    output_cost_per_1k: Decimal | None
    cost_per_request: Decimal | None
    cost_per_second: Decimal | None
    cost_per_image: Decimal | None
    cost_per_minute: Decimal | None
    markup_rate: Decimal
    instance_type: str | None
    gpu_memory_gb: int | None
    thermal_state: str | None
    is_transitioning: bool
    warmup_time_seconds: int | None
    enabled: bool
    deprecated: bool
    health_status: str
    avg_latency_ms: float | None
    error_rate: float | None
    compliance: list[str]
    license: str | None
    commercial_use_allowed: bool | None
    min_tier: int
    created_at: dt.datetime
    updated_at: dt.datetime
    cost_per_hour: Decimal | None
    cost_per_character: Decimal | None
    cost_per_page: Decimal | None
    cached_input_cost_per_1k: Decimal | None
    embedding_dimension: int | None
    retires: dt.date | None
    license_conditions: list[str]
    further_prices: dict[str, Any] | None
    max_input: int | None
    model_class: ModelClass | None = msgspec.field(name="class")
    throughput_tps: Decimal | None
    successor: str | None
    aliases: list[str]
    released: dt.date | None

    @property
    def place(self) -> ModelPlace:
        return ModelPlace(self.provider_id, self.model_id, self.id)

    conditional_compliance: dict[str, Terms] | None = None
    litellm_known: bool | None = None
    model_context_window: int | None = None
    serving: str | None = None
    key_variables: list[str] = []
    doubts: list[str] = []
    scheduled_prices: dict[str, Any] | None = None
    resting_until: dt.datetime | None = None
    resting_because: str | None = None
    endpoint_id: int | None = None
    endpoint_url: str | None = None
    minimum_charge: Decimal | None = None
    minimum_price: Decimal | None = None

    def current(self, today: dt.date) -> bool:
        """Whether it is neither deprecated nor, on this day, retired."""
        return not self.deprecated and (self.retires is None or self.retires > today)


class ModelFilter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which models to list; everything given must hold. `capabilities` and modalities must all be there.

    `modalities` go in or come out. `current_on` leaves those that are neither deprecated nor retired on that day,
    `past_on` the others.
    """

    category: str | None = None
    hosting: str | None = None
    status: str | None = None
    provider: str | None = None
    task: str | None = None
    capabilities: Sequence[str] = ()
    input_modalities: Sequence[str] = ()
    output_modalities: Sequence[str] = ()
    text: str | None = None
    model_class: str | None = None
    modalities: Sequence[str] = ()
    current_on: dt.date | None = None
    past_on: dt.date | None = None

    @property
    def names_something(self) -> bool:
        """Whether it has words that the registry may know by other names, or not at all."""
        free = ("text", "current_on", "past_on")
        return any(getattr(self, field) not in (None, ()) for field in self.__struct_fields__ if field not in free)
