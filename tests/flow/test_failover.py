"""Of two servers one turns read-only, dies or is promoted: whoever has to write finds the one that takes writes."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest
from psycopg.rows import DictRow
from structlog.testing import capture_logs

from radiant import access, snapshot
from radiant.access import Access
from radiant.domain.errors import DatabaseUnreachable, DatabaseUnusable
from radiant.embedded.cluster import Cluster
from radiant.embedded.postmaster import running_postmaster
from radiant.embedded.server import EmbeddedServer
from radiant.registry import connection as registry_connection
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from radiant.warmups import WarmupRequests
from tests import ground
from tests.flow.following import followed
from tests.waiting import until

Query = Callable[..., list[DictRow]]

PROVIDER = "INSERT INTO providers (id, display_name) VALUES ('p', 'P')"
MODEL = "INSERT INTO models (provider_id, model_id, name, display_name) VALUES ('p', %s, 'n', 'N')"
OWN = "INSERT INTO self_hosted_models (model_id, name, display_name, category) VALUES ('own', 'own', 'Own', 'llm')"
COLD = "UPDATE thermal_states SET current_state = 'COLD'"
READ_ONLY = "ALTER SYSTEM SET default_transaction_read_only = on"


class Pair(NamedTuple):
    """Two servers with the same registry, and the address that names both, the first one first."""

    first: EmbeddedServer
    second: EmbeddedServer
    url: str


@pytest.fixture(scope="module")
def original() -> Iterator[Path]:
    """A folder that the account of the embedded server can enter, and in it a registry, which rests."""
    folder = ground.folder()

    async def fill(url: str) -> None:
        async with connect(url) as connection:
            await migrate(connection)
            for text in (PROVIDER, OWN, COLD):
                await connection.execute(text.encode())

    with EmbeddedServer.open(folder / "original") as server:
        asyncio.run(fill(server.url))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def pair(original: Path) -> Iterator[Pair]:
    homes = [original / name for name in ("first", "second")]
    for home in homes:
        subprocess.run(["cp", "-a", str(original / "original"), str(home)], check=True)
    first, second = (EmbeddedServer.open(home) for home in homes)
    yield Pair(first, second, both(*homes))
    for server, home in ((first, homes[0]), (second, homes[1])):
        server.close()
        shutil.rmtree(home)


def both(*homes: Path) -> str:
    hosts, ports = ",".join(f"{home}/run" for home in homes), ",".join("5432" for _ in homes)
    return f"postgresql://radiant@/radiant?host={hosts}&port={ports}"


def demote(server: EmbeddedServer) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(READ_ONLY.encode())
        connection.execute("SELECT pg_reload_conf()")
    settle(server, "on")


def settle(server: EmbeddedServer, wanted: str) -> None:
    """A reload is done a moment after it was asked for."""
    while True:
        with psycopg.connect(server.url) as connection:
            if connection.execute("SHOW default_transaction_read_only").fetchone() == (wanted,):
                return


async def where(database: Database) -> str:
    (row,) = await database.rows("SHOW data_directory")
    return str(row["data_directory"])


async def test_a_pool_leaves_the_server_that_turned_read_only(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_connection, "FRESH", 0.0)
    database = await Database.open(pair.url)
    assert await where(database) == str(pair.first.data)
    demote(pair.first)
    assert await where(database) == str(pair.second.data)
    await database.rows("UPDATE self_hosted_models SET name = 'other' RETURNING id")
    await database.close()


async def test_a_write_refused_in_the_middle_ends_the_connection_and_the_next_one_succeeds(pair: Pair) -> None:
    database = await Database.open(pair.url)
    with pytest.raises(DatabaseUnusable, match="is read-only"):
        async with database.connection() as connection:
            demote(pair.first)
            await connection.execute("UPDATE self_hosted_models SET name = 'other'")
    assert database._pool._idle == []
    assert await where(database) == str(pair.second.data)
    await database.close()


async def test_a_snapshot_follows_the_server_that_takes_writes(pair: Pair, query: Query) -> None:
    async with followed(pair.url, poll=0.1) as (selector, live):
        query(pair.first.url, MODEL, "before")
        await until(lambda: "before" in {it.model_id for it in selector.candidates})
        with capture_logs() as logs:
            demote(pair.first)
            query(pair.second.url, MODEL, "after")
            await until(lambda: "after" in {it.model_id for it in selector.candidates})
        assert "before" not in {it.model_id for it in selector.candidates}
        assert [entry["event"] for entry in logs] == [
            "the registry is away; the last snapshot serves",
            "the registry is back",
        ]
        assert live.following


async def test_a_snapshot_says_that_it_does_not_follow_while_both_are_away(pair: Pair, query: Query) -> None:
    async with followed(pair.url, poll=0.1) as (selector, live):
        assert live.following
        began = time.monotonic()
        for server in (pair.first, pair.second):
            await asyncio.to_thread(server._cluster.stop)
        await until(lambda: not live.following)
        assert live.lagging_since is not None
        assert live.lagging_since >= began
        await asyncio.to_thread(pair.second.revive)
        query(pair.second.url, MODEL, "later")
        await until(lambda: "later" in {it.model_id for it in selector.candidates})
        assert live.following


async def test_a_load_that_hangs_does_not_count_as_following(
    pair: Pair, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "OVERDUE", 0.2)
    async with followed(pair.url, poll=0.1) as (_, live):
        with psycopg.connect(pair.first.url) as holder:
            holder.execute("LOCK TABLE models IN ACCESS EXCLUSIVE MODE")
            query(pair.first.url, "UPDATE providers SET display_name = 'Q'")
            await until(lambda: not live.following)
            holder.rollback()
        await until(lambda: live.following)


async def test_warm_ups_are_asked_for_where_writes_are_taken(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry_connection, "FRESH", 0.0)
    async with Database(pair.url, largest=1) as database:
        warmups = WarmupRequests(database)
        assert await warmups.request("own")
        demote(pair.first)
        assert await warmups.request("own"), "the other server had not heard of it"


async def test_tokens_are_heard_of_from_the_server_that_takes_writes(
    pair: Pair, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "MEMORY", 0.1)
    monkeypatch.setattr(access, "RETRY", 0.05)
    database = await Database.open(pair.url)
    tokens = Access(database, time.monotonic, given={})
    tokens.start()
    await until(lambda: tokens._was_read)
    demote(pair.first)
    query(pair.second.url, "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('fresh'))")
    await until(lambda: tokens._lookup("fresh") == "admin")
    await tokens.close()
    await database.close()


async def test_who_may_only_read_reads_from_the_primary_and_looks_again_after_a_while(
    pair: Pair, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All its sessions are read-only, on whatever server: that is no reason to refuse the primary."""
    query(pair.first.url, "ALTER DATABASE radiant SET default_transaction_read_only = on")
    database = await Database.open(pair.first.url)
    first = await database.rows("SELECT pg_backend_pid() AS it")
    assert await database.rows("SELECT pg_backend_pid() AS it") == first
    with pytest.raises(DatabaseUnusable, match="is read-only"):
        await database.rows("UPDATE self_hosted_models SET name = 'other' RETURNING id")
    async with followed(pair.first.url, poll=0.1) as (_, live):
        assert live.following
    kept = await database.rows("SELECT pg_backend_pid() AS it")
    monkeypatch.setattr(registry_connection, "READ_ONLY_LIFETIME", 0.0)
    monkeypatch.setattr(registry_connection, "FRESH", 0.0)
    assert await database.rows("SELECT pg_backend_pid() AS it") != kept
    await database.close()


