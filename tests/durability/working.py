"""Workers as processes of their own that carry out real runs, to be killed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg.rows import DictRow

from radiant.worker import Pace
from tests.waiting import appeared

Query = Callable[..., list[DictRow]]

#: A worker that is not heard of for a second is lost.
QUICK = Pace(tick=0.1, heartbeat=0.2, stalled=1.0, sweep=0.2, grace=5.0, again=1)

#: What `radiant worker` does, at another pace.
CHILD = """
import asyncio, json, os, signal, sys

import msgspec

from radiant.registry.database import Database
from radiant.settings import Settings
from radiant.sync import service
from radiant.work_beside import runner
from radiant.worker import Pace, Worker

PACE = msgspec.convert(json.loads(sys.argv[1]), Pace)
service.BEAT = PACE.heartbeat

async def main():
    settings = Settings.from_environment()
    database = await Database.open(settings.database_url)
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    print("ready", flush=True)
    await Worker(database, runner(database, settings), pace=PACE).work(stopping)
    await database.close()

asyncio.run(main())
"""


#: `radiant worker` itself.
RADIANT_WORKER = (str(Path(sys.executable).with_name("radiant")), "worker")


class Workers:
    """As many workers as are wanted at a time; each has said that it is there before it counts."""

    def __init__(self, url: str, environment: Mapping[str, str], *, command: Sequence[str] = ()) -> None:
        self._command = command or [sys.executable, "-c", CHILD, json.dumps(msgspec.to_builtins(QUICK))]
        self._environment = {
            **os.environ,
            **environment,
            "RADIANT_DATABASE_URL": url,
            "RADIANT_ALLOW_PRIVATE_NETWORKS": "1",
            "RADIANT_ABSENCE_INTERVAL": "0",
        }
        self._alive: dict[int, subprocess.Popen[str]] = {}

    def start(self, count: int = 1) -> None:
        begun = [
            subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True, env=self._environment)
            for _ in range(count)
        ]
        for child in begun:
            self._alive[child.pid] = child
            assert child.stdout is not None and child.stdout.readline()

    def kill(self, pid: int) -> None:
        """Give one no time for anything."""
        child = self._alive.pop(pid)
        child.kill()
        child.wait(30)
        _leave(child)

    def stop(self) -> list[int]:
        """Tell all to stop; how each ended."""
        for child in self._alive.values():
            child.terminate()
        return [child.wait(60) for child in self._alive.values()]

    def __contains__(self, pid: int) -> bool:
        return pid in self._alive

    def close(self) -> None:
        for child in self._alive.values():
            child.kill()
            with suppress(subprocess.TimeoutExpired):
                child.wait(30)
            _leave(child)


@contextmanager
def workers(url: str, environment: Mapping[str, str], **how: Any) -> Iterator[Workers]:
    them = Workers(url, environment, **how)
    try:
        yield them
    finally:
        them.close()


def patient(query: Query) -> Query:
    """The same, of a database that may be away for a moment."""

    def ask(url: str, text: str, *parameters: Any) -> list[DictRow]:
        def answered() -> list[list[DictRow]]:
            with suppress(psycopg.OperationalError):
                return [query(url, text, *parameters)]
            return []

        (found,) = appeared(answered)
        return found

    return ask


def every_second(query: Query, url: str, kind: str) -> None:
    """Have one kind run each second, and nothing else."""
    query(url, "UPDATE schedules SET enabled = kind = %s, last_due = now()", kind)
    query(url, "UPDATE schedules SET cron = '* * * * * *' WHERE kind = %s", kind)


def _leave(child: "subprocess.Popen[str]") -> None:
    if child.stdout is not None:
        child.stdout.close()
