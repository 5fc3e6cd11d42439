"""A database server that is really away while outcomes are told."""

import asyncio
import datetime as dt
import os
import signal
import time
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from radiant.domain.observation import Observation, Source
from radiant.embedded.server import EmbeddedServer
from radiant.registry.database import Database, connect
from radiant.registry.health import Identified
from radiant.registry.migrations import migrate
from radiant.reporting import Reports
from tests.waiting import until

PROVIDER = "INSERT INTO providers (id, display_name) VALUES ('openai', 'OpenAI') RETURNING id"
COUNTED = "SELECT model_id, sum(ok)::int AS ok FROM health_minutes WHERE model_id IS NOT NULL GROUP BY 1"


class Away(NamedTuple):
    """What became of outcomes: how many of each batch were counted, and how many of all were dropped. `largest` is how
    many waited at most."""

    counted: dict[int, int]
    dropped: int
    largest: int


def batch(number: int, count: int) -> list[Identified]:
    seen = Observation(
        provider_id="openai", model_id=f"batch-{number}", source=Source.TRAFFIC, at=dt.datetime.now(dt.UTC), ok=True
    )
    return [Identified(uuid4(), seen) for _ in range(count)]


def kill(server: EmbeddedServer) -> None:
    """Until it is revived, nobody listens."""
    os.kill(int((server.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    while server.is_alive():
        time.sleep(0.01)


async def told_while_away(home: Path, *, batches: int, each: int, pause: float, most: int) -> Away:
    """Tell so many batches of outcomes, one every `pause` seconds: the first with the server there, the others while it
    is away. At most `most` may wait. Then it comes back."""
    with EmbeddedServer.open(home) as server:
        async with connect(server.url) as connection:
            await migrate(connection)
        async with await Database.open(server.url) as database:
            await database.rows(PROVIDER)
        reports = Reports(server.url, most=most, pause=0.05)
        reports.start()
        try:
            reports.add(batch(0, each))
            await until(lambda: not reports.buffered.waiting)
            await asyncio.to_thread(kill, server)
            largest = 0
            for number in range(1, batches):
                reports.add(batch(number, each))
                largest = max(largest, reports.buffered.waiting)
                await asyncio.sleep(pause)
            await asyncio.to_thread(server.revive)
            await until(lambda: not reports.buffered.waiting)
            dropped = reports.buffered.dropped
        finally:
            await reports.close()
        async with await Database.open(server.url) as database:
            rows = await database.rows(COUNTED)
        counted = {int(row["model_id"].removeprefix("batch-")): int(row["ok"]) for row in rows}
        return Away(counted, dropped, largest)
