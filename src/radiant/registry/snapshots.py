"""Reading everything a selector needs in one instant, and hearing of changes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from .database import Connection, connect

CHANNEL = "radiant_registry"

#: What a connection that was lost raises in the middle of waiting.
LOST = (psycopg.Error, OSError)

_COLUMNS = (
    "id", "provider_id", "provider_name", "model_id", "litellm_id", "display_name", "hosting_type", "category",
    "capabilities", "input_modalities", "output_modalities", "primary_mode", "context_window", "max_output",
    "pricing_type", "input_cost_per_1k", "output_cost_per_1k", "cached_input_cost_per_1k", "cost_per_request",
    "cost_per_second", "cost_per_image", "cost_per_minute", "cost_per_hour", "cost_per_character", "cost_per_page",
    "markup_rate", "instance_type", "gpu_memory_gb", "thermal_state", "is_transitioning", "warmup_time_seconds",
    "enabled", "deprecated", "health_status", "avg_latency_ms", "error_rate", "compliance", "license",
    "commercial_use_allowed", "license_conditions", "min_tier", "embedding_dimension", "retires", "created_at",
    "description",
)  # fmt: skip

_ROWS = sql.SQL("SELECT {} FROM unified_model_registry").format(sql.SQL(", ").join(map(sql.Identifier, _COLUMNS)))


class Content(NamedTuple):
    """The registry at one instant. `fingerprint` differs whenever anything here does."""

    rows: list[dict[str, Any]]
    defaults: dict[str, str]
    fingerprint: int | None


async def read(connection: Connection) -> Content:
    """Everything, as of one instant."""
    async with connection.transaction():
        await connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        rows = await (await connection.execute(_ROWS)).fetchall()
        defaults = await (await connection.execute("SELECT task, model_id FROM default_models")).fetchall()
        return Content(rows, {row["task"]: row["model_id"] for row in defaults}, await fingerprint(connection))


async def fingerprint(connection: Connection) -> int | None:
    """A number that changes when anything changes that a selector looks at."""
    row = await (await connection.execute("SELECT registry_fingerprint() AS number")).fetchone()
    return row["number"] if row else None


@asynccontextmanager
async def listening(url: str) -> AsyncIterator[Connection]:
    """A connection of its own that hears of every committed change. Raises DatabaseUnreachable."""
    async with connect(url) as connection:
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
        yield connection


async def wait_for_change(connection: Connection, seconds: float) -> bool:
    """Wait until something changed, at most `seconds`, and swallow what else was announced meanwhile."""
    changed = False
    async for _ in connection.notifies(timeout=seconds, stop_after=1):
        changed = True
    if changed:
        async for _ in connection.notifies(timeout=0):
            pass
    return changed


async def request_warmup(connection: Connection, model_id: str) -> bool:
    """Demand that a COLD model be brought up; True for the one caller with whom the demand begins."""
    row = await (await connection.execute("SELECT request_warmup(%s) AS started", [model_id])).fetchone()
    return bool(row and row["started"])
