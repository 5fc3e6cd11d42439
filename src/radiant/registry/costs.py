"""Reads what costs are reckoned from: the prices of models as their rows say them."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from radiant.domain.units import COLUMNS
from radiant.domain.vocabulary import Task
from radiant.pricing.row_sheets import PriceRow
from radiant.sql import queries

from .database import Connection
from .exact_json import from_json

_SQL = queries("costs")


async def price_rows(connection: Connection, subjects: Collection[tuple[str, str]]) -> dict[tuple[str, str], PriceRow]:
    """By provider and model id, those of `subjects` that the registry has."""
    asked = {"providers": [provider for provider, _ in subjects], "models": [model for _, model in subjects]}
    rows = await (await connection.execute(_SQL["price_rows"], asked)).fetchall()
    return {(row["provider_id"], row["model_id"]): _price_row(row) for row in rows}


def _price_row(row: dict[str, Any]) -> PriceRow:
    return PriceRow(
        provider_id=row["provider_id"],
        model_id=row["model_id"],
        hosting=row["hosting"],
        task=Task(row["task"]),
        columns={column: row[column] for column in COLUMNS.values()},
        details={} if row["details"] is None else from_json(row["details"]),
        markup=row["markup"],
        since=row["since"],
        source=row["source"],
    )


async def measured_speed(connection: Connection, model: str, since: dt.datetime) -> Decimal | None:
    """Output tokens of a self-hosted model in a second of its answers since a moment, to a tenth; None where outcomes
    told none."""
    row = await (await connection.execute(_SQL["measured_speed"], {"model": model, "since": since})).fetchone()
    speed: Decimal | None = None if row is None else row["speed"]
    return speed or None


async def cheapest_like(connection: Connection, model: str, input_per_output: Decimal) -> str | None:
    """The external model of the same task as a self-hosted one that takes least, but something, for an output token
    with so many input tokens; None where none is sold by tokens."""
    asked = {"model": model, "input": input_per_output}
    row = await (await connection.execute(_SQL["cheapest_like"], asked)).fetchone()
    return None if row is None else f"{row['provider_id']}/{row['model_id']}"
