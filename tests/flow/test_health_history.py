"""What becomes of measurements with time."""

import datetime as dt
from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from radiant.domain.observation import Reason
from radiant.health.histogram import Histogram, merged
from radiant.registry import health, probes
from radiant.registry.database import Connection, connect
from radiant.registry.health_history import tidy
from tests.flow.observing import MODEL, NOW, Query, record, seen, traffic


@pytest.fixture
async def registry(database_url: str) -> AsyncIterator[Connection]:
    async with connect(database_url) as connection:
        yield connection


def test_rows_of_health_follow_the_regions_of_a_provider(query: Query, database_url: str) -> None:
    query(database_url, "INSERT INTO provider_health (provider_id, region) VALUES ('bedrock', 'by-hand')")
    query(database_url, "UPDATE providers SET regions = '{eu-west-1,us-west-2}' WHERE id = 'bedrock'")
    rows = query(database_url, "SELECT region FROM provider_health WHERE provider_id = 'bedrock' ORDER BY 1")
    assert [row["region"] for row in rows] == ["by-hand", "eu-west-1", "us-west-2"]


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
    assert query(database_url, shown)[0]["health_status"] == "unhealthy"
    await tidy(registry, now=NOW + dt.timedelta(minutes=10))
    assert query(database_url, shown)[0]["health_status"] == "unhealthy"
    await tidy(registry, now=NOW + dt.timedelta(minutes=16))
    assert query(database_url, shown) == [{"health_status": "healthy", "latency": 50, "resting_until": None}]
    await tidy(registry, now=NOW + dt.timedelta(minutes=61))
    assert query(database_url, shown)[0]["health_status"] == "unknown", "nobody has probed its provider for an hour"
