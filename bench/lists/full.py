"""How long a full run over 21 simulated providers takes, beside one over the slowest of them alone.

    python bench/lists/full.py [--repeat 3]

The providers are those of `run.py`, played in a process of their own; each run goes into a new registry of an embedded
PostgreSQL, so that every model is new, and then once more, so that none is. Prints JSON in seconds.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from radiant.address import listening_socket
from radiant.catalog.load import load_catalog
from radiant.domain.sync import RunReport
from radiant.embedded.server import EmbeddedServer
from radiant.pricing.guards import GRACE
from radiant.providers.http import Client
from radiant.providers.roster import LISTERS
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from radiant.simulator.script import Provider, Script
from radiant.simulator.theater import Theater
from radiant.sync import service
from radiant.sync.seed import seed
from radiant.sync.telling import as_events

PROVIDERS = 21
IDS = [id for id, how in sorted(LISTERS.items()) if how.lists_models][:PROVIDERS]


def script(longest: float) -> Script:
    """Providers whose pages come after 0.1 s for the first and `longest` s for the last."""
    step = (longest - 0.1) / (PROVIDERS - 1)
    return Script(
        providers=tuple(
            Provider(id=id, count=200, page_size=100, latency=0.1 + step * number) for number, id in enumerate(IDS)
        )
    )


class Registry:
    """A new registry whose providers are those of a theater."""

    def __init__(self, database: Database, client: Client, theater: Theater) -> None:
        self.database, self.client = database, client
        self.environment = {role.account.key_variables[0]: role.key for role in theater.roles.values()}

    async def run(self, provider: str | None = None, *, dry_run: bool = False) -> tuple[float, RunReport]:
        began = time.perf_counter()
        report = await service.run(
            self.database,
            self.client,
            "full",
            provider=provider,
            dry_run=dry_run,
            environment=self.environment,
            tell=as_events,
        )
        assert not report.errors, report.errors
        return time.perf_counter() - began, report


@contextmanager
def played_beside(played: Script, folder: Path) -> Iterator[Theater]:
    """`played` by a process of its own, as long as it is asked."""
    with listening_socket("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    file = folder / "script.json"
    file.write_text(json.dumps({"providers": [
        {"id": it.id, "count": it.count, "page_size": it.page_size, "latency": it.latency} for it in played.providers
    ]}))  # fmt: skip
    simulate = [Path(sys.executable).with_name("radiant"), "simulate", file, "--port", str(port)]
    child = subprocess.Popen(simulate, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        while not child.stdout.readline().startswith("Ctrl-C"):
            assert child.poll() is None
        yield Theater(played, f"http://127.0.0.1:{port}")
    finally:
        child.terminate()
        child.wait()


async def repeated(url: str, theater: Theater, repeat: int) -> list[dict[str, float]]:
    return [await once(url, theater) for _ in range(repeat)]


def measure(repeat: int, longest: float) -> dict[str, object]:
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    server = EmbeddedServer.open(folder / "home")
    try:
        with played_beside(script(longest), folder) as theater:
            rounds = asyncio.run(repeated(server.url, theater, repeat))
    finally:
        server.close(stop=True)
        shutil.rmtree(folder)
    median = {name: statistics.median(it[name] for it in rounds) for name in rounds[0]}
    return {
        "providers": PROVIDERS,
        "slowest_answers_s": longest,
        **{name: round(value, 3) for name, value in median.items()},
        "ratio_first": round(median["first_s"] / median["slowest_alone_s"], 2),
        "ratio_again": round(median["again_s"] / median["slowest_alone_s"], 2),
    }


async def once(url: str, theater: Theater) -> dict[str, float]:
    async with connect(url) as connection:
        await connection.execute("DROP SCHEMA public CASCADE")
        await connection.execute("DROP SCHEMA IF EXISTS jobs CASCADE")
        await connection.execute("CREATE SCHEMA public")
        await migrate(connection)
    async with await Database.open(url) as database, Client(private=True) as client:
        await seed(database, load_catalog(), grace=GRACE)
        for id, role in theater.roles.items():
            await database.rows(
                "UPDATE providers SET api_base_url = %s, key_variables = %s WHERE id = %s RETURNING id",
                [role.account.base_url, list(role.account.key_variables), id],
            )
        registry = Registry(database, client, theater)
        # The latest answer does not make the slowest list: some have more pages.
        alone = max([(await registry.run(id, dry_run=True))[0] for id in IDS])
        first, report = await registry.run()
        again, same = await registry.run()
    assert sum(it.skipped is None for it in report.providers) == PROVIDERS
    assert not any(it.touched for it in same.providers)
    return {"slowest_alone_s": alone, "first_s": first, "again_s": again, "models": float(report.total("new"))}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--longest", type=float, default=1.1, help="seconds after which the slowest answers a page")
    given = parser.parse_args()
    print(json.dumps(measure(given.repeat, given.longest), indent=2))


if __name__ == "__main__":
    main()
