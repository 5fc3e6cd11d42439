"""A small server within limits, and bare connections to it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import uvicorn
from litestar import get, post

from radiant.address import listening_socket
from radiant.api.asgi import Face
from radiant.api.body import json_body
from radiant.api.connections import protocol
from radiant.api.problem_types import TOKEN_NEEDED
from radiant.api.problems import HANDLERS, AnyRequest, Refused
from radiant.settings import Limits

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
    got = b""
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionResetError):  # which takes nothing back of what came before
            while part := await reader.read(65_536):
                got += part
    return got


def said(answer: bytes) -> tuple[int, dict[str, Any]]:
    """Status and problem document of an answer as it stood on the wire."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"Content-Type: application/problem+json" in head
    return int(head.split()[1]), json.loads(body)
