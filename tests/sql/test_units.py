"""SQL cannot be made from the table of units, so it is held against it: columns, lists, and what is compared."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from typing import cast

import pytest

from radiant.domain.units import METERS, NO_OUTPUT_TOKENS, UNITS, Meter, PricingType, Unit
from radiant.domain.vocabulary import Task
from radiant.selection.reading.rows import read_rows
from radiant.selection.weights import comparing
from tests.sql.rows import Connection, external

EXTERNAL = [unit for unit in UNITS.values() if unit.price.key is not None]


def missing(connection: Connection, units: Iterable[Unit], meters: Iterable[Meter]) -> Iterator[str]:
    """What SQL lacks of these, or has beyond them."""
    named = {unit.type.value: unit.price.column for unit in units if unit.price.key is not None}
    listed = set(re.findall(r"'(\w+)'::text", definition(connection, "model_pricing_type")))
    yield from (f"{name} in the constraint model_pricing_type" for name in listed ^ set(named))
    of_models = {meter.column for meter in meters if meter.column and meter.key}
    yield from (f"{column} of models" for column in of_models ^ prices_of(connection, "models"))
    of_view = {meter.column for meter in meters if meter.column}
    yield from (f"{column} of the view" for column in of_view ^ prices_of(connection, "unified_model_registry"))
    compared = dict(re.findall(r"WHEN '(\w+)'::text THEN \(*(\w+)\)*::numeric", ranking(connection)))
    yield from (f"{name} in ranking_price" for name, _ in set(compared.items()) ^ set(named.items()))


def definition(connection: Connection, constraint: str) -> str:
    row = connection.execute(
        "SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint WHERE conname = %s", [constraint]
    ).fetchone()
    assert row is not None
    return str(row["text"])


def ranking(connection: Connection) -> str:
    row = connection.execute(
        "SELECT generation_expression AS text FROM information_schema.columns"
        " WHERE table_name = 'models' AND column_name = 'ranking_price'"
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
    assert list(missing(connection, UNITS.values(), METERS.values())) == []


class Moons(StrEnum):
    PER_MOON = "per_moon"


def test_a_unit_that_only_the_table_has_is_missed_in_every_place(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    meters = {**METERS, "moon": Meter("per_moon", 1, "moon", 100, "cost_per_moon")}
    monkeypatch.setattr("radiant.domain.units.METERS", meters)
    unit = Unit(cast(PricingType, Moons.PER_MOON), "moon", "a moon", "moon", 1)
    assert sorted(missing(connection, [*UNITS.values(), unit], meters.values())) == [
        "cost_per_moon of models",
        "cost_per_moon of the view",
        "per_moon in ranking_price",
        "per_moon in the constraint model_pricing_type",
    ]


def test_a_unit_that_only_sql_has_is_missed_too(connection: Connection) -> None:
    fewer = [unit for unit in UNITS.values() if unit.type is not PricingType.PER_PAGE]
    meters = [meter for name, meter in METERS.items() if name != "page"]
    assert sorted(missing(connection, fewer, meters)) == [
        "cost_per_page of models",
        "cost_per_page of the view",
        "per_page in ranking_price",
        "per_page in the constraint model_pricing_type",
    ]


@pytest.mark.parametrize("unit", EXTERNAL, ids=lambda unit: unit.type)
@pytest.mark.parametrize("task", Task)
def test_what_models_are_compared_by_is_the_same_amount_in_sql_and_here(
    connection: Connection, unit: Unit, task: Task
) -> None:
    """Every column has a price of its own, so that a wrong one shows; an output price may be unknown."""
    columns = [meter.column for meter in METERS.values() if meter.column and meter.key]
    prices = {column: Decimal(2 + number) / 8 for number, column in enumerate(columns)}
    for given in (prices, prices | {"output_cost_per_1k": None}):
        stored = external(
            connection, primary_mode=task.value, pricing_type=unit.type.value, markup_rate=Decimal("0.4"), **given
        )
        row = connection.execute("SELECT * FROM unified_model_registry WHERE id = %s", [str(stored["id"])]).fetchone()
        assert row is not None
        (candidate,) = read_rows([row]).candidates
        price = comparing().cost(candidate.tariff)
        if unit.type is PricingType.PER_TOKEN and given is not prices:
            assert (price is None) is (task not in NO_OUTPUT_TOKENS)
        assert stored["ranking_price"] == (None if price is None else comparing().usd(price))