async def test_a_dead_first_host_is_passed_over(pair: Pair) -> None:
    database = await Database.open(pair.url)
    assert await where(database) == str(pair.first.data)
    await asyncio.to_thread(pair.first.close)
    assert await where(database) == str(pair.second.data)
    await asyncio.to_thread(pair.second._cluster.stop)
    with pytest.raises(DatabaseUnreachable) as caught:
        await where(database)
    said = str(caught.value)
    assert f"{pair.first.data.parent}/run:5432, {pair.second.data.parent}/run:5432, database radiant" in said
    assert said.count("No such file or directory") == 1
    await database.close()


@pytest.fixture
def replica(original: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedServer]:
    """A server in recovery, which only reads until it is promoted."""

    def stands(cluster: Cluster) -> bool:
        found = running_postmaster(cluster.home)
        return found is not None and found.status in ("ready", "standby")

    monkeypatch.setattr(Cluster, "_is_ready", stands)
    home = original / "replica"
    subprocess.run(["cp", "-a", str(original / "original"), str(home)], check=True)
    (home / "postgresql/standby.signal").touch()
    shutil.chown(home / "postgresql/standby.signal", (home / "postgresql").stat().st_uid)
    server = EmbeddedServer.open(home)
    yield server
    server.close()
    shutil.rmtree(home)


async def test_a_replica_is_refused_unless_the_address_asks_for_one(replica: EmbeddedServer) -> None:
    with pytest.raises(DatabaseUnusable) as caught:
        await Database.open(replica.url)
    assert str(caught.value).endswith(
        "is a replica. Point at the primary, or, to only read from this one, add target_session_attrs=any to the "
        "address."
    )
    for wanted in ("any", "standby", "prefer-standby", "read-only"):
        database = await Database.open(f"{replica.url}&target_session_attrs={wanted}")
        for _ in range(2):
            assert await database.rows("SELECT model_id FROM self_hosted_models") == [{"model_id": "own"}]
        with pytest.raises(DatabaseUnusable, match="is read-only"):
            await database.rows("UPDATE self_hosted_models SET name = 'other' RETURNING id")
        await database.close()


async def test_after_a_promotion_the_former_replica_is_written_to(
    pair: Pair, replica: EmbeddedServer, query: Query
) -> None:
    url = both(pair.first.data.parent, replica.data.parent)
    database = await Database.open(url)
    async with followed(url, poll=0.1) as (selector, _):
        assert await where(database) == str(pair.first.data)
        await asyncio.to_thread(pair.first.close)
        with pytest.raises(DatabaseUnusable, match="is a replica"):
            await where(database)
        query(replica.url, "SELECT pg_promote()")
        assert await where(database) == str(replica.data)
        query(replica.url, MODEL, "after")
        await until(lambda: "after" in {it.model_id for it in selector.candidates})
    await database.close()
