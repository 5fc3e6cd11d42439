"""Overrides: fields that people set and rows that they deleted by hand."""

from typing import Any

from radiant.domain.override import DELETION, Override
from radiant.sql import queries

from .database import Connection
from .exact_json import from_json

_SQL = queries("overrides")


async def listed(connection: Connection, subject: str | None = None) -> list[Override]:
    """All decisions, or those on one subject, by subject and field."""
    rows = await (await connection.execute(_SQL["listed"], {"subject": subject})).fetchall()
    return [Override(**{**row, "value": _decoded(row["value"])}) for row in rows]


async def drop(connection: Connection, subject: str, field: str | None) -> list[str]:
    """Forget what was decided about one field of a subject, or all of it; the fields this was."""
    rows = await (await connection.execute(_SQL["drop"], {"subject": subject, "field": field})).fetchall()
    return sorted(row["field"] for row in rows)


async def counts(connection: Connection) -> tuple[int, int]:
    """How many models were deleted by hand, and how many fields of anything were changed."""
    row = await (await connection.execute(_SQL["counts"], {"deletion": DELETION})).fetchone()
    return (row["models"], row["fields"]) if row else (0, 0)


def _decoded(text: str | None) -> Any:
    return None if text is None else from_json(text)
