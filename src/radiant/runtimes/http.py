"""The client of runtimes: bounded in time, size and connections, without redirects.

An administrator entered the addresses, so that they may be private or on this machine; link-local addresses and those
of metadata services are never spoken to.
"""

import asyncio
import datetime as dt
import os
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Final, Self

import httpcore2
import httpx2
import msgspec

from radiant.domain.endpoint import Endpoint
from radiant.providers.bodies import explanation, whole
from radiant.providers.decoding import NotDecoded, TooLarge
from radiant.providers.dialing import AddressRefused, Dialer, Resolver, Transport, causes, resolve
from radiant.providers.http import HEADERS
from radiant.providers.places import origin, place, problem_with_base, problem_with_url

from .orders import Orders
from .said import MOST_BYTES, Said, Unanswered


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds for a connection, for one look with all its requests, for who gave an order and waits for its end, and
    for a model to load with nobody waiting."""

    connect: float = 2.0
    look: float = 5.0
    order: float = 5.0
    load: float = 900.0


#: Connections that one client has at most.
CONNECTIONS: Final = 64


class Client:
    """Asks runtimes over HTTP; one for many endpoints, with at most `connections` of them at once.

    Keys are read from `environment`, by the name that an endpoint has for its own, and go nowhere but to its host.
    """

    def __init__(
        self,
        *,
        connections: int = CONNECTIONS,
        patience: Patience | None = None,
        environment: Mapping[str, str] | None = None,
        resolver: Resolver = resolve,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self.patience, self.now = patience or Patience(), now
        self.orders = Orders()
        self._environment = os.environ if environment is None else environment
        self._places = asyncio.Semaphore(connections)
        # Models that load are waited for on connections of their own, so that looks are never short of one.
        dialer = Dialer(private=True, resolver=resolver)
        self._http = httpx2.AsyncClient(
            transport=Transport(dialer, connections=2 * connections), timeout=None, trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.orders.cancel()
        await self._http.aclose()

    @asynccontextmanager
    async def look(self) -> AsyncIterator[None]:
        """A look at one endpoint happens in here: it has a place among the connections, and an end.

        Raises Unanswered where it takes too long; waiting for a place does not count.
        """
        async with self._places:
            try:
                async with asyncio.timeout(self.patience.look):
                    yield
            except TimeoutError:
                raise Unanswered(f"it did not answer within {self.patience.look:g} seconds", slow=True) from None

    async def get(self, endpoint: Endpoint, path: str) -> Said:
        """What the server says at `path` below the endpoint's address. Raises Unanswered where it says nothing."""
        return await self.ask(endpoint, "GET", path)

    async def ask(
        self, endpoint: Endpoint, method: str, path: str, body: Any = None, *, seconds: float | None = None
    ) -> Said:
        """The same with a method, and a `body` as JSON. `path` may be an address elsewhere, where the key does not go.

        `seconds` replace those of a look. Raises Unanswered.
        """
        url, headers = self._address(endpoint, path)
        content = None if body is None else msgspec.json.encode(body)
        kind = {} if content is None else {"Content-Type": "application/json"}
        bound = self.patience.look if seconds is None else seconds
        async with _in_words(bound):
            timeout = httpx2.Timeout(bound, connect=self.patience.connect)
            request = self._http.build_request(
                method, url, headers={**HEADERS, **kind, **headers}, content=content, timeout=timeout
            )
            response = await self._http.send(request, stream=True)
            try:
                read = whole if response.is_success else explanation
                said = await read(response, MOST_BYTES)
                told = {name.lower(): value for name, value in response.headers.items()}
                return Said(place(url), response.status_code, told, said, self._key(endpoint), self.now())
            finally:
                await response.aclose()

    async def start(self, endpoint: Endpoint, order: Coroutine[Any, Any, None]) -> None:
        """Begin what takes as long as a model loads, and wait for as long as `patience.order`: some runtimes give
        up loading when who asked hangs up. A second order for an endpoint while one runs does nothing.

        Raises what `order` raises in that time; what it raises later is told by the next look.
        """
        await self.orders.start(endpoint, order, self.patience.order)

    def _key(self, endpoint: Endpoint) -> str | None:
        if endpoint.secret_env is None:
            return None
        return self._environment.get(endpoint.secret_env, "").strip() or None

    def _address(self, endpoint: Endpoint, path: str) -> tuple[str, dict[str, str]]:
        """Where to ask, and the header of the key if it goes there. Raises Unanswered."""
        root = endpoint.url or ""
        if problem := problem_with_base(root):
            raise Unanswered(problem if root else "it has no address", permanent=True)
        url = path if "://" in path else f"{root.rstrip('/')}/{path.lstrip('/')}"
        if problem := problem_with_url(url):
            raise Unanswered(problem, permanent=True)
        if endpoint.secret_env is None or origin(url) != origin(root):
            return url, {}
        key = self._key(endpoint)
        if key is None:
            raise Unanswered(f"its key is not set: {endpoint.secret_env} has no value here", permanent=True)
        return url, {"Authorization": f"Bearer {key}"}


@asynccontextmanager
async def _in_words(seconds: float) -> AsyncIterator[None]:
    """Ask in here: whatever goes wrong is Unanswered, with a sentence."""
    slow = f"it did not answer within {seconds:g} seconds"
    try:
        async with asyncio.timeout(seconds):
            yield
    except (httpcore2.ConnectTimeout, httpx2.ConnectTimeout, httpcore2.PoolTimeout, httpx2.PoolTimeout):
        raise Unanswered("no connection: nobody answers") from None
    except (TimeoutError, httpcore2.TimeoutException, httpx2.TimeoutException):
        raise Unanswered(slow, slow=True) from None
    except AddressRefused as error:
        raise Unanswered(str(error), permanent=True) from None
    except TooLarge:
        raise Unanswered(f"what came is larger than {MOST_BYTES // 2**20} MiB") from None
    except NotDecoded as error:
        raise Unanswered(f"what came {error}") from None
    except (httpcore2.ConnectError, httpx2.ConnectError) as error:
        raise _unconnected(error) from None
    except (httpcore2.NetworkError, httpx2.NetworkError):
        raise Unanswered("the connection broke") from None
    except (httpcore2.RemoteProtocolError, httpx2.RemoteProtocolError):
        raise Unanswered("what came is no HTTP, or breaks off") from None
    except (httpcore2.ProtocolError, httpx2.HTTPError, httpx2.InvalidURL, ValueError):
        raise Unanswered("this cannot be asked over HTTP", permanent=True) from None


def _unconnected(error: Exception) -> Unanswered:
    """Nobody listens, and no such host, say that the server is not up; anything else says nothing of it."""
    behind = list(causes(error))
    if any(isinstance(cause, ssl.SSLError) for cause in behind):
        return Unanswered("no encrypted connection: its certificate is not accepted, or it speaks no TLS")
    if any(isinstance(cause, ConnectionRefusedError) for cause in behind):
        return Unanswered("nobody listens there", gone=True)
    if any(isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME for cause in behind):
        return Unanswered(f"no connection: {error}", gone=True)
    return Unanswered(f"no connection: {str(error) or 'nobody answers'}")
