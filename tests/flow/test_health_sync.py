"""Runs over the health of fake providers: what each of them makes of a status, and what is written of it."""

import datetime as dt

import pytest

from radiant.domain.errors import ProviderNotFound
from radiant.registry.database import Database
from radiant.sync.manner import Manner
from tests.flow.watching import OTHER, after, watching


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
