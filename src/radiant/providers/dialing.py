"""Connecting to an address that was checked: a name is looked up once, and what was found is what is connected to."""

import asyncio
import contextlib
import socket
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from functools import cached_property, partial
from typing import Any, Final

import httpcore2
import httpx2

from .addresses import refusal

#: Looks up the IP addresses of a host, the best first.
Resolver = Callable[[str, int], Awaitable[list[str]]]


class AddressRefused(OSError):
    """A host has no address that may be connected to."""


class HostUnknown(httpcore2.ConnectError):
    """No address is known for a name."""


async def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host as this machine knows them. Raises OSError.

    Each look-up has a thread of its own. The loop's own threads are few, and a name server that is silent about a
    handful of names would keep all of them: everybody else's names would not be found in time either.
    """
    loop = asyncio.get_running_loop()
    told: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str] | Exception) -> None:
        if told.done():  # nobody waits any longer
            return
        if isinstance(found, Exception):
            told.set_exception(found)
        else:
            told.set_result(found)

    def look_up() -> None:
        found: list[str] | Exception
        try:
            places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(place[0]) for *_, place in places))
        except Exception as error:  # a name that is none is an error of its encoding
            found = error if isinstance(error, OSError) else OSError(str(error))
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, found)

    threading.Thread(target=look_up, name="radiant-name", daemon=True).start()
    return await told


class Dialer(httpcore2.AsyncNetworkBackend):
    """Connects only to allowed addresses. `typed` are hosts that a person named, which may be private."""

    def __init__(self, *, private: bool, typed: Iterable[str] = (), resolver: Resolver = resolve) -> None:
        self._private, self._typed, self._resolve = private, frozenset(typed), resolver
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the name that httpcore2 calls it by
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Raises AddressRefused, or what httpcore2 raises."""
        try:
            async with asyncio.timeout(timeout):
                found = await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(f"{host} was not found in time") from error
        except OSError as error:
            raise HostUnknown(f"{host} is not known") from error
        dials = [
            partial(self._network.connect_tcp, address, port, timeout, local_address, socket_options)
            for address in self._allowed(host, found)
        ]
        return await _first(dials, HostUnknown(f"{host} has no address"))

    def _allowed(self, host: str, found: list[str]) -> list[str]:
        private = self._private or host in self._typed
        refused = {address: refusal(address, private=private) for address in found}
        allowed = [address for address, why in refused.items() if why is None]
        if refused and not allowed:
            raise AddressRefused(next(iter(refused.values())))
        return allowed

    async def connect_unix_socket(self, *_: Any, **__: Any) -> httpcore2.AsyncNetworkStream:
        raise AddressRefused("a provider is no file")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


#: Seconds that an address has for itself before the next one is tried beside it (RFC 8305, section 5).
BESIDE: Final = 0.25


_Dial = Callable[[], Coroutine[Any, Any, httpcore2.AsyncNetworkStream]]


async def _first(dials: Iterable[_Dial], failure: BaseException) -> httpcore2.AsyncNetworkStream:
    """The connection that stands first. Raises the failure that came last, `failure` where there was none to dial.

    One after the other, an address that swallows packets, as of IPv6 where no way of it leads out, would take all the
    time that there is, while every other client of this machine is served by the next address.
    """
    left, going = deque(dials), set[asyncio.Task[httpcore2.AsyncNetworkStream]]()
    try:
        while left or going:
            if left:
                going.add(asyncio.create_task(left.popleft()()))
            done, going = await asyncio.wait(
                going, timeout=BESIDE if left else None, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                if (problem := task.exception()) is None:
                    going |= done - {task}
                    return task.result()
                failure = problem
        raise failure
    finally:
        for task in going:
            task.cancel()
        for late in await asyncio.gather(*going, return_exceptions=True):
            if not isinstance(late, BaseException):
                await late.aclose()


#: Seconds for which an unused connection is kept. Many servers close theirs after 5: who lets go first never asks on
#: one that is just being closed.
IDLE: Final = 4.0


class Transport(httpx2.AsyncBaseTransport):
    """httpx2 over a pool that connects through a Dialer. No proxy is used: it would connect for us, unchecked."""

    def __init__(self, dialer: Dialer, *, connections: int) -> None:
        self._dialer, self._connections = dialer, connections

    @cached_property
    def _pool(self) -> httpcore2.AsyncConnectionPool:
        # Made by the first request: reading all certificates takes as long as a short command, and few need them.
        return httpcore2.AsyncConnectionPool(
            ssl_context=httpx2.create_ssl_context(),
            max_connections=self._connections,
            max_keepalive_connections=self._connections,
            keepalive_expiry=IDLE,
            network_backend=self._dialer,
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        answer = await self._pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.content,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Stream(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        if "_pool" in vars(self):
            await self._pool.aclose()


class _Stream(httpx2.AsyncByteStream):
    def __init__(self, answer: httpcore2.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> Any:
        async for part in self._answer.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._answer.aclose()


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came from, those of groups too."""
    here: BaseException | None = error
    while here is not None:
        yield here
        if isinstance(here, BaseExceptionGroup):
            for inner in here.exceptions:
                yield from causes(inner)
        here = here.__cause__ or here.__context__
