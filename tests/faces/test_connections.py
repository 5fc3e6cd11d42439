"""Connections over real sockets: whatever a client leaves unfinished is closed, and others are served meanwhile."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
import structlog
import uvicorn
from litestar import get, post

from radiant.address import listening_socket
from radiant.api.asgi import Face
from radiant.api.body import LARGEST, json_body
from radiant.api.connections import protocol
from radiant.api.gate import counted
from radiant.api.problem_types import TOKEN_NEEDED
from radiant.api.problems import HANDLERS, AnyRequest, Refused
from radiant.settings import Limits
from tests.faces.served import problem

#: Far above what an answer takes, far below what a test may.
SHORT = Limits(head_seconds=0.4, body_seconds=0.4, idle_seconds=0.8, connections_per_address=0)

Open = Callable[..., Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]

HEAD = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@get("/alive")
async def alive() -> dict[str, bool]:
    return {"alive": True}


@get("/slow")
async def slow() -> dict[str, bool]:
    await asyncio.sleep(1)
    return {"alive": True}


@get("/much")
async def much() -> str:
    return "x" * 20_000_000


@post("/echo", status_code=200)
async def echo(request: AnyRequest) -> dict[str, int]:
    return {"bytes": len(await json_body(request))}


@post("/closed", status_code=200)
async def closed() -> None:
    raise Refused(TOKEN_NEEDED, "Nobody comes in here.")


@contextlib.asynccontextmanager
async def serving(limits: Limits = SHORT) -> AsyncIterator[tuple[httpx.AsyncClient, Open]]:
    """A server within `limits`; a client of it, and how to open a bare connection to it."""
    routes = [alive, slow, much, echo, closed]
    face = Face(routes, exception_handlers=HANDLERS, openapi_config=None, logging_config=None)
    config = uvicorn.Config(face, http=protocol(limits), ws="none", log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    async with contextlib.AsyncExitStack() as opened:
        listener = opened.enter_context(listening_socket("127.0.0.1", 0))
        port = listener.getsockname()[1]

        async def connect(start: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            opened.push_async_callback(_away, writer)
            writer.write(start)
            return reader, writer

        task = asyncio.create_task(server._serve([listener]))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield client, connect
        server.should_exit = server.force_exit = True
        await task


async def _away(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def rest(reader: asyncio.StreamReader) -> bytes:
    """What comes until the server closes."""
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionResetError):
            return await reader.read()
        return b""


def said(answer: bytes) -> tuple[int, dict[str, Any]]:
    """Status and problem document of an answer as it stood on the wire."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Type: application/problem+json" in head
    return int(head.split()[1]), json.loads(body)


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


# What is refused before it is read


async def test_a_body_that_will_be_too_large_is_refused_before_it_comes() -> None:
    async with serving() as (_, connect):
        reader, _ = await connect(HEAD + b"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n" % (LARGEST + 1))
        got = await reader.readuntil(b"}")
        assert b"HTTP/1.1 413 " in got
        assert b"100 Continue" not in got


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"Content-Type": "text/csv"}, "media-unsupported"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, "media-unsupported"),
        ({"Content-Type": "application/json; charset=latin-1"}, "media-unsupported"),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, "encoding-unsupported"),
        ({"Content-Encoding": "br, gzip"}, "encoding-unsupported"),
    ],
)
async def test_a_body_of_another_kind_is_refused(headers: dict[str, str], name: str) -> None:
    async with serving() as (client, _):
        problem(await client.post("/echo", content=b"[]", headers=headers), 415, name)


@pytest.mark.parametrize(
    "kind",
    [
        "application/json",
        "application/JSON; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/a+json",
        "application/x-www-form-urlencoded",  # what curl -d says
    ],
)
async def test_json_may_be_called_so_in_several_ways(kind: str) -> None:
    async with serving() as (client, _):
        answer = await client.post(
            "/echo", content=b"[]", headers={"Content-Type": kind, "Content-Encoding": "identity"}
        )
        assert answer.json() == {"bytes": 2}


# What is no HTTP


@pytest.mark.parametrize(
    "nonsense",
    [b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/9\r\n\r\n", b"GET / HTTP/1.1\r\nHost x\r\n\r\n", b"\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 70_000, HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
     HEAD + b"Content-Length: -1\r\n\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"],
)  # fmt: skip
async def test_nonsense_is_answered_closed_and_not_logged_line_by_line(
    nonsense: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO), structlog.testing.capture_logs() as lines:
        async with serving() as (_, connect):
            for reader, _ in [await connect(nonsense) for _ in range(20)]:
                status, document = said(await rest(reader))
                assert (status, document["type"]) == (400, "/problems/request-malformed")
            await connect()
            await asyncio.sleep(0.5)
    assert [record.message for record in caplog.records if "nvalid" in record.message] == []
    (line,) = lines
    assert line["event"] == "connections closed"
    assert 1 <= line["request_malformed"] <= 20, "what came after the line waits for the next, a minute later"


async def test_nonsense_after_an_answer_began_only_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as (_, connect):
        reader, writer = await connect(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        writer.write(b"\x00\x00\r\n\r\n")
        got = await rest(reader)
        assert got.count(b"HTTP/1.1 200") == 1
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_an_upgrade_nobody_offers_is_an_ordinary_request(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as (client, _):
        headers = {"Connection": "Upgrade", "Upgrade": "websocket"}
        assert (await client.get("/alive", headers=headers)).status_code == 200
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
