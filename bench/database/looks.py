"""How long the database takes for one look of `GET /metrics`, and cleaning for one hour, beside a count of models.

    python bench/database/looks.py [--repeat 200] [--models 100000]

The registry has 100,000 models, as many discovered ones, half of them waiting, a year of runs every five minutes, a
month of their events, and a sink that was away all the time. Prints JSON: milliseconds at the median and the 99th
percentile. The server is an embedded PostgreSQL of its own in a folder that is removed afterwards.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from synthetic import STATEMENTS, sizes

from radiant.domain.retention import Retention
from radiant.embedded.server import EmbeddedServer
from radiant.registry import measures, retention
from radiant.registry.database import Connection, connect
from radiant.registry.migrations import migrate

HISTORY = (
    "INSERT INTO discovered_models (provider_id, model_id, family, status) "
    "SELECT provider_id, 'new-' || model_id, model_id, (ARRAY['pending', 'known'])[1 + length(model_id) % 2] "
    "FROM models",
    "INSERT INTO registry_sync_log (sync_type, status, started_at, completed_at, worker) "
    "SELECT kind, 'completed', at, at + interval '1 s', 'bench:1' FROM unnest(ARRAY['health', 'thermal']) kind, "
    "generate_series(now() - interval '365 days', now() - interval '1 min', interval '5 min') at",
    "DELETE FROM events WHERE seq IS NULL AND position % 12 <> 0",
    "SELECT number_events()",
    "INSERT INTO event_sinks (name, kind) VALUES ('away', 'log')",
)


async def timed(work: Callable[[], Awaitable[Any]], repeat: int) -> dict[str, float]:
    taken = []
    for _ in range(repeat):
        begun = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return {"p50": round(statistics.median(taken), 2), "p99": round(taken[int(len(taken) * 0.99)], 2)}


async def measure(url: str, models: int, repeat: int) -> dict[str, Any]:
    async with connect(url) as connection:
        await migrate(connection)
        async with connection.transaction():
            for statement in STATEMENTS:
                await connection.execute(statement.rstrip(";").encode(), sizes(models))
        for statement in HISTORY:
            await connection.execute(statement.encode())
        await connection.execute("VACUUM ANALYZE")
        return await _figures(connection, repeat)


async def _figures(connection: Connection, repeat: int) -> dict[str, Any]:
    async def count() -> None:
        await connection.execute("SELECT * FROM registry_statistics")

    async def clean() -> None:
        await retention.forget(connection, Retention())

    async def queue() -> None:
        await measures.queue(connection)

    async def look() -> None:
        await measures.read(connection)

    return {
        "one look": await timed(look, repeat),
        "of it, the queue": await timed(queue, repeat),
        "registry_statistics, which it does without": await timed(count, max(5, repeat // 20)),
        "the first cleaning": await timed(clean, 1),
        "each after it": await timed(clean, 5),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument("--models", type=int, default=100_000)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    server = EmbeddedServer.open(folder / "home")
    try:
        json.dump(asyncio.run(measure(server.url, options.models, options.repeat)), sys.stdout, indent=2)
    finally:
        server.close()
        shutil.rmtree(folder)
    print()


if __name__ == "__main__":
    main()
