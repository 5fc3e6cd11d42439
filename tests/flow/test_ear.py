"""Hearing and asking through libpq itself: nothing announced is lost, and a connection in doubt is closed."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import psycopg
import pytest
import pytest_asyncio

from radiant.registry.ear import Ear, Question
from radiant.registry.listening import listening
from tests.waiting import until

Query = Callable[..., list[dict[str, Any]]]

ANNOUNCE = "SELECT pg_notify('here', 'said')"
CUT = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@pytest_asyncio.fixture
async def ear(database_url: str) -> AsyncIterator[Ear]:
    async with listening(database_url, "here") as connection:
        ear = Ear(connection)
        yield ear
        ear.leave()


def soon(seconds: float) -> float:
    """That moment, as event loops have it."""
    return asyncio.get_running_loop().time() + seconds


async def news(ear: Ear, seconds: float, not_before: float = 0, **more: Any) -> list[bytes | None] | None:
    """What is answered once something is announced; None where nothing is within so many seconds."""
    question = Question([b"asked"], not_before)
    return await ear.follow(b"SELECT $1::text", question, until=soon(seconds), **more)


async def test_it_waits_no_longer_than_it_is_told(ear: Ear) -> None:
    begun = time.monotonic()
    assert await news(ear, 0.05) is None
    assert 0.04 < time.monotonic() - begun < 5
    assert await news(ear, 0) is None
    assert await news(ear, 0.05) is None


async def test_it_asks_once_what_is_announced_while_it_waits(ear: Ear, database_url: str, query: Query) -> None:
    hearing = asyncio.create_task(news(ear, 20))
    await asyncio.sleep(0.05)
    await asyncio.to_thread(query, database_url, ANNOUNCE)
    assert await hearing == [b"asked"]
    assert await news(ear, 0.05) is None


@pytest.mark.parametrize("asks", ["psycopg", "ear", "nobody"])
async def test_it_hears_what_was_announced_before_it_waits(
    ear: Ear, database_url: str, query: Query, asks: str
) -> None:
    query(database_url, ANNOUNCE)
    if asks == "psycopg":
        await ear.connection.execute("SELECT 1")
    elif asks == "ear":
        await ear.ask(b"SELECT 1", [])
    assert await news(ear, 5) == [b"asked"]


async def test_what_is_announced_during_a_rest_is_asked_about_once(ear: Ear, database_url: str, query: Query) -> None:
    said: list[float] = []
    rested = soon(0.3)
    hearing = asyncio.create_task(news(ear, 20, not_before=rested, asking=lambda: said.append(soon(0))))
    for _ in range(3):
        await asyncio.to_thread(query, database_url, ANNOUNCE)
        await asyncio.sleep(0.02)
    assert await hearing == [b"asked"]
    assert len(said) == 1
    assert said[0] >= rested
    assert await news(ear, 0.05) is None


async def test_the_time_to_look_comes_during_a_rest_too(ear: Ear, database_url: str, query: Query) -> None:
    query(database_url, ANNOUNCE)
    assert await news(ear, 0.1, not_before=soon(20)) is None
    assert await news(ear, 5) == [b"asked"]


async def test_answers_that_are_taken_wake_nobody(ear: Ear, database_url: str, query: Query) -> None:
    taken: list[list[bytes | None]] = []

    def take(found: list[bytes | None]) -> Question | None:
        taken.append(found)
        return Question([b"%d" % len(taken)]) if len(taken) < 3 else None

    following = asyncio.create_task(news(ear, 20, take=take))
    for number in range(1, 4):
        await asyncio.to_thread(query, database_url, ANNOUNCE)
        await until(partial(is_as_long, taken, number))
    assert await following == [b"2"]
    assert taken == [[b"asked"], [b"1"], [b"2"]]


def is_as_long(found: list[Any], number: int) -> bool:
    return len(found) == number


async def test_the_time_to_look_that_comes_with_an_answer_is_not_missed(
    ear: Ear, database_url: str, query: Query
) -> None:
    query(database_url, ANNOUNCE)
    slow = b"SELECT pg_sleep(0.3)::text"
    assert await ear.follow(slow, Question([]), until=soon(0.1), take=lambda _: Question([])) is None
    assert await ear.ask(b"SELECT 1", []) == [b"1"]


async def test_what_fails_while_an_answer_is_taken_is_told(ear: Ear, database_url: str, query: Query) -> None:
    def take(_: object) -> Question | None:
        raise KeyError("this")

    query(database_url, ANNOUNCE)
    with pytest.raises(KeyError, match="this"):
        await news(ear, 20, take=take)
    assert await ear.ask(b"SELECT 1", []) == [b"1"]


@pytest.mark.parametrize("ends", ["in time", "with an answer"])
async def test_what_is_announced_before_who_waited_runs_is_asked_about_by_the_next_one(
    ear: Ear, database_url: str, query: Query, ends: str
) -> None:
    """Both in one turn of the event loop: it is told that its time has come, and hears something."""
    hears = ear._hear

    def hear() -> None:
        if ends == "with an answer" and not ear._asked:
            hears()
            return
        (ear._too_late if ends == "in time" else hears)()
        query(database_url, ANNOUNCE)
        hears()

    following = asyncio.create_task(news(ear, 20))
    await asyncio.sleep(0.05)
    ear._hear = hear  # type: ignore[method-assign]
    await asyncio.to_thread(query, database_url, ANNOUNCE)
    assert await following == (None if ends == "in time" else [b"asked"])
    ear._hear = hears  # type: ignore[method-assign]
    assert await (await ear.connection.execute("SELECT 1 AS it")).fetchone() == {"it": 1}
    assert await news(ear, 5) == [b"asked"]


async def test_who_no_longer_waits_has_asked_nothing(ear: Ear, database_url: str, query: Query) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await news(ear, 20)
    query(database_url, ANNOUNCE)
    assert await news(ear, 5) == [b"asked"]


async def test_an_answer_comes_as_postgresql_writes_it(ear: Ear) -> None:
    text = b"SELECT $1::int + 1, $2::text, NULL::int, length($3::text)"
    long = b"x" * 20_000_000  # more than a socket takes at once
    for number in (b"1", b"41"):
        assert await ear.ask(text, [number, "ü".encode(), long]) == [
            b"%d" % (int(number) + 1),
            "ü".encode(),
            None,
            b"20000000",
        ]
    prepared = await (await ear.connection.execute("SELECT count(*) AS it FROM pg_prepared_statements")).fetchone()
    assert prepared is not None and prepared["it"] == 1


async def test_what_it_reads_stays_readable_with_psycopg(ear: Ear) -> None:
    await ear.ask(b"SELECT 1", [])
    async with ear.connection.transaction():
        row = await (await ear.connection.execute("SELECT 2 AS it")).fetchone()
    assert row == {"it": 2}


@pytest.mark.parametrize("text", [b"SELECT nothing", b"SELECT 1 / $1::int"])
async def test_a_statement_that_fails_closes_the_connection(ear: Ear, text: bytes) -> None:
    with pytest.raises(psycopg.Error, match=r"nothing|division"):
        await ear.ask(text, [b"0"] if b"$1" in text else [])
    assert ear.connection.closed


async def test_an_answer_nobody_waits_for_closes_the_connection(ear: Ear) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await ear.ask(b"SELECT pg_sleep(20)", [])
    assert ear.connection.closed


@pytest.mark.parametrize("waiting", ["news", "ask", "nothing"])
async def test_a_connection_that_is_cut_is_noticed_at_once(
    ear: Ear, database_url: str, query: Query, waiting: str
) -> None:
    await ear.ask(b"SELECT 1", [])
    asked = ear.ask(b"SELECT pg_sleep(20)", []) if waiting == "ask" else news(ear, 20)
    task: asyncio.Task[Any] | None = None if waiting == "nothing" else asyncio.create_task(asked)
    await asyncio.sleep(0.1)
    begun = time.monotonic()
    await asyncio.to_thread(query, database_url, CUT)
    with pytest.raises(psycopg.Error, match=r"terminat|closed|lost"):
        await (task or asked)
    assert time.monotonic() - begun < 10
    with pytest.raises(psycopg.Error):
        await news(ear, 1)
