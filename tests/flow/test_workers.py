"""Workers: each tick once, and nothing lost with a process."""

import asyncio
import os
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from procrastinate import exceptions, manager
from psycopg.rows import DictRow

from radiant.domain.schedule import Order
from radiant.domain.sync import AlreadyRunning
from radiant.embedded.server import EmbeddedServer
from radiant.registry import schedules
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from radiant.worker import Worker
from tests.flow.working import QUICK, TABLE, only, ran, worker
from tests.waiting import appeared, until

Query = Callable[..., list[DictRow]]

IMPATIENT = msgspec.structs.replace(QUICK, grace=0.2)

#: A job that waits for the same thing and was not ordered under an id.
ALIKE = """
    SET search_path TO jobs, public;
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('radiant', 'radiant.run', 0, 'run models', 'run models of openai dry',
        '{"kind": "models", "trigger": "person"}', NULL)::procrastinate_job_to_defer_v1])"""

EVERY_SECOND = "* * * * * *"
RUNNING = "SELECT count(*) AS n FROM registry_sync_log WHERE status = 'running'"


@pytest.fixture
def url(database_url: str, query: Query) -> str:
    """A registry in which nothing is due."""
    query(database_url, TABLE)
    query(database_url, "UPDATE schedules SET enabled = false")
    return database_url


async def nothing(kind: str, trigger: str, requested_by: str | None) -> None:
    pass


async def request(url: str, kind: str) -> bool:
    async with connect(url) as connection:
        return await schedules.request(connection, kind, "ada")


def test_two_workers_take_each_tick_of_every_second_once(url: str, query: Query) -> None:
    with worker(url), worker(url):
        (begun,) = query(url, "SELECT date_trunc('second', now()) AS it")
        only(query, url, "health", EVERY_SECOND)
        appeared(lambda: len(ran(query, url)) >= 6)
        query(url, "UPDATE schedules SET enabled = false")
        appeared(lambda: query(url, "SELECT count(*) AS n FROM jobs.procrastinate_jobs") == [{"n": 0}])
    (told,) = query(url, "SELECT last_due FROM schedules WHERE kind = 'health'")
    ticks = (told["last_due"] - begun["it"]).total_seconds()
    assert len(ran(query, url, "begun")) == len(ran(query, url)) <= ticks
    starts = query(url, "SELECT at FROM ran WHERE what = 'begun' ORDER BY at")
    seconds = [row["at"].replace(microsecond=0) for row in starts]
    assert len(seconds) >= 6


async def test_of_workers_that_see_the_same_tick_one_takes_it(url: str, query: Query) -> None:
    query(url, "UPDATE schedules SET enabled = true, last_due = now() - interval '40 days'")
    databases = [await Database.open(url) for _ in range(4)]
    try:
        taken = await asyncio.gather(*(Worker(it, nothing).tick() for it in databases))
    finally:
        for database in databases:
            await database.close()
    # 40 days of missed ticks are one run of each kind.
    assert sorted(kind for one in taken for kind, _ in one) == ["full", "health", "pricing", "thermal"]
    waiting = query(url, "SELECT args ->> 'kind' AS kind, args ->> 'trigger' AS trigger FROM jobs.procrastinate_jobs")
    assert sorted(row["kind"] for row in waiting) == ["full", "health", "pricing", "thermal"]
    assert {row["trigger"] for row in waiting} == {"schedule"}


async def test_a_schedule_that_changes_while_its_tick_is_seen_is_not_taken(url: str, query: Query) -> None:
    query(url, "UPDATE schedules SET enabled = true, last_due = now() - interval '1 day' WHERE kind = 'health'")
    async with connect(url) as connection:
        (seen,) = await schedules.active(connection)
        await schedules.change(connection, "health", "0 0 1 1 *")
        assert not await schedules.take(connection, seen, seen["now"])
    assert query(url, "SELECT count(*) AS n FROM jobs.procrastinate_jobs") == [{"n": 0}]


@pytest.mark.parametrize("ahead", ["1 year", "6 minutes"])
async def test_a_tick_taken_while_the_clock_was_ahead_holds_up_no_later_one(url: str, query: Query, ahead: str) -> None:
    """As of a machine that starts with a wrong clock, which is set right after it has taken what was due."""
    only(query, url, "health", EVERY_SECOND)
    query(url, f"UPDATE schedules SET last_due = now() + interval '{ahead}' WHERE kind = 'health'")
    async with await Database.open(url) as database:
        working = Worker(database, nothing, pace=QUICK)
        assert await working.tick() == []  # it counts from now on
        await asyncio.sleep(1.1)
        assert [kind for kind, _ in await working.tick()] == ["health"]


