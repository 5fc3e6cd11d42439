"""Runs over providers' lists: what is new waits, what is gone is deprecated on evidence, and again writes nothing."""

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from radiant.domain.errors import ProviderNotFound
from radiant.domain.sync import AlreadyRunning
from radiant.providers.http import Client
from radiant.registry import runs
from radiant.registry.database import Database
from radiant.sync import service
from radiant.sync.manner import Manner
from tests.flow.conftest import rows_and_their_writers
from tests.flow.playing import play
from tests.flow.syncing import Syncing
from tests.flow.warming import warming

#: What a run may write of itself.
RUNS = ("events", "registry_sync_log", "sync_results")

ACME = [f"acme-{n}" for n in "abcdefghij"]


@asynccontextmanager
async def syncing(database: Database, *providers: dict[str, Any]) -> AsyncIterator[Syncing]:
    async with play(*providers) as stage:
        it = Syncing(database, stage)
        await it.begin()
        yield it


async def served(database: Database, provider: str, ids: list[str]) -> None:
    """Models of the registry, as if they had been approved."""
    for id in ids:
        await database.rows(
            "INSERT INTO models (provider_id, model_id, name, display_name, origin)"
            " VALUES (%s, %s, %s, %s, 'discovered') RETURNING id",
            [provider, id, id, id],
        )


async def test_what_is_new_waits_for_review_and_is_not_served(database: Database) -> None:
    models: list[Any] = [
        {"id": "gpt-6-luna"},
        {"id": "gpt-7", "display_name": "GPT-7"},
        "gpt-7-2026-11-01",
        "ft:gpt-7:acme::abc",
    ]
    async with syncing(database, {"id": "openai", "models": models}) as it:
        result = await it.one("openai")
        assert (result.seen, result.new, result.complete, result.errors) == (4, 3, True, ())
        assert await it.queue("openai") == {
            "ft:gpt-7:acme::abc": "pending",
            "gpt-6-luna": "known",
            "gpt-7": "pending",
            "gpt-7-2026-11-01": "pending",
        }
        rows = await database.rows("SELECT model_id, kind, family, missing FROM discovered_models ORDER BY model_id")
        assert [(row["kind"], row["family"]) for row in rows] == [
            ("fine_tune", "gpt-7"),
            ("model", "gpt-6-luna"),
            ("model", "gpt-7"),
            ("snapshot", "gpt-7"),
        ]
        assert rows[2]["missing"] == ["task", "modalities", "price"]
        assert await database.rows("SELECT FROM models WHERE model_id LIKE 'gpt-7%%'") == []
        assert it.told.of("model.discovered") == ["openai/gpt-7"], "the others belong to it"
        assert (await it.outbox("sync.completed"))[-1] == "models"


async def test_the_same_list_again_writes_nothing_but_the_run(
    database: Database, query: Callable[..., list[Any]]
) -> None:
    providers = [
        {"id": id, "count": 120, "page_size": 50, "restless": True} for id in ("openai", "anthropic", "mistral", "acme")
    ]
    async with syncing(database, *providers) as it:
        first = await it.run()
        assert {it.provider_id: it.new for it in first.providers if it.skipped is None} == dict.fromkeys(
            ("openai", "anthropic", "mistral", "acme"), 120
        )
        before = rows_and_their_writers(query, database.url)
        again = await it.run()
        after = rows_and_their_writers(query, database.url)
    assert [it.digest for it in first.providers] == [it.digest for it in again.providers]
    assert sum(it.touched for it in again.providers) == 0
    assert {name for name in before if before[name] != after[name]} == set(RUNS)


