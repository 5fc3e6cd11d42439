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
from radiant.providers.http import PATIENCE
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from radiant.sync.seed import seed
from tests.durability.clusters import own_cluster
from tests.durability.runs import ACME, providers, settled
from tests.durability.truths import RUNNING
from tests.durability.working import Query, every_second, patient, workers
from tests.flow.playing import play
from tests.flow.syncing import Syncing
from tests.flow.test_list_sync import served
from tests.waiting import until

COMPLETED = "SELECT count(*) AS n FROM registry_sync_log WHERE sync_type = 'full' AND status = 'completed'"
JOBS = "SELECT count(*) AS n FROM jobs.procrastinate_jobs"

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
    async with await Database.open(url) as database, play(*providers(), patience=PATIENCE) as stage:
        await seed(database, catalog)
        it = Syncing(database, stage)
        await it.begin()
        await served(database, "acme", ACME)
        with workers(url, it.environment) as them:
            them.start(2)
            every_second(query, url, "full")
            for _ in range(2):
                await until(lambda: ask(url, RUNNING))
                await asyncio.sleep(dice.uniform(0, 0.5))
                await asyncio.to_thread(restart)
                before = ask(url, COMPLETED)
                await until(lambda before=before: ask(url, COMPLETED) != before)  # type: ignore[misc]
            ask(url, "UPDATE schedules SET enabled = false")
            await until(lambda: ask(url, JOBS) == [{"n": 0}])
            assert await asyncio.to_thread(them.stop) == [0, 0]
        await settled(it, stage, query)


async def test_connections_cut_at_random_statements(database: Database, query: Query) -> None:
    url, dice = database.url, random.Random(11)
    async with play(*providers(), patience=PATIENCE) as stage:
        it = Syncing(database, stage)
        await it.begin()
        await served(database, "acme", ACME)
        with workers(url, it.environment) as them:
            them.start(2)
            every_second(query, url, "full")
            await until(lambda: query(url, RUNNING))
            for _ in range(CUTS):
                await asyncio.sleep(dice.uniform(0, 0.3))
                processes = [row["pid"] for row in query(url, OTHERS)]
                if processes:
                    query(url, "SELECT pg_terminate_backend(%s)", dice.choice(processes))
            before = query(url, COMPLETED)
            await until(lambda: query(url, COMPLETED) != before)
            query(url, "UPDATE schedules SET enabled = false")
            await until(lambda: query(url, JOBS) == [{"n": 0}])
            assert await asyncio.to_thread(them.stop) == [0, 0]
        await settled(it, stage, query)
