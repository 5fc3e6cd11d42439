"""What one change costs each of three processes, beside reading everything at each change.

    python bench/convergence/incremental.py [--sizes 5000,100000] [--changes 200] [--seconds 30]

Prints JSON, by number of models: how soon a committed change of one model's price is seen (milliseconds) and the
processor time it takes a process; the same of one provider's health; the same where everything is read each time; and,
with 100 changes a second, how much of a processor a process needs, and what a choice takes beside one in quiet
(microseconds). The second and the third process only follow; the first one chooses all the time. `woken_cpu_ms` is what
being woken by a socket costs a process that does nothing: a change wakes one twice, by the announcement and by the
answer.
"""

import argparse
import asyncio
import json
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any

import psycopg
from sight import Moment, commit, spread, waits
from watcher import MODEL, PROVIDER, Told, watch
from woken import woken_cpu_ms

sys.path.insert(0, str(Path(__file__).parents[1] / "database"))

from synthetic import PROVIDERS, STATEMENTS, sizes

from radiant.embedded.server import EmbeddedServer
from radiant.registry.database import connect
from radiant.registry.migrations import migrate

PROCESSES = 3

#: Seconds after which a change will not be seen any more, on a machine however busy.
PATIENCE = 300

#: Changes a second, one by one and without rest.
SLOW, FAST = 10, 100

WATCHED = (
    "INSERT INTO providers (id, display_name) VALUES (%(provider)s, 'Watched')",
    "INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, input_modalities, output_modalities,"
    " pricing_type, input_cost_per_1k, output_cost_per_1k)"
    " VALUES (%(provider)s, %(model)s, 'watched', '0', 'chat', '{text}', '{text}', 'per_token', 1, 1)",
)
#: The price goes up and down through those of the others.
OF_A_MODEL = (
    "UPDATE models SET display_name = %(number)s, input_cost_per_1k = %(number)s * 7919 %% 1000 / 100000.0"
    " WHERE provider_id = %(provider)s AND model_id = %(model)s"
)
OF_A_PROVIDER = (
    "UPDATE provider_health SET avg_latency_ms = 100 + %(number)s * 7919 %% 900, status = CASE %(number)s %% 2"
    " WHEN 0 THEN 'healthy' ELSE 'degraded' END WHERE provider_id = 'p1'"
)


class Watchers:
    """The processes; the first one chooses."""

    def __init__(self, url: str) -> None:
        self._pipes: list[Pipe] = []
        self._processes: list[Any] = []
        for number in range(PROCESSES):
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.get_context("spawn").Process(
                target=watch, args=(url, theirs), kwargs={"choosing": number == 0}, daemon=True
            )
            process.start()
            self._processes.append(process)
            self._pipes.append(ours)
        for pipe in self._pipes:
            assert pipe.recv() == "ready"

    def say(self, word: str) -> None:
        for pipe in self._pipes:
            pipe.send(word)

    def asked(self, word: str) -> list[Any]:
        self.say(word)
        return [pipe.recv() for pipe in self._pipes]

    def told(self) -> list[Told]:
        return self.asked("tell")

    def have_seen(self, committed: list[Moment]) -> None:
        """Wait until each has seen the last of the changes."""
        deadline = time.monotonic() + PATIENCE
        while min(self.asked("last")) < committed[-1][0]:
            assert time.monotonic() < deadline, "a change was never seen"
            time.sleep(0.1)

    def close(self) -> None:
        self.say("stop")
        for process in self._processes:
            process.join(10)


