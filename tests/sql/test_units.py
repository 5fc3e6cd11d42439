"""SQL cannot be made from the table of units, so it is held against it: columns, lists, and what is compared."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from random import Random
from typing import cast

import pytest
from psycopg.types.json import Jsonb

from radiant.domain.units import LIST_PRICES, UNITS, ListPrice, PricingType, Unit
from radiant.domain.vocabulary import Task
from radiant.selection.costing import Costing
from radiant.selection.reading.rows import read_rows
from tests.sql.rows import Connection, external


def missing(connection: Connection, units: Iterable[Unit], meters: Iterable[ListPrice]) -> Iterator[str]:
    """What SQL lacks of these, or has beyond them."""
    named = {unit.type.value: unit.price.column for unit in units if unit.price.key is not None}
    listed = set(re.findall(r"'(\w+)'::text", definition(connection, "model_pricing_type")))
    yield from (f"{name} in the constraint model_pricing_type" for name in listed ^ set(named))
    of_models = {meter.column for meter in meters if meter.column and meter.key}
    yield from (f"{column} of models" for column in of_models ^ prices_of(connection, "models"))
    of_view = {meter.column for meter in meters if meter.column}
    yield from (f"{column} of the view" for column in of_view ^ prices_of(connection, "unified_model_registry"))


def definition(connection: Connection, constraint: str) -> str:
    row = connection.execute(
        "SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = %s", [constraint]
    ).fetchone()
    assert row is not None
    return str(row["text"])


def prices_of(connection: Connection, relation: str) -> set[str]:
    rows = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND column_name LIKE '%%cost%%' AND data_type = 'numeric'",
        [relation],
    ).fetchall()
    return {row["column_name"] for row in rows}


def test_sql_has_every_unit_of_the_table_and_no_other(connection: Connection) -> None:
    assert list(missing(connection, UNITS.values(), LIST_PRICES.values())) == []


class Moons(StrEnum):
    PER_MOON = "per_moon"


def test_a_unit_that_only_the_table_has_is_missed_in_every_place(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    meters = {**LIST_PRICES, "moon": ListPrice("per_moon", 1, "moon", 100, "cost_per_moon")}
    monkeypatch.setattr("radiant.domain.units.LIST_PRICES", meters)
    unit = Unit(cast(PricingType, Moons.PER_MOON), "moon", "moon", 1)
    assert sorted(missing(connection, [*UNITS.values(), unit], meters.values())) == [
        "cost_per_moon of models",
        "cost_per_moon of the view",
        "per_moon in the constraint model_pricing_type",
    ]


def test_a_unit_that_only_sql_has_is_missed_too(connection: Connection) -> None:
    fewer = [unit for unit in UNITS.values() if unit.type is not PricingType.PER_PAGE]
    meters = [meter for name, meter in LIST_PRICES.items() if name != "page"]
    assert sorted(missing(connection, fewer, meters)) == [
        "cost_per_page of models",
        "cost_per_page of the view",
        "per_page in the constraint model_pricing_type",
    ]


PRICES = [None, 0, Decimal("0.01"), Decimal("0.0035"), Decimal("0.7"), 3]
DETAILS = [
    "reasoning_per_mtok", "audio_input_per_mtok", "audio_output_per_mtok", "image_output_per_mtok",
    "video_output_per_mtok", "per_search", "per_input_image", "image_tokens", "audio_tokens_per_second",
    "video_tokens_per_second",
]  # fmt: skip


@pytest.mark.parametrize("task", Task)
def test_what_models_are_compared_by_is_the_same_amount_in_sql_and_here(connection: Connection, task: Task) -> None:
    chance, known = Random(task.value), 0  # noqa: S311 - for tests
    columns = [meter.column for meter in LIST_PRICES.values() if meter.column and meter.key]
    for _ in range(60):
        prices = {column: chance.choice(PRICES) for column in columns if chance.random() < 0.5}
        details = {key: str(chance.choice(PRICES[1:])) for key in DETAILS if chance.random() < 0.4}
        stored = external(
            connection, primary_mode=task.value, markup_rate=Decimal("0.4"), price_details=Jsonb(details), **prices
        )
        row = connection.execute("SELECT * FROM unified_model_registry WHERE id = %s", [str(stored["id"])]).fetchone()
        assert row is not None
        (candidate,) = read_rows([row]).candidates
        price = candidate.price
        assert stored["ranking_price"] == (None if price is None else Costing().usd(price)), (prices, details)
        known += price is not None
    assert 10 < known < 60


def test_a_price_set_by_hand_counts_at_once(connection: Connection) -> None:
    stored = external(connection, primary_mode="image", cost_per_image=1)
    assert stored["ranking_price"] == Decimal("1.4")
    row = connection.execute(
        "UPDATE models SET cost_per_image = 2 WHERE id = %s RETURNING ranking_price", [stored["id"]]
    ).fetchone()
    assert row is not None and row["ranking_price"] == Decimal("2.8")
