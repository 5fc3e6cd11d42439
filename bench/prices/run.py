"""How long `price_at()` takes among 100,000 sheets, asked one by one and within the server.

    python bench/prices/run.py [--sheets 100000] [--repeat 2000]

Prints JSON: milliseconds at the median and the 99th percentile of a query, and the mean within the server. Each of
10,000 models has ten sheets one after the other. The server is an embedded PostgreSQL of its own in a folder that is
removed afterwards.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from radiant.embedded.server import EmbeddedServer
from radiant.registry.database import Connection, connect
from radiant.registry.migrations import migrate

MODELS = 10_000

FILL = (
    "INSERT INTO price_offers (provider_id, model_id) SELECT 'acme', 'm' || n FROM generate_series(1, {models}) n",
    "INSERT INTO price_sheets (offer_id, valid, source) SELECT o.id, tstzrange(timestamptz '2020-01-01Z' + n * "
    "interval '30 days', timestamptz '2020-01-01Z' + (n + 1) * interval '30 days'), 'bench' "
    "FROM price_offers o, generate_series(0, {each} - 1) n",
    "INSERT INTO price_items (sheet_id, meter, amount, per) SELECT s.id, m, 2.5, 1000000 FROM price_sheets s, "
    "unnest(ARRAY['input_tokens', 'output_tokens', 'cache_read_tokens']) m",
    "ANALYZE",
)


async def measure(connection: Connection, sheets: int, repeat: int) -> dict[str, object]:
    for statement in FILL:
        await connection.execute(statement.format(models=MODELS, each=sheets // MODELS).encode())
    taken = []
    for place in range(repeat):
        begun = time.perf_counter()
        found = await connection.execute(
            "SELECT * FROM price_at('acme', %s, timestamptz '2020-01-01Z' + %s * interval '1 day')",
            [f"m{1 + place * 7919 % MODELS}", place % 250],
        )
        await found.fetchall()
        taken.append((time.perf_counter() - begun) * 1000)
    taken = sorted(taken[100:])
    begun = time.perf_counter()
    await connection.execute(
        "SELECT count(*) FROM generate_series(1, %s) n, LATERAL price_at('acme', 'm' || (1 + (n * 7919) %% %s),"
        " timestamptz '2020-01-01Z' + (n %% 250) * interval '1 day')",
        [repeat, MODELS],
    )
    inside = (time.perf_counter() - begun) * 1000 / repeat
    return {
        "sheets": sheets,
        "one_query_ms": {"p50": round(statistics.median(taken), 3), "p99": round(taken[int(len(taken) * 0.99)], 3)},
        "in_the_server_ms": round(inside, 3),
    }


async def measured(url: str, sheets: int, repeat: int) -> dict[str, object]:
    async with connect(url) as connection:
        await migrate(connection)
        return await measure(connection, sheets, repeat)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--sheets", type=int, default=100_000)
    arguments.add_argument("--repeat", type=int, default=2_000)
    given = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    try:
        with EmbeddedServer.open(folder) as server:
            print(json.dumps(asyncio.run(measured(server.url, given.sheets, given.repeat)), indent=2))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
