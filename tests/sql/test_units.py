"""What PostgreSQL has of units and meters is what the table of units says."""

import re

from radiant.domain.units import BY_COLUMN, HOURLY, PricingType
from tests.conftest import Connection


def columns(connection: Connection, table: str) -> set[str]:
    rows = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped", [table]
    ).fetchall()
    return {row["attname"] for row in rows}


def test_models_have_a_column_for_each_meter_that_names_one_and_no_other_price(connection: Connection) -> None:
    assert {name for name in columns(connection, "models") if "cost" in name} == set(BY_COLUMN)


def test_the_view_has_them_too_and_the_price_of_an_hour(connection: Connection) -> None:
    assert {name for name in columns(connection, "unified_model_registry") if "cost" in name} == {
        *BY_COLUMN,
        HOURLY.column,
    }


def test_a_model_is_sold_in_the_units_there_are(connection: Connection) -> None:
    row = connection.execute(
        "SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = 'model_pricing_type'"
    ).fetchone()
    assert row is not None
    assert set(re.findall(r"'(per_\w+)'", row["text"])) == {*PricingType} - {PricingType.PER_HOUR}
