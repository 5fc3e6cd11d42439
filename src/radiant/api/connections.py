"""HTTP connections with deadlines for what a client has to do: finish a request, read its answer, ask again."""

import asyncio
import logging
import math
from http import HTTPStatus
from typing import Any, Final, Literal, cast

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from radiant.settings import Limits

from .gate import Gate, counted
from .problem_types import REQUEST_MALFORMED, REQUEST_UNFINISHED, TOO_MANY_CONNECTIONS
from .problems import PROBLEM, Refused

#: What a connection waits for: a whole head, a whole body, the next request, the client to read what was sent.
Waiting = Literal["head", "body", "next", "reader"]

#: Bytes of a head, and of what comes with a body and is none: sizes and extensions of chunks, trailers.
LARGEST_HEAD: Final = 64 * 1024

#: Requests of one connection that wait for the answer to an earlier one.
MOST_WAITING: Final = 100

#: Whoever connects can make uvicorn warn. Only what it calls an error is logged; the gate counts what is refused.
_QUIET = logging.getLogger("radiant.http")
_QUIET.setLevel(logging.ERROR)


def protocol(limits: Limits) -> type[HttpToolsProtocol]:
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


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's connection, with a deadline for whatever it waits for from its client.

    Deadlines are looked at together, every so often, by the gate: a timer for each request would cost more than a
    choice does.
    """

    gate: Gate
    seconds: dict[Waiting, float]
    address: str | None = None
    waiting: Waiting | None = None
    deadline = math.inf
    #: Which part of a request is being read; None before its first byte and after its last.
    _part: Literal["head", "body"] | None = None
    #: Bytes since the head began, or since the last part of a body; without what came in one piece with that.
    _beside = 0
    #: Bytes that came last, and all since those with which the head began: a head cannot be larger.
    _piece = _reach = 0
    #: What comes is no HTTP; what was asked before is still answered.
    _broken = False

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.logger = _QUIET

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
        if self._broken:
            return
        self._piece = len(data)
        self._beside += self._piece
        self._reach += self._piece
        super().data_received(data)
        if self._part is not None and self._beside > LARGEST_HEAD and not self._broken:
            self.send_400_response("The head of the request, or what comes with its body, is too large.")
        self._look()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._part, self._reach = "head", self._piece

    def on_headers_complete(self) -> None:
        if self._reach > LARGEST_HEAD and self._head_size() > LARGEST_HEAD:
            raise ValueError("the head is too large")
        if len(self.pipeline) >= MOST_WAITING:
            raise ValueError("too many requests wait for an answer")
        super().on_headers_complete()
        self.headers = []  # trailers would come to the others; nobody reads them
        self._part, self._beside = "body", 0

    def on_body(self, body: bytes) -> None:
        super().on_body(body)
        self._beside = 0

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._part, self._beside = None, 0

    def on_response_complete(self) -> None:
        if self.pipeline:
            super().on_response_complete()
        else:  # the same, without a timer for the next request
            self.server_state.total_requests += 1
            self.flow.resume_reading()
        self._look()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._look()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._look()

    def send_400_response(self, msg: str) -> None:
        self._broken = True
        cycle = self._newest
        if self._part != "body" and cycle is not None and not cycle.response_complete:
            self._part = None
            self.gate.note(REQUEST_MALFORMED.name)
            self.flow.pause_reading()
            cycle.keep_alive = False
        else:
            self._refuse(Refused(REQUEST_MALFORMED, msg))

    def _head_size(self) -> int:
        return sum(len(name) + len(value) + 4 for name, value in self.headers) + len(self.url)

    # What the gate asks

    def expire(self) -> None:
        """The deadline has passed. Whoever has sent part of a request is told so; a silent one is not."""
        if self.waiting == "reader":
            self.transport.abort()
        elif self.waiting == "next" or (self.waiting == "head" and self._part is None):
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
        if cycle is None or (not self.pipeline and (not cycle.response_started or self._is_between_requests())):
            self.transport.write(_raw(refused))
        if cycle is not None and not cycle.response_complete:
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.close()
        self._wait_for("reader")

    def _is_between_requests(self) -> bool:
        """Whether the newest request is read and answered, so that what comes now belongs to the next one."""
        return self.cycle.response_complete and self._part != "body"

    @property
    def _newest(self) -> RequestResponseCycle | None:
        """The newest request with its answer; None before the first."""
        return self.cycle

    def _look(self) -> None:
        """What is waited for now."""
        cycle = self._newest
        if self.flow.write_paused or self.transport.is_closing():
            what: Waiting | None = "reader"
        elif self._part is not None:
            what = self._part
        elif cycle is None:
            what = "head"
        else:
            what = "next" if cycle.response_complete else None
        self._wait_for(what)

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
