"""Reads what costs are reckoned from: the prices of models as their rows say them."""

from collections.abc import Collection
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
