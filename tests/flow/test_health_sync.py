"""Runs over the health of fake providers: what each of them makes of a status, and what is written of it."""

import datetime as dt
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from radiant.domain.errors import ProviderNotFound
from radiant.domain.observation import Observation, Reason, Source
from radiant.domain.sync import RunReport
from radiant.health.standing import LASTS, PROBE_LASTS
from radiant.providers import route
from radiant.registry import health
from radiant.registry.database import Database
from radiant.sync import health as checking
from radiant.sync.manner import Manner
from tests.flow.playing import play
from tests.flow.syncing import Syncing

FIVE = dt.timedelta(minutes=5)


class Watching(Syncing):
    """A registry whose providers are those of a play and no others. Five minutes pass before each run."""

    async def begin(self) -> None:
        await super().begin()
        # Only whoever is played has a place to be asked at.
        await self.database.rows(
            "UPDATE providers SET api_base_url = NULL WHERE id <> ALL (%s) RETURNING id",
            [list(self.stage.theater.roles)],
        )

    async def check(self, **how: Any) -> RunReport:
        return await self.run("health", after=how.pop("after", FIVE), **how)

    async def of(self, provider: str) -> Mapping[str, Any]:
        (row,) = await self.database.rows("SELECT * FROM provider_health WHERE provider_id = %s", [provider])
        return row

    async def statuses(self, provider: str, times: int) -> list[tuple[str, str | None]]:
        """Status and reason after each of so many runs."""
        found = []
        for _ in range(times):
            await self.check()
            row = await self.of(provider)
            found.append((row["status"], row["reason"]))
        return found

    async def changes(self, provider: str) -> list[tuple[str, str | None]]:
        rows = await self.database.rows(
            "SELECT status, reason FROM status_changes WHERE provider_id = %s ORDER BY id", [provider]
        )
        return [(row["status"], row["reason"]) for row in rows]


@asynccontextmanager
async def watching(database: Database, *providers: dict[str, Any]) -> AsyncIterator[Watching]:
    async with play(*providers) as stage:
        it = Watching(database, stage)
        await it.begin()
        yield it


OTHER = {"id": "mistral", "count": 3}


def after(requests: int, **change: Any) -> dict[str, Any]:
    return {"requests": requests, **change}


async def test_whoever_answers_is_healthy_with_measured_numbers(database: Database) -> None:
    async with watching(database, {"id": "groq", "count": 3}) as it:
        report = await it.check()
        (result,) = [it for it in report.providers if it.skipped is None]
        assert (result.provider_id, result.errors, result.status_changes) == ("groq", (), 1)
        row = await it.of("groq")
    assert row["status"] == "healthy"
    assert row["avg_latency_ms"] > 0
    assert row["success_rate"] == 1
    assert row["last_check_at"] == row["last_success_at"] == it.at


async def test_a_provider_fails_and_recovers(database: Database) -> None:
    failing = {"id": "groq", "changes": [after(1, behavior="failing"), after(4, behavior="well")]}
    async with watching(database, failing, OTHER) as it:
        assert await it.statuses("groq", 6) == [
            ("healthy", None),
            ("healthy", None),
            ("unhealthy", "server error"),
            ("unhealthy", "server error"),
            ("unhealthy", "server error"),
            ("healthy", None),
        ]
        assert await it.changes("groq") == [("healthy", None), ("unhealthy", "server error"), ("healthy", None)]
        row = await it.of("groq")
    assert row["last_error"] is None
    assert row["last_failure_at"] is not None


async def test_one_that_flaps_changes_no_status(database: Database) -> None:
    flapping = [after(n, behavior="failing" if n % 2 else "well") for n in range(1, 12)]
    async with watching(database, {"id": "groq", "changes": flapping}, OTHER) as it:
        assert set(await it.statuses("groq", 9)) == {("healthy", None)}
        assert await it.changes("groq") == [("healthy", None)]


