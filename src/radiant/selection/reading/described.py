"""The fields of a row that a candidate takes over unchanged."""

import datetime as dt
from typing import Annotated

import msgspec
from msgspec import Meta

from radiant.domain.vocabulary import Hosting, ModelClass, Task, ThermalState

Whole = Annotated[int, Meta(ge=0)]
Measured = Annotated[float, Meta(ge=0, le=1e15)]
Text = Annotated[str, Meta(min_length=1)]


class Described(msgspec.Struct, frozen=True, gc=False):
    """Columns of the view. Those with a default may be absent. What nobody measured is None."""

    id: Text
    provider_id: Text
    provider_name: str
    model_id: Text
    litellm_id: str | None
    display_name: str
    hosting_type: Hosting
    primary_mode: Task
    context_window: Whole | None
    thermal_state: ThermalState | None
    warmup_time_seconds: Whole | None
    enabled: bool
    deprecated: bool
    avg_latency_ms: Measured | None
    commercial_use_allowed: bool | None
    category: str | None = None
    max_output: Whole | None = None
    instance_type: str | None = None
    gpu_memory_gb: Whole | None = None
    error_rate: Measured | None = None
    license: str | None = None
    embedding_dimension: Whole | None = None
    retires: dt.date | None = None
    successor: str | None = None
    max_input: Whole | None = None
    model_class: ModelClass | None = msgspec.field(default=None, name="class")
    throughput_tps: Measured | None = None
    aliases: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    resting_until: dt.datetime | None = None
    resting_because: str | None = None
    endpoint_id: int | None = None
    endpoint_url: str | None = None


#: Columns whose values many rows share; one copy of each is kept.
REPEATED = ("provider_id", "provider_name", "category", "instance_type", "license")
