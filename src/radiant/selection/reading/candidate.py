"""One model as selection sees it."""

import datetime as dt

import msgspec

from radiant.domain.choice import ModelName
from radiant.domain.vocabulary import HealthStatus, Hosting, Task, ThermalState

from ..tariff import Tariff


class Candidate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A row of the registry with everything a criterion may judge by.

    `compliance`, capabilities and modalities are sets shared between rows that say the same. `min_tier` is 1
    for an external row without one. `avg_latency_ms` and `error_rate` are None where nobody measured.
    """

    id: str
    provider_id: str
    provider_name: str
    model_id: str
    litellm_id: str | None
    display_name: str
    hosting_type: Hosting
    category: str | None
    capabilities: frozenset[str]
    input_modalities: frozenset[str]
    output_modalities: frozenset[str]
    primary_mode: Task
    context_window: int | None
    max_output: int | None
    tariff: Tariff
    instance_type: str | None
    gpu_memory_gb: int | None
    thermal_state: ThermalState | None
    is_transitioning: bool
    warmup_time_seconds: int | None
    enabled: bool
    deprecated: bool
    health_status: HealthStatus
    avg_latency_ms: float | None
    error_rate: float | None
    compliance: frozenset[str]
    license: str | None
    license_conditions: tuple[str, ...]
    commercial_use_allowed: bool | None
    min_tier: int
    embedding_dimension: int | None
    retires: dt.date | None

    @property
    def external(self) -> bool:
        return self.hosting_type is Hosting.EXTERNAL

    @property
    def ready(self) -> bool:
        """It can answer now."""
        return self.thermal_state is not ThermalState.COLD and self.thermal_state is not ThermalState.OFF

    @property
    def name(self) -> ModelName:
        return ModelName(id=self.id, model_id=self.model_id, provider_id=self.provider_id)