async def test_one_that_is_slow_is_alive_until_the_limit(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = {"id": "groq", "latency": 0.2, "changes": [after(1, latency=30.0)]}
    async with watching(database, slow, OTHER) as it:
        await it.check()
        row = await it.of("groq")
        assert (row["status"], row["avg_latency_ms"] >= 200) == ("healthy", True)
        monkeypatch.setattr("radiant.providers.probe.LIMIT", 0.3)
        assert (await it.statuses("groq", 2))[-1] == ("unhealthy", "timeout")


async def test_one_that_asks_to_wait_is_alive_and_left_alone_so_long(database: Database) -> None:
    throttled = {"id": "groq", "behavior": "throttled", "retry_after": 900, "changes": [after(1, behavior="well")]}
    async with watching(database, throttled) as it:
        report = await it.check()
        stage = it.stage.theater.roles["groq"].stage
        assert report.errors == ()
        assert (await it.of("groq"))["status"] == "healthy"
        for expected in (1, 1, 2):
            report = await it.check()
            assert stage.requests == expected, report
            (result,) = [it for it in report.providers if it.provider_id == "groq"]
            assert (result.skipped is not None) == (expected == 1)
        assert (await it.of("groq"))["avg_latency_ms"] is not None


async def test_a_refused_key_is_degraded_and_its_provider_is_not_down(database: Database) -> None:
    async with watching(database, {"id": "groq", "behavior": "locked"}, OTHER) as it:
        report = await it.check()
        assert (await it.of("groq"))["status"] == "degraded"
        assert (await it.of("groq"))["reason"] == "key"
    assert len(report.errors) == 1
    assert "401: it does not accept the key" in report.errors[0]
    assert "simulated-groq" not in str(report)


async def test_without_a_key_nobody_is_asked_and_nothing_is_known(database: Database) -> None:
    async with watching(database, {"id": "groq", "count": 3}, OTHER) as it:
        await it.check()
        keyless = it.stage.environment("mistral")
        await it.check(environment=keyless)
        assert (await it.of("groq"))["status"] == "healthy", "somebody has its key"
        assert (await it.statuses("groq", 1)) == [("healthy", None)]
        await it.check(environment=keyless, after=1.1 * PROBE_LASTS)
        row = await it.of("groq")
        assert (row["status"], row["reason"]) == ("unknown", "no key")
        (probe,) = await database.rows("SELECT skipped FROM probes WHERE provider_id = 'groq'")
        assert probe["skipped"] == "it has no key here (GROQ_API_KEY)"
        assert it.stage.theater.roles["groq"].stage.requests == 2
        assert await it.changes("groq") == [("healthy", None), ("unknown", "no key")]


@pytest.mark.parametrize(
    "why", ["enabled = false", "api_base_url = NULL", "key_variables = '{}'"], ids=["disabled", "no address", "no key"]
)
async def test_of_whom_nothing_was_seen_for_long_nothing_is_known(database: Database, why: str) -> None:
    """Whatever keeps it from being asked: traffic that nobody sends it cannot tell that it is well."""
    async with watching(database, OTHER, {"id": "groq"}) as it:
        await it.database.rows(f"UPDATE providers SET {why} WHERE id = 'groq' RETURNING id")
        down = [
            Observation(provider_id="groq", source=Source.TRAFFIC, at=it.at, ok=False, reason=Reason.TIMEOUT)
            for _ in range(2)
        ]
        async with database.connection() as connection:
            await health.record(connection, down, now=it.at)
        await it.check(after=LASTS / 2)
        assert (await it.of("groq"))["status"] == "unhealthy"
        await it.check(after=LASTS)
        row = await it.of("groq")
        assert (row["status"], row["failures"], row["error_rate"]) == ("unknown", 0, None)


async def test_whoever_asked_to_be_left_alone_stands_until_then(database: Database) -> None:
    async with watching(database, OTHER, {"id": "groq", "behavior": "throttled", "retry_after": 3600}) as it:
        await it.check()
        await database.rows("UPDATE probes SET at = NULL WHERE provider_id = 'groq' RETURNING at")
        await it.check(after=2 * LASTS)
        assert (await it.of("groq"))["status"] == "healthy"


async def test_a_fresh_registry_asks_nobody_and_says_so_once(database: Database) -> None:
    async with watching(database, {"id": "groq"}) as it:
        await it.check(environment={})
        before = await database.rows("SELECT provider_id, xmin::text FROM provider_health ORDER BY 1, 2")
        await it.check(environment={})
        assert await database.rows("SELECT provider_id, xmin::text FROM provider_health ORDER BY 1, 2") == before
        assert it.stage.theater.roles["groq"].stage.requests == 0
    assert {it["status"] for it in await database.rows("SELECT status FROM provider_health")} == {"unknown"}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who says nothing is waited for only briefly."""
    monkeypatch.setattr("radiant.providers.probe.LIMIT", 0.5)


async def test_everybody_who_answers_with_an_error_is_down_by_itself(database: Database) -> None:
    failing, lost = {"id": "groq", "behavior": "failing"}, {"id": "mistral", "behavior": "not_found"}
    async with watching(database, failing, lost) as it:
        assert (await it.statuses("groq", 2))[-1] == ("unhealthy", "server error")
        assert (await it.of("mistral"))["status"] == "unhealthy"
        assert await database.rows("SELECT FROM events WHERE type = 'radiant.host.offline'") == []


@pytest.mark.usefixtures("impatient")
async def test_while_others_are_served_it_is_not_this_host(database: Database) -> None:
    silent = {"behavior": "silent"}
    async with watching(database, {"id": "groq", **silent}, {"id": "mistral", **silent}, {"id": "cohere"}) as it:
        for _ in range(2):
            served = Observation(provider_id="cohere", source=Source.TRAFFIC, at=it.at, ok=True)
            async with database.connection() as connection:
                await health.record(connection, [served], now=it.at)
            report = await it.check(after=FIVE / 2)
            assert report.notes == ()
        assert (await it.of("groq"))["status"] == (await it.of("mistral"))["status"] == "unhealthy"


@pytest.mark.usefixtures("impatient")
async def test_if_nobody_answers_it_is_this_host(database: Database) -> None:
    down = {"changes": [after(1, behavior="silent"), after(3, behavior="well")]}
    async with watching(database, {"id": "groq", **down}, {"id": "mistral", **down}) as it:
        await it.check()
        report = await it.check()
        assert report.notes == ("this host seems offline: 2 probes, and nobody answered",)
        await it.check()
        for provider in ("groq", "mistral"):
            row = await it.of(provider)
            assert (row["status"], row["reason"]) == ("unknown", "this host seems offline")
        assert len(await database.rows("SELECT FROM events WHERE type = 'radiant.host.offline'")) == 1
        assert (await it.statuses("groq", 1)) == [("healthy", None)]


@pytest.mark.usefixtures("impatient")
async def test_one_alone_is_not_known_to_be_down_while_there_is_no_route(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watching(database, {"id": "groq", "behavior": "silent"}) as it:
        monkeypatch.setattr(checking, "has_route", lambda: False)
        assert (await it.statuses("groq", 2))[-1] == ("unknown", "this host seems offline")
        monkeypatch.setattr(checking, "has_route", lambda: True)
        assert (await it.statuses("groq", 2))[-1] == ("unhealthy", "timeout")
    assert route.has_route() in (True, False)


async def test_real_traffic_that_succeeds_makes_a_probe_superfluous(database: Database) -> None:
    async with watching(database, {"id": "groq", "count": 3}) as it:
        served = Observation(provider_id="groq", source=Source.TRAFFIC, at=it.at, ok=True, latency_ms=100.0)
        async with database.connection() as connection:
            await health.record(connection, [served], now=it.at)
        await it.check(after=dt.timedelta(minutes=4))
        assert it.stage.theater.roles["groq"].stage.requests == 0
        await it.check(after=dt.timedelta(minutes=4))
        assert it.stage.theater.roles["groq"].stage.requests == 1


async def test_traffic_that_failed_since_is_looked_into_by_a_probe(database: Database) -> None:
    async with watching(database, {"id": "groq", "count": 3}) as it:
        traffic: dict[str, Any] = {"provider_id": "groq", "source": Source.TRAFFIC}
        told = [Observation(**traffic, at=it.at, ok=True)]
        for n, model in enumerate(("one", "another")):
            at = it.at + dt.timedelta(seconds=10 + n)
            told.append(Observation(**traffic, at=at, ok=False, reason=Reason.SERVER, model_id=model))
        async with database.connection() as connection:
            await health.record(connection, told, now=told[-1].at)
        assert (await it.of("groq"))["status"] == "unhealthy"
        for expected in ("unhealthy", "healthy"):
            await it.check(after=dt.timedelta(minutes=1))
            assert (await it.of("groq"))["status"] == expected
        assert it.stage.theater.roles["groq"].stage.requests == 2


async def test_a_dry_run_asks_and_writes_nothing(database: Database) -> None:
    async with watching(database, {"id": "groq", "count": 3}) as it:
        report = await it.check(dry_run=True)
        (result,) = [it for it in report.providers if it.skipped is None]
        assert str(result.note).startswith("alive in ")
        assert (await it.of("groq"))["last_check_at"] is None
    assert await database.rows("SELECT FROM probes") == []


async def test_a_full_run_reads_lists_and_then_probes(database: Database) -> None:
    async with watching(database, {"id": "groq", "count": 3}, {"id": "runway"}) as it:
        report = await it.run("full")
        results = {it.provider_id: it for it in report.providers if it.skipped is None}
        assert (results["groq"].seen, results["groq"].status_changes) == (3, 1)
        assert results["runway"].note is not None
        assert (await it.of("runway"))["status"] == "healthy", "it has no list, and answers a probe"


async def test_one_provider_alone_is_probed_alone(database: Database) -> None:
    async with watching(database, {"id": "groq"}, OTHER) as it:
        await it.check(provider="groq")
        assert it.stage.theater.roles["mistral"].stage.requests == 0
        with pytest.raises(ProviderNotFound):
            await it.check(provider="grok")


async def test_every_region_of_an_address_is_asked_by_itself(database: Database) -> None:
    async with watching(database, {"id": "bedrock", "count": 2}) as it:
        await database.rows(
            "UPDATE providers SET regions = '{us-east-1,eu-west-1}', api_base_url = api_base_url || '/{region}/..'"
            " WHERE id = 'bedrock' RETURNING id"
        )
        report = await it.check()
        (result,) = [it for it in report.providers if it.provider_id == "bedrock"]
        assert result.errors == ()
        assert [it.split(":")[0] for it in str(result.note).split("; ")] == ["us-east-1", "eu-west-1"]
        rows = await database.rows("SELECT region, at FROM probes WHERE provider_id = 'bedrock' ORDER BY region")
        assert [row["region"] for row in rows] == ["eu-west-1", "us-east-1"]


async def test_status_pages_are_read_where_that_is_wanted_and_overrule_nothing(database: Database) -> None:
    async with watching(database, {"id": "groq", "status_page": "critical"}) as it:
        root = it.stage.theater.roles["groq"].account.base_url.rpartition("/openai")[0]
        await database.rows("UPDATE providers SET status_url = %s WHERE id = 'groq' RETURNING id", [root])
        await it.check()
        assert await database.rows("SELECT FROM status_pages") == []
        await it.check(manner=Manner(status_pages=True))
        (page,) = await database.rows("SELECT * FROM status_pages")
        assert (page["indicator"], page["description"]) == ("critical", "Critical Service Outage")
        assert (await it.of("groq"))["status"] == "healthy"


async def test_what_was_counted_is_thinned_with_age(database: Database) -> None:
    async with watching(database, {"id": "groq"}) as it:
        await it.check()
        await it.check()
        await it.check(after=dt.timedelta(days=2))
        rows = await database.rows("SELECT seconds, ok FROM health_minutes ORDER BY minute")
    assert [(row["seconds"], row["ok"]) for row in rows] == [(3600, 2), (60, 1)]
