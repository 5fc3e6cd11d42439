"""What becomes of a provider, from a worker's probe to what a selector chooses: nobody here looks into a table."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from radiant import Selector
from radiant.domain.vocabulary import HealthStatus
from radiant.providers.http import Client
from radiant.registry import schedules
from radiant.registry.database import Database
from radiant.sync import service
from radiant.worker import Worker
from tests.flow.encrypted import certificate, encrypted
from tests.flow.playing import SHORT, play
from tests.flow.watching import FIVE, OTHER, Watching, after
from tests.flow.working import QUICK
from tests.waiting import until

CHAT: dict[str, Any] = {
    "task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5,
    "only_providers": ["groq"],
}  # fmt: skip

HEALTHY, UNHEALTHY = HealthStatus.HEALTHY, HealthStatus.UNHEALTHY


class Life:
    """A provider, a worker that probes it when it is told to, and a selector that follows the registry."""

    def __init__(self, it: Watching, selector: Selector) -> None:
        self.it, self.selector, self.client, self.runs = it, selector, it.stage.client, 0

    async def run(self, kind: str, *_: Any, **how: Any) -> None:
        """What the worker does. Five minutes have passed."""
        self.it.at += FIVE
        await service.run(
            self.it.database,
            self.client,
            kind,
            environment=self.it.environment,
            at=self.it.at,
            tell=self.it.told,
            **how,
        )
        self.runs += 1

    async def probed(self) -> None:
        """The worker was told, and has done it."""
        before = self.runs
        async with self.it.database.connection() as connection:
            await schedules.request(connection, "health", "ada")
        await until(lambda: self.runs > before)

    def status(self) -> HealthStatus:
        """As the selector has it."""
        return next(it.health_status for it in self.selector.candidates if it.provider_id == "groq")

    def is_chosen(self, **more: Any) -> bool:
        return self.selector.select(**CHAT, **more) is not None

    async def becomes(self, *statuses: HealthStatus) -> None:
        """It has each status after one more probe, and is chosen unless it is unhealthy."""
        for status in statuses:
            await self.probed()
            await until(lambda status=status: self.status() is status)  # type: ignore[misc]
            assert self.is_chosen() is (status is not UNHEALTHY)


@asynccontextmanager
async def living(url: str, *providers: Mapping[str, Any]) -> AsyncIterator[Life]:
    async with await Database.open(url) as database, play(*map(dict, providers)) as stage:
        it = Watching(database, stage)
        await it.begin()
        await database.rows("UPDATE schedules SET enabled = false RETURNING kind")
        async with await Selector.connect(url) as selector:
            life, stopping = Life(it, selector), asyncio.Event()
            working = asyncio.create_task(Worker(database, life.run, pace=QUICK).work(stopping))
            try:
                yield life
            finally:
                stopping.set()
                await working


async def test_one_that_fails_is_left_out_until_it_has_recovered(database_url: str) -> None:
    failing = {"id": "groq", "changes": [after(1, behavior="failing"), after(4, behavior="well")]}
    async with living(database_url, failing, OTHER) as life:
        await life.becomes(HEALTHY, HEALTHY, UNHEALTHY, UNHEALTHY, UNHEALTHY, HEALTHY)


async def test_one_that_flaps_is_chosen_all_the_time(database_url: str) -> None:
    flapping = [after(n, behavior="failing" if n % 2 else "well") for n in range(1, 8)]
    async with living(database_url, {"id": "groq", "changes": flapping}, OTHER) as life:
        await life.becomes(*[HEALTHY] * 7)


async def test_one_that_has_become_slow_is_chosen_by_who_has_time(database_url: str) -> None:
    """The mean follows with three tenths of each new latency."""
    slower = {"id": "groq", "latency": 0.05, "changes": [after(1, latency=1.2)]}
    async with living(database_url, slower, OTHER) as life:
        await life.becomes(HEALTHY)
        assert life.is_chosen(max_latency_ms=600)
        await life.becomes(HEALTHY, HEALTHY)
        await until(lambda: not life.is_chosen(max_latency_ms=600))
        assert life.is_chosen(max_latency_ms=60_000)


async def test_one_that_has_enough_is_alive_and_asked_again_when_it_said(database_url: str) -> None:
    throttled = {"id": "groq", "behavior": "throttled", "retry_after": 900, "changes": [after(1, behavior="well")]}
    async with living(database_url, throttled, OTHER) as life:
        await life.becomes(HEALTHY, HEALTHY, HEALTHY)
        asked = life.it.stage.theater.roles["groq"].stage
        assert asked.requests == 1, "a quarter of an hour is not over"
        await life.becomes(HEALTHY)
        assert asked.requests == 2


async def test_one_whose_certificate_changes_is_left_out_until_it_is_trusted(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, other = certificate(tmp_path, "trusted"), certificate(tmp_path, "other")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with living(database_url, {"id": "groq"}, OTHER) as life, Client(private=True, patience=SHORT) as life.client:
        port = 0
        for file, status in ((trusted, HEALTHY), (other, UNHEALTHY), (trusted, HEALTHY)):
            async with encrypted(file, port) as url:
                port = int(url.split(":")[2].split("/")[0])
                await life.it.database.rows(
                    "UPDATE providers SET api_base_url = %s WHERE id = 'groq' RETURNING id", [url]
                )
                await life.probed()
                await life.becomes(status)


async def test_a_clock_that_jumps_an_hour_ahead_and_back_changes_no_status(database_url: str) -> None:
    async with living(database_url, {"id": "groq"}, OTHER) as life:
        await life.becomes(HEALTHY)
        for jump in (dt.timedelta(hours=1), dt.timedelta(hours=-2), dt.timedelta(hours=1)):
            life.it.at += jump
            await life.becomes(HEALTHY)
