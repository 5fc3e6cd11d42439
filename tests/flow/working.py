"""Workers as processes of their own, whose runs only note that they happened."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from psycopg.rows import DictRow

from radiant.worker import Pace

Query = Callable[..., list[DictRow]]

#: Patience of tests: a worker that is not heard of for a second and a half is lost.
QUICK = Pace(tick=0.1, heartbeat=0.3, stalled=1.5, sweep=0.3, grace=5.0, again=1)

TABLE = "CREATE TABLE ran (at timestamptz DEFAULT clock_timestamp(), kind text, what text, by integer)"

CHILD = """
import asyncio, json, os, signal, sys

import msgspec

from contextlib import asynccontextmanager, suppress

from radiant.domain.errors import RadiantError
from radiant.domain.sync import RunReport
from radiant.registry import runs
from radiant.registry.database import Database
from radiant.sync import service
from radiant.worker import Pace, Worker

URL, SECONDS, PACE = sys.argv[1], float(sys.argv[2]), msgspec.convert(json.loads(sys.argv[3]), Pace)

@asynccontextmanager
async def recorded(database, kind):
    id = await service.begin(database, kind)

    async def beat():
        while True:
            await asyncio.sleep(PACE.heartbeat)
            with suppress(RadiantError):
                async with database.connection() as connection:
                    await runs.beat(connection, id)

    task, problem = asyncio.create_task(beat()), "It was ended."
    try:
        yield
        problem = None
    finally:
        task.cancel()
        status = "failed" if problem else "completed"
        report = RunReport(id=id, kind=kind, status=status, dry_run=False, problem=problem)
        with suppress(RadiantError):
            async with database.connection() as connection:
                await runs.finish(connection, report)

async def main():
    database = await Database.open(URL)

    async def note(kind, what):
        async with database.connection() as connection:
            await connection.execute(
                b"INSERT INTO ran (kind, what, by) VALUES (%s, %s, %s)", (kind, what, os.getpid()))

    async def run(kind, trigger, requested_by):
        async with recorded(database, kind):
            await note(kind, "begun")
            await asyncio.sleep(SECONDS)
            await note(kind, "done")

    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    print("ready", flush=True)
    await Worker(database, run, pace=PACE).work(stopping)
    await database.close()

asyncio.run(main())
"""


@contextmanager
def worker(url: str, *, seconds: float = 0.0, pace: Pace = QUICK) -> Iterator["subprocess.Popen[str]"]:
    """A worker in a process of its own, each of whose runs takes `seconds`."""
    arguments = [sys.executable, "-c", CHILD, url, str(seconds), json.dumps(msgspec.to_builtins(pace))]
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    try:
        stdout = child.stdout
        assert stdout is not None and stdout.readline() == "ready\n"
        yield child
    finally:
        child.terminate()
        child.wait(30)
        if child.stdout is not None:
            child.stdout.close()


def ran(query: Query, url: str, what: str = "done") -> list[dict[str, Any]]:
    return query(url, "SELECT kind, by FROM ran WHERE what = %s ORDER BY at", what)


def only(query: Query, url: str, kind: str, cron: str) -> None:
    """Have nothing run but one kind."""
    query(url, "UPDATE schedules SET enabled = kind = %s, last_due = now()", kind)
    query(url, "UPDATE schedules SET cron = %s WHERE kind = %s", cron, kind)
