"""Migrating a database, and what can be seen of it."""

from collections.abc import Callable
from typing import Any

import pytest
from psycopg.rows import DictRow

from radiant.domain.errors import DatabaseUnusable
from radiant.registry import migrations, schema
from radiant.registry.database import connect

Query = Callable[..., list[DictRow]]


async def migrate(url: str) -> list[str]:
    async with connect(url) as connection:
        return await migrations.migrate(connection)


async def pending(url: str) -> list[str]:
    async with connect(url) as connection:
        return [*(await schema.read_state(connection)).pending]


async def refusal(url: str) -> str:
    with pytest.raises(DatabaseUnusable) as caught:
        await migrate(url)
    return str(caught.value)


def everything(query: Query, url: str) -> list[Any]:
    """Every object of the schema with its identity and last writer, and the books."""
    objects = query(
        url,
        """
        SELECT 'relation' AS kind, oid, relname AS name, xmin::text, relfilenode AS file FROM pg_class
         WHERE relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT 'function', oid, proname, xmin::text, 0 FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        ORDER BY 1, 2
        """,
    )
    for table in ("schema_migrations", "schema_code"):
        if any(row["name"] == table for row in objects):
            objects += query(url, f"SELECT *, xmin::text FROM {table} ORDER BY 1")
    return objects


def acting_as(role: str, url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}options=-c%20role%3D{role}"
