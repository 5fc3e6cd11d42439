"""Functions of AWS Lambda, in this process: each tick once, closed in time, and nothing lost with one that dies."""

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from radiant.aws.asked import Asked, asked
from radiant.aws.running import LAST, Function, Pace, TimeUp
from radiant.domain.errors import DatabaseError
from radiant.domain.sync import AlreadyRunning, RunReport
from radiant.events.deliver import Deliverer
from radiant.registry import retention, schedules
from radiant.registry.database import Database
from radiant.settings import Settings
from radiant.sync import service
from radiant.sync.manner import Manner
from radiant.worker import Worker
from tests.flow.receiving import receiving
from tests.flow.warming import warming

Query = Callable[..., list[dict[str, Any]]]

LATE = "UPDATE schedules SET last_due = now() - interval '2 days'"
RUNS = "SELECT * FROM registry_sync_log WHERE worker IS NOT NULL ORDER BY started_at"


def tick(kind: str = "health") -> Asked:
    return asked({"syncType": kind, "scheduledTime": dt.datetime.now(dt.UTC).isoformat()})


def function(
    database: Database, tmp_path: Path, *, remaining: float = 900.0, environment: Mapping[str, str] | None = None
) -> Function:
    settings = Settings(home=tmp_path, private_networks=True)
    return Function(
        database,
        settings,
        environment or {},
        name="radiant-health 1",
        remaining=lambda: remaining,
        pace=Pace(again=0.02),
    )


async def nothing(kind: str, trigger: str, requested_by: str | None) -> None:
    pass


async def test_a_tick_is_done_once_and_the_second_call_says_so(database: Database, tmp_path: Path) -> None:
    await database.rows(f"{LATE} RETURNING 1")
    first = await function(database, tmp_path).run(tick())
    assert (first["syncType"], first["status"], first["errors"]) == ("health", "completed", 0)
    assert await function(database, tmp_path).run(tick()) == {
        "syncType": "health",
        "skipped": "this tick was taken already",
    }
    (row,) = await database.rows(RUNS)
    assert (str(row["id"]), row["trigger"], row["requested_by"]) == (
        first["syncId"],
        "schedule",
        "schedule */5 * * * *",
    )
    assert row["worker"] == "function radiant-health 1"


async def test_of_functions_called_at_once_one_runs(database: Database, tmp_path: Path) -> None:
    await database.rows(f"{LATE} RETURNING 1")
    others = [await Database.open(database.address) for _ in range(3)]
    try:
        told = await asyncio.gather(*(function(it, tmp_path).run(tick()) for it in (database, *others)))
    finally:
        for it in others:
            await it.close()
    assert [it.get("skipped") for it in told].count("this tick was taken already") == 3
    assert len(await database.rows(RUNS)) == 1


async def test_a_worker_and_a_function_never_do_the_same_tick(database: Database, tmp_path: Path) -> None:
    await database.rows("UPDATE schedules SET enabled = kind = 'health' RETURNING 1")
    for round in range(8):
        await database.rows(f"{LATE} RETURNING 1")
        told, taken = await asyncio.gather(function(database, tmp_path).run(tick()), Worker(database, nothing).tick())
        assert ("skipped" in told) == (len(taken) == 1), (round, told, taken)
    ran = [it["requested_by"] for it in await database.rows(RUNS)]
    assert ran == ["schedule */5 * * * *"] * len(ran)


async def test_a_clock_that_is_a_little_ahead_loses_no_tick(database: Database, tmp_path: Path) -> None:
    """AWS may call for midnight while it is not midnight yet at the database."""
    (row,) = await database.rows("SELECT now() AS now")
    soon = row["now"].replace(microsecond=0) + dt.timedelta(seconds=3)
    cron = f"{soon.minute} {soon.hour} * * * {soon.second}"
    await database.rows("UPDATE schedules SET cron = %s, last_due = now() WHERE kind = 'health' RETURNING 1", [cron])
    told = await function(database, tmp_path).run(asked({"syncType": "health", "scheduledTime": soon.isoformat()}))
    assert told["status"] == "completed"
    (row,) = await database.rows("SELECT last_due FROM schedules WHERE kind = 'health'")
    assert row["last_due"] == soon


@pytest.mark.parametrize("how", ["enabled = false", "paused_until = now() + interval '1 day'"])
async def test_a_schedule_that_is_stopped_runs_by_no_tick_and_by_a_wish(
    database: Database, tmp_path: Path, how: str
) -> None:
    await database.rows(f"UPDATE schedules SET last_due = now() - interval '2 days', {how} RETURNING 1")
    told = await function(database, tmp_path).run(tick())
    assert told["skipped"] == "its schedule is paused, disabled, or not there"
    assert (await function(database, tmp_path).run(asked({"syncType": "health"})))["status"] == "completed"
    (row,) = await database.rows(RUNS)
    assert (row["trigger"], row["requested_by"]) == ("person", "a call of the function")


