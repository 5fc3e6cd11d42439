"""Units and meters stand once: structs of the catalog, columns of the registry and tariffs say what the table says."""

from decimal import Decimal

from radiant.domain.external import Price, PriceTier
from radiant.domain.registry_model import RegistryModel
from radiant.domain.units import BY_COLUMN, BY_KEY, HOURLY, METERS, UNIT_COLUMNS, UNITS, PricingType

NO_PRICES = {"tiers", "note"}


def test_a_catalog_file_has_a_key_for_each_meter_and_for_nothing_else() -> None:
    assert [field for field in Price.__struct_fields__ if field not in NO_PRICES] == [meter.key for meter in METERS]


def test_a_tier_has_the_meters_that_can_be_dearer_in_long_requests() -> None:
    assert set(PriceTier.__struct_fields__) - {"above_input_tokens"} == {meter.key for meter in METERS if meter.tier}


def test_every_meter_with_a_column_is_in_the_view() -> None:
    assert {*BY_COLUMN, HOURLY.column} == {field for field in RegistryModel.__struct_fields__ if "cost" in field}


def test_every_way_to_be_sold_is_a_unit_and_has_a_column() -> None:
    assert {unit.pricing_type for unit in UNITS} - {None} == set(PricingType)
    assert set(UNIT_COLUMNS) == set(PricingType) - {PricingType.PER_TOKEN}


def test_a_price_of_the_catalog_and_of_its_column_are_the_same_amount() -> None:
    assert BY_KEY["input_per_mtok"].in_column(Decimal("0.15")) == Decimal("0.00015")
    assert BY_KEY["per_million_characters"].in_column(Decimal(30)) == Decimal("0.00003")
    assert BY_KEY["per_thousand_pages"].in_column(Decimal(4)) == Decimal("0.004")
    assert BY_KEY["per_image"].in_column(Decimal("0.04")) == Decimal("0.04")
    for meter in METERS:
        assert meter.factor in (1, 1_000, 1_000_000)
        assert meter.in_column(Decimal(1)) * meter.factor == 1