async def test_three_lists_without_a_model_deprecate_it_and_its_return_restores_it(database: Database) -> None:
    changes = [{"lists": 2, "remove": ["acme-a"]}, {"lists": 6, "add": ["acme-a"]}]
    async with syncing(database, {"id": "acme", "models": ACME, "changes": changes}) as it:
        await served(database, "acme", ACME)
        await it.one("acme")
        seen = [await it.one("acme") for _ in range(5)]
        gone = await it.deprecated("acme")
        last = await it.one("acme")
        back = await it.deprecated("acme")
        evidence = await database.rows(
            "SELECT what, digest, at FROM model_evidence WHERE model_id = 'acme-a' ORDER BY id"
        )
    assert [(it.missing, it.deprecated) for it in seen] == [(0, 0), (1, 0), (1, 0), (1, 1), (0, 0)]
    assert (gone, last.restored, back) == ({"acme-a"}, 1, set())
    assert [row["what"] for row in evidence] == ["absent", "absent", "absent", "deprecated", "restored"]
    assert {row["digest"] for row in evidence[:4]} == {seen[1].digest}
    assert evidence[1]["at"] - evidence[0]["at"] == dt.timedelta(hours=1)
    assert await it.outbox("model.deprecated") == await it.outbox("model.restored") == ["acme/acme-a"]


async def test_lists_too_close_count_once_unless_the_interval_says_so(database: Database) -> None:
    changes = [{"lists": 2, "remove": ["acme-a"]}]
    at_once = dt.timedelta()
    async with syncing(database, {"id": "acme", "models": ACME, "changes": changes}) as it:
        await served(database, "acme", ACME)
        for _ in range(6):
            await it.one("acme", after=at_once)
        assert await it.deprecated("acme") == set()
        for _ in range(2):
            await it.one("acme", after=at_once, manner=Manner(interval=0))
        assert await it.deprecated("acme") == {"acme-a"}


@pytest.mark.parametrize("behavior", ["broken", "html", "empty", "wrong_types", "failing", "throttled", "half"])
async def test_a_list_that_fails_or_shrinks_takes_nothing_away(database: Database, behavior: str) -> None:
    changes = [{"lists": 2, "behavior": behavior}]
    async with syncing(database, {"id": "acme", "models": ACME, "changes": changes}, {"id": "groq", "count": 2}) as it:
        await served(database, "acme", ACME)
        await it.one("acme")
        reports = [await it.run() for _ in range(5)]
        report = reports[-1]
        assert await it.deprecated("acme") == set()
        assert await database.rows("SELECT FROM model_evidence WHERE provider_id = 'acme'") == []
        found = {result.provider_id: result for result in report.providers}
    assert report.status == "completed"
    assert found["groq"].errors == ()
    if behavior == "half":
        assert found["acme"].note == (
            "5 of 10 known models are missing at once, more than a fifth: nothing is deprecated"
        )
        assert report.errors == ()
    else:
        assert [error for error in report.errors if "acme" in error] == list(found["acme"].errors)
        assert len(found["acme"].errors) == 1
        assert found["acme"].complete is False


async def test_a_fresh_registry_calls_nobody(database: Database) -> None:
    async with syncing(database, {"id": "openrouter", "count": 3}, {"id": "openai", "count": 3}) as it:
        report = await it.run(environment={})
        roles = it.stage.theater.roles
        assert [result.skipped for result in report.providers if result.skipped is None] == []
        assert {id: role.stage.requests for id, role in roles.items()} == {"openai": 0, "openrouter": 0}
        why = {result.provider_id: result.skipped for result in report.providers}
        assert why["openai"] == "it has no key here (OPENAI_API_KEY)"
        assert why["openrouter"] == "it has no key here (OPENROUTER_API_KEY or OR_API_KEY) and was not enabled by hand"
        assert why["voyage"] == "it documents no list of models"
        await database.rows("UPDATE providers SET contact = true WHERE id = 'openrouter' RETURNING id")
        again = await it.one("openrouter", environment={})
        assert (again.seen, roles["openrouter"].stage.requests) == (3, 1)


async def test_a_dry_run_finds_the_same_and_writes_nothing(database: Database, query: Callable[..., list[Any]]) -> None:
    async with syncing(database, {"id": "openai", "count": 30}) as it:
        before = rows_and_their_writers(query, database.url)
        dry = await it.one("openai", dry_run=True)
        after = rows_and_their_writers(query, database.url)
        assert {name for name in before if before[name] != after[name]} == set(RUNS) - {"events"}
        assert it.told.events == []
        assert (await it.one("openai")).new == dry.new == 30


