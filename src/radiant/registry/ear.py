"""What is announced on a connection, and a question that is asked each time: with half of psycopg's processor time.

A process that follows a registry does nothing else all day. psycopg makes a cursor, a generator and a row of Python's
objects each time; here it is its wrapper of libpq that is used (`psycopg.pq`), for this alone.
"""

import asyncio
from collections.abc import Sequence

import psycopg
from psycopg.pq import ExecStatus

from .connection import Connection


class Ear:
    """On a connection that listens. It may be used besides, by who does not wait for anything here meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self._pg = connection, connection.pgconn
        self._announced = False
        self._names: dict[bytes, bytes] = {}
        connection.add_notify_handler(self._note)  # of what comes while psycopg waits for an answer

    async def heard(self, seconds: float) -> bool:
        """Wait until something is announced, at most so many seconds. Raises psycopg.Error for a connection that was
        lost."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while not self._takes_note() and (left := until - loop.time()) > 0:
            await self._readable(left)
        heard, self._announced = self._announced, False
        return heard

    def forget(self) -> None:
        """What was announced until now, which a question asked from now on sees anyway. Raises psycopg.Error where the
        connection is known to be lost."""
        self._takes_note()
        self._announced = False

    async def ask(self, text: bytes, parameters: Sequence[bytes | None]) -> list[bytes | None]:
        """The only row that a statement with $1, $2 … gives, as PostgreSQL writes its columns; it is planned once for
        this connection. Raises psycopg.Error. A connection whose answer nobody waited for is closed."""
        try:
            name = self._names.get(text)
            if name is None:
                name = self._names[text] = b"radiant_%d" % len(self._names)
                self._pg.send_prepare(name, text)
                await self._answer(ExecStatus.COMMAND_OK)
            self._pg.send_query_prepared(name, parameters)
            found = await self._answer(ExecStatus.TUPLES_OK)
        except BaseException:
            await self.connection.close()
            raise
        return [found.get_value(0, column) for column in range(found.nfields)]

    async def _answer(self, expected: int) -> psycopg.pq.abc.PGresult:
        while self._pg.flush():
            await self._readable(None, writing=True)
            self._pg.consume_input()
        found: list[psycopg.pq.abc.PGresult] = []
        while True:
            while not self._pg.is_busy():
                result = self._pg.get_result()
                if result is None:
                    for each in found:
                        if each.status != expected:
                            raise psycopg.errors.error_from_result(each)
                    return found[-1]
                found.append(result)
            await self._readable(None)
            self._pg.consume_input()

    def _takes_note(self) -> bool:
        """Whether something was announced by now."""
        self._pg.consume_input()
        while self._pg.notifies() is not None:
            self._announced = True
        return self._announced

    def _note(self, _: psycopg.Notify) -> None:
        self._announced = True

    async def _readable(self, seconds: float | None, *, writing: bool = False) -> None:
        """Wait until the server has sent something, and with `writing` until it takes something, too."""
        loop, socket = asyncio.get_running_loop(), self._pg.socket
        waiting: asyncio.Future[None] = loop.create_future()
        timer = None if seconds is None else loop.call_later(seconds, _end, waiting)
        loop.add_reader(socket, _end, waiting)
        if writing:
            loop.add_writer(socket, _end, waiting)
        try:
            await waiting
        finally:
            if timer is not None:
                timer.cancel()
            loop.remove_reader(socket)
            if writing:
                loop.remove_writer(socket)


def _end(waiting: "asyncio.Future[None]") -> None:
    if not waiting.done():
        waiting.set_result(None)
