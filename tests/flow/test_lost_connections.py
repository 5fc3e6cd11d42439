"""Connections that died are dropped at once, and the next request has one that works."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from psycopg.rows import DictRow

from radiant.domain.errors import DatabaseUnreachable, DatabaseUnusable, RadiantError, ValueRefused
from radiant.embedded.server import EmbeddedServer
from radiant.registry import connection as registry_connection
from radiant.registry import pool
from radiant.registry.address import Address
from radiant.registry.connection import RegistryConnection
from radiant.registry.database import Database, connect
from radiant.warmups import WarmupRequests

Query = Callable[..., list[DictRow]]

OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
def own_server(home: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer.open(home) as server:
        yield server


@pytest.fixture
async def full(database_url: str) -> AsyncIterator[Database]:
    """A database whose pool holds eight connections."""
    async with await Database.open(database_url) as database:
        await fill(database)
        yield database


async def fill(database: Database) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(8):
            await stack.enter_async_context(database.connection())


async def pid(database: Database) -> int:
    (row,) = await database.rows("SELECT pg_backend_pid() AS it")
    return int(row["it"])


async def test_after_a_restart_the_very_next_requests_succeed(own_server: EmbeddedServer) -> None:
    async with await Database.open(own_server.url) as database:
        for how in (signal.SIGKILL, signal.SIGINT):
            await fill(database)
            os.kill(int((own_server.data / "postmaster.pid").read_text().splitlines()[0]), how)
            await ended(own_server, database)
            with pytest.raises(DatabaseUnreachable, match="does not answer: "):
                await pid(database)
            assert database._pool._idle == [], "one dead connection told of all eight; each look costs a second"
            await asyncio.to_thread(own_server.revive)
            await asyncio.gather(*(pid(database) for _ in range(8)))


async def ended(server: EmbeddedServer, database: Database) -> None:
    """Wait until the server is gone and each of its sessions: they outlive it for a moment, and answer."""
    while server.is_alive() or any(it._is_quiet() for it in database._pool._idle):  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def test_eight_connections_ended_by_the_server_cost_no_request(full: Database, query: Query) -> None:
    assert len(query(full.url, f"SELECT pg_terminate_backend(pid, 10000) {OTHERS}")) == 8
    assert await pid(full)
    assert len(query(full.url, f"SELECT pid {OTHERS}")) == 1


async def test_while_the_server_is_away_a_request_is_told_so_at_once(own_server: EmbeddedServer) -> None:
    async with await Database.open(own_server.url) as database:
        await fill(database)
        await asyncio.to_thread(own_server._cluster.stop)
        async with asyncio.timeout(3):
            for _ in range(20):
                with pytest.raises(DatabaseUnreachable, match="does not answer: No such file or directory"):
                    await pid(database)


async def test_a_connection_that_does_not_answer_any_more_is_left_after_a_second(
    own_server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_connection, "FRESH", 0.0)
    async with await Database.open(own_server.url) as database:
        frozen = await pid(database)
        os.kill(frozen, signal.SIGSTOP)
        try:
            async with asyncio.timeout(4):
                assert await pid(database) != frozen
        finally:
            os.kill(frozen, signal.SIGCONT)


async def test_a_connection_lost_in_the_middle_of_a_request_takes_the_idle_ones_with_it(
    full: Database, query: Query
) -> None:
    with pytest.raises(DatabaseUnreachable, match="terminating connection due to administrator command"):
        async with full.connection() as connection:
            query(full.url, f"SELECT pg_terminate_backend(pid, 10000) {OTHERS}")
            await connection.execute("SELECT 1")
    assert full._pool._idle == []
    assert await pid(full)


async def test_a_cancelled_request_gives_its_place_back(full: Database) -> None:
    asking = [asyncio.create_task(full.rows("SELECT pg_sleep(60)")) for _ in range(8)]
    await asyncio.sleep(0.1)
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    async with asyncio.timeout(10):
        await fill(full)


async def test_who_waits_too_long_for_a_connection_is_told_that_all_are_in_use(
    full: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "WAIT", 0.05)
    async with AsyncExitStack() as stack:
        for _ in range(8):
            await stack.enter_async_context(full.connection())
        with pytest.raises(DatabaseUnreachable, match=r"All 8 connections to .* are in use\. Try"):
            await pid(full)
    assert await pid(full)


async def test_old_and_long_unused_connections_are_made_anew(full: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = await pid(full)
    assert await pid(full) == kept
    for name in ("LONGEST_IDLE", "LONGEST_LIFE"):
        with monkeypatch.context() as patched:
            patched.setattr(pool, name, -1.0)
            assert await pid(full) != kept
        kept = await pid(full)


async def test_what_somebody_left_open_is_not_given_to_the_next(full: Database) -> None:
    async with full.connection() as connection:
        await connection.execute("BEGIN")
        left = connection.info.backend_pid
    assert await pid(full) != left


async def test_a_closed_pool_gives_nothing_out_and_keeps_nothing(database_url: str, query: Query) -> None:
    database = await Database.open(database_url)
    async with database.connection() as connection:
        await database.close()
        await connection.execute("SELECT 1")
    with pytest.raises(DatabaseUnreachable, match="are closed"):
        await pid(database)
    assert query(database_url, f"SELECT pid {OTHERS}") == []


async def test_a_warm_up_is_asked_for_over_a_new_connection_where_the_old_one_died(
    database_url: str, query: Query
) -> None:
    database = Database(database_url, largest=1)
    warmups = WarmupRequests(database)
    query(database_url, "UPDATE thermal_states SET current_state = 'COLD'")
    assert await warmups.request("llama-3.3-70b")
    query(database_url, f"SELECT pg_terminate_backend(pid, 10000) {OTHERS}")
    assert not await warmups.request("llama-3.3-70b"), "asked for already"
    await warmups.close()
    await database.close()


@pytest.mark.parametrize(
    ("statement", "kind", "said"),
    [
        ("SELECT * FROM nowhere", DatabaseUnusable, 'is damaged: relation "nowhere" does not exist.'),
        ("SELEKT", DatabaseUnusable, 'refused a statement: syntax error at or near "SELEKT".'),
        ("SELECT %s", DatabaseUnusable, "refused a statement: the query has 1 placeholders but 0 parameters"),
        ("SELECT 'x'::integer", ValueRefused, 'invalid input syntax for type integer: "x"'),
        ("SELECT 1 / 0", ValueRefused, "division by zero"),
    ],
)
async def test_no_error_of_the_driver_reaches_a_person(
    database_url: str, statement: str, kind: type[RadiantError], said: str
) -> None:
    async with await Database.open(database_url) as database:
        with pytest.raises(kind) as pooled:
            await database.rows(statement, [])
        with pytest.raises(kind) as single:
            async with connect(database_url) as connection:
                await connection.execute(statement.encode(), [])
        assert said in str(pooled.value)
        assert str(single.value) == str(pooled.value)
        assert await pid(database)


async def test_half_a_character_is_a_refused_value(full: Database) -> None:
    with pytest.raises(ValueRefused, match="none in Unicode"):
        await full.rows("SELECT %s", ["\ud800"])


async def test_every_kind_of_connection_takes_the_session_and_a_password_of_its_own(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pool, a single connection and a warm-up ask for the password each time; a coroutine function may give it."""
    given: list[Any] = []
    real = RegistryConnection.connect

    async def connecting(**parameters: Any) -> Any:
        given.append(parameters["password"])
        return await real(**parameters)

    async def password() -> str:
        return f"token-{len(given)}"

    monkeypatch.setattr(RegistryConnection, "connect", connecting)
    address = Address(database_url, password)
    async with await Database.open(address) as database:
        assert await database.rows("SHOW timezone") == [{"TimeZone": "UTC"}]
    async with connect(address) as connection:
        assert await (await connection.execute("SHOW timezone")).fetchall() == [{"TimeZone": "UTC"}]
    async with Database(Address(database_url, lambda: "plain"), largest=1) as database:
        await WarmupRequests(database).request("nobody")
    assert given == ["token-0", "token-1", "plain"]


async def test_a_password_that_cannot_be_had_is_told_without_its_reason() -> None:
    def password() -> str:
        raise LookupError("secret")

    with pytest.raises(DatabaseUnreachable) as caught:
        await Database.open(Address("postgresql://ada@h/d", password))
    assert str(caught.value) == "The password for PostgreSQL at h:5432, database d cannot be had: LookupError."


def test_an_address_is_shown_without_its_password() -> None:
    assert repr(Address("postgresql://ada:secret@h/d")) == "Address(h:5432, database d)"
