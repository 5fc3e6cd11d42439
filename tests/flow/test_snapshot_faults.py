"""While the database is away, or says what cannot be read, choices go on, and what was missed is seen afterwards."""

import asyncio
import time
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from structlog.testing import capture_logs

from radiant import Selector
from radiant.domain.errors import DatabaseUnreachable
from radiant.selection.answer.index import Index
from tests.flow.following import AWAY, BACK, OTHERS, Clock, Query, best, followed, keys, names
from tests.waiting import HANG, until

pytestmark = pytest.mark.usefixtures("impatience")


def told(logs: Sequence[object], times: int) -> bool:
    return len(logs) == times


async def test_lost_connections_are_made_again_and_nothing_is_missed(database_url: str, query: Query) -> None:
    async with followed(database_url, poll=600) as (selector, _):
        for name in ("one", "two", "three"):
            await until(lambda: query(database_url, f"SELECT pid {OTHERS}"))
            with capture_logs() as logs:
                query(database_url, f"SELECT pg_terminate_backend(pid, 10000) {OTHERS}")
                query(
                    database_url,
                    "INSERT INTO models (provider_id, model_id, name, display_name) VALUES ('openai', %s, 'n', 'N')",
                    name,
                )
                await until(partial(told, logs, 2))
            assert [entry["event"] for entry in logs] == [AWAY, BACK]
            assert name in names(selector)


async def test_while_the_database_is_gone_the_last_snapshot_serves_and_tells_its_age(
    database_url: str, server_url: str, query: Query
) -> None:
    name = urlsplit(database_url).path[1:]
    away = database_url.replace(name, f"{name}_away")
    clock = Clock()
    async with followed(database_url, clock=clock, poll=600) as (selector, live):
        before = best(selector)
        assert before.snapshot_age_seconds == 0
        with capture_logs() as logs:
            move(query, server_url, name, f"{name}_away")
            clock.now += 60
            await until(lambda: logs)
            await asyncio.sleep(0.3)
            assert best(selector) == before
            assert best(selector).snapshot_age_seconds == 60
            clock.now += 5
            assert before.snapshot_age_seconds == 65, "a choice made earlier grows old too"
            query(
                away,
                "UPDATE models SET display_name = 'Renamed' WHERE provider_id = %s AND model_id = %s",
                before.provider_id,
                before.model_id,
            )
            move(query, server_url, f"{name}_away", name)
            await until(lambda: best(selector).display_name == "Renamed")
            await until(lambda: len(logs) == 2)
        assert best(selector).snapshot_age_seconds == 0
        assert live.builds == 2
        assert [entry["event"] for entry in logs] == [AWAY, BACK]


def move(query: Query, server_url: str, name: str, to: str) -> None:
    """Rename a database under everyone who uses it; whoever is back before us is thrown out again."""
    deadline = time.monotonic() + HANG
    while True:
        query(server_url, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", name)
        try:
            query(server_url, f"ALTER DATABASE {name} RENAME TO {to}")
            return
        except psycopg.errors.ObjectInUse:
            assert time.monotonic() < deadline


async def test_a_row_that_cannot_be_read_is_left_out_and_told(database_url: str, query: Query) -> None:
    price = "UPDATE models SET cost_per_request = %s WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'"
    with capture_logs() as logs:
        async with followed(database_url, poll=600) as (selector, _):
            everything = names(selector)
            query(database_url, price, 10**13)
            await until(lambda: ("openai", "gpt-4o-mini") not in keys(selector))
            assert len(names(selector) | {"gpt-4o-mini"}) == len(everything), "the others stay"
            query(database_url, "UPDATE thermal_states SET current_state = 'HOT' WHERE model_id = 'llama-3.3-70b'")
            await until(lambda: best(selector).model_id == "llama-3.3-70b")
            query(database_url, price, 1)
            await until(lambda: ("openai", "gpt-4o-mini") in keys(selector))
    assert logs == [
        {
            "event": "a model cannot be selected from",
            "log_level": "warning",
            "reason": "gpt-4o-mini: column cost_per_request: 10000000000000 is beyond 1,000,000,000,000",
        }
    ]


async def test_even_hundreds_of_bad_rows_do_not_take_the_others_with_them(database_url: str, query: Query) -> None:
    async with followed(database_url, poll=600) as (selector, _):
        query(
            database_url,
            "INSERT INTO models (provider_id, model_id, name, display_name, cost_per_request)"
            " SELECT 'openai', 'bad-' || n, 'n', 'N', 1e13 FROM generate_series(1, 300) n",
        )
        query(database_url, "UPDATE thermal_states SET current_state = 'HOT' WHERE model_id = 'llama-3.3-70b'")
        await until(lambda: best(selector).model_id == "llama-3.3-70b")
        assert not any(name.startswith("bad-") for name in names(selector))
    async with await Selector.connect(database_url) as fresh:
        assert keys(fresh) == keys(selector)


async def test_there_is_no_selector_without_a_first_snapshot(database_url: str) -> None:
    with pytest.raises(DatabaseUnreachable, match="that database does not exist"):
        await Selector.connect(database_url.replace("radiant_test_", "nowhere_"))


async def test_an_unforeseen_error_while_renewing_does_not_end_the_renewing(database_url: str, query: Query) -> None:
    failures: list[str] = []

    def change(*_: Any, **__: Any) -> Index:
        failures.append("change")
        raise ArithmeticError("unforeseen")

    def build(rows: Any, **options: Any) -> Index:
        if failures == ["change"]:
            failures.append("build")
            raise ArithmeticError("unforeseen")
        return Selector().build(rows, **options)

    with capture_logs() as logged:
        async with followed(database_url, build=build, change=change) as (selector, live):
            query(database_url, "UPDATE models SET display_name = 'second' WHERE model_id = 'gpt-4o-mini'")
            await until(lambda: "second" in {candidate.display_name for candidate in selector.candidates})
            assert live.loads == 2, "after what could not be changed, everything is read"
    assert failures == ["change", "build"]
    assert "the snapshot could not be renewed; the last one serves" in {entry["event"] for entry in logged}