async def test_a_retirement_is_told_and_carried_out_on_its_day(database: Database) -> None:
    models = [{"id": "mistral-x", "retires": "2027-01-31"}, *({"id": f"m-{n}"} for n in range(9))]
    async with syncing(database, {"id": "mistral", "models": models}) as it:
        await served(database, "mistral", ["mistral-x"])
        await it.one("mistral")
        await it.one("mistral")
        warnings = [data for type, subject, data in it.told.events if subject == "mistral/mistral-x"]
        assert [(data["days"], data["left"], data["retires"]) for data in warnings] == [(90, 66, "2027-01-31")]
        assert (await it.one("mistral", after=dt.timedelta(days=66))).deprecated == 1
        assert await it.deprecated("mistral") >= {"mistral-x"}
        assert (await it.one("mistral")).deprecated == 0
        assert (await it.outbox("model.deprecated")).count("mistral/mistral-x") == 1


async def test_one_run_of_a_kind_at_a_time_and_a_silent_one_is_closed(database: Database) -> None:
    async with syncing(database, {"id": "openai", "count": 3}) as it:
        id = await service.begin(database, "models")
        with pytest.raises(AlreadyRunning) as caught:
            await it.run()
        assert (caught.value.sync_type, caught.value.id) == ("models", id)
        with pytest.raises(AlreadyRunning):
            await it.run("full")
        assert (await it.run("thermal")).notes == ("thermal: there is no endpoint; `radiant endpoints add` makes one",)
        assert (await it.run(dry_run=True)).status == "completed", "a dry run holds no place"
        await database.rows(
            "UPDATE registry_sync_log SET heartbeat_at = now() - make_interval(secs => 61) WHERE id = %s RETURNING id",
            [id],
        )
        assert (await it.run("full")).status == "completed"
        async with database.connection() as connection:
            closed = await runs.found(connection, id)
    assert closed is not None
    assert (closed["status"], closed["error_message"]) == (
        "failed",
        "Whoever ran it was not heard of for 60 seconds.",
    )


async def test_endpoints_are_looked_at_under_the_name_of_all_that_is_self_hosted(database: Database) -> None:
    async with warming(database), Client() as client:
        how: Any = {"environment": {}, "tell": None}
        (found,) = (await service.run(database, client, "thermal", provider="self_hosted", **how)).providers
        assert (found.provider_id, found.seen) == ("self_hosted", 1)
        elsewhere = await service.run(database, client, "thermal", provider="openai", **how)
        assert (elsewhere.providers, elsewhere.notes) == ((), ()), "nobody says that there is none"


async def test_a_run_that_cannot_be_carried_out_is_closed_as_failed(database: Database) -> None:
    async with syncing(database, {"id": "openai", "count": 3}) as it:
        with pytest.raises(ProviderNotFound):
            await it.run(provider="nosuch")
        (row,) = await database.rows("SELECT status, error_message FROM registry_sync_log WHERE provider = 'nosuch'")
    assert (row["status"], row["error_message"]) == ("failed", "No provider 'nosuch' in the registry.")


async def test_no_key_stands_anywhere_in_the_database(database: Database, query: Callable[..., list[Any]]) -> None:
    providers = [{"id": id, "count": 3, "key": f"sk-secret-{id}"} for id in ("openai", "anthropic", "groq")]
    providers[2]["behavior"] = "throttled"
    async with syncing(database, *providers) as it:
        await it.run()
        it.environment["OPENAI_API_KEY"] = "sk-secret-wrong"
        report = await it.run()
    assert any("does not accept the key" in error for error in report.errors)
    tables = [table for table in rows_and_their_writers(query, database.url) if table != "schema_objects"]
    for table in tables:
        assert query(database.url, f"SELECT t FROM {table} t WHERE to_jsonb(t)::text LIKE '%sk-secret%'") == [], table
    assert "sk-secret" not in repr(report) + repr(it.told.events)
