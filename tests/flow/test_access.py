"""Whom a request comes from is answered from memory: nobody waits for a database that is away."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.rows import DictRow
from structlog.testing import capture_logs

from radiant import access
from radiant.access import Access
from radiant.registry import access_tokens
from radiant.registry.database import Connection, Database
from tests.flow.following import Clock
from tests.waiting import until

Query = Callable[..., list[DictRow]]

AWAY = "the tokens cannot be read; the last known ones stay good"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def tokens(database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Access]:
    """Knows the reader's token `known`, and looks for the database soon after it went away."""
    monkeypatch.setattr(access, "RETRY", 0.05)
    async with database.connection() as connection:
        await access_tokens.allow(connection, "known", role="reader", name="n")
    opened = Access(database, clock, given={"admin": "from the environment"})
    assert await opened.role_of("known") == "reader"
    yield opened
    await opened.close()


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When the tokens were read from the database."""
    found: list[float] = []
    real = access_tokens.valid_hashes

    async def valid_hashes(connection: Connection) -> Any:
        found.append(time.monotonic())
        return await real(connection)

    monkeypatch.setattr(access_tokens, "valid_hashes", valid_hashes)
    return found


def allow_connections(query: Query, url: str, server_url: str, yes: bool) -> None:
    name = urlsplit(url).path[1:]
    query(server_url, f"ALTER DATABASE {name} ALLOW_CONNECTIONS {yes}")
    query(server_url, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", name)


async def test_a_revoked_and_a_new_token_are_heard_of(tokens: Access, database: Database, query: Query) -> None:
    """The clock stands still, so no look by the clock can be what finds them."""
    query(database.url, "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('new'))")
    await until(lambda: tokens._lookup("new") == "admin")
    query(database.url, "UPDATE access_tokens SET role = 'reader' WHERE hash = sha256('new')")
    await until(lambda: tokens._lookup("new") == "reader")
    query(database.url, "UPDATE access_tokens SET revoked_at = now() WHERE hash = sha256('known')")
    await until(lambda: tokens._lookup("known") is None)
    query(database.url, "DELETE FROM access_tokens")
    await until(lambda: tokens._lookup("new") is None)


@pytest.mark.parametrize(
    ("statement", "announced"),
    [
        ("UPDATE access_tokens SET revoked_at = now()", True),
        ("TRUNCATE access_tokens", True),
        ("UPDATE access_tokens SET name = 'other', role = role", False),
        ("UPDATE access_tokens SET revoked_at = now() WHERE false", False),
        ("DELETE FROM access_tokens WHERE false", False),
    ],
)
async def test_only_what_changes_who_may_come_in_is_announced(
    tokens: Access, database: Database, query: Query, statement: str, announced: bool
) -> None:
    async with await psycopg.AsyncConnection.connect(database.url, autocommit=True) as listener:
        await listener.execute(f"LISTEN {access_tokens.CHANNEL}")
        query(database.url, statement)
        query(database.url, "SELECT pg_notify(%s, 'end')", access_tokens.CHANNEL)
        heard = []
        async for notice in listener.notifies(timeout=20):
            if notice.payload == "end":
                break
            heard.append(notice.payload)
        assert heard == ([""] if announced else [])


async def test_a_new_token_works_at_once(tokens: Access, database: Database, query: Query) -> None:
    query(database.url, "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('new'))")
    assert await tokens.role_of("new") == "admin"


async def test_guessing_costs_the_database_one_look_in_half_a_second(
    tokens: Access, clock: Clock, database: Database, query: Query, readings: list[float]
) -> None:
    query(database.url, "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('new'))")
    await until(lambda: tokens._lookup("new") == "admin")
    before = len(readings)
    assert [await tokens.role_of(f"guess {n}") for n in range(500)] == [None] * 500
    assert len(readings) - before == 1
    before = len(readings)
    clock.now += 0.51
    assert await asyncio.gather(*(tokens.role_of(f"guess {n}") for n in range(500))) == [None] * 500
    assert len(readings) - before == 1


async def test_while_the_database_is_away_every_answer_comes_at_once(
    tokens: Access, clock: Clock, database: Database, server_url: str, query: Query
) -> None:
    with capture_logs() as logs:
        allow_connections(query, database.url, server_url, False)
        await until(lambda: tokens._away)
        for _ in range(50):
            clock.now += 10
            began = asyncio.get_running_loop().time()
            assert await tokens.role_of("known") == "reader"
            assert await tokens.role_of("from the environment") == "admin"
            assert await tokens.role_of("unknown") is None
            assert asyncio.get_running_loop().time() - began < access.PATIENCE, "somebody waited for the database"
        allow_connections(query, database.url, server_url, True)
        query(database.url, "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('later'))")
        await until(lambda: tokens._lookup("later") == "admin")
    assert [entry["event"] for entry in logs] == [AWAY]


async def test_a_database_that_hangs_holds_up_nobody_who_is_known_and_others_shortly(
    tokens: Access, clock: Clock, database: Database, query: Query
) -> None:
    """Somebody holds a lock on the table: a reading neither fails nor ends."""
    with psycopg.connect(database.url) as holder:
        holder.execute("LOCK TABLE access_tokens IN ACCESS EXCLUSIVE MODE")
        clock.now += 10
        async with asyncio.timeout(access.PATIENCE / 2):
            assert await tokens.role_of("known") == "reader"
        async with asyncio.timeout(5 * access.PATIENCE):
            assert await tokens.role_of("unknown") is None
        clock.now += 10
        async with asyncio.timeout(access.PATIENCE / 2):
            assert [await tokens.role_of(f"guess {n}") for n in range(100)] == [None] * 100
        holder.rollback()
    query(database.url, "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('later'))")
    await until(lambda: tokens._lookup("later") == "admin")


async def test_an_older_database_that_announces_nothing_is_looked_at_every_few_seconds(
    tokens: Access, database: Database, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "MEMORY", 0.05)
    query(
        database.url,
        "ALTER TABLE access_tokens DISABLE TRIGGER USER;"
        " UPDATE access_tokens SET revoked_at = now() WHERE hash = sha256('known'); NOTIFY radiant_access",
    )
    await until(lambda: tokens._lookup("known") is None)
    query(database.url, "UPDATE access_tokens SET revoked_at = NULL WHERE hash = sha256('known')")
    await until(lambda: tokens._lookup("known") == "reader")


async def test_what_nobody_foresaw_does_not_end_the_following(
    tokens: Access, database: Database, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = access_tokens.valid_hashes
    failures: list[str] = []

    async def valid_hashes(connection: Connection) -> Any:
        if not failures:
            failures.append("once")
            raise ArithmeticError("unforeseen")
        return await real(connection)

    monkeypatch.setattr(access_tokens, "valid_hashes", valid_hashes)
    with capture_logs():
        query(database.url, "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('new'))")
        await until(lambda: tokens._lookup("new") == "admin")
    assert failures == ["once"]


async def test_closing_leaves_no_task(tokens: Access) -> None:
    assert {task.get_name() for task in asyncio.all_tasks()} >= {"radiant-access"}
    await tokens.close()
    assert not {task.get_name() for task in asyncio.all_tasks()} & {"radiant-access", "radiant-access-reading"}
