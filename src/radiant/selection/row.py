"""One row of `unified_model_registry`, checked."""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from radiant.domain.errors import InvalidRow
from radiant.domain.units import PricingType
from radiant.domain.vocabulary import HealthStatus, Hosting, Task, ThermalState

from .validation import allowed_values, plain

Whole = Annotated[int, Meta(ge=0)]
Measured = Annotated[float, Meta(ge=0, le=1e15)]
Text = Annotated[str, Meta(min_length=1)]
Texts = frozenset[str] | None
Price = Decimal | None

_AT = re.compile(r" - at `\$\.(?P<column>\w+)[^`]*`$")
_MISSING = re.compile(r"Object missing required field `(?P<column>\w+)`")


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The columns that selection reads. Those with a default may be absent."""

    id: Text
    provider_id: Text
    provider_name: str
    model_id: Text
    litellm_id: str | None
    display_name: str
    hosting_type: Hosting
    capabilities: Texts
    input_modalities: Texts
    output_modalities: Texts
    primary_mode: Task
    context_window: Whole | None
    pricing_type: PricingType | None
    input_cost_per_1k: Price
    output_cost_per_1k: Price
    cost_per_request: Price
    cost_per_second: Price
    cost_per_image: Price
    cost_per_minute: Price
    markup_rate: Price
    thermal_state: ThermalState | None
    is_transitioning: bool | None
    warmup_time_seconds: Whole | None
    enabled: bool
    deprecated: bool
    health_status: HealthStatus | None
    avg_latency_ms: Measured | None
    compliance: Texts
    commercial_use_allowed: bool | None
    min_tier: Annotated[int, Meta(ge=1, le=5)] | None
    category: str | None = None
    max_output: Whole | None = None
    instance_type: str | None = None
    gpu_memory_gb: Whole | None = None
    error_rate: Measured | None = None
    license: str | None = None
    cost_per_hour: Price = None
    cost_per_character: Price = None
    cost_per_page: Price = None
    cached_input_cost_per_1k: Price = None
    license_conditions: tuple[str, ...] | None = None
    embedding_dimension: Whole | None = None
    retires: dt.date | None = None


def read_row(index: int, data: Mapping[str, Any]) -> Row:
    """Raises InvalidRow for a missing column, a wrong type, an unknown state name, or a thermal state that is
    missing or out of place."""
    try:
        row = msgspec.convert(data, Row)
    except msgspec.ValidationError as error:
        raise _located(index, data, str(error)) from error
    if (row.thermal_state is None) is (row.hosting_type is Hosting.SELF_HOSTED):
        problem = "is missing in a self-hosted row" if row.thermal_state is None else "is set in an external row"
        raise InvalidRow(index, row.model_id, "thermal_state", problem)
    return row


def _located(index: int, data: object, message: str) -> InvalidRow:
    if not isinstance(data, Mapping):
        return InvalidRow(index, None, None, f"is no mapping of columns but {type(data).__name__}")
    name = data.get("model_id")
    model_id = name if isinstance(name, str) else None
    if missing := _MISSING.match(message):
        return InvalidRow(index, model_id, missing["column"], "is missing")
    at = _AT.search(message)
    if at is None:
        return InvalidRow(index, model_id, None, message)
    column = at["column"]
    allowed = allowed_values(Row, column)
    expected = f"expected: {', '.join(allowed)}" if allowed else plain(_AT.sub("", message))
    return InvalidRow(index, model_id, column, f"{data[column]!r:.80}: {expected}")
