"""What is announced on a connection, and a question that is asked each time: with a third of psycopg's processor time.

A process that follows a registry does nothing else all day. psycopg makes a cursor, a generator and a row of Python's
objects each time, and the event loop takes a turn for every step; here it is psycopg's wrapper of libpq that is used
(`psycopg.pq`), for this alone, and its socket is watched all the while.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import NamedTuple

import psycopg
from psycopg.pq import ExecStatus

from .connection import Connection

#: The columns of a row as PostgreSQL writes them.
Columns = list[bytes | None]


class Question(NamedTuple):
    """What stands for $1, $2 … when it is asked next, and the moment of the event loop before which it is not."""

    parameters: Sequence[bytes | None]
    not_before: float = 0.0


#: Takes an answer and says what is asked next, or None where more is to be done about the answer.
Take = Callable[[Columns], Question | None]


class Ear:
    """On a connection that listens. Whoever asks something else takes `connection`, while nobody waits for anything
    here. To be left before the connection is closed."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._pg = connection, connection.pgconn
        self._loop = asyncio.get_running_loop()
        self._names: dict[bytes, bytes] = {}
        self._announced = False
        self._socket: int | None = None  # while it is watched
        self._waiting: asyncio.Future[Columns | None] | None = None
        self._follows: Callable[[], None] | None = None  # asks what is asked once something is announced
        self._take: Take | None = None
        self._asked = False
        self._found: list[psycopg.pq.abc.PGresult] = []
        self._alarm: asyncio.TimerHandle | None = None
        self._rest: asyncio.TimerHandle | None = None
        connection.add_notify_handler(self._note)  # of what comes while psycopg waits for an answer

    @property
    def connection(self) -> Connection:
        """The connection, which this does not watch until it is asked for something again."""
        self._unwatch()
        return self._connection

    def leave(self) -> None:
        """Wait for nothing any more."""
        self._unwatch()
        self._set_alarm(None)

    async def follow(
        self,
        text: bytes,
        question: Question,
        *,
        until: float,
        take: Take = lambda _: None,
        asking: Callable[[], None] = lambda: None,
    ) -> Columns | None:
        """Whenever something is announced, ask as `ask` does, and give the answer to `take` as soon as it is there: a
        task that is woken for it costs as much again. `asking` is called just before. Returns the first answer about
        which more is to be done, or None at the moment `until` of the event loop. Raises psycopg.Error and what `take`
        raises. A connection whose answer nobody waited for is closed."""
        name = await self._prepared(text)
        if self._loop.time() >= until:
            return None

        def put() -> None:
            if (rest := question.not_before - self._loop.time()) > 0:
                self._unwatch()
                self._rest = self._rest or self._loop.call_later(rest, self._rested)
                return
            asking()
            self._announced = False
            self._send(name, question.parameters)

        def taken(found: Columns) -> Question | None:
            nonlocal question
            following = take(found)
            question = following or question
            return following

        self._set_alarm(until)
        self._follows, self._take = put, taken
        try:
            return await self._answer(self._go_on)
        finally:
            self._follows = self._take = None
            if self._rest is not None:
                self._rest.cancel()
                self._rest = None

    async def ask(self, text: bytes, parameters: Sequence[bytes | None]) -> Columns:
        """The only row that a statement with $1, $2 … gives; it is planned once for this connection. Raises
        psycopg.Error. A connection whose answer nobody waited for is closed."""
        name = await self._prepared(text)
        return await self._answer(lambda: self._send(name, parameters)) or []

    async def _prepared(self, text: bytes) -> bytes:
        name = self._names.get(text)
        if name is None:
            name = b"radiant_%d" % len(self._names)
            await self._answer(lambda: self._begin(lambda: self._pg.send_prepare(name, text)))
            self._names[text] = name
        return name

    async def _answer(self, begin: Callable[[], None]) -> Columns | None:
        self._waiting = self._loop.create_future()
        try:
            self._watch()
            begin()
            return await self._waiting
        except BaseException:
            self._unwatch()
            if self._asked:  # nobody would know what the next answer is to
                await self._connection.close()
            raise
        finally:
            self._waiting = None

    def _send(self, name: bytes, parameters: Sequence[bytes | None]) -> None:
        self._begin(lambda: self._pg.send_query_prepared(name, parameters))

    def _begin(self, send: Callable[[], None]) -> None:
        self._asked = True
        self._found = []
        send()
        if self._pg.flush():  # more than a socket takes at once
            self._loop.add_writer(self._pg.socket, self._go_on_writing)

    def _go_on_writing(self) -> None:
        self._guarded(self._write)

    def _write(self) -> None:
        self._pg.consume_input()
        if not self._pg.flush():
            self._loop.remove_writer(self._pg.socket)

    def _readable(self) -> None:
        self._guarded(self._hear)

    def _rested(self) -> None:
        self._rest = None
        self._guarded(self._hear_again)

    def _hear_again(self) -> None:
        self._watch()
        self._hear()

    def _hear(self) -> None:
        """Take what has come."""
        self._pg.consume_input()
        self._go_on()

    def _go_on(self) -> None:
        """Do what follows from what has come."""
        while self._pg.notifies() is not None:
            self._announced = True
        if self._asked:
            self._collect()
        elif self._announced and self._follows is not None:
            self._follows()

    def _collect(self) -> None:
        while not self._pg.is_busy():
            result = self._pg.get_result()
            if result is None:
                for each in self._found:
                    if each.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
                        raise psycopg.errors.error_from_result(each)
                self._asked = False
                last = self._found[-1]
                self._give([last.get_value(0, column) for column in range(last.nfields)])
                return
            self._found.append(result)

    def _give(self, found: Columns) -> None:
        if self._take is None or self._take(found) is None:
            self._tell(found)
        elif self._alarm is None:  # it rang meanwhile
            self._tell(None)
        else:
            self._go_on()

    def _tell(self, found: Columns | None) -> None:
        """Until who waits runs, something may be announced: nothing more is asked for it."""
        self._follows = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(found)

    def _too_late(self) -> None:
        self._alarm = None
        if self._follows is not None and not self._asked:
            self._tell(None)

    def _set_alarm(self, at: float | None) -> None:
        """One that is set already stays: it is the same for all changes between two looks."""
        if self._alarm is not None and self._alarm.when() != at:
            self._alarm.cancel()
            self._alarm = None
        if self._alarm is None and at is not None:
            self._alarm = self._loop.call_at(at, self._too_late)

    def _note(self, _: psycopg.Notify) -> None:
        self._announced = True

    def _guarded(self, step: Callable[[], None]) -> None:
        """A fault is told to who waits; where nobody does, the next one who asks meets it again."""
        try:
            step()
        except Exception as error:
            self._unwatch()
            self._follows = None
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_exception(error)

    def _watch(self) -> None:
        if self._socket is None:
            self._socket = self._pg.socket
            self._loop.add_reader(self._socket, self._readable)

    def _unwatch(self) -> None:
        """By the number it had: libpq closes the socket of a connection that was lost by itself."""
        if self._socket is not None:
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
            self._socket = None
