"""Connections over real sockets: whatever a client leaves unfinished is closed, and others are served meanwhile."""

import asyncio

import pytest

from radiant.api.gate import counted
from radiant.settings import Limits
from tests.faces.sockets import HEAD, rest, said, serving

UNFINISHED = {
    "silent": (b"", None),
    "a cut request line": (b"POST /ec", "request-unfinished"),
    "a cut head": (HEAD, "request-unfinished"),
    "a body that does not come": (HEAD + b"Content-Length: 9\r\n\r\n", "request-unfinished"),
    "a cut body": (HEAD + b'Content-Length: 9\r\n\r\n{"a"', "request-unfinished"),
    "a cut chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", "request-unfinished"),
    "no last chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", "request-unfinished"),
}


@pytest.mark.parametrize("kind", UNFINISHED)
async def test_a_hundred_and_fifty_unfinished_requests_are_closed_while_others_are_served(kind: str) -> None:
    start, name = UNFINISHED[kind]
    async with serving() as (client, connect):
        opened = [await connect(start) for _ in range(150)]
        assert (await client.get("/alive")).json() == {"alive": True}
        answers = await asyncio.gather(*(rest(reader) for reader, _ in opened))
        assert (await client.get("/alive")).json() == {"alive": True}
    if name is None:
        assert set(answers) == {b""}
    else:
        assert {(said(it)[0], said(it)[1]["type"]) for it in answers} == {(408, f"/problems/{name}")}


@pytest.mark.parametrize("start", [b"GET /alive HTTP/1.1\r\nX: ", HEAD + b"Content-Length: 100000\r\n\r\n"])
async def test_drop_by_drop_is_not_longer(start: bytes) -> None:
    async with serving() as (_, connect):
        reader, writer = await connect(start)
        ended = asyncio.create_task(rest(reader))
        while not ended.done():
            writer.write(b"x")
            await asyncio.sleep(0.02)
        assert said(ended.result())[0] == 408


async def test_a_body_that_nobody_reads_ends_too() -> None:
    async with serving() as (_, connect):
        reader, writer = await connect(b"POST /closed HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\nx")
        ended = asyncio.create_task(rest(reader))
        while not ended.done():
            writer.write(b"x")
            await asyncio.sleep(0.02)
        assert ended.result().count(b"HTTP/1.1 ") == 1, "the refusal, and no second answer to the same request"
        assert b" 401 " in ended.result()


async def test_a_connection_rests_between_requests_but_not_for_ever() -> None:
    limits = Limits(head_seconds=0.4, body_seconds=0.4, idle_seconds=4, connections_per_address=0)
    async with serving(limits) as (_, connect):
        reader, writer = await connect()
        for _ in range(3):
            writer.write(b"GET /alive HTTP/1.1\r\nHost: x\r\n\r\n")
            await reader.readuntil(b'{"alive":true}')
            await asyncio.sleep(0.5)
        assert await rest(reader) == b""


async def test_whoever_does_not_read_the_answer_is_let_go() -> None:
    async with serving() as (client, connect):
        _, writer = await connect()
        writer.write(b"GET /much HTTP/1.1\r\nHost: x\r\n\r\n")
        async with asyncio.timeout(10):
            with pytest.raises(OSError):
                while True:
                    writer.write(b"GET /alive HTTP/1.1\r\nHost: x\r\n\r\n")
                    await writer.drain()
                    await asyncio.sleep(0.05)
        assert (await client.get("/alive")).status_code == 200


async def test_what_the_registry_itself_takes_long_for_is_not_cut() -> None:
    async with serving() as (client, _):
        assert (await client.get("/slow")).json() == {"alive": True}


async def test_large_bodies_and_answers_pass_whole() -> None:
    async with serving(Limits()) as (client, _):
        assert len((await client.get("/much")).text) == 20_000_000
        assert (await client.post("/echo", json=["x" * 100_000])).json() == {"bytes": 100_004}


async def test_requests_that_follow_each_other_without_waiting_are_all_answered() -> None:
    async with serving() as (_, connect):
        reader, _ = await connect(b"GET /alive HTTP/1.1\r\nHost: x\r\n\r\n" * 5 + HEAD + b"Content-Length: 2\r\n\r\n[]")
        got = await rest(reader)
        assert (got.count(b'{"alive":true}'), got.count(b'{"bytes":2}')) == (5, 1)


# How many


async def test_an_address_has_so_many_connections_and_the_unfinished_make_room_for_a_request() -> None:
    limits = Limits(head_seconds=9, body_seconds=9, idle_seconds=9, connections_per_address=20)
    async with serving(limits) as (client, connect):
        opened = [await connect(HEAD) for _ in range(30)]
        assert (await client.get("/alive")).status_code == 200
        gone = await asyncio.gather(*(rest(reader) for reader, _ in opened[:11]))
        assert gone == [b""] * 11, "the oldest went first"
        assert not any(reader.at_eof() for reader, _ in opened[11:])


async def test_where_every_connection_has_a_request_under_way_one_more_is_told_so() -> None:
    limits = Limits(head_seconds=9, body_seconds=9, idle_seconds=9, connections_per_address=3)
    async with serving(limits) as (client, connect):
        opened = [await connect(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n") for _ in range(3)]
        await asyncio.sleep(0.2)
        status, document = said(await rest((await connect())[0]))
        assert (status, document["type"]) == (429, "/problems/too-many-connections")
        for reader, _ in opened:
            await reader.readuntil(b'{"alive":true}')
        assert (await client.get("/alive")).status_code == 200


@pytest.mark.parametrize(
    ("address", "as_what"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("no address", "no address"),
    ],
)
def test_a_network_of_ipv6_counts_as_one_address(address: str, as_what: str) -> None:
    assert counted(address) == as_what
