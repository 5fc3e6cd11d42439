"""Names that nobody answers for and addresses that lead nowhere take no time from those that work."""

import asyncio
import socket
import threading
from typing import Any

import httpcore2
import pytest

from radiant.providers.dialing import Dialer, HostUnknown, resolve
from radiant.providers.failures import Reason
from radiant.providers.http import Client
from tests.flow.test_client import OK, refused, says, server

PORT = 443


async def test_names_that_are_not_answered_for_keep_nobody_elses_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """More of them than any pool of threads of this loop has places."""
    answered, known = threading.Event(), socket.getaddrinfo

    def slow(host: str, *more: Any, **named: Any) -> Any:
        if host.startswith("silent"):
            answered.wait(30)
            raise socket.gaierror
        return known(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    silent = [asyncio.create_task(resolve(f"silent-{n}.test", PORT)) for n in range(64)]
    try:
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            assert await resolve("127.0.0.1", PORT) == ["127.0.0.1"]
        assert not any(it.done() for it in silent)
    finally:
        answered.set()
    assert all(isinstance(it, OSError) for it in await asyncio.gather(*silent, return_exceptions=True))


async def test_a_name_that_is_none_is_unknown() -> None:
    async with Client(private=True) as client:
        assert (await refused(client, f"http://{'a' * 64}.test/")).reason is Reason.UNKNOWN_HOST


class Line(httpcore2.AsyncNetworkStream):
    def __init__(self, address: str) -> None:
        self.address, self.closed = address, False

    async def aclose(self) -> None:
        self.closed = True


class Network:
    """Each address does what it is said to; `dialed` are those that were, in order."""

    def __init__(self, **does: Any) -> None:
        self.does, self.dialed, self.lines = does, list[str](), list[Line]()

    async def connect_tcp(self, address: str, *_: Any) -> Line:
        self.dialed.append(address)
        what = self.does[address]
        if isinstance(what, Exception):
            raise what
        try:
            await asyncio.sleep(what)
        except asyncio.CancelledError:
            if address.endswith("9"):  # it stood at the moment in which it was given up
                pass
            else:
                raise
        self.lines.append(Line(address))
        return self.lines[-1]


def dialer(network: Network) -> Dialer:
    async def resolver(_: str, __: int) -> list[str]:
        return list(network.does)

    made = Dialer(private=True, resolver=resolver)
    made._network = network  # type: ignore[assignment]
    return made


async def dial(network: Network) -> str:
    async with asyncio.timeout(10):
        line = await dialer(network).connect_tcp("host.test", PORT, 30)
    assert isinstance(line, Line)
    return line.address


async def test_an_address_that_swallows_everything_is_passed_by() -> None:
    """As of IPv6 in a network that has it and lets nothing of it out."""
    network = Network(**{"2001:db8::1": 1000, "10.0.0.1": 0})
    assert await dial(network) == "10.0.0.1"


async def test_the_best_address_is_kept_while_it_answers() -> None:
    network = Network(**{"10.0.0.1": 0.01, "10.0.0.2": 0})
    assert await dial(network) == "10.0.0.1"
    assert network.dialed == ["10.0.0.1"]


async def test_after_one_that_refuses_the_next_is_tried_at_once_and_what_stands_late_is_closed() -> None:
    network = Network(**{"10.0.0.9": 1000, "10.0.0.2": ConnectionRefusedError(), "10.0.0.3": 0})
    assert await dial(network) == "10.0.0.3"
    assert [(line.address, line.closed) for line in network.lines] == [("10.0.0.3", False), ("10.0.0.9", True)]


async def test_where_none_stands_the_last_failure_is_told() -> None:
    network = Network(**{"10.0.0.1": httpcore2.ConnectTimeout(), "10.0.0.2": httpcore2.ConnectError("refused")})
    with pytest.raises(httpcore2.ConnectError):
        await dial(network)
    with pytest.raises(HostUnknown):
        await dial(Network())


async def test_a_provider_behind_a_dead_address_is_asked_at_the_other() -> None:
    async def both(_: str, __: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    async with server(says(OK)) as (url, _), Client(private=True, resolver=both) as client:
        port = url.rsplit(":", 1)[1]
        assert (await client.get(f"http://two.test:{port}/", limit=100)).body == b"{}"
