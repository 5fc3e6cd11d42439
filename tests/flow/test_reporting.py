"""Outcomes on their way to the registry: what waits, what is lost, and that nobody has to wait for it."""

import asyncio
import datetime as dt
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg.rows import DictRow
from structlog.testing import capture_logs

from radiant import Selector
from radiant.domain.errors import DatabaseUnreachable
from radiant.domain.observation import Observation, Source
from radiant.domain.outcome import Buffered
from radiant.outcomes import Outcomes
from radiant.registry import health
from radiant.registry.health import Identified
from radiant.reporting import Reports
from tests.waiting import appeared, until

CHAT: dict[str, Any] = {
    "task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5,
    "prefer_hosting": "external",
}  # fmt: skip
COUNTED = "SELECT coalesce(sum(ok), 0)::int AS ok FROM health_minutes WHERE model_id IS NOT NULL"

Query = Callable[..., list[DictRow]]


def outcome(id: UUID | None = None, model: str = "gpt-4o-mini", **more: Any) -> Identified:
    at = dt.datetime.now(dt.UTC)
    given: dict[str, Any] = {
        "provider_id": "openai",
        "model_id": model,
        "source": Source.TRAFFIC,
        "at": at,
        "ok": True,
    } | more
    return Identified(id or uuid4(), Observation(**given))


@asynccontextmanager
async def reporting(url: str, **more: Any) -> AsyncIterator[Reports]:
    reports = Reports(url, pause=0.01, **more)
    reports.start()
    try:
        yield reports
    finally:
        await reports.close()


async def written(reports: Reports) -> None:
    await until(lambda: not reports.buffered.waiting)


async def test_each_id_is_counted_once_by_whatever_process(query: Query, database_url: str) -> None:
    batch = [outcome() for _ in range(30)]
    async with reporting(database_url) as one, reporting(database_url) as another:
        one.add(batch)
        another.add([*batch[::-1], outcome()])
        await written(one)
        await written(another)
        both = [one.buffered, another.buffered]
    assert sum(it.written for it in both) == 31
    assert sum(it.duplicate for it in both) == 30
    assert query(database_url, COUNTED) == [{"ok": 31}]


