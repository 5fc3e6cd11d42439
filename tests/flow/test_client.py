"""The one door outward: where it goes, where a key goes with it, how much and how long it takes."""

import asyncio
import contextlib
import gzip
import logging
from collections.abc import AsyncIterator, Callable

import pytest

from radiant.domain.errors import SourceUnreachable
from radiant.providers.failures import Failed, Reason
from radiant.providers.http import Client, Patience, download
from tests.flow.playing import SHORT

#: What a server does with the head of a request and the stream to answer on.
Answering = Callable[[str, asyncio.StreamWriter], object]


@contextlib.asynccontextmanager
async def server(answer: Answering, host: str = "127.0.0.1") -> AsyncIterator[tuple[str, list[str]]]:
    """A server that says what it is told to, and the heads of all requests it saw."""
    heads: list[str] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ending.append(asyncio.current_task())
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
            made = answer(heads[-1], writer)
            if asyncio.iscoroutine(made):
                await made
            await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    ending: list[asyncio.Task[None] | None] = []
    serving = await asyncio.start_server(connected, host, 0)
    async with serving:
        yield f"http://{host}:{serving.sockets[0].getsockname()[1]}", heads
        await asyncio.gather(*(task for task in ending if task is not None))


def says(text: str) -> Answering:
    return lambda _, writer: writer.write(text.replace("\n", "\r\n").encode())


def moves(to: Callable[[], str]) -> Answering:
    return lambda _, writer: writer.write(
        f"HTTP/1.1 302 Found\r\nLocation: {to()}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )


OK = "HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\n\n{}"
SECRET = {"Authorization": "Bearer sk-secret"}


async def refused(client: Client, url: str, **secret: str) -> Failed:
    with pytest.raises(Failed) as raised:
        await client.get(url, limit=1000, secret=secret)
    return raised.value


async def test_a_redirect_on_the_same_host_keeps_the_key() -> None:
    def answer(head: str, writer: asyncio.StreamWriter) -> None:
        (says(OK) if head.startswith("GET /new") else moves(lambda: "/new?x=1"))(head, writer)

    async with server(answer) as (url, heads), Client(private=True) as client:
        assert (await client.get(f"{url}/old", limit=100, secret=SECRET)).body == b"{}"
    assert ["sk-secret" in head for head in heads] == [True, True]


async def test_a_redirect_elsewhere_never_takes_a_key_along() -> None:
    async with (
        server(says(OK)) as (other, seen),
        server(moves(lambda: f"{other}/steal")) as (url, _),
        Client(private=True) as client,
    ):
        failure = await refused(client, url, **SECRET)
        assert (await client.get(url, limit=100)).body == b"{}", "without a key one may follow"
    assert failure.reason is Reason.MOVED
    assert "where its key does not go" in failure.problem
    assert ["sk-secret" in head for head in seen] == [False]


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/latest/",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "file:///etc/passwd",
        "http://user:hunter2@127.0.0.1/",
        "//",
    ],
)
async def test_a_redirect_to_where_nobody_may_go_is_refused_also_where_private_networks_are_allowed(to: str) -> None:
    async with server(moves(lambda: to)) as (url, _), Client(private=True, patience=SHORT) as client:
        failure = await refused(client, url)
    assert failure.reason in (Reason.ADDRESS, Reason.MOVED, Reason.UNREACHABLE)
    assert "hunter2" not in str(failure)


async def test_redirects_in_a_circle_end() -> None:
    def answer(head: str, writer: asyncio.StreamWriter) -> None:
        moves(lambda: "/b" if head.startswith("GET /a") else "/a")(head, writer)

    async with server(answer) as (url, heads), Client(private=True) as client:
        failure = await refused(client, url)
    assert "more than 3 times" in failure.problem
    assert len(heads) == 4


async def test_an_address_that_a_person_typed_may_be_private_and_what_it_redirects_to_may_not() -> None:
    async with server(says(OK)) as (url, _):
        assert await download(url, limit=100) == b"{}"
    async with server(says(OK), "127.0.0.2") as (other, seen), server(moves(lambda: other)) as (url, _):
        with pytest.raises(SourceUnreachable, match=r"127\.0\.0\.2 is a private address"):
            await download(url, limit=100)
    assert seen == []


async def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to() -> None:
    looked_up: list[str] = []

    async def changing(host: str, port: int) -> list[str]:
        """Public at first; at a second look it would be the machine itself."""
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["169.254.169.254"]

    async with server(says(OK)) as (url, _), Client(private=True, resolver=changing) as client:
        port = url.rpartition(":")[2]
        assert (await client.get(f"http://rebinding.example:{port}/", limit=100)).body == b"{}"
    assert looked_up == ["rebinding.example"]


