"""One row of `unified_model_registry` with the columns that selection reads, checked."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from radiant import wording
from radiant.domain.compliance import Terms
from radiant.domain.errors import InvalidRow
from radiant.domain.units import PricingType
from radiant.domain.vocabulary import HealthStatus, Hosting

from .described import Described

Texts = frozenset[str] | None
Price = Decimal | None


class Row(Described, frozen=True, kw_only=True, gc=False):
    """The columns that selection reads: this is the list of them. Those with a default may be absent."""

    capabilities: Texts
    input_modalities: Texts
    output_modalities: Texts
    compliance: Texts
    is_transitioning: bool | None
    health_status: HealthStatus | None
    min_tier: Annotated[int, Meta(ge=1, le=5)] | None
    license_conditions: tuple[str, ...] | None = None
    pricing_type: PricingType | None
    input_cost_per_1k: Price
    output_cost_per_1k: Price
    cost_per_request: Price
    cost_per_second: Price
    cost_per_image: Price
    cost_per_minute: Price
    markup_rate: Price
    cost_per_hour: Price = None
    cost_per_character: Price = None
    cost_per_page: Price = None
    cached_input_cost_per_1k: Price = None
    further_prices: dict[str, Any] | None = None
    conditional_compliance: dict[str, Terms] | None = None
    minimum_charge: Price = None
    minimum_price: Price = None


#: A row with its columns, or one whose columns were read already.
Given = Mapping[str, Any] | Row

_ROWS: msgspec.json.Decoder[list[Row]] = msgspec.json.Decoder(list[Row], float_hook=Decimal)
_MAPPINGS: msgspec.json.Decoder[list[dict[str, Any]]] = msgspec.json.Decoder(list[dict[str, Any]], float_hook=Decimal)


def rows_in(text: bytes) -> Sequence[Given]:
    """The rows in a JSON array of objects; read, where all of them are right."""
    try:
        return _ROWS.decode(text)
    except msgspec.ValidationError:
        return _MAPPINGS.decode(text)


def key_of(row: object) -> tuple[str, str] | None:
    """The provider id and the model id of a row, where it says them."""
    if isinstance(row, Row):
        return row.provider_id, row.model_id
    match [row.get(column) for column in ("provider_id", "model_id")] if isinstance(row, Mapping) else ():
        case [str() as provider_id, str() as model_id]:
            return provider_id, model_id
    return None


def keys_of(rows: Iterable[Given]) -> list[tuple[str, str]]:
    """Of the rows that say theirs."""
    return [key for row in rows if (key := key_of(row)) is not None]


def read_row(index: int, data: Given) -> Row:
    """Raises InvalidRow for a missing column, a wrong type, an unknown state name, or a thermal state that is
    missing or out of place."""
    if isinstance(data, Row):
        row = data
    else:
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
    found = wording.complaint(message, Row)
    if found.missing:
        return InvalidRow(index, model_id, found.name, "is missing")
    column = next(iter(re.findall(r"\w+", found.path)), None)
    if column is None:
        return InvalidRow(index, model_id, None, found.problem)
    allowed = wording.allowed_values(Row, column)
    expected = f"expected: {', '.join(allowed)}" if allowed else found.problem
    return InvalidRow(index, model_id, column, f"{data[column]!r:.80}: {expected}")
