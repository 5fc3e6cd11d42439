"""Observations through the database: what providers and models are then said to be."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from radiant.domain.observation import Observation, Reason, Source
from radiant.health.histogram import Histogram
from radiant.health.offline import seems_offline
from radiant.registry import health, probes
from radiant.registry.database import Connection, connect
from radiant.registry.health import Identified
from radiant.registry.health_history import tidy
from tests.flow.observing import MODEL, NOW, Query, record, row_of, seen, traffic


@pytest.fixture
async def registry(database_url: str) -> AsyncIterator[Connection]:
    async with connect(database_url) as connection:
        yield connection


async def test_every_column_holds_what_was_measured(registry: Connection) -> None:
    told = await record(
        registry,
        *(seen(n, latency_ms=100 + n) for n in range(9)),
        traffic(9, latency_ms=109, ttft_ms=40),
        seen(70, False, Reason.TIMEOUT),
    )
    assert told == [("unknown", "healthy")]
    row = await row_of(registry)
    mean = 100.0
    for n in range(1, 10):
        mean = 0.7 * mean + 0.3 * (100 + n)
    assert float(row["exact_latency_ms"]) == pytest.approx(mean, abs=0.001)
    assert float(row["avg_latency_ms"]) == pytest.approx(mean, abs=0.001)
    assert float(row["p95_latency_ms"]) == pytest.approx(109, rel=0.05)
    assert float(row["p99_latency_ms"]) == pytest.approx(109, rel=0.05)
    assert float(row["success_rate"]) == pytest.approx(10 / 11, abs=1e-5)
    assert float(row["error_rate"]) == pytest.approx(1 / 11, abs=1e-5)
    assert float(row["avg_ttft_ms"]) == 40
    assert row["last_success_at"] == row["last_traffic_at"] == NOW + dt.timedelta(seconds=9)
    assert row["last_check_at"] == row["last_failure_at"] == NOW + dt.timedelta(seconds=70)
    assert (row["status"], row["failures"], row["last_error"]) == ("healthy", 1, "timeout")


async def test_one_failure_is_none_and_two_are(registry: Connection, database_url: str) -> None:
    assert await record(registry, seen(0)) == [("unknown", "healthy")]
    assert await record(registry, seen(300, False, Reason.SERVER, message="502")) == []
    assert await record(registry, seen(600, False, Reason.SERVER, message="502")) == [("healthy", "unhealthy")]
    assert (await row_of(registry))["last_error"] == "server error: 502"
    assert await record(registry, seen(900)) == []
    assert await record(registry, seen(1200)) == [("unhealthy", "healthy")]


async def test_failures_of_one_model_leave_the_others_of_its_provider_to_be_chosen(
    registry: Connection, query: Query, database_url: str
) -> None:
    await record(registry, traffic(0, model_id="gpt-5.5"))
    for n in (6, 7):  # in transactions of their own
        assert await record(registry, traffic(n, False, Reason.SERVER)) == []
    text = "SELECT model_id, health_status FROM unified_model_registry WHERE provider_id = 'openai'"
    statuses = {row["model_id"]: row["health_status"] for row in query(database_url, text)}
    assert {*statuses.values()} == {"healthy"}, "that of one model would never end: nobody probes it"
    assert (await row_of(registry, model=MODEL))["status"] == "unhealthy"
    row = await row_of(registry)
    assert (row["failures"], row["failing_model"], row["last_error"]) == (2, MODEL, "server error")
    assert await record(registry, traffic(8, False, Reason.SERVER, model_id="gpt-5.5")) == [("healthy", "unhealthy")]
    assert (await row_of(registry))["failing_model"] is None


async def test_who_flaps_stays_as_it_was(registry: Connection) -> None:
    await record(registry, seen(0))
    for n in range(1, 12):
        assert await record(registry, seen(300 * n, n % 2 == 0, None if n % 2 == 0 else Reason.TIMEOUT)) == []


async def test_a_limit_is_a_sign_of_life_and_says_when_to_come_back(registry: Connection) -> None:
    assert await record(registry, seen(0, False, Reason.RATE_LIMITED, retry_after=90)) == [("unknown", "healthy")]
    row = await row_of(registry)
    assert row["retry_at"] == NOW + dt.timedelta(seconds=90)
    assert row["success_rate"] is None


async def test_latency_is_published_when_it_moved_by_a_tenth(registry: Connection) -> None:
    await record(registry, seen(0, latency_ms=100))
    await record(registry, seen(1, latency_ms=120))
    row = await row_of(registry)
    assert (float(row["avg_latency_ms"]), float(row["exact_latency_ms"])) == (100, 106)
    await record(registry, seen(2, latency_ms=140))
    row = await row_of(registry)
    assert float(row["avg_latency_ms"]) == float(row["exact_latency_ms"]) == pytest.approx(116.2)


async def test_clocks_may_jump(registry: Connection) -> None:
    now = NOW + dt.timedelta(hours=3)
    await health.record(registry, [seen(3 * 3600 + 60)], now=now)  # a minute ahead
    assert (await row_of(registry))["last_check_at"] == now
    await health.record(registry, [seen(0, False, Reason.TIMEOUT), seen(9 * 3600, False, Reason.TIMEOUT)], now=now)
    row = await row_of(registry)
    assert (row["failures"], row["last_failure_at"]) == (0, None)  # both too far away to be believed
    back = NOW + dt.timedelta(hours=1)  # the clock of this host was wrong, and is set back
    for n in range(2):
        await health.record(registry, [seen(3600 + n, False, Reason.TIMEOUT)], now=back + dt.timedelta(seconds=n))
    assert (await row_of(registry))["status"] == "unhealthy"


async def test_what_a_clock_a_year_ahead_wrote_holds_up_nobody_after_it(registry: Connection) -> None:
    """Waits and rests that would last for a year are over, by the next run of health or the next that is told."""
    ahead = NOW + dt.timedelta(days=365)
    limited = seen(0, False, Reason.RATE_LIMITED, at=ahead, retry_after=900)
    failing = [traffic(0, False, Reason.TIMEOUT, at=ahead) for _ in range(5)]
    for mend in (True, False):
        await health.record(registry, [limited, *failing], now=ahead)
        await probes.keep(registry, [limited])
        assert (await row_of(registry, model=MODEL))["resting_until"] > ahead
        if mend:
            await tidy(registry, now=NOW)
        await health.record(registry, [seen(0), traffic(0, latency_ms=5)], now=NOW)
        await health.record(registry, [seen(1), traffic(1, latency_ms=5)], now=NOW + dt.timedelta(seconds=1))
        provider, model = await row_of(registry), await row_of(registry, model=MODEL)
        assert (provider["status"], model["status"], provider["retry_at"]) == ("healthy", "healthy", None)
        assert model["resting_until"] is None
        last = NOW + dt.timedelta(seconds=1)
        assert provider["last_check_at"] == model["last_check_at"] == provider["last_traffic_at"] == last
        (known,) = [it for (id, _), it in (await probes.last(registry, "openai")).items() if id == "openai"]
        assert not mend or known["probed_at"] == NOW


async def test_a_run_of_health_ends_a_rest_that_a_clock_ahead_began(registry: Connection) -> None:
    """Nobody is sent to a model that rests, so that nobody would tell."""
    ahead = NOW + dt.timedelta(days=365)
    await health.record(registry, [traffic(0, False, Reason.TIMEOUT, at=ahead) for _ in range(5)], now=ahead)
    await tidy(registry, now=NOW)
    assert (await row_of(registry, model=MODEL))["resting_until"] == NOW
    rest = NOW + dt.timedelta(minutes=10)
    await health.record(registry, [traffic(0, False, Reason.TIMEOUT) for _ in range(5)], now=NOW)
    await tidy(registry, now=NOW)
    assert NOW < (await row_of(registry, model=MODEL))["resting_until"] <= rest, "a rest as it should be goes on"


async def test_a_model_has_a_health_of_its_own_which_the_view_shows_first(
    registry: Connection, query: Query, database_url: str
) -> None:
    await record(registry, seen(0, latency_ms=50), traffic(1, latency_ms=900), traffic(2, latency_ms=900))
    rows = query(
        database_url,
        "SELECT model_id, avg_latency_ms::float8 AS latency, health_status FROM unified_model_registry"
        " WHERE provider_id = 'openai' AND model_id = ANY (%s) ORDER BY 1",
        [MODEL, "gpt-5.5"],
    )
    provider = float((await row_of(registry))["avg_latency_ms"])
    assert {row["model_id"]: row["latency"] for row in rows} == {MODEL: 900, "gpt-5.5": provider}
    assert {row["health_status"] for row in rows} == {"healthy"}


async def test_five_failures_in_a_row_let_a_model_rest_longer_each_time(
    registry: Connection, query: Query, database_url: str
) -> None:
    await record(registry, traffic(0), *(traffic(n, False, Reason.TIMEOUT) for n in range(1, 6)))
    row = await row_of(registry, model=MODEL)
    assert row["resting_until"] == NOW + dt.timedelta(seconds=35)
    assert row["resting_because"] == "5 failures in a row, last: timeout"
    await record(registry, traffic(20, False, Reason.TIMEOUT))  # begun before the rest
    assert (await row_of(registry, model=MODEL))["resting_until"] == NOW + dt.timedelta(seconds=35)
    await record(registry, traffic(40, False, Reason.SERVER))
    row = await row_of(registry, model=MODEL)
    assert (row["resting_until"], row["rests"]) == (NOW + dt.timedelta(seconds=100), 2)
    await record(registry, traffic(101))
    row = await row_of(registry, model=MODEL)
    assert (row["resting_until"], row["resting_because"], row["rests"]) == (None, None, 0)
    told = query(database_url, "SELECT data FROM events WHERE type = 'radiant.model.resting' ORDER BY position")
    assert [row["data"]["because"] for row in told] == [
        "5 failures in a row, last: timeout", "6 failures in a row, last: server error",
    ]  # fmt: skip


async def test_failures_behind_a_newer_success_let_no_model_rest(registry: Connection) -> None:
    """They come late, or their requests began before it; so does a success behind a newer failure, the other way."""
    await record(registry, traffic(10))
    late = [traffic(8, False, Reason.TIMEOUT) for _ in range(5)]
    begun = [traffic(20, False, Reason.TIMEOUT, latency_ms=10_500) for _ in range(5)]
    await health.record(registry, late + begun, now=NOW + dt.timedelta(seconds=20))
    row = await row_of(registry, model=MODEL)
    assert (row["circuit_failures"], row["resting_until"], row["status"]) == (0, None, "healthy")
    await record(registry, *(traffic(30, False, Reason.TIMEOUT, latency_ms=10_000) for _ in range(5)))
    resting = (await row_of(registry, model=MODEL))["resting_until"]
    assert resting == NOW + dt.timedelta(seconds=60)
    await health.record(registry, [traffic(29)], now=NOW + dt.timedelta(seconds=31))
    assert (await row_of(registry, model=MODEL))["resting_until"] == resting


@pytest.mark.parametrize("reason", [None, Reason.KEY, Reason.SERVER])
async def test_what_goes_on_for_days_is_counted_as_far_as_numbers_go(
    registry: Connection, reason: Reason | None
) -> None:
    await record(registry, traffic(0))
    full = ", ".join(f"{it} = 2147483647" for it in ("failures", "refusals", "successes"))
    await registry.execute(f"UPDATE provider_health SET {full} WHERE provider_id = 'openai'".encode())
    await registry.execute(f"UPDATE model_health SET {full}, circuit_failures = 2147483647".encode())
    await record(registry, traffic(60, reason is None, reason))
    row = await row_of(registry, model=MODEL)
    assert 2147483647 in (row["failures"], row["refusals"], row["successes"])
    assert row["circuit_failures"] == (0 if reason is None else 2147483647)


@pytest.mark.parametrize("ahead", [0, 1])
async def test_what_has_one_moment_counts_in_the_order_in_which_it_was_told(registry: Connection, ahead: float) -> None:
    """A batch without moments, or with such that a clock a little ahead told; ids say nothing of an order."""
    ids = [UUID(int=it) for it in (3, 9, 1, 7, 5, 4)]
    failed = [traffic(n * ahead, False, Reason.TIMEOUT) for n in range(5)]
    told = [Identified(id, it) for id, it in zip(ids, [*failed, traffic(5 * ahead)], strict=True)]
    await health.record_outcomes(registry, told if not ahead else told[::-1], now=NOW)
    row = await row_of(registry, model=MODEL)
    assert (row["circuit_failures"], row["resting_until"], row["successes"]) == (0, None, 1)


async def test_what_two_processes_count_at_the_same_time_adds_up(
    registry: Connection, query: Query, database_url: str
) -> None:
    """Each with a connection of its own, the models in another order: nothing is lost, and neither waits forever."""
    models = [MODEL, "gpt-5.5"]
    at = NOW + dt.timedelta(seconds=30)

    async def process(order: list[str]) -> None:
        async with connect(database_url) as own:
            for n in range(15):
                batch = [
                    Observation(
                        provider_id="openai",
                        model_id=model,
                        source=Source.TRAFFIC,
                        at=at,
                        ok=n % 5 != 0,
                        reason=Reason.SERVER if n % 5 == 0 else None,
                        latency_ms=100.0 + n,
                        output_tokens=1,
                    )
                    for model in order
                ]
                await health.record(own, batch, now=at)

    await asyncio.gather(process(models), process(models[::-1]), process(models))
    rows = query(
        database_url,
        "SELECT model_id, ok, failed, latencies, latency_sum, output_tokens FROM health_minutes ORDER BY model_id",
    )
    assert [(row["model_id"], row["ok"], row["failed"], row["output_tokens"]) for row in rows] == [
        (MODEL, 36, {"server error": 9}, 45), ("gpt-5.5", 36, {"server error": 9}, 45),
        (None, 72, {"server error": 18}, 90),
    ]  # fmt: skip
    assert [Histogram.decode(row["latencies"]).total for row in rows] == [36, 36, 72]


async def test_if_nobody_can_be_reached_it_is_this_host(registry: Connection, query: Query, database_url: str) -> None:
    everyone = [seen(0), seen(0, provider_id="anthropic"), traffic(0)]
    await record(registry, *everyone)
    failing = [seen(300, False, Reason.DNS), seen(300, False, Reason.DNS, provider_id="anthropic")]
    assert seems_offline(failing)
    for _ in range(2):
        await record(registry, *failing, offline=True)
    for provider in ("openai", "anthropic"):
        row = await row_of(registry, provider)
        assert (row["status"], row["reason"], row["failures"]) == ("unknown", "this host seems offline", 0)
    assert (await row_of(registry, model=MODEL))["status"] == "unknown"
    told = query(database_url, "SELECT type, data FROM events WHERE type LIKE 'radiant.%%.offline'")
    assert told == [{"type": "radiant.host.offline", "data": {"providers": ["anthropic", "openai"]}}]
    changed = (
        "SELECT count(*) AS n FROM events WHERE type = 'radiant.provider.status_changed' AND data ->> 'after' = %s"
    )
    assert query(database_url, changed, "unknown") == [{"n": 0}]
    assert await record(registry, seen(600)) == [("unknown", "healthy")]


async def test_the_event_of_a_status_says_why(registry: Connection, query: Query, database_url: str) -> None:
    await record(registry, seen(0), seen(1, False, Reason.REFUSED))
    told = query(
        database_url, "SELECT data FROM events WHERE type = 'radiant.provider.status_changed' ORDER BY position"
    )
    assert [row["data"]["reason"] for row in told] == ["refused"]


async def test_whom_the_registry_does_not_have_is_left_out(
    registry: Connection, query: Query, database_url: str
) -> None:
    await record(
        registry, seen(0), seen(0, provider_id="nobody"), traffic(0, provider_id="self_hosted", model_id="sam-2")
    )
    assert query(database_url, "SELECT provider_id FROM model_health") == [{"provider_id": "self_hosted"}]
    assert query(database_url, "SELECT FROM provider_health WHERE provider_id IN ('nobody', 'self_hosted')") == []


async def test_real_traffic_counts_for_the_region_its_provider_has(registry: Connection) -> None:
    await record(registry, traffic(0, provider_id="bedrock", model_id="any"))
    row = await row_of(registry, "bedrock")
    assert (row["region"], row["status"]) == ("us-east-1", "healthy")
