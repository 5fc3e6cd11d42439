"""What a function lost or failed at, and who does it again."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from radiant.domain.errors import DatabaseError
from radiant.registry import schedules
from radiant.registry.database import Database
from radiant.sync import service
from tests.flow.test_functions import LATE, RUNS, function, tick

KILLED = """
import asyncio, datetime as dt, os, signal, sys
from pathlib import Path
from radiant.aws.asked import asked
from radiant.aws.running import Function
from radiant.registry.database import Database
from radiant.settings import Settings
from radiant.sync import service

async def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

async def main():
    service.carry_out = die
    database = await Database.open(sys.argv[1])
    event = {"syncType": "health", "scheduledTime": dt.datetime.now(dt.UTC).isoformat()}
    function = Function(database, Settings(home=Path("/")), {}, name="radiant-health 0", remaining=lambda: 900.0)
    await function.run(asked(event))

asyncio.run(main())
"""


async def test_what_a_killed_function_ran_is_closed_and_done_by_the_next(database: Database, tmp_path: Path) -> None:
    await database.rows(f"{LATE} RETURNING 1")
    child = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", KILLED, database.url], check=False)
    assert child.returncode == -9
    await database.rows("UPDATE registry_sync_log SET heartbeat_at = now() - interval '31 s' RETURNING 1")
    told = await function(database, tmp_path).run(tick())
    assert told["status"] == "completed", "the tick was taken by the one that died, and its work is done again"
    lost, done = await database.rows(RUNS)
    assert (lost["status"], lost["worker"]) == ("failed", "function radiant-health 0")
    assert (done["status"], str(done["id"])) == ("completed", told["syncId"])
    assert "skipped" in await function(database, tmp_path).run(tick())


@pytest.mark.parametrize("closer", ["sweep", "nobody yet"])
async def test_what_a_function_lost_is_done_again_whoever_closes_it(
    database: Database, tmp_path: Path, closer: str
) -> None:
    await _dead_function(database)
    if closer == "sweep":
        async with database.connection() as connection, connection.transaction():
            assert await schedules.close_lost(connection, 30.0) == [("health", "function radiant-health 0")]
    else:
        # Whoever looks after what was lost has not said yet what became of it.
        await database.rows("UPDATE registry_sync_log SET heartbeat_at = now() - interval '61 s' RETURNING 1")
    told = await function(database, tmp_path).run(tick())
    assert told["status"] == "completed"
    assert "skipped" in await function(database, tmp_path).run(tick())


async def test_what_a_function_failed_at_is_left_to_the_worker_that_has_the_next_tick(
    database: Database, tmp_path: Path
) -> None:
    await _dead_function(database)
    await database.rows(
        "UPDATE registry_sync_log SET status = 'failed', completed_at = now(), started_at = now() - interval '6 min'"
        " RETURNING 1"
    )
    await database.rows("UPDATE schedules SET last_due = now() RETURNING 1")
    assert "skipped" in await function(database, tmp_path).run(tick())


async def _dead_function(database: Database) -> None:
    """One that had claimed the tick and died in the middle of its run."""
    await database.rows("UPDATE schedules SET last_due = now() RETURNING 1")
    await service.begin(database, "health", trigger="schedule")
    await database.rows(
        "UPDATE registry_sync_log SET heartbeat_at = now() - interval '31 s', worker = 'function radiant-health 0'"
        " RETURNING 1"
    )


async def test_a_run_that_failed_is_done_again_by_the_second_call(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: Any, **__: Any) -> None:
        raise DatabaseError("The database is away.")

    await database.rows(f"{LATE} RETURNING 1")
    with monkeypatch.context() as broken:
        broken.setattr(service, "look_at_all", fails)
        for attempt in range(2):
            with pytest.raises(DatabaseError):
                await function(database, tmp_path).run(tick("thermal"))
            assert len(await database.rows(RUNS)) == attempt + 1, "a call that did nothing is no call that ended well"
    told = await function(database, tmp_path).run(tick("thermal"))
    assert told["status"] == "completed"
    first, second, third = await database.rows(RUNS)
    assert [it["status"] for it in (first, second, third)] == ["failed", "failed", "completed"]
    assert first["requested_by"] == third["requested_by"] == "schedule */5 * * * *"
    assert "skipped" in await function(database, tmp_path).run(tick("thermal"))


async def test_what_a_worker_lost_is_left_to_workers(database: Database, tmp_path: Path) -> None:
    await database.rows("UPDATE schedules SET last_due = now() RETURNING 1")
    await service.begin(database, "health", trigger="schedule")
    await database.rows("UPDATE registry_sync_log SET heartbeat_at = now() - interval '31 s' RETURNING 1")
    assert "skipped" in await function(database, tmp_path).run(tick())
    (row,) = await database.rows(RUNS)
    assert row["status"] == "failed"
