"""Public catalogs within runs: fetched only where enabled, nothing new costs nothing, a failure is one entry."""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from radiant.admin.catalogs import Catalogs
from radiant.admin.review import Review
from radiant.admin.sources import Sources
from radiant.domain.errors import RuleViolated, UnknownFilterValue
from radiant.domain.source import Outcome
from radiant.domain.sync import ReviewStatus, RunReport
from radiant.pricing.guards import GRACE
from radiant.public_catalogs.roster import BY_ID
from radiant.registry.database import Database
from radiant.sync.manner import Manner
from tests.flow.conftest import rows_and_their_writers
from tests.flow.playing import play
from tests.flow.syncing import Syncing

#: What a run may write of itself.
RUNS = ("events", "registry_sync_log", "sync_results", "source_results")


def entry(id: str, provider: str = "acme", **more: Any) -> dict[str, Any]:
    return {"provider": provider, "id": id, "context_window": 8_000, "input_per_mtok": 1, "output_per_mtok": 2, **more}


ACME = {"id": "acme", "models": ["acme-1"]}
LITELLM = {"id": "litellm", "models": [entry("acme-1")]}


@asynccontextmanager
async def syncing(database: Database, *providers: dict[str, Any], catalogs: Any = (LITELLM,)) -> AsyncIterator[Syncing]:
    async with play(*providers, catalogs=catalogs) as stage:
        it = Syncing(database, stage)
        await it.begin()
        yield it


def fetched(it: Syncing, id: str = "litellm") -> int:
    return it.stage.theater.catalogs[id].requests


def outcomes(report: RunReport) -> dict[str, str]:
    return {it.source: it.outcome.value for it in report.sources}


async def test_a_catalog_is_fetched_only_once_it_is_enabled(database: Database) -> None:
    async with syncing(database, ACME) as it:
        assert (await it.run()).sources == ()
        assert fetched(it) == 0
        await it.enable()
        report = await it.run()
        assert (outcomes(report), fetched(it)) == ({"litellm": "imported"}, 1)
        await Sources(database, online=False, environment={}).change("litellm", enabled=False)
        assert ((await it.run()).sources, fetched(it)) == ((), 1)
        assert ((await it.run("health")).sources, fetched(it)) == ((), 1)


async def test_online_fetches_all_and_writes_no_row_of_it(database: Database) -> None:
    catalogs = [{"id": id, "models": [entry("acme-1")]} for id in BY_ID]
    async with syncing(database, ACME, catalogs=catalogs) as it:
        await it.enable()
        await Sources(database, online=False, environment={}).change("all", enabled=False)
        report = await it.run("full", manner=Manner(online=True))
        assert outcomes(report) == dict.fromkeys(BY_ID, "imported")
    states = await Sources(database, online=True, environment={}).listed()
    assert {(state.enabled, state.fetched, state.status) for state in states} == {(False, True, "fetched")}
    assert {state.enabled for state in await Sources(database, online=False, environment={}).listed()} == {False}


async def test_a_discovered_model_arrives_with_what_catalogs_say_of_it(database: Database) -> None:
    async with syncing(database, ACME) as it:
        await it.enable()
        await it.run()
        review = Review(database)
        (found,) = await review.listed("acme")
        assert found.missing == ()
        assert (found.proposed["task"], found.proposed["context_window"]) == ("chat", 8_000)
        await review.decide(["acme/acme-1"], ReviewStatus.APPROVED, by="ada")
    (row,) = await database.rows("SELECT * FROM models WHERE provider_id = 'acme'")
    assert (row["context_window"], row["input_cost_per_1k"]) == (8_000, Decimal("0.001"))


async def test_nothing_new_costs_a_request_without_a_body_and_writes_nothing(
    database: Database, query: Callable[..., Any]
) -> None:
    async with syncing(database, ACME) as it:
        await it.enable()
        await it.run()
        before = rows_and_their_writers(query, database.url)
        report = await it.run()
        after = rows_and_their_writers(query, database.url)
        (result,) = report.sources
        assert (result.outcome, result.entries, fetched(it)) == (Outcome.UNCHANGED, 0, 2)
    assert {table for table in before if before[table] != after[table]} <= set(RUNS)


async def test_a_program_of_another_version_reads_the_same_again_and_writes_only_that(
    database: Database, query: Callable[..., Any]
) -> None:
    async with syncing(database, ACME) as it:
        await it.enable()
        await it.run()
        await database.rows("UPDATE fact_imports SET reader = 'older' WHERE source = 'litellm' RETURNING source")
        before = rows_and_their_writers(query, database.url)
        (result,) = (await it.run()).sources
        after = rows_and_their_writers(query, database.url)
    assert (result.outcome, result.entries) == (Outcome.UNCHANGED, 1)
    assert {table for table in before if before[table] != after[table]} <= {"fact_imports", *RUNS}


