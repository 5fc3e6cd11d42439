"""Reading everything a selector needs in one instant, and hearing of changes."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from .address import Address
from .connection import Connection
from .listening import heard
from .listening import listening as listening_to

CHANNEL = "radiant_registry"

#: What a connection that was lost raises in the middle of waiting.
LOST = (psycopg.Error, OSError)


class Content(NamedTuple):
    """The registry at one instant. `fingerprint` differs whenever anything here does. `key_variables` are the
    environment variables that each provider's key stands in."""

    rows: list[dict[str, Any]]
    defaults: dict[str, str]
    fingerprint: int | None
    key_variables: dict[str, list[str]]


async def read(connection: Connection, columns: Sequence[str]) -> Content:
    """These columns of every model, and what else a selector needs, as of one instant."""
    models = sql.SQL("SELECT {} FROM unified_model_registry").format(sql.SQL(", ").join(map(sql.Identifier, columns)))
    async with connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        rows = await (await connection.execute(models)).fetchall()
        defaults = await (await connection.execute("SELECT task, model_id FROM default_models")).fetchall()
        providers = await (await connection.execute("SELECT id, key_variables FROM providers")).fetchall()
        return Content(
            rows,
            defaults={row["task"]: row["model_id"] for row in defaults},
            fingerprint=await fingerprint(connection),
            key_variables={row["id"]: row["key_variables"] for row in providers},
        )


async def fingerprint(connection: Connection) -> int | None:
    """A number that changes when anything changes that a selector looks at."""
    row = await (await connection.execute("SELECT registry_fingerprint() AS number")).fetchone()
    return row["number"] if row else None


def listening(address: str | Address) -> AbstractAsyncContextManager[Connection]:
    """A connection of its own that hears of every committed change. Raises DatabaseUnreachable."""
    return listening_to(address, CHANNEL)


async def wait_for_change(connection: Connection, seconds: float) -> bool:
    """Wait until something changed, at most `seconds`, and swallow what else was announced meanwhile."""
    return await heard(connection, seconds)


async def request_warmup(connection: Connection, model_id: str) -> bool:
    """Demand that a COLD model be brought up; True for the one caller with whom the demand begins."""
    row = await (await connection.execute("SELECT request_warmup(%s) AS started", [model_id])).fetchone()
    return bool(row and row["started"])
