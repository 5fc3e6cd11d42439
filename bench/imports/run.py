"""How long LiteLLM's whole model map takes: reading, importing, importing again, adopting, looking things up.

    python bench/imports/run.py [--repeat 3]

Prints JSON in seconds, beside plain `json.loads` of the same file in the same run. Needs the package `litellm`, from
which only the file is taken. The server is an embedded PostgreSQL of its own.
"""

import argparse
import asyncio
import datetime as dt
import importlib.util
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import psycopg

from radiant import Selector
from radiant.catalog.load import load_catalog
from radiant.domain.registry_model import ModelFilter
from radiant.embedded.server import EmbeddedServer
from radiant.pricing.guards import GRACE
from radiant.public_catalogs.roster import BY_ID
from radiant.registry import facts, models, snapshots
from radiant.registry.database import Connection, Database, connect
from radiant.registry.migrations import migrate
from radiant.selection.reading.row import Row
from radiant.sync.importing import adopt, import_facts
from radiant.sync.seed import seed


def model_map() -> bytes:
    """LiteLLM's map, without importing LiteLLM."""
    found = importlib.util.find_spec("litellm")
    if found is None or found.origin is None:
        sys.exit("The package litellm is missing: pip install litellm")
    return (Path(found.origin).parent / "model_prices_and_context_window_backup.json").read_bytes()


async def timed(what: Callable[[], Awaitable[Any]]) -> float:
    begun = time.perf_counter()
    await what()
    return time.perf_counter() - begun


async def snapshot(connection: Connection) -> None:
    content = await snapshots.read(connection, Row.__struct_encode_fields__)
    Selector.from_rows(content.rows, defaults=content.defaults)


async def one_run(url: str, body: bytes) -> dict[str, float]:
    source, today = BY_ID["litellm"], dt.datetime.now(dt.UTC).date()
    async with connect(url) as connection:
        await migrate(connection)
    database = await Database.open(url)
    await seed(database, load_catalog(), grace=GRACE)
    taken = {}
    begun = time.perf_counter()
    json.loads(body)
    taken["json.loads of the file"] = time.perf_counter() - begun
    begun = time.perf_counter()
    source.read(body, today)
    taken["read and map"] = time.perf_counter() - begun
    taken["import, first"] = await timed(lambda: import_facts(database, source, body, today))
    taken["import, again"] = await timed(lambda: import_facts(database, source, body, today))
    taken["adopt all"] = await timed(lambda: adopt(database, source, None))
    taken["adopt all, again"] = await timed(lambda: adopt(database, source, None))
    taken["seed with all adopted"] = await timed(lambda: seed(database, load_catalog(), grace=GRACE))
    async with database.connection() as connection:
        taken["claims about one model"] = await timed(lambda: facts.facts_about(connection, "openai", "gpt-4o-mini"))
        taken["list all models"] = await timed(lambda: models.list_models(connection, ModelFilter()))
        taken["load a snapshot of all"] = await timed(lambda: snapshot(connection))
        taken["the 100 largest conflicts"] = await timed(
            lambda: facts.conflicts(connection, provider=None, prices_only=False, limit=100, offset=0)
        )
    await database.close()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    body = model_map()
    folder = Path(tempfile.mkdtemp(prefix="radiant-bench-"))
    folder.chmod(0o755)
    server = EmbeddedServer.open(folder / "home")
    try:
        runs = []
        for number in range(options.repeat):
            with psycopg.connect(server.url, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE bench_{number}".encode())
            runs.append(asyncio.run(one_run(server.url.replace("/radiant?", f"/bench_{number}?"), body)))
        report = {name: round(statistics.median(run[name] for run in runs), 4) for name in runs[0]}
        entries = len(json.loads(body))
        json.dump({"entries": entries, "limit_s": {"import, first": 2.0}, "median_s": report}, sys.stdout, indent=2)
    finally:
        server.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
