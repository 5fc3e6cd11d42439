"""While somebody serves from the embedded PostgreSQL, it does not stay dead."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from structlog.testing import capture_logs

from radiant.embedded.server import EmbeddedServer
from radiant.embedded.supervision import Supervisor
from tests.sql.embedded import is_running, server_pid, value
from tests.waiting import until

DIED = "the embedded PostgreSQL died; it is started again"
FAILED = "the embedded PostgreSQL could not be started; it is tried again"
UP = "the embedded PostgreSQL is up again"
STOPPED = "the embedded PostgreSQL was stopped by `radiant db stop` and is left so until it is asked for"


@asynccontextmanager
async def supervised(home: Path, **options: Any) -> AsyncIterator[EmbeddedServer]:
    server = await asyncio.to_thread(EmbeddedServer.open, home)
    supervisor = Supervisor(server, **{"look": 0.02, "pause": 0.1, **options})
    supervisor.start()
    try:
        yield server
    finally:
        await supervisor.close()
        await asyncio.to_thread(server.close)


def has_come_back(logs: list[Any], times: int) -> bool:
    return [entry["event"] for entry in logs].count(UP) == times


def kill(home: Path) -> int:
    pid = server_pid(home)
    os.kill(pid, signal.SIGKILL)
    return pid


async def test_a_server_that_dies_is_started_again_and_that_is_told(standing: Path) -> None:
    with capture_logs() as logs:
        async with supervised(standing, steady=0) as server:
            for _ in range(2):
                logs.clear()
                killed = kill(standing)
                await until(lambda: [entry["event"] for entry in logs] == [DIED, UP])
                assert logs[0]["rest"] == 0
                assert server_pid(standing) != killed
                assert value(server.url, "SELECT n FROM kept") == 1
    assert not is_running(standing)


async def test_a_server_that_cannot_start_is_tried_again_after_growing_rests_until_it_can(standing: Path) -> None:
    altered = standing / "postgresql/postgresql.auto.conf"
    with capture_logs() as logs:
        async with supervised(standing, pause=0.02) as server:
            before = altered.read_text()
            altered.write_text(before + "shared_buffers = 'plenty'\n")
            kill(standing)
            await until(lambda: sum(entry["event"] == FAILED for entry in logs) >= 3)
            altered.write_text(before)
            await until(lambda: logs[-1]["event"] == UP)
            assert value(server.url, "SELECT n FROM kept") == 1
    rests = [entry["rest"] for entry in logs if entry["event"] == FAILED]
    assert rests[:3] == [0.02, 0.04, 0.08]
    assert 'invalid value for parameter "shared_buffers": "plenty"' in logs[1]["reason"]


async def test_a_server_that_dies_again_at_once_gets_a_rest_first(standing: Path) -> None:
    with capture_logs() as logs:
        async with supervised(standing):
            for deaths in (1, 2, 3):
                kill(standing)
                await until(partial(has_come_back, logs, deaths))
    assert [entry["rest"] for entry in logs if entry["event"] == DIED] == [0, 0.1, 0.2]


async def test_two_who_supervise_one_server_do_not_fight(standing: Path) -> None:
    log = standing / "server/postgresql.log"
    async with supervised(standing), supervised(standing) as server:
        before = log.read_text().count("starting PostgreSQL")
        with capture_logs() as logs:
            kill(standing)
            await until(lambda: [entry["event"] for entry in logs].count(UP) >= 1 and is_running(standing))
            await asyncio.sleep(0.2)
        assert log.read_text().count("starting PostgreSQL") == before + 1
        assert value(server.url, "SELECT n FROM kept") == 1


async def test_a_server_stopped_on_purpose_is_left_so_until_somebody_asks_for_it(standing: Path) -> None:
    with capture_logs() as logs:
        async with supervised(standing):
            assert await asyncio.to_thread(EmbeddedServer.stop, standing)
            await until(lambda: [entry["event"] for entry in logs] == [STOPPED])
            await asyncio.sleep(0.2)
            assert not is_running(standing)
            await asyncio.to_thread(lambda: EmbeddedServer.open(standing).close())
            assert is_running(standing)
            kill(standing)
            await until(lambda: [entry["event"] for entry in logs] == [STOPPED, DIED, UP])


async def test_where_the_database_files_are_gone_no_new_ones_are_made(standing: Path) -> None:
    data, aside = standing / "postgresql", standing / "aside"
    with capture_logs() as logs:
        async with supervised(standing) as server:
            pid = server_pid(standing)
            data.rename(aside)
            os.kill(pid, signal.SIGKILL)
            await until(lambda: FAILED in {entry["event"] for entry in logs})
            assert not data.exists()
            assert f"its database files in {data} are gone" in logs[1]["reason"]
            aside.rename(data)
            await until(lambda: logs[-1]["event"] == UP)
            assert value(server.url, "SELECT n FROM kept") == 1
    shutil.rmtree(aside, ignore_errors=True)


async def test_nobody_starts_it_again_after_the_supervision_has_ended(standing: Path) -> None:
    server = await asyncio.to_thread(EmbeddedServer.open, standing)
    supervisor = Supervisor(server, look=0.02)
    supervisor.start()
    await supervisor.close()
    kill(standing)
    await asyncio.sleep(0.2)
    assert not server.is_alive()
    server.close()
    server.revive()
    assert not is_running(standing)
