"""What becomes of measurements with time."""

import datetime as dt
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from msgspec.structs import replace

from radiant.domain.health import ProviderHistory
from radiant.domain.observation import Reason
from radiant.health.histogram import Histogram, merged
from radiant.insight.health import Health
from radiant.registry import health, probes
from radiant.registry.database import Connection, Database, connect
from radiant.registry.health_history import tidy
from tests.flow.observing import MODEL, NOW, Query, record, row_of, seen, traffic


@pytest.fixture
async def registry(database_url: str) -> AsyncIterator[Connection]:
    async with connect(database_url) as connection:
        yield connection


async def history(url: str, provider: str, window: str = "24h", *, now: dt.datetime | None = None) -> ProviderHistory:
    async with await Database.open(url) as database:
        return await Health(database, Decimal(0), now=lambda: now or dt.datetime.now(dt.UTC)).of(provider, window)


def test_rows_of_health_follow_the_regions_of_a_provider(query: Query, database_url: str) -> None:
    query(database_url, "INSERT INTO provider_health (provider_id, region) VALUES ('bedrock', 'by-hand')")
    query(database_url, "UPDATE providers SET regions = '{eu-west-1,us-west-2}' WHERE id = 'bedrock'")
    rows = query(database_url, "SELECT region FROM provider_health WHERE provider_id = 'bedrock' ORDER BY 1")
    assert [row["region"] for row in rows] == ["by-hand", "eu-west-1", "us-west-2"]


async def test_what_was_the_matter_with_a_region_ends_with_the_region(registry: Connection, database_url: str) -> None:
    """And a region that is gone is no better region that serves."""
    down = [seen(n, False, Reason.TIMEOUT, provider_id="bedrock", region="us-east-1") for n in range(2)]
    await health.record(registry, down, now=NOW + dt.timedelta(seconds=2))
    assert (await history(database_url, "bedrock")).incidents[0].ended_at is None
    await registry.execute(b"UPDATE providers SET regions = '{eu-west-1}' WHERE id = 'bedrock'")
    (incident,) = (await history(database_url, "bedrock")).incidents
    assert (incident.region, incident.status) == ("us-east-1", "unhealthy") and incident.ended_at is not None
    await registry.execute(b"UPDATE providers SET regions = '{us-east-1}' WHERE id = 'bedrock'")
    assert (await history(database_url, "bedrock")).incidents == [incident], "it comes back unknown"


async def test_what_a_clock_ahead_counted_is_in_no_window(registry: Connection, database_url: str) -> None:
    now = dt.datetime.now(dt.UTC)
    for at, latency in ((now + dt.timedelta(days=365), 9000.0), (now, 100.0)):
        await health.record(registry, [replace(traffic(0, latency_ms=latency), at=at)], now=at)
    found = await history(database_url, "openai")
    assert found.p99_latency_ms == pytest.approx(100, rel=0.04)
    assert sum(point.ok for point in found.points) == 1


@pytest.mark.parametrize("window", ["24h", "30d"])
async def test_what_a_window_says_is_the_same_however_its_stretches_were_added_up(
    registry: Connection, database_url: str, window: str
) -> None:
    """Across midnights and across the age at which minutes become hours."""
    end = dt.datetime(2031, 5, 20, 0, 30, tzinfo=dt.UTC)
    for hours in (0.2, 0.6, 23.2, 23.4, 24.4, 25.5, 47.9, 24 * 20):
        at = end - dt.timedelta(hours=hours)
        told = [replace(traffic(0, latency_ms=50 + hours), at=at), replace(traffic(1, False, Reason.SERVER), at=at)]
        await health.record(registry, told, now=at)
    before = await history(database_url, "openai", window, now=end)
    assert await tidy(registry, now=end) > 0
    after = await history(database_url, "openai", window, now=end)
    names = ["success_rate", "p50_latency_ms", "p95_latency_ms", "p99_latency_ms", "points"]
    assert [getattr(after, it) for it in names] == [getattr(before, it) for it in names]
    assert before.success_rate == 0.5


async def test_what_was_counted_is_thinned_and_nothing_is_lost(
    registry: Connection, query: Query, database_url: str
) -> None:
    """Minutes become hours after a day, hours days after a month; days go after a year. Sums stay."""
    for day in range(0, 40, 13):
        for minute in range(0, 180, 45):
            at = NOW + dt.timedelta(days=day, minutes=minute)
            await health.record(
                registry,
                [replace(traffic(0, latency_ms=100 + minute), at=at), replace(traffic(1, False), at=at)],
                now=at,
            )
    sums = (
        "SELECT sum(ok)::int AS ok, sum((failed ->> 'failed')::int)::int AS failed, sum(latency_sum) AS latency"
        " FROM health_minutes"
    )
    widths = "SELECT seconds, count(*) AS n FROM health_minutes GROUP BY 1 ORDER BY 1"
    before = query(database_url, sums)
    end = NOW + dt.timedelta(days=45)
    assert await tidy(registry, now=end) > 0
    assert query(database_url, sums) == before
    assert {row["seconds"] for row in query(database_url, widths)} == {3600, 86400}
    decoded = [
        Histogram.decode(row["latencies"]) for row in query(database_url, "SELECT latencies FROM health_minutes")
    ]
    assert merged(decoded).total == before[0]["ok"]
    assert await tidy(registry, now=end) == 0
    await tidy(registry, now=NOW + dt.timedelta(days=500))
    assert query(database_url, widths) == []


async def test_what_was_measured_long_ago_stands_for_a_model_no_longer(
    registry: Connection, query: Query, database_url: str
) -> None:
    probe = seen(0, latency_ms=50)
    await record(registry, probe, *(traffic(n, False, Reason.TIMEOUT) for n in range(1, 6)))
    await probes.keep(registry, [probe])
    shown = (
        "SELECT health_status, avg_latency_ms::float8 AS latency, resting_until FROM unified_model_registry"
        f" WHERE provider_id = 'openai' AND model_id = '{MODEL}'"
    )
    counts = f"SELECT status, fresh FROM model_health WHERE provider_id = 'openai' AND model_id = '{MODEL}'"
    assert query(database_url, counts) == [{"status": "unhealthy", "fresh": True}]
    await tidy(registry, now=NOW + dt.timedelta(minutes=10))
    assert query(database_url, counts) == [{"status": "unhealthy", "fresh": True}]
    await tidy(registry, now=NOW + dt.timedelta(minutes=16))
    assert query(database_url, counts) == [{"status": "unknown", "fresh": False}]
    assert query(database_url, shown) == [{"health_status": "healthy", "latency": 50, "resting_until": None}]
    await tidy(registry, now=NOW + dt.timedelta(minutes=61))
    assert query(database_url, shown)[0]["health_status"] == "unknown", "nobody has probed its provider for an hour"


async def test_a_model_whose_answers_nobody_waited_for_was_not_measured(registry: Connection) -> None:
    await record(registry, traffic(0, False, Reason.CANCELLED), traffic(1, False, Reason.CANCELLED))
    row = await row_of(registry, model=MODEL)
    assert (row["status"], row["last_check_at"], row["success_rate"]) == ("unknown", None, None)
    await registry.execute(b"ALTER TABLE model_health DISABLE TRIGGER USER")  # which write the time of now
    await registry.execute(b"UPDATE model_health SET updated_at = %s", [NOW])
    await tidy(registry, now=NOW + dt.timedelta(minutes=14))
    assert (await row_of(registry, model=MODEL))["fresh"]
    await tidy(registry, now=NOW + dt.timedelta(minutes=16))
    assert not (await row_of(registry, model=MODEL))["fresh"]
