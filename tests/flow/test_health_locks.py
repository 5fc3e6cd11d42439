"""Whoever changes rows of health holds them in one order, so that nobody waits for another in a circle."""

import asyncio
import datetime as dt
from collections.abc import Callable, Coroutine

import pytest

from radiant.domain.observation import Reason
from radiant.registry import health
from radiant.registry.database import Connection, connect
from radiant.registry.health_history import tidy
from tests.flow.observing import NOW, Query, seen, traffic
from tests.waiting import until

LATER = NOW + dt.timedelta(hours=2)
WAITING = "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"

PROVIDER = "SELECT FROM provider_health WHERE provider_id = 'openai' FOR UPDATE"
FIRST = "SELECT FROM model_health WHERE model_id = 'a' FOR UPDATE"
LAST = "SELECT FROM model_health WHERE model_id = 'b' FOR UPDATE"

Changing = Callable[[Connection], Coroutine[None, None, None]]


async def ages(connection: Connection) -> None:
    await tidy(connection, now=LATER)


async def is_offline(connection: Connection) -> None:
    await health.record(connection, [seen(0, False, Reason.DNS)], offline=True, now=LATER)


async def moves(connection: Connection) -> None:
    await connection.execute("UPDATE providers SET api_base_url = 'https://elsewhere.example' WHERE id = 'openai'")


@pytest.mark.parametrize("change", [ages, is_offline, moves])
@pytest.mark.parametrize(("held", "wanted"), [(PROVIDER, LAST), (FIRST, LAST)])
async def test_whoever_folds_meets_nobody_who_waits_for_it(
    database_url: str, query: Query, change: Changing, held: str, wanted: str
) -> None:
    """Rows stand in the table in another order than that in which they are held."""
    async with connect(database_url) as folding, connect(database_url) as changing:
        for model in ("b", "a"):
            await health.record(folding, [traffic(0, model_id=model)], now=NOW)
        async with folding.transaction():
            await folding.execute(held.encode())
            other = asyncio.create_task(change(changing))
            await until(lambda: query(database_url, WAITING)[0]["n"] == 1)
            await folding.execute(wanted.encode())
        await other
