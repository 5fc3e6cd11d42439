"""The one door outward: bounded in time and size, to addresses that were checked, no key in an address."""

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Final, Self

import httpcore2
import httpx2
import msgspec

from radiant.domain.errors import SourceUnreachable

from .bodies import explanation, whole
from .decoding import ACCEPTED, NotDecoded, TooLarge
from .dialing import AddressRefused, Dialer, HostUnknown, Resolver, Transport, causes, resolve
from .failures import Failed, Reason, of_status, retry_after
from .places import origin, place, problem_with_url

REDIRECTS: Final = 3
_MOVED: Final = (301, 302, 303, 307, 308)
_CONDITIONS: Final = ("If-None-Match", "If-Modified-Since")

#: Statuses of an answer with all of its body: some servers say 201 of what they made, proxies 203 of what they pass on.
_ANSWERS: Final = (200, 201, 203)

#: Bytes of the body of a failure that are looked at.
_FAILURE_BYTES: Final = 64 * 1024

HEADERS: Final = MappingProxyType(
    {
        "Accept": "application/json",
        "Accept-Encoding": ACCEPTED,
        "User-Agent": f"radiant/{version('radiant-registry')}",
    }
)
_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds for a connection, for each read, for one answer with all its redirects, and for all pages of a list."""

    connect: float = 10.0
    read: float = 20.0
    answer: float = 120.0
    pages: float = 300.0


PATIENCE: Final = Patience()


class Answer(msgspec.Struct, frozen=True):
    """A body that came as an answer, where from in the end, and its headers in lower case.

    `unchanged`: what came is 304 and no body, to who asked with a condition.
    """

    url: str
    body: bytes
    headers: Mapping[str, str]
    unchanged: bool = False


class Reply(msgspec.Struct, frozen=True):
    """What somebody said to what was sent; `retry_after` in seconds, where they say when to come again."""

    status: int
    retry_after: float | None


class Client:
    """Asks over HTTP; one for many requests.

    `private` allows private and loopback addresses, `typed` are single hosts that a person at this machine named.
    """

    def __init__(
        self,
        *,
        private: bool = False,
        typed: tuple[str, ...] = (),
        patience: Patience | None = None,
        connections: int = 64,
        resolver: Resolver = resolve,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        self.patience, self._now = patience or PATIENCE, now
        timeout = httpx2.Timeout(self.patience.read, connect=self.patience.connect, pool=self.patience.answer)
        dialer = Dialer(private=private, typed=typed, resolver=resolver)
        self._http = httpx2.AsyncClient(
            transport=Transport(dialer, connections=connections), timeout=timeout, trust_env=False
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def get(
        self,
        url: str,
        *,
        limit: int,
        secret: Mapping[str, str] = _NOTHING,
        headers: Mapping[str, str] = _NOTHING,
        beginning: bool = False,
    ) -> Answer:
        """The answer at `url`, its body unpacked and at most `limit` bytes; with `beginning` no more than those are
        read, and what is larger is cut there.

        `headers` are sent besides. `secret` are headers that open something: they stay on the host of `url`, and a
        redirect elsewhere is refused.
        Raises Failed; no text of it has a header, a query or a body in it.
        """
        async with self._in_words(url, limit):
            return await self._followed(url, limit, secret, headers, beginning=beginning)

    async def get_newer(self, url: str, *, limit: int, etag: str | None, last_modified: str | None) -> Answer | None:
        """The answer at `url`, as `get` has it; None where the server says that it is the one which had these headers.

        Raises Failed.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value is not None}
        answer = await self.get(url, limit=limit, headers=headers)
        return None if answer.unchanged else answer

    async def post(self, url: str, body: bytes, *, headers: Mapping[str, str]) -> Reply:
        """What `url` says to `body`: a status, nothing of what it wrote. Redirects are not followed. Raises Failed."""
        async with self._in_words(url, _FAILURE_BYTES):
            request = self._http.build_request("POST", url, headers={**HEADERS, **headers}, content=body)
            response = await self._http.send(request, stream=True)
            await response.aclose()
            wait = retry_after(response.headers, self._now())
            return Reply(response.status_code, wait)

    async def send(self, url: str, body: bytes, *, limit: int, headers: Mapping[str, str]) -> bytes:
        """What `url` answers to `body`, at most `limit` bytes. Redirects are not followed. Raises Failed, as `get`."""
        async with self._in_words(url, limit):
            request = self._http.build_request("POST", url, headers={**HEADERS, **headers}, content=body)
            response = await self._http.send(request, stream=True)
            try:
                if response.status_code in _MOVED:
                    raise Failed(place(url), Reason.MOVED, "it redirects what is sent to it")
                return await self._read(url, response, limit, keyed=True)
            finally:
                await response.aclose()

    async def _read(
        self, asked: str, response: httpx2.Response, limit: int, *, keyed: bool, beginning: bool = False
    ) -> bytes:
        """The body of an answer. Raises Failed for any other status than those of answers."""
        if response.status_code in _ANSWERS:
            return await whole(response, limit, beginning=beginning)
        body = await explanation(response, _FAILURE_BYTES)
        headers = {name.lower(): value for name, value in response.headers.items()}
        raise of_status(place(asked), response.status_code, body, headers, now=self._now(), keyed=keyed)

    @asynccontextmanager
    async def _in_words(self, url: str, limit: int) -> AsyncIterator[None]:
        """Ask at `url` in here: whatever goes wrong is Failed, with a sentence."""
        if problem := problem_with_url(url):
            raise Failed(place(url), Reason.ADDRESS, problem)
        try:
            async with asyncio.timeout(self.patience.answer):
                yield
        except TimeoutError:
            problem = f"it took longer than {self.patience.answer:g} seconds"
            raise Failed(place(url), Reason.SLOW, problem) from None
        except (httpcore2.TimeoutException, httpx2.TimeoutException):
            raise Failed(place(url), Reason.SLOW, "it did not answer in time") from None
        except AddressRefused as error:
            raise Failed(place(url), Reason.ADDRESS, str(error)) from None
        except TooLarge:
            raise Failed(place(url), Reason.TOO_LARGE, f"it is larger than {limit / 2**20:.3g} MiB") from None
        except NotDecoded as error:
            raise Failed(place(url), Reason.UNREADABLE, f"what came {error}") from None
        except (httpcore2.NetworkError, httpx2.NetworkError) as error:
            raise Failed(place(url), *_told(error)) from None
        except (httpcore2.ProtocolError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            broke = isinstance(error, httpcore2.RemoteProtocolError | httpx2.RemoteProtocolError)
            problem = "what came is no HTTP, or breaks off" if broke else "this cannot be asked over HTTP"
            raise Failed(place(url), Reason.UNREACHABLE, problem) from None

    async def _followed(
        self, url: str, limit: int, secret: Mapping[str, str], besides: Mapping[str, str], *, beginning: bool
    ) -> Answer:
        asked = url
        for _ in range(REDIRECTS + 1):
            request = self._http.build_request("GET", asked, headers={**HEADERS, **besides, **secret})
            response = await self._http.send(request, stream=True)
            try:
                if response.status_code in _MOVED:
                    asked = _moved(url, asked, response, secret)
                    continue
                if response.status_code == httpx2.codes.NOT_MODIFIED and not besides.keys().isdisjoint(_CONDITIONS):
                    return Answer(asked, b"", {}, unchanged=True)
                body = await self._read(asked, response, limit, keyed=bool(secret), beginning=beginning)
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(asked, body, headers)
            finally:
                await response.aclose()
        raise Failed(place(url), Reason.MOVED, f"it redirects more than {REDIRECTS} times")


def _moved(first: str, asked: str, response: httpx2.Response, secret: Mapping[str, str]) -> str:
    """Where a redirect leads, if one may go there. Raises Failed."""
    to = str(httpx2.URL(asked).join(response.headers.get("location", "")))
    if problem := problem_with_url(to):
        raise Failed(place(first), Reason.MOVED, f"it redirects to {place(to)}: {problem}")
    if to == asked:
        raise Failed(place(first), Reason.MOVED, "it redirects to itself")
    if secret and origin(to) != origin(first):
        raise Failed(place(first), Reason.MOVED, f"it redirects to {place(to)}, where its key does not go")
    if first.startswith("https:") and not to.startswith("https:"):
        raise Failed(place(first), Reason.MOVED, f"it redirects to {place(to)}, which is not encrypted")
    return to


def _told(error: Exception) -> tuple[Reason, str]:
    """What kind of failure it is that a connection could not be had or broke, and a sentence."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Reason.TLS, f"its certificate is not accepted: {cause.verify_message}"
        if isinstance(cause, ssl.SSLError):
            return Reason.TLS, f"no encrypted connection: {cause.reason or 'TLS failed'}"
        if isinstance(cause, HostUnknown):
            return Reason.UNKNOWN_HOST, f"no connection: {cause}"
        if isinstance(cause, ConnectionRefusedError):
            return Reason.CLOSED, f"no connection: {error}"
    if isinstance(error, httpcore2.ConnectError | httpx2.ConnectError):
        return Reason.UNREACHABLE, f"no connection: {str(error) or 'nobody answers'}"
    return Reason.UNREACHABLE, "the connection broke"


async def download(url: str, *, limit: int) -> bytes:
    """The body at an address that a person named, at most `limit` bytes. Raises SourceUnreachable with the reason."""
    try:
        async with Client(typed=(httpx2.URL(url).host,)) as client:
            return (await client.get(url, limit=limit)).body
    except Failed as error:
        raise SourceUnreachable(url, error.problem) from None
    except httpx2.InvalidURL:
        raise SourceUnreachable(url, "it is no http(s) address") from None


def read_file(path: Path, *, limit: int) -> bytes:
    """The bytes of a file, at most `limit`. Raises SourceUnreachable with the reason."""
    try:
        with path.open("rb") as file:
            body = file.read(limit + 1)
    except OSError as error:
        raise SourceUnreachable(str(path), str(error.strerror or error)) from error
    if len(body) > limit:
        raise SourceUnreachable(str(path), f"it is larger than {limit // 2**20} MiB")
    return body
