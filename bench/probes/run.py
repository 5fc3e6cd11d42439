"""How long a run over the health of 21 simulated providers takes, beside the slowest probe of them.

    python bench/probes/run.py [--repeat 3]

Each answers its probe after 0.1 to 1.1 s. A run reads its plans from an embedded PostgreSQL, probes all at once and
records what came; prints JSON in seconds.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from radiant.catalog.load import load_catalog
from radiant.embedded.server import EmbeddedServer
from radiant.pricing.guards import GRACE
from radiant.providers.http import Client
from radiant.providers.probe_roster import probing
from radiant.providers.roster import LISTERS
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from radiant.simulator.script import Provider, Script
from radiant.simulator.serving import playing
from radiant.simulator.theater import Theater
from radiant.sync import service
from radiant.sync.seed import seed

PROVIDERS = 21


def script() -> Script:
    ids = [id for id in sorted(LISTERS) if not probing(id).silent][:PROVIDERS]
    return Script(
        providers=tuple(Provider(id=id, count=20, latency=0.1 + 0.05 * number) for number, id in enumerate(ids))
    )


async def lead_to(database: Database, theater: Theater) -> dict[str, str]:
    """Let the registry's providers be those that are played, and give their keys."""
    await database.rows("UPDATE providers SET api_base_url = NULL RETURNING id")
    keys = {}
    for id, role in theater.roles.items():
        await database.rows(
            "UPDATE providers SET api_base_url = %s, regions = '{global}' WHERE id = %s RETURNING id",
            [role.account.base_url, id],
        )
        keys[role.account.key_variables[0]] = role.key
    return keys


async def measure(url: str, repeat: int) -> dict[str, object]:
    async with connect(url) as connection:
        await migrate(connection)
    database = await Database.open(url)
    await seed(database, load_catalog(), grace=GRACE)
    whole, slowest, answered = [], [], 0
    async with playing(script()) as theater, Client(private=True) as client:
        keys = await lead_to(database, theater)
        for _ in range(repeat + 1):
            began = time.perf_counter()
            report = await service.run(database, client, "health", environment=keys, tell=None)
            whole.append(time.perf_counter() - began)
            probed = [it for it in report.providers if it.skipped is None]
            assert not report.errors, report.errors
            answered = len(probed)
            rows = await database.rows("SELECT max(latency_sum / nullif(ok, 0)) AS slowest FROM health_minutes")
            slowest.append(float(rows[0]["slowest"]) / 1000)
    await database.close()
    # The first run finds every status new.
    return {
        "providers": answered,
        "slowest_probe_s": round(statistics.median(slowest[1:]), 3),
        "first_run_s": round(whole[0], 3),
        "whole_run_s": round(statistics.median(whole[1:]), 3),
        "ratio": round(statistics.median(whole[1:]) / statistics.median(slowest[1:]), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    try:
        with EmbeddedServer.open(folder / "home") as server:
            print(json.dumps(asyncio.run(measure(server.url, asked.repeat)), indent=2))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
