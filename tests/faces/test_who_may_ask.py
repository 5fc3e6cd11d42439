"""Whom the admin API answers, and whether it lives."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from psycopg.rows import DictRow

from tests.faces.served import HISTORY, MODELS, STATS, Clock, administering, bearer, problem

Query = Callable[..., list[DictRow]]

# Who may ask


@pytest.mark.parametrize("address", [MODELS, STATS, HISTORY])
@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"Bearer",
        b"Bearer  ",
        b"Basic YTpi",
        b"token",
        b"Bearer wrong",
        b"Bearer \xff\xfe",
        b"Bearer " + b"x" * 9000,
    ],
    ids=lambda it: it[:20].decode("latin-1") or "nothing",
)
async def test_without_a_known_token_nothing_is_told(client: httpx.AsyncClient, address: str, given: bytes) -> None:
    client.headers.pop("authorization")
    answer = await client.get(address, headers=[(b"Authorization", given)] if given else [])
    problem(answer, 401)
    assert answer.headers["www-authenticate"] == 'Bearer realm="radiant"'


async def test_a_token_is_compared_whole(client: httpx.AsyncClient) -> None:
    token = client.headers["authorization"].split()[1]
    for given in (token[:-1], token + "x", token.upper(), token.removeprefix("radiant_")):
        problem(await client.get(STATS, headers=bearer(given)), 401)
    assert (await client.get(STATS, headers={"Authorization": f"bearer   {token} "})).status_code == 200


@pytest.mark.parametrize("address", [MODELS, STATS, HISTORY])
async def test_a_reader_is_known_but_may_not_do_what_an_administrator_may(
    client: httpx.AsyncClient, tmp_path: Path, address: str
) -> None:
    token = (tmp_path / "reader-token").read_text().strip()
    found = problem(await client.get(address, headers=bearer(token)), 403)
    assert found["detail"] == "This needs the admin token; `radiant token` prints it."


async def test_the_very_first_requests_may_come_at_once(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.get(STATS) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5


async def test_a_revoked_token_is_refused_and_a_new_one_known_within_a_second(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    """The clock of the program stands still meanwhile: it is the database's announcement that does it."""
    assert (await client_of_own.get(STATS)).status_code == 200
    query(database_url, "UPDATE access_tokens SET revoked_at = now() WHERE role = 'admin'")
    query(database_url, "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('fresh'))")
    for _ in range(50):
        if (await client_of_own.get(STATS)).status_code == 401:
            break
        await asyncio.sleep(0.02)
    problem(await client_of_own.get(STATS), 401)
    assert (await client_of_own.get(STATS, headers=bearer("fresh"))).status_code == 200


async def test_a_new_token_works_at_once(client_of_own: httpx.AsyncClient, database_url: str, query: Query) -> None:
    assert (await client_of_own.get(STATS)).status_code == 200
    query(database_url, "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('fresh'))")
    assert (await client_of_own.get(STATS, headers=bearer("fresh"))).status_code == 200


# Whether it lives


async def test_liveness_and_readiness_need_no_token(client: httpx.AsyncClient) -> None:
    client.headers.pop("authorization")
    for address in ("/health/live", "/healthz"):
        assert (await client.get(address)).json() == {"status": "alive"}
    for address in ("/health/ready", "/readyz"):
        assert (await client.get(address)).json() == {"status": "ready"}


async def test_while_the_database_is_away_it_lives_is_not_ready_and_recovers(
    database_url: str, server_url: str, tmp_path: Path, clock: Clock, query: Query
) -> None:
    (row,) = query(database_url, "SELECT current_database() AS name")

    def allow(yes: bool) -> None:
        query(server_url, f"ALTER DATABASE {row['name']} ALLOW_CONNECTIONS {yes}")
        query(
            server_url, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", row["name"]
        )

    async with administering(database_url, tmp_path, clock) as client:
        assert (await client.get(STATS)).status_code == 200
        allow(False)
        assert (await client.get("/health/live")).status_code == 200
        answer = await client.get("/health/ready")
        assert problem(answer, 503)["detail"] == "The registry's database does not answer."
        assert answer.headers["retry-after"] == "1"
        clock.now += 60
        away = await client.get(STATS)
        assert problem(away, 503)["detail"] == "The registry's database does not answer. Try again."
        allow(True)
        for _ in range(100):
            if (await client.get("/health/ready")).status_code == 200:
                break
            await asyncio.sleep(0.1)
        assert (await client.get(STATS)).status_code == 200
