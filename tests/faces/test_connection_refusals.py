"""What is refused before it is read, and what is no HTTP at all."""

import asyncio
import logging

import pytest
import structlog

from radiant.api.body import LARGEST
from radiant.api.connections import MOST_WAITING
from radiant.settings import Limits
from tests.faces.served import problem
from tests.faces.sockets import HEAD, rest, said, serving

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
    [b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/9\r\n\r\n", b"GET / HTTP/1.1\r\nHost x\r\n\r\n", b"\x00\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 70_000, HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
     HEAD + b"Content-Length: -1\r\n\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
     HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 15_000 + b"\r\n", b"GET /" + b"y" * 70_000 + b" HTTP/1.1\r\n\r\n"],
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


@pytest.mark.parametrize("with_the_first", [0, 30_000, 60_000])
async def test_a_head_is_too_large_however_its_pieces_come(with_the_first: int) -> None:
    second = b"GET /alive HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 80_000 + b"\r\n\r\n"
    async with serving() as (_, connect):
        first = b"GET /alive HTTP/1.1\r\nHost: x\r\n\r\n"
        reader, writer = await connect(first + second[:with_the_first])
        await asyncio.sleep(0.1)
        writer.write(second[with_the_first:])
        got = await rest(reader)
        assert (got.count(b"HTTP/1.1 200 "), got.count(b"HTTP/1.1 400 ")) == (1, 1)


async def test_nonsense_after_an_answer_began_only_ends_it(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as (_, connect):
        reader, writer = await connect(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        writer.write(b"\x00\x00\r\n\r\n")
        got = await rest(reader)
        assert got.count(b"HTTP/1.1 200") == 1
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


@pytest.mark.parametrize("endless", [b"1;" + b"y" * 700_000, b"2\r\n[]\r\n0\r\nX: " + b"y" * 700_000])
async def test_endless_extensions_and_trailers_end_the_connection(endless: bytes) -> None:
    limits = Limits(head_seconds=60, body_seconds=60, idle_seconds=60, connections_per_address=0)
    async with serving(limits) as (client, connect):
        reader, _ = await connect(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + endless)
        # Long before a deadline; what is said of it may be lost with what was not read.
        assert (await rest(reader)).count(b"HTTP/1.1 ") <= 1
        assert (await client.get("/alive")).status_code == 200


async def test_more_requests_at_once_than_are_kept_end_the_connection() -> None:
    async with serving() as (client, connect):
        reader, _ = await connect(b"GET /alive HTTP/1.1\r\nHost: x\r\n\r\n" * 500)
        assert 1 <= (await rest(reader)).count(b'{"alive":true}') <= MOST_WAITING + 1
        assert (await client.get("/alive")).status_code == 200


async def test_trailers_are_read_over() -> None:
    async with serving() as (_, connect):
        body = b"2\r\n[]\r\n0\r\nContent-Type: text/csv\r\nX: " + b"y" * 5_000 + b"\r\n\r\n"
        reader, _ = await connect(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + body)
        assert b'{"bytes":2}' in await rest(reader)


async def test_an_upgrade_nobody_offers_is_an_ordinary_request(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as (client, _):
        headers = {"Connection": "Upgrade", "Upgrade": "websocket"}
        assert (await client.get("/alive", headers=headers)).status_code == 200
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
