"""Runs that somebody else closes while they go on, and those that nobody waits for."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from radiant.admin.syncing import Syncing as Starting
from radiant.domain.sync import RunClosed, RunReport
from radiant.registry.database import Database
from radiant.settings import Settings
from radiant.sync import service
from tests.flow.playing import play
from tests.flow.syncing import Syncing
from tests.waiting import HANG, until


async def test_a_run_that_goes_on_by_itself_says_in_the_log_what_ended_it(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any, **__: Any) -> RunReport:
        raise OSError("no more files")

    monkeypatch.setattr(service, "carry_out", broken)
    syncing = Starting(database, Settings(home=tmp_path), environment={})
    with capture_logs() as logs:
        begun = await syncing.start("models")
        await until(lambda: logs)
    await syncing.close()
    assert [(it["event"], it["id"], repr(it["exc_info"])) for it in logs] == [
        ("a run failed", str(begun.id), "OSError('no more files')")
    ]


CLOSE = """
    UPDATE registry_sync_log SET status = 'failed', completed_at = now(), error_message = 'It was taken for lost.'
     WHERE id = %s RETURNING id"""


async def test_a_run_that_somebody_closed_ends_instead_of_writing_beside_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BEAT", 0.05)
    async with play({"id": "openai", "behavior": "silent"}) as stage:
        it = Syncing(database, stage)
        await it.begin()
        id = await service.begin(database, "models")
        how: Any = {"environment": it.environment, "tell": None}
        task = asyncio.create_task(service.carry_out(database, stage.client, id, "models", **how))
        await until(lambda: stage.theater.roles["openai"].stage.requests)
        await database.rows(CLOSE, [id])
        with pytest.raises(RunClosed, match="begin another"):
            async with asyncio.timeout(HANG):
                await task
    (row,) = await database.rows("SELECT error_message FROM registry_sync_log WHERE id = %s", [id])
    assert row["error_message"] == "It was taken for lost."


async def test_a_run_that_was_closed_before_it_ended_is_not_reported_as_completed(database: Database) -> None:
    async with play({"id": "acme", "models": ["m"]}) as stage:
        it = Syncing(database, stage)
        await it.begin()
        id = await service.begin(database, "models")
        await database.rows(CLOSE, [id])
        how: Any = {"environment": it.environment, "tell": None}
        report = await service.carry_out(database, stage.client, id, "models", **how)
    assert report.status == "failed"
    assert report.problem is not None and "closed by another process" in report.problem
    assert report.errors[-1] == report.problem
