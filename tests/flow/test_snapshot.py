"""The selector follows the registry: every committed change is seen."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from radiant import Selector, snapshot
from radiant.registry import snapshots
from radiant.registry.database import Connection
from radiant.registry.ear import Ear
from radiant.selection.answer.index import Index
from tests.flow.following import CHAT, OTHERS, Clock, Query, best, followed, names, own
from tests.waiting import HANG, until

pytestmark = pytest.mark.usefixtures("impatience")


async def test_a_price_is_seen(database_url: str, query: Query) -> None:
    async with await Selector.connect(database_url) as selector:
        first = best(selector, profile="cheapest", prefer_hosting="external")
        query(
            database_url,
            "UPDATE models SET input_cost_per_1k = 0, output_cost_per_1k = 0 WHERE model_id = 'gpt-4o-mini'"
            " AND provider_id = 'openai'",
        )
        await until(lambda: best(selector, profile="cheapest", prefer_hosting="external").model_id == "gpt-4o-mini")
        assert first.model_id != "gpt-4o-mini"
        assert best(selector, profile="cheapest", prefer_hosting="external").estimated_cost == 0


async def test_warmth_health_and_disabling_are_seen(database_url: str, query: Query) -> None:
    async with followed(database_url, poll=600) as (selector, _):
        assert best(selector).thermal_state is None
        query(database_url, "UPDATE thermal_states SET current_state = 'HOT' WHERE model_id = 'llama-3.3-70b'")
        await until(lambda: best(selector).model_id == "llama-3.3-70b")
        query(database_url, "UPDATE thermal_states SET current_state = 'OFF' WHERE model_id = 'llama-3.3-70b'")
        await until(lambda: best(selector).provider_id != "self_hosted")

        first = best(selector).provider_id
        query(database_url, "UPDATE provider_health SET status = 'unhealthy' WHERE provider_id = %s", first)
        await until(lambda: best(selector).provider_id != first)
        query(database_url, "UPDATE provider_health SET status = 'healthy' WHERE provider_id = 'anthropic'")
        await until(lambda: best(selector).provider_id == "anthropic")
        query(database_url, "UPDATE providers SET enabled = false WHERE id = 'anthropic'")
        await until(lambda: best(selector).provider_id != "anthropic")
        assert "anthropic" not in {candidate.provider_id for candidate in selector.candidates}


async def test_a_new_model_a_new_default_and_an_emptied_table_are_seen(database_url: str, query: Query) -> None:
    asked = {**CHAT, "task": "other"}
    async with followed(database_url, poll=600) as (selector, _):
        assert selector.select(**asked) is None
        query(database_url, "INSERT INTO default_models (task, model_id) VALUES ('other', 'gpt-4o-mini')")
        await until(lambda: selector._index.defaults.get("other") == "gpt-4o-mini")
        assert (await selector.select_with_fallback(**asked)).model_id == "gpt-4o-mini"
        query(
            database_url,
            "INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, input_modalities,"
            " output_modalities) VALUES ('openai', 'new', 'new', 'New', 'other', '{text}', '{text}')",
        )
        await until(lambda: selector.select(**asked) is not None)
        query(database_url, "TRUNCATE models")
        await until(lambda: {candidate.provider_id for candidate in selector.candidates} == {"self_hosted"})
        query(database_url, "TRUNCATE self_hosted_models CASCADE")
        await until(lambda: not selector.candidates)
        assert selector.select(**asked) is None


@pytest.mark.parametrize("few", [0, snapshots.FEW_MODELS], ids=["several statements", "one statement"])
async def test_what_changes_while_a_snapshot_is_read_or_built_is_not_lost(
    few: int, database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody commits in the middle of the reading and of the building of the first load, and of the next change; or
    right after the reading, where that is one statement."""
    selector, defaults, rows_of, ask = Selector(), snapshots._defaults, snapshots._rows, Ear.ask
    moments = 0

    def commit(moment: str) -> None:
        nonlocal moments
        moments += 1
        query(
            database_url,
            "INSERT INTO models (provider_id, model_id, name, display_name) VALUES ('openai', %s, 'n', 'N')",
            f"{moment} {moments}",
        )

    def interrupted(read: Callable[..., Any]) -> Callable[..., Any]:
        async def reading(connection: Connection, *more: Any) -> Any:
            assert connection.info.transaction_status == TransactionStatus.INTRANS
            if moments < 4:
                commit("read")
            return await read(connection, *more)

        return reading

    async def read_at_once(ear: Ear, *asked: Any) -> list[bytes | None]:
        found = await ask(ear, *asked)
        if few and moments < 4:
            commit("read")
        return found

    def built(make: Callable[..., Index]) -> Callable[..., Index]:
        def building(*given: Any, **more: Any) -> Index:
            if moments < 4:
                commit("built")
            return make(*given, **more)

        return building

    monkeypatch.setattr(snapshots, "_defaults", interrupted(defaults))
    monkeypatch.setattr(snapshots, "_rows", interrupted(rows_of))
    monkeypatch.setattr(Ear, "ask", read_at_once)
    monkeypatch.setattr(snapshots, "FEW_MODELS", few)
    build, change = built(selector.build), built(selector.build_changed)
    async with followed(database_url, build=build, change=change, poll=600) as (told, live):
        assert not {"read 1", "built 2"} & names(told)
        await until(lambda: {"read 1", "built 2", "read 3", "built 4"} <= names(told))
        assert (live.loads, live.builds) == (1, 3)


