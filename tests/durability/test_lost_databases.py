"""Databases that restart and connections that are cut in the middle of real runs: nothing is lost, nothing is twice."""

import asyncio
import os
import random
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from radiant.catalog.load import Catalog
from radiant.embedded.server import EmbeddedServer
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from tests.durability.clusters import own_cluster
from tests.durability.runs import at_rest, full_runs, settled
from tests.durability.truths import RUNNING
from tests.durability.working import Query, patient
from tests.flow.seeding import seed
from tests.waiting import until

COMPLETED = "SELECT count(*) AS n FROM registry_sync_log WHERE sync_type = 'full' AND status = 'completed'"

#: Connections cut in one test, and the processes they belong to.
CUTS = 60
OTHERS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

#: Ends the server and starts it again.
Restart = Callable[[], None]


@pytest.fixture(params=["embedded", "fast", "immediate"])
def restarting(request: pytest.FixtureRequest, home: Path) -> Iterator[tuple[str, Restart]]:
    """An address, and what restarts the server there: a crash of the embedded one, or `pg_ctl restart`."""
    if request.param == "embedded":
        with EmbeddedServer.open(home) as server:

            def crash() -> None:
                os.kill(int((server.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
                while server.is_alive():
                    pass
                server.revive()

            yield server.url, crash
    else:
        with own_cluster() as cluster:
            yield cluster.url, lambda: cluster.restart(request.param)


async def test_a_database_that_restarts_twice_in_the_middle_of_runs(
    restarting: tuple[str, Restart], catalog: Catalog, query: Query
) -> None:
    (url, restart), ask, dice = restarting, patient(query), random.Random(7)
    async with connect(url) as connection:
        await migrate(connection)
    async with await Database.open(url) as database:
        await seed(database, catalog)
        async with full_runs(database, query) as (them, it, stage):
            for _ in range(2):
                await until(lambda: ask(url, RUNNING))
                await asyncio.sleep(dice.uniform(0, 0.5))
                await asyncio.to_thread(restart)
                before = ask(url, COMPLETED)
                await until(lambda before=before: ask(url, COMPLETED) != before)  # type: ignore[misc]
            await at_rest(them, ask, url)
            await settled(it, stage, query)


async def test_connections_cut_at_random_statements(database: Database, query: Query) -> None:
    url, dice = database.url, random.Random(11)
    async with full_runs(database, query) as (them, it, stage):
        await until(lambda: query(url, RUNNING))
        for _ in range(CUTS):
            await asyncio.sleep(dice.uniform(0, 0.3))
            processes = [row["pid"] for row in query(url, OTHERS)]
            if processes:
                query(url, "SELECT pg_terminate_backend(%s)", dice.choice(processes))
        before = query(url, COMPLETED)
        await until(lambda: query(url, COMPLETED) != before)
        await at_rest(them, query, url)
        await settled(it, stage, query)
