"""The table of billable units, and the typed structs that hold a field for each of its prices."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radiant.catalog.fields import field_of_column
from radiant.catalog.rows import price_columns
from radiant.cli.price import price_in_words
from radiant.domain.comparable import ASSUMED, COMPARED
from radiant.domain.criteria import Usage
from radiant.domain.external import TOKEN_COUNTS, Price, PriceTier
from radiant.domain.registry_model import RegistryModel
from radiant.domain.units import BY_KEY, COLUMNS, LIST_PRICES, NATURAL_UNIT, UNITS, ListPrice, PricingType
from radiant.domain.vocabulary import Task
from radiant.selection.costing import Costing
from radiant.selection.reading.row import Row
from radiant.selection.reading.rows import read_rows


def test_every_unit_stands_in_the_table() -> None:
    assert set(UNITS) == set(PricingType)


@pytest.mark.parametrize("struct", [RegistryModel, Row])
def test_every_price_with_a_column_is_a_field_where_rows_are_read(struct: type[msgspec.Struct]) -> None:
    assert {field for field in struct.__struct_encode_fields__ if "cost" in field} == set(COLUMNS.values())


def test_every_meter_of_the_catalog_is_a_key_of_a_price() -> None:
    beside = {"currency", "tiers", "steps", "hours", "variants", "note"}
    assert set(BY_KEY) == set(Price.__struct_fields__) - TOKEN_COUNTS - beside
    tiered = {key for key, meter in BY_KEY.items() if meter.tiered}
    assert set(PriceTier.__struct_fields__) - {"above_input_tokens"} == tiered


@pytest.mark.parametrize("meter", [it for it in LIST_PRICES.values() if it.column and it.key], ids=lambda it: it.key)
def test_the_price_of_a_file_becomes_the_price_of_its_column(meter: ListPrice) -> None:
    assert meter.column is not None and meter.key is not None
    assert field_of_column(meter.column) == (meter.fact, meter.factor)
    prices: dict[str, Any] = {meter.key: Decimal(meter.factor)}
    assert price_columns(Price(**prices), Task.OTHER)[meter.column] == 1


@pytest.mark.parametrize(
    ("unit", "price", "words"),
    [
        ("per_token", {"input_cost_per_1k": "0.00015", "output_cost_per_1k": "0.0006"}, "0.15 / 0.6 per M tokens"),
        ("per_token", {"output_cost_per_1k": "0.0006"}, "? / 0.6 per M tokens"),
        ("per_token", {"input_cost_per_1k": "0", "output_cost_per_1k": "0"}, "0 / 0 per M tokens"),
        ("per_token", {"cost_per_image": "1"}, None),
        ("per_character", {"cost_per_character": "0.000015"}, "15 per M characters"),
        ("per_page", {"cost_per_page": "0.0020"}, "0.002 per page"),
        ("per_minute", {"cost_per_minute": "0.006"}, "0.006 per minute"),
        ("per_second", {"cost_per_second": "0.1"}, "0.1 per second"),
        ("per_image", {"cost_per_image": "0.04"}, "0.04 per image"),
        ("per_request", {"cost_per_request": "0.005"}, "0.005 per request"),
        ("per_hour", {"cost_per_hour": "1.4080"}, "1.408 per hour"),
        ("per_hour", {}, None),
        (None, {"cost_per_image": "0.04"}, None),
    ],
)
def test_a_price_in_a_list_names_its_unit(unit: str | None, price: dict[str, str], words: str | None) -> None:
    values: dict[str, Any] = dict.fromkeys(RegistryModel.__struct_fields__) | {"pricing_type": unit}
    values |= {column: Decimal(amount) for column, amount in price.items()}
    assert price_in_words(RegistryModel(**values)) == words


# Tasks


def test_a_natural_unit_is_that_of_one_task() -> None:
    natural = [task for unit in UNITS.values() for task in unit.natural_for]
    assert sorted(natural) == sorted(NATURAL_UNIT)


def test_every_task_has_an_amount_that_its_models_are_compared_by() -> None:
    assert set(COMPARED) == set(Task)
    assert set(ASSUMED) | {"seconds", "cached_share"} == set(Usage.__struct_fields__)
    assert Costing().basis(Task.VIDEO) == "for 5 seconds of video"
    assert Costing(Usage()).basis(Task.VIDEO) == "for this request"


def test_a_second_and_a_minute_of_one_price_are_one_comparable_amount(external: Any) -> None:
    rows = [
        external("by-second", primary_mode="transcription", cost_per_second=Decimal("0.0001")),
        external("by-minute", primary_mode="transcription", cost_per_minute=Decimal("0.006")),
    ]
    assert {Costing().cost_usd(candidate.tariff) for candidate in read_rows(rows).candidates} == {Decimal("0.006")}
