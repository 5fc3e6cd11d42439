"""Connections within bounds: what a client does not finish in time is closed, and one address has only so many."""

import asyncio
import logging
import math
from http import HTTPStatus
from typing import Any, Literal, cast

import h11
import msgspec
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from radiant.settings import Limits

from .gate import Gate, counted
from .problem_types import REQUEST_MALFORMED, REQUEST_UNFINISHED, TOO_MANY_CONNECTIONS
from .problems import PROBLEM, Refused

#: What a connection waits for: a whole head, a whole body, the next request, the client to read what was sent.
Waiting = Literal["head", "body", "next", "reader"]

#: Whoever connects can make uvicorn warn. Only what it calls an error is logged; the gate counts what is refused.
_QUIET = logging.getLogger("radiant.http")
_QUIET.setLevel(logging.ERROR)


def protocol(limits: Limits) -> type[H11Protocol]:
    """For `uvicorn.Config(http=…)`: connections of one server, within `limits` together."""

    class Within(BoundedProtocol):
        pass

    Within.gate = Gate(limits.connections_per_address, min(1.0, limits.shortest / 4))
    Within.seconds = {
        "head": limits.head_seconds,
        "body": limits.body_seconds,
        "next": limits.idle_seconds,
        "reader": limits.body_seconds,
    }
    return Within


class BoundedProtocol(H11Protocol):
    """uvicorn's connection, with a deadline for whatever it waits for from its client.

    Deadlines are looked at together, every so often, by the gate: a timer for each request would cost more than a
    choice does.
    """

    gate: Gate
    seconds: dict[Waiting, float]
    address: str | None = None
    waiting: Waiting | None = None
    deadline = math.inf

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.logger = _QUIET
        self.timeout_keep_alive = math.ceil(self.seconds["next"]) + 1  # ours is the one that counts

    # What uvicorn and asyncio tell

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast("asyncio.Transport", transport))
        self.address = counted(self.client[0]) if self.client else None
        self._wait_for("head")
        if not self.gate.admit(self):
            self._refuse(Refused(TOO_MANY_CONNECTIONS, "There are too many connections from this address."))

    def connection_lost(self, exc: Exception | None) -> None:
        self.gate.forget(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._look()

    def send_400_response(self, msg: str) -> None:
        self._refuse(Refused(REQUEST_MALFORMED, msg))

    # What the gate asks

    def expire(self) -> None:
        """The deadline has passed. Whoever has sent part of a request is told so; a silent one is not."""
        if self.waiting == "reader":
            self.transport.abort()
        elif self.waiting == "next" or (self.waiting == "head" and not self.conn.trailing_data[0]):
            self.gate.note("idle" if self.waiting == "next" else "silent")
            self.transport.close()
            self._wait_for("reader")
        else:
            self._refuse(Refused(REQUEST_UNFINISHED, "The request was not finished in time."))

    def watch_closing(self) -> None:
        """Closed by whomever: what was sent before that must be read in time, too."""
        if self.transport.is_closing():
            self._wait_for("reader")

    def _refuse(self, refused: Refused) -> None:
        """Answer, unless an answer has begun, and close."""
        self.gate.note(refused.kind.name)
        cycle = self._newest
        if cycle is None or not cycle.response_started or self._is_between_requests():
            self.transport.write(_raw(refused))
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.close()
        self._wait_for("reader")

    def _is_between_requests(self) -> bool:
        """Whether the newest request is read and answered, so that what comes now belongs to the next one."""
        return self.cycle.response_complete and not self.cycle.more_body

    @property
    def _newest(self) -> RequestResponseCycle | None:
        """The newest request with its answer; None before the first."""
        return self.cycle

    def _look(self) -> None:
        """What is waited for now."""
        if self.transport.is_closing() or self.flow.write_paused:
            return self._wait_for("reader")
        state = self.conn.their_state
        if state is h11.SEND_BODY:
            self._wait_for("body")
        elif state is not h11.IDLE:
            self._wait_for(None)
        else:
            self._wait_for("head" if self._newest is None or self.conn.trailing_data[0] else "next")
        return None

    def _wait_for(self, what: Waiting | None) -> None:
        """A client that goes on with the same thing gains no time by it."""
        if what != self.waiting:
            self.waiting = what
            self.deadline = math.inf if what is None else self.loop.time() + self.seconds[what]


def _raw(refused: Refused) -> bytes:
    """The whole answer, after which the connection is closed."""
    body = msgspec.json.encode(refused.document())
    status = HTTPStatus(refused.kind.status)
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {PROBLEM}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