async def test_a_name_whose_address_is_private_is_refused() -> None:
    async def private(host: str, port: int) -> list[str]:
        return ["10.0.0.7"]

    async with Client(resolver=private) as client:
        failure = await refused(client, "http://provider.example/v1/models", **SECRET)
    assert failure.reason is Reason.ADDRESS
    assert "10.0.0.7 is a private address" in failure.problem


async def test_of_several_addresses_only_allowed_ones_are_tried() -> None:
    async def mixed(host: str, port: int) -> list[str]:
        return ["169.254.169.254", "127.0.0.1"]

    async with server(says(OK)) as (url, _), Client(private=True, resolver=mixed) as client:
        assert (await client.get(f"http://mixed.example:{url.rpartition(':')[2]}", limit=100)).body == b"{}"


async def test_no_proxy_of_the_environment_connects_for_us(monkeypatch: pytest.MonkeyPatch) -> None:
    async with server(says(OK)) as (proxy, seen), server(says(OK)) as (url, _):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        async with Client(private=True) as client:
            await client.get(url, limit=100)
    assert seen == []


async def test_a_body_is_unpacked_within_its_limit() -> None:
    packed = gzip.compress(b" " * 100_000)

    def answer(_: str, writer: asyncio.StreamWriter) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
        writer.write(head.encode() + packed)

    async with server(answer) as (url, heads), Client(private=True) as client:
        assert len((await client.get(url, limit=100_000)).body) == 100_000
        assert (await refused(client, url)).reason is Reason.TOO_LARGE
    assert "accept-encoding: gzip\r\n" in heads[0].lower()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("HTTP/1.1 200 OK\nContent-Encoding: gzip, gzip\nContent-Length: 2\n\nxx", Reason.UNREADABLE),
        ("HTTP/1.1 200 OK\nContent-Encoding: zstd\nContent-Length: 2\n\nxx", Reason.UNREADABLE),
        ("HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 2\n\nxx", Reason.UNREADABLE),
        ("HTTP/1.1 200 OK\nContent-Length: 20\nConnection: close\n\n{}", Reason.UNREACHABLE),
        ("SSH-2.0-OpenSSH_9.7\n", Reason.UNREACHABLE),
        ("HTTP/1.1 200 OK\n" + "X: y\n" * 100_000 + "\n", Reason.UNREACHABLE),
        ("", Reason.UNREACHABLE),
    ],
)
async def test_what_is_no_good_http_is_told_in_a_sentence(answer: str, reason: Reason) -> None:
    async with server(says(answer)) as (url, _), Client(private=True, patience=SHORT) as client:
        failure = await refused(client, url)
    assert failure.reason is reason
    assert str(failure).isprintable() and len(str(failure)) < 300


@pytest.mark.parametrize(("status", "answers"), [(200, True), (201, True), (203, True), (202, False), (206, False)])
async def test_an_answer_has_a_status_with_which_the_body_is_all_of_it(status: int, answers: bool) -> None:
    async with server(says(OK.replace("200 OK", f"{status} It"))) as (url, _), Client(private=True) as client:
        if answers:
            assert (
                (await client.get(url, limit=100)).body == await client.send(url, b"{}", limit=100, headers={}) == b"{}"
            )
        else:
            assert (await refused(client, url)).reason is Reason.REFUSED


async def test_a_head_that_drips_ends_with_the_time_for_an_answer() -> None:
    async def drip(_: str, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            for letter in b"HTTP/1.1 200 OK\r\n" * 100:
                writer.write(bytes([letter]))
                await writer.drain()
                await asyncio.sleep(0.05)

    async with server(drip) as (url, _), Client(private=True, patience=Patience(answer=0.5)) as client:
        failure = await refused(client, url)
    assert (failure.reason, failure.problem) == (Reason.SLOW, "it took longer than 0.5 seconds")


@pytest.mark.parametrize("name", ["no-such-host.invalid", "localhost.invalid"])
async def test_a_name_that_nobody_knows_is_a_sentence(name: str) -> None:
    async with Client(patience=SHORT) as client:
        failure = await refused(client, f"https://{name}/v1/models")
    assert (failure.reason, failure.problem) == (Reason.UNKNOWN_HOST, f"no connection: {name} is not known")


async def test_no_key_is_in_any_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with server(says(OK)) as (url, _), Client(private=True) as client:
        await client.get(url, limit=100, secret=SECRET)
    refusal = says("HTTP/1.1 401 Unauthorized\nContent-Length: 0\n\n")
    async with server(refusal) as (url, _), Client(private=True) as client:
        await refused(client, url, **SECRET)
    assert "receive_response_headers" in caplog.text, "everything was logged that can be"
    assert "sk-secret" not in caplog.text
