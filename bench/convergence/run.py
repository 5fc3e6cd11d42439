"""How soon a committed change is seen: by three processes, each with a selector of its own.

    python bench/convergence/run.py [--changes 1000] [--per-second 20] [--burst 1000]

Prints JSON: milliseconds from commit to sight at the median, the 99th percentile and the worst, over all processes;
and for a burst of commits without a pause how many times an index was built, and when the last one was seen.
"""

import argparse
import asyncio
import json
import multiprocessing
import shutil
import sys
import tempfile
import time
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import psycopg
from sight import Moment, commit, spread, waits

from radiant import Selector
from radiant.catalog.load import load_catalog
from radiant.embedded.server import EmbeddedServer
from radiant.pricing.guards import GRACE
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from radiant.sync.seed import seed

PROCESSES = 3
WATCHED = ("openai", "gpt-4o-mini")
CHANGE = b"UPDATE models SET display_name = %s WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'"


def watch(url: str, pipe: Pipe) -> None:
    """Remember, for each index put in place, when that was and which change it shows; tell the parent when asked."""

    async def follow() -> None:
        def seen() -> None:
            if selector is not None:
                names = [it.display_name for it in selector.candidates if (it.provider_id, it.model_id) == WATCHED]
                sights.append((time.monotonic(), names[0]))

        selector = None
        sights: list[tuple[float, str]] = []
        selector = await Selector.connect(url, on_change=seen)
        pipe.send("ready")
        while True:
            while not pipe.poll():
                await asyncio.sleep(0.05)
            if pipe.recv() == "stop":
                break
            pipe.send(sights)
            sights = []
        await selector.close()

    asyncio.run(follow())


def seen_by(pipe: Pipe) -> list[tuple[float, str]]:
    """When this process put which change in place, since it was asked last."""
    time.sleep(1)
    pipe.send("tell")
    told: list[tuple[float, str]] = pipe.recv()
    return told


def seen_at(told: list[tuple[float, str]], changes: list[Moment]) -> list[float]:
    """Seconds from each commit to the first index that shows it or a later one."""
    return waits([(int(name.split()[-1]), at) for at, name in told if name.startswith("change ")], changes)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--per-second", type=float, default=20)
    parser.add_argument("--burst", type=int, default=1000)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    server = EmbeddedServer.open(folder / "home")
    watchers, pipes = [], []
    try:
        asyncio.run(prepare(server.url))
        for _ in range(PROCESSES):
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.get_context("spawn").Process(target=watch, args=(server.url, theirs))
            process.start()
            watchers.append(process)
            pipes.append(ours)
            assert ours.recv() == "ready"
        with psycopg.connect(server.url, autocommit=True) as connection:

            def change(number: int) -> None:
                connection.execute(CHANGE, [f"change {number}"])

            paced = commit(change, options.changes, 0, 1 / options.per_second)
            seen = spread([wait for pipe in pipes for wait in seen_at(seen_by(pipe), paced)])
            burst = commit(change, options.burst, options.changes, 0)
            told = [seen_by(pipe) for pipe in pipes]
        lasts = [seen_at(each, burst[-1:])[0] * 1000 for each in told]
        report = {
            "processes": PROCESSES,
            "changes": options.changes,
            "limit_p99_ms": 100,
            "seen_ms": seen,
            "burst": {
                "changes": options.burst,
                "seconds": round(burst[-1][1] - burst[0][1], 2),
                "builds": [len(each) for each in told],
                "last_seen_ms": round(max(lasts), 1),
            },
        }
        json.dump(report, sys.stdout, indent=2)
    finally:
        for pipe in pipes:
            pipe.send("stop")
        for process in watchers:
            process.join(10)
        server.close()
        shutil.rmtree(folder)


async def prepare(url: str) -> None:
    async with connect(url) as connection:
        await migrate(connection)
    database = await Database.open(url)
    await seed(database, load_catalog(), grace=GRACE)
    await database.close()


if __name__ == "__main__":
    main()
