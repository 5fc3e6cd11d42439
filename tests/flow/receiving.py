"""Receivers of events: a small HTTP server that answers as it is told, and sinks that do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

from radiant.domain.event import Event
from radiant.events.outcome import TAKEN, Outcome
from radiant.registry import event_sinks, events
from radiant.registry.database import Database


class Received(NamedTuple):
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Answers each request with the next of `answers` (a status line's rest and headers), and with 204 after those."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.requests: list[Received] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.requests.append(Received(headers, body))
        answer = self.answers.pop(0) if self.answers else "204 No Content"
        writer.write(f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def receiving(*answers: str) -> AsyncIterator[Receiver]:
    receiver = Receiver(*answers)
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield receiver
    finally:
        server.close()
        await server.wait_closed()


class Collecting:
    """A sink in this process that remembers what it took; `act` says what becomes of an event."""

    def __init__(self, act: Callable[[Event], Awaitable[Outcome]] | None = None, *, batch: int = 1) -> None:
        self.batch, self.act = batch, act
        self.seen: list[str | None] = []

    async def send(self, events: Sequence[Event]) -> list[Outcome]:
        outcomes = []
        for event in events:
            outcomes.append(TAKEN if self.act is None else await self.act(event))
            self.seen.append(event.subject)
        return outcomes


async def emitted(database: Database, *subjects: str) -> None:
    """Events of these subjects, each in a transaction of its own."""
    for subject in subjects:
        async with database.connection() as connection:
            await events.emit(connection, "radiant.catalog.imported", subject, {"source": subject})


async def sink(
    database: Database, name: str, *, kind: str = "log", secret_env: str | None = None, **settings: str
) -> None:
    async with database.connection() as connection:
        await event_sinks.add(connection, name, kind, settings, secret_env, ["radiant.catalog.imported"])


async def again(database: Database, name: str) -> None:
    """The pause of a sink is over."""
    async with database.connection() as connection:
        await connection.execute("UPDATE event_sinks SET next_try_at = now() WHERE name = %s", [name])
