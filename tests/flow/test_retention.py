"""What only grows is kept for as long as the settings say, and what still says something for longer."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from psycopg.rows import DictRow

from radiant.domain.retention import Forgotten, Retention
from radiant.installation import cleaning as cleaning_up
from radiant.installation.cleaning import Cleaning
from radiant.registry import retention
from radiant.registry.database import Connection, Database, connect
from tests.waiting import until

Query = Callable[..., list[DictRow]]

KEEP = Retention()


async def forget(url: str, keep: Retention = KEEP) -> Forgotten:
    async with connect(url) as connection:
        return await retention.forget(connection, keep)


def run(query: Query, url: str, kind: str, days: float, **columns: str) -> str:
    """Write a run that ended so many days ago; its id. `columns` are in SQL."""
    given = {
        "sync_type": f"'{kind}'",
        "status": "'completed'",
        "started_at": f"now() - interval '{days} days'",
        "completed_at": f"now() - interval '{days} days'",
        **columns,
    }
    text = f"INSERT INTO registry_sync_log ({', '.join(given)}) VALUES ({', '.join(given.values())}) RETURNING id::text"
    return str(query(url, text)[0]["id"])


def ids(query: Query, url: str) -> set[str]:
    return {row["id"] for row in query(url, "SELECT id::text FROM registry_sync_log")}


async def test_a_run_that_changed_nothing_is_kept_for_a_week_and_any_other_for_a_year(
    database_url: str, query: Query
) -> None:
    kept = ids(query, database_url)  # the seed
    old = {
        run(query, database_url, "health", 8),
        run(query, database_url, "health", 8, errors="'{openai: it answered 503}'"),
        run(query, database_url, "thermal", 8, errors="'{vllm: it answered 503}'"),
        run(query, database_url, "health", 366, providers_updated="3"),
        run(query, database_url, "health", 400, status="'failed'", error_message="'x'"),
        run(query, database_url, "models", 8, dry_run="true", models_added="2"),
    }
    kept |= {
        run(query, database_url, "health", 6),
        run(query, database_url, "health", 6, errors="'{openai: it answered 503}'"),
        run(query, database_url, "health", 8, errors="'{openai: it answered 503}'", providers_updated="1"),
        run(query, database_url, "models", 8, errors="'{openai: it answered 503}'"),
        run(query, database_url, "thermal", 6),
        run(query, database_url, "health", 8, providers_updated="1"),
        run(query, database_url, "health", 8, status="'failed'", error_message="'x'"),
        run(query, database_url, "health", 500, status="'running'", completed_at="NULL"),
        run(query, database_url, "models", 6, dry_run="true"),
    }
    assert (await forget(database_url)).runs == len(old)
    assert ids(query, database_url) == kept
    assert (await forget(database_url)).runs == 0


async def test_the_last_run_of_a_kind_is_kept_however_old(database_url: str, query: Query) -> None:
    last = run(query, database_url, "pricing", 900)
    failed = run(query, database_url, "pricing", 950, status="'failed'", error_message="'x'")
    of_one = run(query, database_url, "pricing", 990, provider="'openai'")
    run(query, database_url, "pricing", 1000)
    await forget(database_url)
    assert {last, failed, of_one} <= ids(query, database_url)
    assert len(query(database_url, "SELECT id FROM registry_sync_log WHERE sync_type = 'pricing'")) == 3


async def test_what_a_provider_said_last_is_kept_and_so_is_what_was_evidence(database_url: str, query: Query) -> None:
    runs = [run(query, database_url, "models", days) for days in (40, 30, 20, 10, 1)]
    first, second, third, fourth, last = runs
    result = (
        "INSERT INTO sync_results (run_id, provider_id, at, complete) "
        "SELECT id, %s, started_at, %s FROM registry_sync_log WHERE id = %s::text::uuid"
    )
    query(database_url, result, "openai", True, first)  # only later ones say that: an incomplete list, and none
    query(database_url, result, "openai", False, second)
    query(database_url, result, "openai", None, last)
    query(database_url, result, "groq", True, third)
    query(database_url, result, "groq", True, last)
    evidence = "INSERT INTO model_evidence (provider_id, model_id, what, run_id) VALUES ('groq', 'x', 'absent', %s)"
    query(database_url, evidence, fourth)
    await forget(database_url)
    assert set(runs) & ids(query, database_url) == {first, second, fourth, last}
    assert query(database_url, "SELECT count(*) AS n FROM sync_results WHERE provider_id = 'groq'") == [{"n": 1}]


async def test_evidence_is_kept_for_a_year_and_as_long_as_it_speaks(database_url: str, query: Query) -> None:
    query(database_url, "UPDATE models SET deprecated = true WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'")
    query(
        database_url,
        "INSERT INTO discovered_models (provider_id, model_id, family, status, absent_since) "
        "VALUES ('openai', 'gpt-5.5', 'gpt-5.5', 'known', now())",
    )
    query(
        database_url,
        "INSERT INTO model_evidence (provider_id, model_id, what, at) "
        "SELECT 'openai', id, 'absent', now() - interval '1 day' * days "
        "FROM unnest(ARRAY['gpt-4o-mini', 'gpt-5.5', 'gpt-6-luna']) id, unnest(ARRAY[360, 370]) days",
    )
    assert (await forget(database_url)).evidence == 1
    left = query(database_url, "SELECT model_id FROM model_evidence ORDER BY 1")
    assert [row["model_id"] for row in left] == ["gpt-4o-mini"] * 2 + ["gpt-5.5"] * 2 + ["gpt-6-luna"]


async def test_events_are_kept_for_a_month_and_of_runs_that_changed_nothing_for_a_week(
    database_url: str, query: Query
) -> None:
    query(database_url, "SELECT number_events()")  # those of the seed
    for days, of in ((8, "quiet"), (6, "quiet"), (8, "failing"), (8, "busy"), (31, "busy")):
        errors = "'{openai: it answered 503}'" if of == "failing" else "'{}'"
        run(query, database_url, "health", 0, providers_updated="1" if of == "busy" else "0", errors=errors)
        query(
            database_url,
            "UPDATE events SET time = now() - %s * interval '1 day', source = %s WHERE seq IS NULL",
            days,
            f"{of} {days}",
        )
        query(database_url, "SELECT number_events()")
    query(database_url, "SELECT emit_event('radiant.sync.completed', 'mine', '{}')")
    query(database_url, "UPDATE events SET time = now() - interval '8 days', source = 'mine' WHERE seq IS NULL")
    query(database_url, "SELECT number_events()")
    query(database_url, "INSERT INTO event_sinks (name, kind) VALUES ('ops', 'log')")
    dead = "INSERT INTO event_dead_letters (sink, seq, error) SELECT 'ops', seq, 'gone' FROM events WHERE source = %s"
    query(database_url, dead, "busy 31")
    assert (await forget(database_url)).events == 3
    left = {row["source"] for row in query(database_url, "SELECT source FROM events")}
    assert left - {"radiant.registry"} == {"quiet 6", "busy 8", "mine"}
    assert query(database_url, "SELECT count(*) AS n FROM event_dead_letters") == [{"n": 0}]
    assert (await forget(database_url, Retention(event_days=5))).events == 3


@pytest.mark.parametrize("keep", [KEEP, Retention(event_days=1, run_days=1, uneventful_days=1)])
async def test_a_young_registry_loses_nothing(database_url: str, keep: Retention) -> None:
    assert not await forget(database_url, keep)


async def test_a_registry_that_stays_up_is_cleaned_whatever_went_wrong_before(
    database: Database, database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed: list[bool] = []

    async def fails_at_first(connection: Connection, keep: Retention) -> Forgotten:
        if not failed:
            failed.append(True)
            raise OSError("no more files")
        return await retention.forget(connection, keep)

    monkeypatch.setattr(cleaning_up, "retention", SimpleNamespace(forget=fails_at_first))
    run(query, database_url, "health", 8)
    newer = run(query, database_url, "health", 1)
    cleaning = Cleaning(database, KEEP, pause=0.05)
    cleaning.start()
    count = "SELECT id::text FROM registry_sync_log WHERE sync_type = 'health'"
    await until(lambda: query(database_url, count) == [{"id": newer}])
    run(query, database_url, "health", 9)
    await until(lambda: query(database_url, count) == [{"id": newer}])
    await cleaning.close()
    assert failed


async def test_a_run_that_took_over_a_public_catalog_changed_something_and_what_one_said_last_is_kept(
    database_url: str, query: Query
) -> None:
    runs = [run(query, database_url, "models", days) for days in (40, 30, 20, 1)]
    took, last, nothing_new, asked = runs
    result = (
        "INSERT INTO source_results (run_id, source, at, outcome) "
        "SELECT id, %s, started_at, %s FROM registry_sync_log WHERE id = %s::text::uuid"
    )
    query(database_url, result, "litellm", "imported", took)
    query(database_url, result, "litellm", "unchanged", nothing_new)
    query(database_url, result, "openrouter", "unchanged", last)
    query(database_url, result, "litellm", "unchanged", asked)
    query(database_url, result, "openrouter", None, asked)  # it never came
    await forget(database_url)
    assert set(runs) & ids(query, database_url) == {took, last, asked}
    await forget(database_url, Retention(run_days=35))
    assert set(runs) & ids(query, database_url) == {last, asked}