async def test_who_has_nothing_to_tell_is_not_woken(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looks, write = 0, Reports._write

    async def counted(reports: Reports) -> None:
        nonlocal looks
        looks += 1
        await write(reports)

    monkeypatch.setattr(Reports, "_write", counted)
    async with reporting(database_url) as reports:
        for told in range(3):
            await asyncio.sleep(0.1)
            assert looks == told
            await asyncio.to_thread(reports.add, [outcome()])
            await written(reports)


async def test_what_waits_at_the_end_is_written(query: Query, database_url: str) -> None:
    reports = Reports(database_url, pause=3600)
    reports.start()
    reports.add([outcome() for _ in range(2_500)])
    await reports.close()
    assert query(database_url, COUNTED) == [{"ok": 2_500}]


async def test_while_the_database_is_away_they_wait_and_the_oldest_make_room(
    query: Query, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()
    async with reporting(database_url, most=100) as reports:
        record = reports._record

        async def away(_: Any) -> None:
            asked.set()
            raise DatabaseUnreachable("it is away")

        monkeypatch.setattr(reports, "_record", away)
        reports.add([outcome(model="the-oldest") for _ in range(40)])
        await asked.wait()
        reports.add([outcome() for _ in range(90)])
        await until(lambda: reports.buffered.dropped == 30)
        assert reports.buffered.waiting == 100
        monkeypatch.setattr(reports, "_record", record)
        await written(reports)
        assert (reports.buffered.written, reports.buffered.dropped) == (100, 30)
    rows = query(database_url, "SELECT model_id, ok FROM health_minutes WHERE model_id IS NOT NULL ORDER BY 1")
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["model_id"]] = counts.get(row["model_id"], 0) + row["ok"]
    assert counts == {"gpt-4o-mini": 90, "the-oldest": 10}


async def test_connections_that_end_lose_nothing_and_count_nothing_twice(query: Query, database_url: str) -> None:
    end = (
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    async with reporting(database_url) as reports:
        for _ in range(20):
            reports.add([outcome() for _ in range(100)])
            await asyncio.sleep(0.01)
            await asyncio.to_thread(query, database_url, end)
        await written(reports)
        assert reports.buffered.dropped == 0
    assert query(database_url, COUNTED) == [{"ok": 2_000}]


async def test_one_that_the_registry_refuses_takes_no_other_with_it(query: Query, database_url: str) -> None:
    async with reporting(database_url) as reports:
        reports.add([outcome(), outcome(model="\0"), outcome()])
        await written(reports)
        assert (reports.buffered.written, reports.buffered.dropped) == (2, 1)
    assert query(database_url, COUNTED) == [{"ok": 2}]


async def test_a_fault_nobody_thought_of_loses_only_the_one_and_counts_it(
    query: Query, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = health.record_outcomes

    async def faulty(connection: Any, outcomes: Sequence[Identified], **more: Any) -> int:
        if any(each.seen.model_id == "cursed" for each in outcomes):
            raise ZeroDivisionError("nobody thought of this")
        return await record(connection, outcomes, **more)

    monkeypatch.setattr(health, "record_outcomes", faulty)
    with capture_logs() as logs:
        async with reporting(database_url) as reports:
            reports.add([outcome(model="cursed" if n in (7, 900) else "gpt-4o-mini") for n in range(1_000)])
            await written(reports)
            assert (reports.buffered.written, reports.buffered.dropped) == (998, 2)
    assert query(database_url, COUNTED) == [{"ok": 998}]
    assert [(it["event"], it["so_far"], it["provider"]) for it in logs] == [("outcomes are lost", 1, "openai")]


async def test_what_is_lost_at_the_end_is_counted(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = Reports(database_url, pause=3600)

    async def away(_: Any) -> None:
        raise DatabaseUnreachable("it is away")

    monkeypatch.setattr(reports, "_record", away)
    reports.add([outcome() for _ in range(3)])
    await reports.close()
    assert (reports.buffered.waiting, reports.buffered.dropped) == (0, 3)


async def test_what_was_dropped_can_be_told_again(query: Query, database_url: str) -> None:
    async with await Selector.connect(database_url) as selector:
        reports = Reports(database_url, most=3, pause=0.01)
        outcomes = Outcomes(reports, lambda: selector.names)
        told = [{"id": id, "model": "openai/gpt-4o-mini"} for id in "abcde"]
        assert outcomes.take(told).accepted == 5
        assert outcomes.buffered.dropped == 2
        again = outcomes.take(told[:2])
        assert (again.accepted, again.duplicate) == (2, 0)
        assert outcomes.take(told[3:]).duplicate == 1, "one of them made room in its turn"
        reports.start()
        await written(reports)
        outcomes.take(told)
        await reports.close()
    assert query(database_url, COUNTED) == [{"ok": 5}]


async def test_what_waited_until_it_says_nothing_any_more_is_counted_as_lost(query: Query, database_url: str) -> None:
    """As while the database was away for more than an hour, or a clock was set back meanwhile."""
    now = dt.datetime.now(dt.UTC)
    async with reporting(database_url) as reports:
        reports.add([outcome(at=now + dt.timedelta(minutes=minutes)) for minutes in (-70, -50, 0, 20)])
        await written(reports)
        assert (reports.buffered.written, reports.buffered.dropped) == (2, 2)
    assert query(database_url, COUNTED) == [{"ok": 2}]


async def test_a_report_of_another_day_is_left_out_and_said_so(database_url: str) -> None:
    class Chosen:
        provider_id, model_id = "openai", "gpt-4o-mini"

    reports = Reports(database_url)
    with capture_logs() as logs:
        reports.tell(Chosen(), {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)})
        reports.tell(Chosen(), {"latency_ms": float("nan")})
    assert reports.buffered.waiting == 0
    assert [it["reason"].split(";")[0] for it in logs] == [
        "at: is 2020-01-01T00:00:00+00:00", "latency_ms: expected a number at least 0.0",
    ]  # fmt: skip
    await reports.close()


async def test_numbers_of_a_report_are_read_as_those_over_http(database_url: str) -> None:
    class Chosen:
        provider_id, model_id = "openai", "gpt-4o-mini"

    class Measured(float):
        """As NumPy's."""

    reports = Reports(database_url)
    reports.tell(Chosen(), {"input_tokens": 1200.0, "latency_ms": Measured(840.5), "error": 503.0})
    assert reports.buffered.waiting == 1
    await reports.close()


async def test_a_selector_tells_how_its_choices_went(query: Query, database_url: str) -> None:
    async with await Selector.connect(database_url) as selector:
        choice = selector.select(**CHAT)
        assert choice is not None
        selector.report(choice, latency_ms=321, ttft_ms=45, output_tokens=9)
        selector.report(choice.document(), error=503, latency_ms=9)
        await until(lambda: not getattr(selector.buffered, "waiting", 1))
        assert selector.buffered == Buffered(waiting=0, written=2, dropped=0, duplicate=0)
        for wrong in ({"latency_ms": "fast"}, {"error": "sadness"}, {"colour": "red"}, {"ok": True, "error": 500}):
            selector.report(choice, **wrong)
    rows = query(
        database_url, "SELECT provider_id, model_id, avg_latency_ms::int AS latency, failures FROM model_health"
    )
    assert rows == [
        {"provider_id": choice.provider_id, "model_id": choice.model_id, "latency": 321, "failures": 0}
    ]  # the failure stands beside a success that is younger than five seconds


def test_a_selector_in_a_thread_does_too_from_many_threads(query: Query, database_url: str) -> None:
    with Selector.open(database_url) as selector:
        choice = selector.select(**CHAT)
        assert choice is not None

        def tell() -> None:
            for n in range(200):
                selector.report(choice, latency_ms=n)

        threads = [threading.Thread(target=tell) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        appeared(lambda: query(database_url, COUNTED)[0]["ok"] == 800)
        appeared(lambda: selector.buffered == Buffered(waiting=0, written=800, dropped=0, duplicate=0))


def test_without_a_registry_nobody_is_told_and_nobody_fails() -> None:
    Selector().report(None)  # type: ignore[arg-type]
    assert Selector().buffered is None
