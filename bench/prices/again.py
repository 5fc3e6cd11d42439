"""How long it takes to rate a million usages again: read, rate, and write a run of new ratings.

    python bench/prices/again.py [--usages 1000000] [--models 50]

Prints JSON: seconds of a plan where everything costs something else, of the same written with `--apply`, and of a look
after it, which finds nothing; beside them what the rating function alone takes for as many, and a plain COPY of as many
rows of that size into a table without an index. Each usage has three meters and numbers of its own. The server is an
embedded PostgreSQL of its own in a folder that is removed afterwards.
"""

import argparse
import asyncio
import datetime as dt
import json
import shutil
import tempfile
import time
from collections.abc import Awaitable
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from radiant import Price, Sheet, rate
from radiant.admin.rerating import Reratings
from radiant.embedded.server import EmbeddedServer
from radiant.pricing.timeline import Timeline
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate

SINCE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
METERS = {"input_tokens": "3", "cache_read_tokens": "0.3", "output_tokens": "15"}

FILL = (
    "SELECT append_sheet(price_offer('acme', 'm' || n), 0::smallint, tstzrange('2020-01-01Z', NULL), (SELECT"
    " jsonb_agg(jsonb_build_object('meter', key, 'amount', value, 'per', 1000000)) FROM jsonb_each_text('{meters}')),"
    " 'bench') FROM generate_series(1, {models}) n",
    "INSERT INTO usage_records (request_id, told, provider_id, model_id, at, booked_at, tenant_id, quantities)"
    " SELECT 'r' || n, decode(md5(n::text), 'hex'), 'acme', 'm' || (1 + n % {models}), at, at, 't' || n % 20,"
    " jsonb_build_object('input_tokens', 1000 + n * 7919 % 100000, 'cache_read_tokens', n * 104729 % 1000,"
    " 'output_tokens', 1 + n * 15485863 % 4000) FROM generate_series(1::bigint, {usages}) n,"
    " LATERAL (SELECT timestamptz '2026-01-01Z' + n * interval '20 seconds') AS it (at)",
    "INSERT INTO ratings (usage_id, run_id, booked_at, state, purchase_usd, sale_usd, purchase_change, sale_change,"
    " markup, stored, basis, lines)"
    " SELECT id, 0, booked_at, 'priced', 1, 1.4, 1, 1.4, 0.4, true, 0, '[]' FROM usage_records",
    "VACUUM ANALYZE",
)

BARE = b"CREATE TABLE bare (id bigint, at timestamptz, state text, a numeric, b numeric, t text)"


class Taken(NamedTuple):
    """Seconds by the clock, and those that this process computed: on a busy machine the two are far apart."""

    clock: float
    computed: float


async def timed(work: Awaitable[object]) -> tuple[Taken, object]:
    begun, computed = time.perf_counter(), time.process_time()
    found = await work
    return Taken(round(time.perf_counter() - begun, 2), round(time.process_time() - computed, 2)), found


async def measured(url: str, usages: int, models: int) -> dict[str, object]:
    async with connect(url) as connection:
        await migrate(connection)
        await connection.set_autocommit(True)
        for statement in FILL:
            text = statement.replace("{meters}", json.dumps(METERS))
            await connection.execute(text.replace("{models}", str(models)).replace("{usages}", str(usages)).encode())
    async with Database(url) as database:
        again = Reratings(database)
        plan, planned = await timed(again.rerate(SINCE, by="bench"))
        applied, done = await timed(again.rerate(SINCE, by="bench", apply=True))
        after, nothing = await timed(again.rerate(SINCE, by="bench", apply=True))
        changed = [getattr(it, "changed", None) for it in (planned, done, nothing)]
        assert changed == [usages, usages, 0], changed
    return {
        "usages": usages,
        "plan_s": plan._asdict(),
        "applied_s": applied._asdict(),
        "nothing_to_do_s": after._asdict(),
        "rating_alone_s": rated(usages)._asdict(),
        "plain_copy_s": await copied(url, usages),
    }


def rated(usages: int) -> Taken:
    """Seconds of the one rating function for as many."""
    prices = tuple(Price(meter=it, amount=Decimal(amount), per=1_000_000) for it, amount in METERS.items())
    timeline = Timeline([Sheet(provider_id="acme", model_id="m", source="bench", prices=prices)])
    usage = {"input_tokens": 5000, "cache_read_tokens": 500, "output_tokens": 100}
    begun, computed = time.perf_counter(), time.process_time()
    for _ in range(usages):
        rate(timeline, usage, SINCE, {}, ahead=False)
    return Taken(round(time.perf_counter() - begun, 2), round(time.process_time() - computed, 2))


async def copied(url: str, usages: int) -> float:
    """Seconds in which the server takes as many rows as large as a rating, and does nothing else with them."""
    row = "\t".join(["1234567", "2026-01-01 00:00:00+00", "priced", "0.0123456", "0.0123456", "x" * 200]) + "\n"
    async with connect(url) as connection:
        await connection.execute(BARE)
        begun = time.perf_counter()
        async with connection.cursor() as cursor, cursor.copy(b"COPY bare FROM STDIN") as copying:
            for _ in range(usages // 1000):
                await copying.write(row * 1000)
        await connection.commit()
        return round(time.perf_counter() - begun, 2)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--usages", type=int, default=1_000_000)
    arguments.add_argument("--models", type=int, default=50)
    given = arguments.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    try:
        with EmbeddedServer.open(folder) as server:
            print(json.dumps(asyncio.run(measured(server.url, given.usages, given.models)), indent=2))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