async def test_a_large_registry_is_built_beside_the_event_loop(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is built in a thread that waits for the event loop to run meanwhile."""
    monkeypatch.setattr(snapshot, "MANY_ROWS", 1)
    selector, loop, loop_ran = Selector(), asyncio.get_running_loop(), threading.Event()

    def build(rows: Iterable[Mapping[str, Any]], **more: Any) -> Index:
        assert threading.current_thread() is not threading.main_thread()
        loop.call_soon_threadsafe(loop_ran.set)
        assert loop_ran.wait(HANG), "the event loop stood still"
        return selector.build(rows, **more)

    async with followed(database_url, build=build):
        assert loop_ran.is_set()


async def test_a_burst_of_changes_costs_few_builds_and_its_last_value_is_seen(database_url: str) -> None:
    def burst() -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            for number in range(1, 1001):
                connection.execute("UPDATE models SET context_window = %s WHERE model_id = 'gpt-4o-mini'", [number])

    def window(selector: Selector) -> set[int | None]:
        return {it.context_window for it in selector.candidates if it.model_id == "gpt-4o-mini"}

    async with followed(database_url, poll=600) as (selector, live):
        started = time.monotonic()
        await asyncio.to_thread(burst)
        await until(lambda: window(selector) == {1000})
        assert 2 <= live.builds <= 3 + (time.monotonic() - started) / snapshot.PAUSE


async def test_a_change_whose_announcement_is_lost_is_found_by_looking(
    database_url: str, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "CHANNEL", "another")
    async with followed(database_url, poll=0.1) as (selector, live):
        query(database_url, "UPDATE models SET display_name = 'Quiet' WHERE model_id = 'gpt-4o-mini'")
        await until(lambda: "Quiet" in {candidate.display_name for candidate in selector.candidates})
        query(
            database_url,
            "SET session_replication_role = replica; UPDATE thermal_states SET current_state = 'HOT'"
            " WHERE model_id = 'llama-3.3-70b'",
        )
        await until(lambda: own(selector, "llama-3.3-70b") == "HOT")
        assert live.builds == 3


async def test_what_is_only_measured_builds_nothing(database_url: str, query: Query) -> None:
    async with followed(database_url, poll=0.05) as (selector, live):
        for _ in range(20):
            query(database_url, "UPDATE provider_health SET last_check_at = now(), p99_latency_ms = 7")
            query(database_url, "UPDATE thermal_states SET last_activity = now()")
        query(database_url, "UPDATE models SET display_name = 'Now' WHERE model_id = 'gpt-4o-mini'")
        await until(lambda: "Now" in {candidate.display_name for candidate in selector.candidates})
        assert live.builds == 2


async def test_looking_and_finding_nothing_new_renews_the_age_without_a_build(database_url: str) -> None:
    clock = Clock()
    async with followed(database_url, clock=clock, poll=0.05) as (selector, live):
        choice = best(selector)
        for _ in range(3):
            clock.now += 100
            await until(lambda: choice.snapshot_age_seconds == 0)
        assert live.builds == 1


async def test_closing_leaves_no_task_and_no_connection(database_url: str, query: Query) -> None:
    before = asyncio.all_tasks()
    query(database_url, "UPDATE thermal_states SET current_state = 'COLD'")
    selector = await Selector.connect(database_url)
    asked = {**CHAT, "prefer_hosting": "self_hosted"}
    assert (await selector.select_with_fallback(**asked)).warming is not None
    assert asyncio.all_tasks() != before
    assert query(database_url, f"SELECT application_name {OTHERS}") != []
    await selector.close()
    await until(lambda: query(database_url, f"SELECT application_name {OTHERS}") == [])
    await until(lambda: asyncio.all_tasks() <= before)
    assert selector.select(**asked) is not None, "what was seen last still answers"
    await selector.close()