async def test_a_changed_schedule_holds_at_once_and_paused_ones_do_not_run(url: str, query: Query) -> None:
    database = await Database.open(url)
    hand = Worker(database, nothing)
    async with database.connection() as connection:
        await schedules.change(connection, "pricing", "* * * * *")
        await schedules.resume(connection, "pricing")
        query(url, "UPDATE schedules SET last_due = now() - interval '2 min' WHERE kind = 'pricing'")
        assert [kind for kind, _ in await hand.tick()] == ["pricing"]
        query(url, "UPDATE schedules SET last_due = now() - interval '2 min' WHERE kind = 'pricing'")
        (tomorrow,) = query(url, "SELECT now() + interval '1 day' AS it")
        await schedules.pause(connection, "pricing", tomorrow["it"])
        assert await hand.tick() == []
        await schedules.resume(connection, "pricing")
        assert await hand.tick() == []  # what was missed in the pause was not wanted
    await database.close()


@pytest.mark.parametrize("cron", ["now and then", "r r * * *", "* * r * l5", "0 0 30 2 *"])
async def test_a_schedule_that_somebody_wrote_wrong_stops_no_other(url: str, query: Query, cron: str) -> None:
    query(url, "UPDATE schedules SET enabled = true, last_due = now() - interval '1 day'")
    query(url, f"UPDATE schedules SET cron = '{cron}' WHERE kind = 'health'")
    database = await Database.open(url)
    taken = [kind for kind, _ in await Worker(database, nothing).tick()]
    assert "thermal" in taken and "health" not in taken
    await database.close()


async def test_what_is_asked_for_twice_waits_once(url: str, query: Query) -> None:
    assert await request(url, "full")
    assert not await request(url, "full")
    with worker(url):
        await until(lambda: ran(query, url))
    assert [row["kind"] for row in ran(query, url)] == ["full"]


async def test_what_a_killed_worker_ran_another_does_again(url: str, query: Query) -> None:
    await request(url, "full")
    with worker(url, seconds=600) as first:
        await until(lambda: ran(query, url, "begun"))
        first.kill()
        killed = time.monotonic()
        assert query(url, RUNNING) == [{"n": 1}]
        with worker(url) as second:
            await until(lambda: ran(query, url))
            assert time.monotonic() - killed < 60
            assert [row["by"] for row in ran(query, url)] == [second.pid]
            await until(lambda: query(url, RUNNING) == [{"n": 0}])
    said = query(
        url, "SELECT status, error_message FROM registry_sync_log WHERE sync_type = 'full' ORDER BY started_at"
    )
    assert [row["status"] for row in said] == ["failed", "completed"]
    assert said[0]["error_message"] == "The process that ran this was lost; its work is done again."


async def test_a_worker_that_is_told_to_stop_finishes_what_it_runs(url: str, query: Query) -> None:
    await request(url, "full")
    with worker(url, seconds=1) as only_one:
        await until(lambda: ran(query, url, "begun"))
        only_one.terminate()
        assert only_one.wait(30) == 0
    assert len(ran(query, url)) == 1
    assert query(url, RUNNING) == [{"n": 0}]


async def test_what_takes_longer_than_the_grace_is_handed_back(url: str, query: Query) -> None:
    await request(url, "full")
    with worker(url, seconds=600, pace=IMPATIENT) as first:
        await until(lambda: ran(query, url, "begun"))
        first.terminate()
        assert first.wait(30) == 0
    assert query(url, RUNNING) == [{"n": 0}]
    assert query(url, "SELECT status::text FROM jobs.procrastinate_jobs") == [{"status": "todo"}]
    with worker(url):
        await until(lambda: ran(query, url))