async def test_what_cannot_be_deleted_fails_no_run(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refused(*_: Any) -> None:
        raise DatabaseError("permission denied for table events")

    monkeypatch.setattr(retention, "forget", refused)
    assert (await function(database, tmp_path).run(Asked(kind="full")))["status"] == "completed"


async def _never(*_: Any, **__: Any) -> None:
    await asyncio.Event().wait()


async def test_runs_are_made_as_the_settings_say(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Manner] = []

    async def carried_out(*_: Any, manner: Manner, **__: Any) -> RunReport:
        told.append(manner)
        return RunReport(id=uuid4(), kind="pricing", status="completed", dry_run=False)

    monkeypatch.setattr(service, "carry_out", carried_out)
    hour = dt.timedelta(hours=1)
    settings = Settings(home=tmp_path, absence_interval=7.0, online=True, status_pages=True, price_grace=hour)
    function = Function(database, settings, {}, name="radiant-pricing", remaining=lambda: 900.0)
    await function.run(Asked(kind="pricing"))
    assert told == [Manner(interval=7.0, online=True, status_pages=True, grace=hour)]


async def test_a_run_is_closed_before_the_time_is_up_and_told(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "look_at_all", _never)
    async with receiving() as receiver:
        await database.rows(
            "INSERT INTO event_sinks (name, kind, settings) VALUES ('hook', 'webhook', %s) RETURNING 1",
            [json.dumps({"url": receiver.url})],
        )
        with pytest.raises(TimeUp, match="was closed as failed: the time of the function is up"):
            await function(database, tmp_path, remaining=LAST).run(Asked(kind="thermal"))
        told = [json.loads(it.body) for it in receiver.requests]
    (row,) = await database.rows(RUNS)
    assert (row["status"], row["error_message"]) == ("failed", "It was ended: the time of the function is up.")
    assert [it["data"]["sync_id"] for it in told if it["type"] == "radiant.sync.failed"] == [str(row["id"])]


async def test_a_run_follows_what_wakes_only_as_long_as_there_is_time(database: Database, tmp_path: Path) -> None:
    async with warming(database, load_seconds=600.0) as it:
        await it.seen("COLD")
        await it.ask()
        told = await function(database, tmp_path, remaining=2 * LAST + 0.5).run(Asked(kind="thermal"))
        assert told["status"] == "completed", "a model that loads for longer is no reason to fail"
        assert it.slot.loads == 1
        assert (await it.endpoint())["phase"] == "warming"


async def test_a_run_in_the_way_is_waited_for(database: Database, tmp_path: Path) -> None:
    id = await service.begin(database, "health")
    waiting = asyncio.create_task(function(database, tmp_path).run(Asked(kind="health")))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await database.rows(
        "UPDATE registry_sync_log SET status = 'completed', completed_at = now() WHERE id = %s RETURNING 1", [id]
    )
    assert (await waiting)["status"] == "completed"


async def test_a_run_in_the_way_to_the_end_is_named_and_the_tick_is_left(database: Database, tmp_path: Path) -> None:
    await database.rows(f"{LATE} RETURNING 1")
    id = await service.begin(database, "health")
    with pytest.raises(AlreadyRunning, match=str(id)):
        await function(database, tmp_path, remaining=2 * LAST).run(tick())
    async with database.connection() as connection:
        row = next(it for it in await schedules.active(connection) if it["kind"] == "health")
    assert row["last_due"] < row["now"] - dt.timedelta(days=1)


async def test_what_a_full_run_does_too_is_left_to_it(database: Database, tmp_path: Path) -> None:
    await database.rows(f"{LATE} RETURNING 1")
    id = await service.begin(database, "full")
    assert (await function(database, tmp_path).run(tick()))["skipped"] == f"the full run {id} does it"
    async with database.connection() as connection:
        row = next(it for it in await schedules.active(connection) if it["kind"] == "health")
    assert row["last_due"] > row["now"] - dt.timedelta(minutes=6), "its tick counts as done"


async def test_events_that_cannot_be_told_fail_no_run(database: Database, tmp_path: Path) -> None:
    class Stuck(Deliverer):
        async def once(self) -> None:
            await asyncio.Event().wait()

    left = [900.0]

    def stuck(it: Database) -> Deliverer:
        left[0] = 2.1
        return Stuck(it)

    it = Function(database, Settings(home=tmp_path), {}, name="n", remaining=lambda: left[0], deliverer=stuck)
    assert (await it.run(Asked(kind="health")))["status"] == "completed"
