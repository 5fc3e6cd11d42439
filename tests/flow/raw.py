"""A server that answers with whatever bytes a test wants, HTTP or not."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from radiant.domain.external import Auth, AuthScheme
from radiant.providers.keys import Account

#: Writes an answer to one request.
Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]

KEY = "sk-raw-5f1e0c"


class Raw:
    """Where it listens, and the heads of all requests that came."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.asked: list[bytes] = []

    @property
    def account(self) -> Account:
        return Account(
            id="acme", base_url=f"{self.url}/v1", auth=Auth(scheme=AuthScheme.BEARER), key_variables=("ACME_API_KEY",)
        )


@asynccontextmanager
async def raw(reply: Reply) -> AsyncIterator[Raw]:
    """Answer each request with `reply`, then close the connection."""
    served: list[Raw] = []
    answering: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                served[0].asked.append(await reader.readuntil(b"\r\n\r\n"))
                await reply(writer)
                await writer.drain()
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(answer(reader, writer))
        answering.add(task)
        task.add_done_callback(answering.discard)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    served.append(Raw(server.sockets[0].getsockname()[1]))
    try:
        yield served[0]
    finally:
        server.close()
        for task in answering:
            task.cancel()
        await asyncio.gather(*answering, return_exceptions=True)


def said(body: bytes, *headers: str, status: str = "200 OK") -> Reply:
    """A whole answer; a length is said unless the headers say one."""
    given = (
        headers
        if any("ength" in it or "hunked" in it for it in headers)
        else (f"Content-Length: {len(body)}", *headers)
    )
    head = "".join(f"{it}\r\n" for it in (f"HTTP/1.1 {status}", *given)).encode("latin-1")
    return poured(head + b"\r\n" + body, times=1)


def poured(first: bytes, again: bytes = b"", *, times: int | None = None, pause: float = 0.0) -> Reply:
    """`first`, and then `again` until the caller goes away or it was written so many times."""

    async def reply(writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        written = 0
        while again and written != times:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)
            written += 1

    return reply


OK = b"HTTP/1.1 200 OK\r\n"

#: A packed list, whole in itself.
PACKED = gzip.compress(b'{"data": [{"id": "m"}]}')
