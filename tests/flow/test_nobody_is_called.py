"""A fresh registry calls nobody, also while schedules run; and says so."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psycopg.rows import DictRow

from radiant.installation.calls import calls
from radiant.registry import lists
from radiant.registry.database import Database
from radiant.sync.contacts import contacts
from tests.flow.playing import play
from tests.flow.syncing import Syncing
from tests.waiting import appeared, until

Query = Callable[..., list[DictRow]]

#: `radiant up` that writes down each request of the client, and each connection of Python's sockets to anywhere.
CHILD = """
import sys

RECORD = open(sys.argv.pop(1), "a", buffering=1)

def noted(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        print("connection", arguments[1][0], file=RECORD)

from radiant.providers.dialing import Transport

ask = Transport.handle_async_request

async def recorded(self, request):
    print("request", request.url, file=RECORD)
    return await ask(self, request)

Transport.handle_async_request = recorded
sys.addaudithook(noted)

from radiant.cli import main

main()
"""

COMPLETED = "SELECT count(*) AS n FROM registry_sync_log WHERE status = 'completed' AND trigger = 'schedule'"


@contextmanager
def up(url: str, tmp_path: Path, **variables: str) -> Iterator[tuple["subprocess.Popen[str]", Path]]:
    """`radiant up` with no key in its environment, and what it recorded."""
    record = tmp_path / "record"
    record.touch()
    environment = {"PATH": os.environ["PATH"], "RADIANT_HOME": str(tmp_path / "home"), "RADIANT_DATABASE_URL": url}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(record), "up", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment | variables,
    )
    try:
        yield child, record
    finally:
        child.terminate()
        child.communicate(timeout=60)


def greeting(child: "subprocess.Popen[str]") -> str:
    assert child.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Ctrl-C"):
        lines.append(child.stdout.readline())
        assert lines[-1]
    return "".join(lines)


def every_second(query: Query, url: str) -> None:
    query(url, "UPDATE schedules SET cron = '* * * * * *', last_due = now() WHERE kind = 'full'")


def test_up_without_key_and_source_calls_nobody_while_its_schedules_run(
    database_url: str, query: Query, tmp_path: Path
) -> None:
    every_second(query, database_url)
    with up(database_url, tmp_path) as (child, record):
        said = greeting(child)
        appeared(lambda: query(database_url, f"{COMPLETED} AND sync_type = 'full'")[0]["n"] >= 2)
    assert "  calls     nobody: no provider has a key here, no public catalog is enabled; to begin, " in said
    assert "`radiant sources enable all`" in said
    assert record.read_text() == ""
    assert query(database_url, "SELECT source FROM source_results") == []
    asked = "SELECT count(*) AS n FROM sync_results WHERE complete IS NOT NULL"
    assert query(database_url, asked) == [{"n": 0}]


async def test_what_is_enabled_is_called_and_the_recorder_sees_it(
    database: Database, query: Query, tmp_path: Path
) -> None:
    models = [{"provider": "openai", "id": "gpt-7"}]
    async with play(catalogs=[{"id": "litellm", "models": models}]) as stage:
        it = Syncing(database, stage)
        await it.enable()
        every_second(query, database.url)
        with up(database.url, tmp_path, RADIANT_ALLOW_PRIVATE_NETWORKS="1") as (child, record):
            await until(lambda: query(database.url, "SELECT source FROM source_results WHERE outcome = 'imported'"))
            said = greeting(child)
    assert "  calls     no provider (none has a key here); public catalogs litellm; to begin, " in said
    assert f"request {stage.theater.catalog_url('litellm')}" in record.read_text()
    assert "connection 127.0.0.1" in record.read_text()


async def test_who_is_called_is_said_in_one_line(database: Database) -> None:
    async with database.connection() as connection:
        rows: list[dict[str, Any]] = await lists.providers(connection)
    both = contacts(rows, {}, {"OPENAI_API_KEY": "k", "LUMAAI_API_KEY": "k"}, online=True)
    assert calls(both) == "providers openai; public catalogs openrouter, genai-prices, litellm, models.dev"
    neither = contacts(rows, {}, {"VOYAGE_API_KEY": "k"}, online=False)
    assert calls(neither).startswith("nobody: keys are here only for voyage, without a list, no public catalog is ")
