"""Observations short to write, and how a registry stands after them."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from psycopg.rows import DictRow

from radiant.domain.observation import Observation, Reason, Source
from radiant.registry import health
from radiant.registry.database import Connection

NOW = dt.datetime(2031, 5, 6, 12, 0, tzinfo=dt.UTC)
MODEL = "gpt-4o-mini"

Query = Callable[..., list[DictRow]]


def seen(after: float, ok: bool = True, reason: Reason | None = None, **more: Any) -> Observation:
    """A probe of OpenAI so many seconds after NOW."""
    given = {"provider_id": "openai", "source": Source.PROBE, "at": NOW + dt.timedelta(seconds=after), **more}
    return Observation(ok=ok, reason=reason, **given)


def traffic(after: float, ok: bool = True, reason: Reason | None = None, **more: Any) -> Observation:
    return seen(after, ok, reason, **{"source": Source.TRAFFIC, "model_id": MODEL, **more})


async def row_of(connection: Connection, provider: str = "openai", model: str | None = None) -> dict[str, Any]:
    table, where = ("provider_health", "true") if model is None else ("model_health", "model_id = %(model)s")
    text = (
        f"SELECT * FROM {table} WHERE provider_id = %(provider)s AND {where} ORDER BY region"
        if model is None
        else (f"SELECT * FROM {table} WHERE provider_id = %(provider)s AND {where}")
    )
    found = await (await connection.execute(text.encode(), {"provider": provider, "model": model})).fetchone()
    assert found is not None
    return found


async def record(connection: Connection, *observations: Observation, **more: Any) -> list[tuple[str, str]]:
    now = max(each.at for each in observations)
    told = await health.record(connection, observations, now=now, **more)
    return [(change.before.value, change.after.value) for change in told if change.model_id is None]
