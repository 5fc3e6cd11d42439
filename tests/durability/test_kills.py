"""A hundred workers killed at random moments of real runs: no run stays open, nothing is lost and nothing twice."""

import asyncio
import random
import time
from uuid import UUID

import pytest

from radiant.registry.database import Database
from tests.durability.runs import at_rest, full_runs, settled
from tests.durability.truths import RUNNING
from tests.durability.working import RADIANT_WORKER, Query, Workers, workers
from tests.flow.playing import play
from tests.flow.syncing import Syncing
from tests.waiting import until

#: Kills of each of four registries.
KILLS, REGISTRIES = 25, 4

#: Seconds within which a run of a killed worker has to be over.
BOUND = 60.0


ENDS = "SELECT status, count(*) AS n FROM registry_sync_log WHERE sync_type = 'full' GROUP BY status"


def own(them: Workers, query: Query, url: str) -> list[tuple[UUID, int]]:
    """Runs that go on, and the processes of ours that carry them out."""
    rows = [(row["id"], int(row["worker"].rpartition(":")[2])) for row in query(url, RUNNING)]
    return [(id, pid) for id, pid in rows if pid in them]


async def killed_in_a_run(them: Workers, query: Query, url: str, dice: random.Random) -> float:
    """Kill a worker somewhere in its run, replace it, and wait for the end of that run; the seconds until then."""

    ((id, pid), *_) = await until(lambda: own(them, query, url))
    await asyncio.sleep(dice.uniform(0, 0.5))
    them.kill(pid)
    killed = time.monotonic()
    await asyncio.to_thread(them.start)
    await until(lambda: id not in [row["id"] for row in query(url, RUNNING)])
    return time.monotonic() - killed


@pytest.mark.parametrize("registry", range(REGISTRIES))
async def test_workers_killed_at_random_leave_no_run_open_and_lose_nothing(
    database: Database, query: Query, registry: int
) -> None:
    url, dice = database.url, random.Random(registry)
    async with full_runs(database, query) as (them, it, stage):
        took = [await killed_in_a_run(them, query, url, dice) for _ in range(KILLS)]
        await at_rest(them, query, url)
        ends = {row["status"]: row["n"] for row in query(url, ENDS)}
        assert max(took) < BOUND
        assert ends["failed"] >= KILLS // 2, "most of them died in the middle of a run"
        assert ends["completed"] >= 1
        await settled(it, stage, query)


async def test_what_radiant_worker_left_another_has_in_hand_within_a_minute(database: Database, query: Query) -> None:
    """At the product's own pace."""
    url = database.url
    async with play({"id": "openai", "count": 3, "latency": 600.0}) as stage:
        it = Syncing(database, stage)
        await it.begin()
        query(url, "UPDATE schedules SET enabled = false")
        with workers(url, it.environment, command=RADIANT_WORKER) as them:
            them.start(2)
            query(url, "UPDATE schedules SET enabled = true, last_due = now() - interval '2 days' WHERE kind = 'full'")
            ((lost, pid),) = await until(lambda: own(them, query, url))
            them.kill(pid)
            killed = time.monotonic()
            ((again, other),) = await until(lambda: own(them, query, url))
            assert time.monotonic() - killed < BOUND
            assert (other != pid, again != lost) == (True, True)
            said = query(url, "SELECT status, error_message FROM registry_sync_log WHERE id = %s", lost)
    assert said == [
        {"status": "failed", "error_message": "The process that ran this was lost; its work is done again."}
    ]
