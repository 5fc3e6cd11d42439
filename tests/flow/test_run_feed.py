"""A run can be followed from any process, from its beginning or from the middle."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from typing import Any
from uuid import UUID

import pytest

from radiant.domain.errors import TooManyStreams
from radiant.domain.schedule import Order
from radiant.domain.source import Outcome, SourceResult
from radiant.domain.sync import Progress, ProviderResult, RunNotFound, RunReport, SourceProgress, Step
from radiant.events import news
from radiant.insight import run_feed
from radiant.insight.run_feed import RunFeed, Seen, report_of
from radiant.registry import runs, schedules
from radiant.registry.database import Database
from radiant.registry.listening import listening
from radiant.sync import service
from radiant.sync.progress import Recorder
from tests.flow.playing import play
from tests.flow.syncing import Syncing
from tests.waiting import HANG, until


@pytest.fixture
async def elsewhere(database: Database) -> AsyncIterator[RunFeed]:
    """A feed that has nothing in common with whoever runs it but the database."""
    other = await Database.open(database.url)
    feed = RunFeed(other)
    yield feed
    await feed.close()
    await other.close()


async def seen_until(stream: AsyncIterator[Seen], enough: Callable[[list[Step]], Any]) -> list[Step]:
    """The steps that come until there are enough of them."""
    found: list[Step] = []
    async with asyncio.timeout(HANG):
        while not enough(found):
            found += (await anext(stream)).steps
    return found


def place(step: Step) -> tuple[str, str]:
    return ("provider", step.provider_id) if isinstance(step, Progress) else ("source", step.source)


def done(provider: str, seen: int = 3) -> Progress:
    return Progress(provider_id=provider, result=ProviderResult(provider_id=provider, seen=seen, complete=True))


async def end(database: Database, id: UUID, *results: ProviderResult) -> None:
    report = RunReport(id=id, kind="models", status="completed", dry_run=False, providers=results)
    async with database.connection() as connection, connection.transaction():
        await runs.keep_results(connection, report)
        await runs.finish(connection, report)


async def test_whoever_joins_in_the_middle_gets_the_state_so_far_then_what_comes_then_the_end(
    database: Database, elsewhere: RunFeed
) -> None:
    id = await service.begin(database, "models", requested_by="ada")
    told: list[Step] = []
    recorder = Recorder(database, id, told.append)
    async with recorder.recording():
        recorder(Progress(provider_id="anthropic"))
        recorder(Progress(provider_id="openai"))
        recorder(done("openai"))
        async with aclosing(elsewhere.follow(id)) as stream:
            first = await seen_until(stream, lambda it: len(it) >= 2)
            assert {place(it)[1]: it.result is None for it in first} == {"anthropic": True, "openai": False}
            recorder(done("anthropic", 5))
            (second,) = await seen_until(stream, lambda it: len(it) >= 1)
            assert isinstance(second, Progress)
            assert (second.provider_id, second.result and second.result.seen) == ("anthropic", 5)
            assert second.step > max(it.step for it in first)
            await end(database, id, *recorder.results)
            last = await anext(stream)
            assert (last.over, last.steps) == (True, []), "what is known already is not told again"
            with pytest.raises(StopAsyncIteration):
                await anext(stream)
    report = report_of(last.run)
    assert (report.status, [it.seen for it in report.providers], last.run["requested_by"]) == (
        "completed",
        [5, 3],
        "ada",
    )
    assert len(told) == 4, "whoever watches here is told too"


async def test_whoever_comes_again_gets_only_what_came_meanwhile(database: Database, elsewhere: RunFeed) -> None:
    id = await service.begin(database, "models")
    await end(database, id, *(it.result for it in map(done, ("anthropic", "openai")) if it.result))
    (whole,) = [seen async for seen in elsewhere.follow(id)]
    assert [(place(it)[1], it.step) for it in whole.steps] == [("anthropic", 1), ("openai", 2)]
    (rest,) = [seen async for seen in elsewhere.follow(id, after=1)]
    assert [place(it) for it in rest.steps] == [("provider", "openai")]
    (nothing,) = [seen async for seen in elsewhere.follow(id, after=2)]
    assert (nothing.steps, nothing.over) == ([], True)


async def test_public_catalogs_are_steps_among_those_of_providers_also_under_the_same_id(
    database: Database, elsewhere: RunFeed
) -> None:
    id = await service.begin(database, "models")
    recorder = Recorder(database, id, service.silent)
    imported = SourceResult(source="openrouter", outcome=Outcome.IMPORTED, entries=7, added=3)
    async with recorder.recording():
        recorder(Progress(provider_id="openrouter"))
        recorder(SourceProgress(source="openrouter"))
        async with aclosing(elsewhere.follow(id)) as stream:
            first = await seen_until(stream, lambda it: len(it) >= 2)
            assert {place(it): it.result for it in first} == {
                ("provider", "openrouter"): None,
                ("source", "openrouter"): None,
            }
            recorder(SourceProgress(source="openrouter", result=imported))
            (second,) = await seen_until(stream, lambda it: len(it) >= 1)
            assert (place(second), second.result, second.step) == (("source", "openrouter"), imported, 3)
            recorder(done("openrouter", 5))
            (third,) = await seen_until(stream, lambda it: len(it) >= 1)
            assert (place(third), third.step) == (("provider", "openrouter"), 4)
    report = RunReport(
        id=id, kind="models", status="failed", dry_run=False, sources=recorder.sources, providers=recorder.results
    )
    async with database.connection() as connection, connection.transaction():
        await runs.keep_results(connection, report)
        await runs.finish(connection, report)
    (whole,) = [seen async for seen in elsewhere.follow(id, after=2)]
    assert [place(it) for it in whole.steps] == [("source", "openrouter"), ("provider", "openrouter")]
    assert report_of(whole.run).sources == (imported,)


async def test_a_run_writes_one_row_per_provider_however_many_pages_a_list_has(database: Database) -> None:
    async with play({"id": "openrouter", "count": 300}, {"id": "anthropic", "count": 300, "page_size": 10}) as stage:
        it = Syncing(database, stage)
        await it.begin()
        report = await it.run()
    rows = await database.rows("SELECT provider_id, step, asking FROM sync_results WHERE run_id = %s", [report.id])
    assert len(rows) == len(report.providers)
    assert max(row["step"] for row in rows) <= 2 * len(rows)
    assert not any(row["asking"] for row in rows)


async def test_a_run_that_is_cut_off_keeps_what_it_found_so_far(database: Database, elsewhere: RunFeed) -> None:
    catalog = {"id": "litellm", "models": [{"provider": "acme", "id": "m"}]}
    async with play(
        {"id": "acme", "models": ["m"]}, {"id": "openai", "behavior": "silent"}, catalogs=[catalog]
    ) as stage:
        it = Syncing(database, stage)
        await it.begin()
        await it.enable()
        steps: list[Step] = []
        task = asyncio.create_task(it.run(progress=steps.append))
        await until(lambda: {("provider", "acme"), ("source", "litellm")} <= {place(it) for it in steps if it.result})
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    (row,) = await database.rows("SELECT id FROM registry_sync_log ORDER BY started_at DESC LIMIT 1")
    (seen,) = [seen async for seen in elsewhere.follow(row["id"])]
    assert (seen.run["status"], seen.over) == ("failed", True)
    assert {it.provider_id: it.seen for it in seen.run["providers"] if it.skipped is None} == {"acme": 1}
    assert [(it.source, it.outcome) for it in seen.run["sources"]] == [("litellm", Outcome.IMPORTED)]
    assert report_of(seen.run).problem == "It was ended by CancelledError."


async def test_whatever_goes_wrong_news_are_heard_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def hears(*where: Any) -> Any:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise OSError("no more files")
        return listening(*where)

    monkeypatch.setattr(news, "listening", hears)
    monkeypatch.setattr(news, "RETRY", 0.01)
    ear = news.News(database, runs.CHANNEL)
    with ear.stream():
        await until(lambda: asked == 2)
        next = ear.next()
        await service.begin(database, "models")
        await until(next.is_set)
    await ear.close()


async def test_a_run_that_somebody_else_ends_is_over_and_a_silent_one_is_lost(
    database: Database, elsewhere: RunFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_feed, "HEARTBEAT", 0.05)
    id = await service.begin(database, "models")
    async with aclosing(elsewhere.follow(id)) as stream:
        assert not (await anext(stream)).lost
        await database.rows(
            "UPDATE registry_sync_log SET heartbeat_at = now() - interval '90 s' WHERE id = %s RETURNING id", [id]
        )
        async with asyncio.timeout(HANG):
            while not (seen := await anext(stream)).lost:
                pass
        assert not seen.over
        other = await service.begin(database, "models")
        async with asyncio.timeout(HANG):
            while not (seen := await anext(stream)).over:
                pass
    assert (seen.run["status"], seen.lost) == ("failed", False)
    assert other != id


async def test_a_run_that_waits_for_a_worker_is_followed_from_then_on(database: Database, elsewhere: RunFeed) -> None:
    async with database.connection() as connection:
        id = await schedules.order(connection, Order(kind="models", requested_by="ada"))
    async with aclosing(elsewhere.follow(id)) as stream:
        waits = await anext(stream)
        assert (waits.run["status"], waits.run["requested_by"], waits.over) == ("queued", "ada", False)
        assert await service.begin(database, "models", requested_by="ada", id=id) == id
        async with database.connection() as connection:
            await runs.keep_steps(connection, id, [done("openai")])
        goes_on = await anext(stream)
        assert (goes_on.run["status"], [place(it) for it in goes_on.steps]) == ("running", [("provider", "openai")])
        await end(database, id)
        assert (await anext(stream)).over


async def test_streams_are_bounded_end_with_the_feed_and_know_no_run_there_is_none_of(
    database: Database, elsewhere: RunFeed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RunNotFound):
        await anext(elsewhere.follow(UUID(int=1)))
    id = await service.begin(database, "models")
    monkeypatch.setattr(news, "MOST", 1)
    async with aclosing(elsewhere.follow(id)) as stream:
        await anext(stream)
        with pytest.raises(TooManyStreams):
            elsewhere.check_room()
        with pytest.raises(TooManyStreams):
            await anext(elsewhere.follow(id))
        await elsewhere.close()
        assert [seen async for seen in stream] == []
    elsewhere.check_room()
