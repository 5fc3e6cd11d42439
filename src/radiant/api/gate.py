"""Limits the connections of one server per client address, closes overdue ones, and logs refusals once a minute."""

import asyncio
import ipaddress
import math
from collections import Counter, defaultdict
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)

#: Seconds between two lines of the log.
PAUSE = 60.0


class Watched(Protocol):
    """A connection as the gate sees it."""

    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport
    deadline: float

    @property
    def address(self) -> str | None: ...

    @property
    def waiting(self) -> str | None: ...

    def expire(self) -> None: ...

    def watch_closing(self) -> None: ...


class Gate:
    """At most `most` connections of one address (0: any number); deadlines are looked at every `pause` seconds."""

    def __init__(self, most: int, pause: float) -> None:
        self._most, self._pause = most, pause
        self._open: dict[Watched, None] = {}
        self._of: defaultdict[str, dict[Watched, None]] = defaultdict(dict)
        self._timer: asyncio.TimerHandle | None = None
        self._refused: Counter[str] = Counter()
        self._told_at = -math.inf

    def admit(self, connection: Watched) -> bool:
        """Whether this one may stay. Where its address has too many, one that has no request under way makes room."""
        self._open[connection] = None
        if self._timer is None:
            self._timer = connection.loop.call_later(self._pause, self._look, connection.loop)
        if connection.address is None:
            return True
        those = self._of[connection.address]
        if 0 < self._most <= len(those) and not self._make_room(those):
            return False
        those[connection] = None
        return True

    def forget(self, connection: Watched) -> None:
        """It is closed."""
        self._open.pop(connection, None)
        if connection.address is not None and (those := self._of.get(connection.address)) is not None:
            those.pop(connection, None)
            if not those:
                del self._of[connection.address]

    def note(self, what: str) -> None:
        """Count something that was refused."""
        self._refused[what] += 1

    def _make_room(self, those: dict[Watched, None]) -> bool:
        """Close the oldest that has not sent a whole request, or else the oldest between two requests."""
        for waiting in ("head", "next"):
            for other in those:
                if other.waiting == waiting:
                    self.note("made-room")
                    del those[other]
                    other.transport.abort()
                    return True
        return False

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for connection in list(self._open):
            connection.watch_closing()
            if connection.deadline <= now:
                connection.expire()
        if self._refused and now - self._told_at >= PAUSE:
            log.warning("connections closed", **{name.replace("-", "_"): n for name, n in self._refused.items()})
            self._refused.clear()
            self._told_at = now
        self._timer = loop.call_later(self._pause, self._look, loop) if self._open else None


def counted(address: str) -> str:
    """What counts as one address: for IPv6 the network of 64 bits, of which a machine has as many as it likes."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    mapped = found.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))