@contextmanager
def registry(models: int) -> Iterator[str]:
    """The address of one with so many models, on a server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    server = EmbeddedServer.open(folder / "home")
    try:
        asyncio.run(fill(server.url, models))
        yield server.url
    finally:
        server.close()
        shutil.rmtree(folder)


async def fill(url: str, models: int) -> None:
    async with connect(url) as connection:
        await migrate(connection)
        async with connection.transaction():
            for statement in STATEMENTS:
                await connection.execute(statement.rstrip(";").encode(), sizes(models))
            for statement in WATCHED:
                await connection.execute(statement.encode(), {"provider": PROVIDER, "model": MODEL})
        await connection.execute("VACUUM ANALYZE")


def seen(watchers: Watchers, committed: list[Moment]) -> dict[str, Any]:
    """How soon, over all processes; and the processor time of a change in those that only follow."""
    watchers.have_seen(committed)
    told = watchers.told()
    return {
        "seen_ms": spread([wait for each in told for wait in waits(each.sights, committed)]),
        "cpu_ms": round(max(each.cpu for each in told[1:]) / len(committed) * 1000, 2),
    }


def measured(url: str, models: int, changes: int, seconds: float) -> dict[str, Any]:
    watchers = Watchers(url)
    with psycopg.connect(url, autocommit=True) as connection:
        number = 0

        def run(count: int, pause: float, *texts: str) -> list[Moment]:
            nonlocal number
            done = commit(writing(connection, *texts), count, number + 1, pause)
            number += count
            return done

        def one_by_one(count: int, *texts: str) -> dict[str, Any]:
            run(8, 0.2, *texts)  # until PostgreSQL has its plans
            watchers.have_seen(run(1, 0, *texts))
            watchers.told()
            return seen(watchers, run(count, 1 / SLOW, *texts))

        report = {"model": one_by_one(changes, OF_A_MODEL)}
        report["provider"] = one_by_one(max(5, changes // 10), OF_A_PROVIDER, OF_A_MODEL)
        report["provider"]["models"] = sizes(models)["external"] // PROVIDERS
        watchers.say("whole")
        report["everything"] = each_awaited(watchers, lambda: run(1, 0, OF_A_MODEL), max(3, changes // 40))
        watchers.say("changes")
        report["without_rest"] = without_rest(watchers, lambda: run(int(FAST * seconds), 1 / FAST, OF_A_MODEL), seconds)
    watchers.close()
    return report


def each_awaited(watchers: Watchers, change: Callable[[], list[Moment]], count: int) -> dict[str, Any]:
    """What changes cost of which each is made when the one before has been seen."""
    committed: list[Moment] = []
    for _ in range(count):
        committed += change()
        watchers.have_seen(committed)
    return seen(watchers, committed)


def without_rest(watchers: Watchers, changes: Callable[[], list[Moment]], seconds: float) -> dict[str, Any]:
    watchers.told()
    time.sleep(seconds / 3)
    quiet = watchers.told()
    committed = changes()
    busy = watchers.told()
    watchers.have_seen(committed)
    return {
        "per_second": FAST,
        "seconds": seconds,
        "indexes_per_second": round(len(busy[1].sights) / seconds, 1),
        "cpu_percent": round(max(each.cpu for each in busy[1:]) / seconds * 100, 1),
        "choice_us": {name: spread(told[0].choices, 1e6) for name, told in (("quiet", quiet), ("busy", busy))},
    }


def writing(connection: psycopg.Connection[Any], *texts: str) -> Callable[[int], object]:
    """Makes the change of a number, of all `texts` in one transaction."""

    def write(number: int) -> None:
        with connection.transaction():
            for text in texts:
                connection.execute(text.encode(), {"number": number, "provider": PROVIDER, "model": MODEL})

    return write


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="5000,100000")
    parser.add_argument("--changes", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    report: dict[str, Any] = {
        "processes": PROCESSES,
        "limits": {"seen_p99_ms": 50, "cpu_ms": {"5000": 1, "100000": 5}, "cpu_percent": 10},
        "woken_cpu_ms": woken_cpu_ms(),
        "models": {},
    }
    for size in map(int, options.sizes.split(",")):
        with registry(size) as url:
            report["models"][str(size)] = measured(url, size, options.changes, options.seconds)
    json.dump(report, sys.stdout, indent=2)


if __name__ == "__main__":
    main()
