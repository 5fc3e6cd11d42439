"""A row of `unified_model_registry`, as Python and as JSON see it, and how to ask for some."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from .vocabulary import ModelClass


class RegistryModel(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of the view, in its order. Prices are USD and without markup; `markup_rate` 0.4 is 40 %.

    `further_prices` are those without a column of their own that a request's cost depends on, by the keys of catalog
    files, as exact text: media tokens, fees of searches and of images that go in, tiers.
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

    def current(self, today: dt.date) -> bool:
        """Whether it is neither deprecated nor, on this day, retired."""
        return not self.deprecated and (self.retires is None or self.retires > today)


class ModelFilter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which models to list; everything given must hold. `capabilities` and modalities must all be there."""

    category: str | None = None
    hosting: str | None = None
    status: str | None = None
    provider: str | None = None
    task: str | None = None
    capabilities: Sequence[str] = ()
    input_modalities: Sequence[str] = ()
    output_modalities: Sequence[str] = ()
    text: str | None = None