@pytest.fixture
def own_server(home: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer.open(home) as server:
        yield server


async def test_a_database_that_restarts_in_the_middle_loses_nothing(own_server: EmbeddedServer, query: Query) -> None:
    async with connect(own_server.url) as connection:
        await migrate(connection)
    query(own_server.url, TABLE)
    query(own_server.url, "UPDATE schedules SET enabled = false")
    await request(own_server.url, "full")
    with worker(own_server.url, seconds=2):
        await until(lambda: ran(query, own_server.url, "begun"))
        os.kill(int((own_server.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
        while own_server.is_alive():  # noqa: ASYNC110 - a process of its own, which tells nobody
            await asyncio.sleep(0.01)
        own_server.revive()
        await until(lambda: ran(query, own_server.url))
        await until(lambda: query(own_server.url, RUNNING) == [{"n": 0}])


async def test_a_worker_can_be_stopped_while_the_database_is_away(own_server: EmbeddedServer, query: Query) -> None:
    async with connect(own_server.url) as connection:
        await migrate(connection)
    query(own_server.url, TABLE)
    query(own_server.url, "UPDATE schedules SET enabled = false")
    await request(own_server.url, "full")
    with worker(own_server.url, seconds=600, pace=IMPATIENT) as working:
        await until(lambda: ran(query, own_server.url, "begun"))
        os.kill(int((own_server.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
        while own_server.is_alive():  # noqa: ASYNC110 - a process of its own, which tells nobody
            await asyncio.sleep(0.01)
        working.terminate()
        assert working.wait(30) == 0


async def test_a_job_that_has_to_wait_gives_way_to_one_of_its_kind_that_waits(url: str, query: Query) -> None:
    """Both cannot wait: the lock of a job that nobody runs would keep its kind from running for good."""
    ran = 0

    async def run(kind: str, trigger: str, requested_by: str | None) -> None:
        nonlocal ran
        ran += 1
        if ran == 1:
            assert await request(url, kind), "the first is running, so another may wait"
            raise AlreadyRunning(kind, uuid.uuid4())

    database, stopping = await Database.open(url), asyncio.Event()
    working = asyncio.create_task(Worker(database, run, pace=QUICK).work(stopping))
    await request(url, "full")
    await until(lambda: ran == 2)
    await until(lambda: query(url, "SELECT count(*) AS n FROM jobs.procrastinate_jobs") == [{"n": 0}])
    stopping.set()
    await working
    await database.close()
    assert ran == 2


@pytest.mark.parametrize("ordered", [True, False])
async def test_a_job_that_was_ordered_gives_way_to_no_other(url: str, query: Query, ordered: bool) -> None:
    """Whoever ordered it was told its id, and looks for the run under it."""
    seen: list[tuple[UUID | None, str | None, bool]] = []
    order = Order(kind="models", provider="openai", dry_run=True, requested_by="ada")

    async def run(
        kind: str, trigger: str, requested_by: str | None, id: UUID | None = None,
        provider: str | None = None, dry_run: bool = False,
    ) -> None:  # fmt: skip
        seen.append((id, provider, dry_run))
        if len(seen) == 1:
            async with connect(url) as connection:
                if ordered:
                    ids.append(await schedules.order(connection, order))
                else:
                    query(url, ALIKE)
            raise AlreadyRunning(kind, uuid.uuid4())

    database, stopping = await Database.open(url), asyncio.Event()
    async with connect(url) as connection:
        ids = [await schedules.order(connection, order)]
    working = asyncio.create_task(Worker(database, run, pace=QUICK).work(stopping))
    await until(lambda: len(seen) == 3)
    await until(lambda: query(url, "SELECT count(*) AS n FROM jobs.procrastinate_jobs") == [{"n": 0}])
    stopping.set()
    await working
    await database.close()
    expected = [(ids[0], "openai", True)] * 2 + [(ids[1], "openai", True) if ordered else (None, None, False)]
    assert sorted(seen, key=str) == sorted(expected, key=str)


async def test_a_connection_that_breaks_while_a_job_ends_leaves_no_job_behind(
    url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, real = 0, manager.JobManager.finish_job

    async def finish(self: manager.JobManager, *given: Any, **named: Any) -> None:
        nonlocal ended
        ended += 1
        if ended == 1:
            raise exceptions.ConnectorException
        await real(self, *given, **named)

    monkeypatch.setattr(manager.JobManager, "finish_job", finish)
    database, stopping = await Database.open(url), asyncio.Event()
    working = asyncio.create_task(Worker(database, nothing, pace=QUICK).work(stopping))
    await request(url, "full")
    await until(lambda: ended == 2)
    await until(lambda: query(url, "SELECT count(*) AS n FROM jobs.procrastinate_jobs") == [{"n": 0}])
    stopping.set()
    await working
    await database.close()
