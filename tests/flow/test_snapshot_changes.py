"""A snapshot that is given only what changed, and reads everything where the record of changes cannot tell."""

import datetime as dt
import threading
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from radiant import Selector, snapshot
from radiant.registry import snapshots
from radiant.registry.database import Connection
from radiant.selection.answer.index import Index
from tests.flow.following import OTHERS, Query, followed, keys, own
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("impatience")

MINI = "provider_id = 'openai' AND model_id = 'gpt-4o-mini'"
NAMED = f"UPDATE models SET display_name = '{{}}' WHERE {MINI}"
RECORD = "DELETE FROM registry_changes WHERE version = currval('registry_changes_version_seq')"


@pytest.fixture
def other(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database_url) as connection:
        yield connection


def named(selector: Selector, name: str) -> bool:
    return name in {it.display_name for it in selector.candidates}


@pytest.mark.parametrize("most", [snapshots.MOST_MODELS, 1], ids=["without their rows", "with their rows"])
async def test_a_provider_that_was_measured_changes_its_models_but_not_what_was_measured_of_themselves(
    database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(snapshots, "MOST_MODELS", most)
    query(
        database_url,
        "INSERT INTO model_health (provider_id, model_id, status, avg_latency_ms, fresh)"
        " VALUES ('openai', 'gpt-4o-mini', 'healthy', 3, true), ('openai', 'gpt-4o', 'healthy', 4, true),"
        " ('openai', 'gpt-5.5', 'healthy', 5, false)",
    )
    health = "UPDATE provider_health SET status = '{}', avg_latency_ms = {} WHERE provider_id = 'openai'"

    def found(selector: Selector) -> dict[str, tuple[str, float | None]]:
        theirs = [it for it in selector.candidates if it.provider_id == "openai"]
        return {it.model_id: (it.health_status, it.avg_latency_ms) for it in theirs}

    async with followed(database_url, poll=600) as (selector, live):
        own = {"gpt-4o-mini": 3, "gpt-4o": 4}
        for status, of_own, latency in (("degraded", "healthy", 77), ("unhealthy", "unhealthy", 88)):
            query(database_url, health.format(status, latency))
            await until(lambda latency=latency: found(selector)["gpt-5.5"][1] == latency)  # type: ignore[misc]
            for model_id, measured in found(selector).items():
                assert measured == ((of_own, own[model_id]) if model_id in own else (status, latency))
        assert live.loads == 1


async def test_each_kind_of_change_is_taken_over_without_reading_everything(database_url: str, query: Query) -> None:
    def provider(name: str) -> set[Any]:
        return {it.health_status for it in selector.candidates if it.provider_id == name}

    async with followed(database_url, poll=600) as (selector, live):
        query(database_url, NAMED.format("Other"))
        await until(lambda: named(selector, "Other"))
        query(database_url, f"DELETE FROM models WHERE {MINI}")
        await until(lambda: ("openai", "gpt-4o-mini") not in keys(selector))
        query(database_url, "UPDATE thermal_states SET current_state = 'HOT' WHERE model_id = 'sam-2'")
        await until(lambda: own(selector, "sam-2") == "HOT")
        query(database_url, "UPDATE provider_health SET status = 'degraded' WHERE provider_id = 'openai'")
        await until(lambda: provider("openai") == {"degraded"})
        query(database_url, "UPDATE providers SET enabled = false WHERE id = 'openai'")
        await until(lambda: not provider("openai"))
        query(database_url, "UPDATE providers SET enabled = true WHERE id = 'openai'")
        await until(lambda: provider("openai") == {"degraded"})
        query(database_url, "UPDATE providers SET enabled = false WHERE id = 'self_hosted'")
        await until(lambda: not provider("self_hosted"))
        query(database_url, "UPDATE default_models SET model_id = 'gpt-5.5' WHERE task = 'chat'")
        await until(lambda: selector._index.defaults["chat"] == "gpt-5.5")
        query(database_url, "INSERT INTO providers (id, display_name) VALUES ('new', 'New')")
        await until(lambda: "new" in selector._index.names.providers)
        assert live.loads == 1


@pytest.mark.parametrize(
    "everything",
    [
        f"TRUNCATE default_models; TRUNCATE provider_health; {NAMED.format('Now')}",
        "UPDATE models SET display_name = 'Now'",
        f"SELECT announce_everything(); {NAMED.format('Now')}",
        "SET session_replication_role = replica; UPDATE models SET display_name = 'Now'",
    ],
    ids=["truncate", "more than are listed", "announced as such", "a replica's"],
)
async def test_a_change_that_is_not_listed_row_by_row_has_everything_read(
    database_url: str, query: Query, everything: str
) -> None:
    async with followed(database_url, poll=600) as (selector, live):
        query(database_url, everything)
        await until(lambda: named(selector, "Now"))
        assert (live.loads, live.builds) == (2, 2)


async def test_a_transaction_that_ends_long_after_later_ones_is_taken_over(
    database_url: str, query: Query, other: psycopg.Connection[Any]
) -> None:
    async with followed(database_url, poll=0.05) as (selector, live):
        other.execute("UPDATE thermal_states SET current_state = 'HOT' WHERE model_id = 'sam-2'")
        for name in ("One", "Two", "Three"):
            query(database_url, NAMED.format(name))
            await until(partial(named, selector, name))
        assert own(selector, "sam-2") != "HOT"
        other.commit()
        await until(lambda: own(selector, "sam-2") == "HOT")
        assert live.loads == 1


async def test_a_transaction_is_seen_whole_or_not_at_all(
    database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two providers and a model of one's own change together, and again while the first change is being read."""
    seen: list[tuple[str, ...]] = []
    asked, asks = snapshots._asked, 0

    def both(status: str, state: str) -> str:
        return (
            f"BEGIN; UPDATE provider_health SET status = '{status}' WHERE provider_id = 'openai';"
            f" UPDATE thermal_states SET current_state = '{state}' WHERE model_id = 'sam-2';"
            f" UPDATE provider_health SET status = '{status}' WHERE provider_id = 'anthropic'; COMMIT"
        )

    async def interrupted(connection: Connection, *given: Any) -> Any:
        nonlocal asks
        if connection.info.transaction_status != TransactionStatus.INTRANS:  # one statement sees one instant anyway
            return await asked(connection, *given)
        asks += 1
        if asks < 4:
            query(database_url, both("healthy", "WARM") if asks % 2 else both("degraded", "HOT"))
        return await asked(connection, *given)

    def watch(index: Index) -> None:
        found = {it.provider_id: str(it.health_status) for it in index.candidates if it.provider_id != "self_hosted"}
        (state,) = {str(it.thermal_state) for it in index.candidates if it.model_id == "sam-2"}
        seen.append((found["openai"], found["anthropic"], state))

    monkeypatch.setattr(snapshots, "_asked", interrupted)
    async with followed(database_url, poll=600, watch=watch) as (_, live):
        query(database_url, both("degraded", "HOT"))
        await until(lambda: asks >= 4 and seen[-1] == ("healthy", "healthy", "WARM"))
        assert live.loads == 1
    first, *later = seen
    assert first[:2] == ("unknown", "unknown")
    assert set(later) == {("degraded", "degraded", "HOT"), ("healthy", "healthy", "WARM")}


PRUNE = (
    f"BEGIN; {NAMED.format('Now')}; UPDATE registry_changes_pruned SET digest = digest #"
    f" change_digest('models', currval('registry_changes_version_seq')); {RECORD}; COMMIT"
)


async def test_what_was_pruned_before_it_was_read_has_everything_read(database_url: str, query: Query) -> None:
    async with followed(database_url, poll=600) as (selector, live):
        query(database_url, NAMED.format("Before"))
        await until(lambda: named(selector, "Before"))
        query(database_url, PRUNE)
        await until(lambda: named(selector, "Now"))
        assert live.loads == 2


async def test_what_was_pruned_after_it_was_read_is_no_reason_to_read_everything(
    database_url: str, query: Query
) -> None:
    async with followed(database_url, poll=600) as (selector, live):
        query(database_url, NAMED.format("Read"))
        await until(lambda: named(selector, "Read"))
        query(
            database_url,
            "WITH gone AS (DELETE FROM registry_changes RETURNING change_digest(source_table, version) AS digest)"
            " UPDATE registry_changes_pruned SET digest = digest # (SELECT bit_xor(digest) FROM gone)",
        )
        query(database_url, NAMED.format("Later"))
        await until(lambda: named(selector, "Later"))
        assert live.loads == 1


async def test_a_record_that_somebody_emptied_is_found_by_looking(database_url: str, query: Query) -> None:
    async with followed(database_url, poll=0.1) as (selector, live):
        query(database_url, f"BEGIN; {NAMED.format('Now')}; {RECORD}; TRUNCATE registry_changes; COMMIT")
        await until(lambda: named(selector, "Now"))
        assert live.loads == 2


def is_so(selector: Selector, state: str) -> bool:
    return bool(own(selector, "sam-2") == state)


async def test_where_changes_never_cease_it_looks_all_the_same(database_url: str, query: Query) -> None:
    async with followed(database_url, poll=0.5) as (selector, live):
        query(database_url, NAMED.format("Before"))
        await until(lambda: named(selector, "Before"))
        query(database_url, f"BEGIN; {NAMED.format('Hidden')}; TRUNCATE registry_changes; COMMIT")
        for state in cycle(("HOT", "WARM")):
            query(database_url, "UPDATE thermal_states SET current_state = %s WHERE model_id = 'sam-2'", state)
            await until(partial(is_so, selector, state))
            if named(selector, "Hidden"):
                break
        assert live.loads == 2


async def test_announcements_that_were_lost_are_taken_over_by_looking(
    database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "CHANNEL", "another")
    async with followed(database_url, poll=0.05) as (selector, live):
        for name in ("One", "Two"):
            query(database_url, NAMED.format(name))
            await until(partial(named, selector, name))
        assert live.loads == 1


async def test_after_a_lost_connection_everything_is_read(database_url: str, query: Query) -> None:
    async with followed(database_url, poll=600) as (selector, live):
        await until(lambda: query(database_url, f"SELECT pid {OTHERS}"))
        query(database_url, f"SELECT pg_terminate_backend(pid, 10000) {OTHERS}")
        query(database_url, NAMED.format("Now"))
        await until(lambda: named(selector, "Now"))
        assert live.loads == 2


async def test_more_changed_models_than_are_worth_looking_up_have_everything_read(
    database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "MOST_MODELS", 1)
    monkeypatch.setattr(snapshots, "FEW_MODELS", 1)
    async with followed(database_url, poll=600) as (selector, live):
        query(database_url, NAMED.format("Now"))
        await until(lambda: named(selector, "Now"))
        assert live.loads == 1
        query(database_url, "UPDATE models SET display_name = 'All' WHERE provider_id = 'openai'")
        await until(lambda: named(selector, "All"))
        assert live.loads == 2


async def test_many_changed_models_are_put_in_place_beside_the_event_loop(
    database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "MANY_CHANGED", 2)
    threads: list[bool] = []

    def change(*given: Any, **more: Any) -> Index:
        threads.append(threading.current_thread() is threading.main_thread())
        return Selector().build_changed(*given, **more)

    async with followed(database_url, poll=600, change=change) as (selector, _):
        query(database_url, NAMED.format("Now"))
        await until(lambda: named(selector, "Now"))
        query(database_url, "UPDATE provider_health SET status = 'degraded' WHERE provider_id = 'openai'")
        await until(lambda: len(threads) == 2)
    assert threads == [True, False]


async def test_on_a_new_day_what_changed_and_what_did_not_are_of_that_day(database_url: str, query: Query) -> None:
    days = [dt.date(2031, 1, 1)]

    def left(selector: Selector) -> set[int | None]:
        return {it.days_left for it in selector.candidates if it.provider_id in ("openai", "anthropic")}

    query(database_url, "UPDATE models SET retires = '2031-01-03' WHERE provider_id IN ('openai', 'anthropic')")
    async with followed(database_url, poll=600, today=lambda: days[-1]) as (selector, live):
        assert left(selector) == {2}
        days.append(dt.date(2031, 1, 2))
        query(database_url, NAMED.format("Now"))
        await until(lambda: named(selector, "Now"))
        assert left(selector) == {1}
        assert live.loads == 1