async def test_a_price_that_was_announced_is_taken_over_on_its_day_though_the_document_is_the_same(
    database: Database,
) -> None:
    prices = [
        {"prices": {"input_mtok": 1}},
        {"constraint": {"start_date": "2026-11-28"}, "prices": {"input_mtok": 3}},
    ]
    model = {"provider": "openai", "id": "gpt-9", "fields": {"prices": prices}}
    told = "SELECT value #>> '{}' AS it FROM facts WHERE source = 'genai-prices' AND field = 'price.input_per_mtok'"
    async with syncing(database, catalogs=[{"id": "genai-prices", "models": [model]}]) as it:
        await it.enable()
        for days, outcome, price in ((0, "imported", "1"), (1, "unchanged", "1"), (1, "imported", "3")):
            report = await it.run(after=dt.timedelta(days=days))
            assert (outcomes(report), (await database.rows(told))[0]["it"]) == ({"genai-prices": outcome}, price)


async def test_the_failure_of_one_is_one_entry_and_stops_nobody(database: Database) -> None:
    catalogs = [{**LITELLM, "behavior": "broken"}, {"id": "models.dev", "models": [entry("acme-1")]}]
    async with syncing(database, ACME, catalogs=catalogs) as it:
        await it.enable()
        report = await it.run()
    assert outcomes(report) == {"litellm": "failed", "models.dev": "imported"}
    (error,) = report.errors
    assert error.startswith("litellm: what came ends in the middle")
    assert [result.seen for result in report.providers if result.provider_id == "acme"] == [1]
    state = await Sources(database, online=False, environment={}).of("litellm")
    assert (state.status, state.last_error) == ("failing", error)


@pytest.mark.parametrize("behavior", ["endless", "bomb", "html", "drip", "failing", "not_found", "redirect", "cut"])
async def test_a_hostile_catalog_is_one_entry_in_bounded_time(database: Database, behavior: str) -> None:
    async with syncing(database, catalogs=[{**LITELLM, "behavior": behavior}]) as it:
        await it.enable()
        report = await it.run()
    assert (report.status, outcomes(report), len(report.errors)) == ("completed", {"litellm": "failed"}, 1)
    assert await database.rows("SELECT entry FROM facts WHERE source = 'litellm'") == []


async def test_a_catalog_that_lost_a_fifth_at_once_is_doubted_until_a_person_takes_it_over(database: Database) -> None:
    names = [f"acme/m-{n}" for n in range(10)]
    change = {"lists": 1, "remove": names[:3]}
    catalog = {"id": "litellm", "models": [entry(name.partition("/")[2]) for name in names], "changes": [change]}
    async with syncing(database, catalogs=[catalog]) as it:
        await it.enable()
        await it.run()
        report = await it.run()
        assert outcomes(report) == {"litellm": "failed"}
        assert "holds 7 entries where there were 10, more than a fifth less" in report.errors[0]
        assert len(await database.rows("SELECT DISTINCT entry FROM facts WHERE source = 'litellm'")) == 10
        body = (await it.stage.client.get(it.stage.theater.catalog_url("litellm"), limit=100_000)).body
        await Catalogs(database, grace=GRACE).import_("litellm", body)
        assert outcomes(await it.run()) == {"litellm": "unchanged"}


async def test_a_dry_run_writes_nothing(database: Database, query: Callable[..., Any]) -> None:
    async with syncing(database, ACME) as it:
        await it.enable()
        before = rows_and_their_writers(query, database.url)
        report = await it.run(dry_run=True)
        after = rows_and_their_writers(query, database.url)
        assert (outcomes(report), report.sources[0].entries) == ({"litellm": "imported"}, 1)
        assert {table for table in before if before[table] != after[table]} <= {"registry_sync_log", *RUNS}
        state = await Sources(database, online=False, environment={}).of("litellm")
        assert (state.status, state.imported_at) == ("not fetched yet", None)
        assert outcomes(await it.run()) == {"litellm": "imported"}


async def test_what_was_approved_follows_what_catalogs_say(database: Database) -> None:
    dearer = entry("acme-1", input_per_mtok=4)
    catalog = {**LITELLM, "changes": [{"lists": 2, "add": [dearer]}]}
    async with syncing(database, ACME, catalogs=[catalog]) as it:
        await it.enable()
        await it.run()
        await Review(database).decide(["acme/acme-1"], ReviewStatus.APPROVED, by="ada")
        assert outcomes(await it.run()) == {"litellm": "unchanged"}
        assert outcomes(await it.run()) == {"litellm": "imported"}
    (row,) = await database.rows("SELECT input_cost_per_1k FROM models WHERE provider_id = 'acme'")
    assert row["input_cost_per_1k"] == Decimal("0.004")


async def test_what_cannot_be_set_is_a_sentence(database: Database) -> None:
    sources = Sources(database, online=False, environment={})
    with pytest.raises(
        UnknownFilterValue, match=r"expected one of: openrouter, genai-prices, litellm, models\.dev, all"
    ):
        await sources.change("wikipedia", enabled=True)
    with pytest.raises(RuleViolated, match=r"it is no http\(s\) address"):
        await sources.change("litellm", url="ftp://x")
    with pytest.raises(RuleViolated, match="each catalog has an address of its own"):
        await sources.change("all", url="https://mirror.example.com/x")
    (mirrored,) = await sources.change("litellm", enabled=True, url="https://mirror.example.com/x")
    (public,) = await sources.change("litellm", url="public")
    assert (mirrored.url, mirrored.mirror, public.mirror, public.enabled) == (
        "https://mirror.example.com/x", True, False, True,
    )  # fmt: skip
