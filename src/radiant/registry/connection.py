"""One connection to a registry: how it is made, and whether it is still of use.

Who may write has to be on the primary. A connection is therefore made only to a server that takes writes; where all
sessions are read-only without the server being a replica (a role or a database that is set so), it is made all the
same, and given up after a while in case another server takes writes by then. An address that names
`target_session_attrs` itself is taken at its word.
"""

import asyncio
import select
import time
from typing import Any, Self, TypeAlias

import psycopg
from psycopg.rows import DictRow, dict_row

from radiant.sql import queries

from .address import Address

Connection: TypeAlias = psycopg.AsyncConnection[DictRow]

#: Seconds to wait for a server that does not answer, shared by all hosts of an address.
CONNECT_TIMEOUT = 5

#: Seconds that a connection which was good a moment ago may take to say that it still is.
CHECK_TIMEOUT = 1.0

#: Seconds after its use for which a connection is asked nothing where its socket is quiet: one that the server closed
#: is not.
FRESH = 0.5

#: Seconds for which a read-only session is put up with before a server that takes writes is looked for again.
READ_ONLY_LIFETIME = 30.0

_SQL = queries("connections")

_OPTIONS = "-c timezone=UTC -c client_min_messages=warning -c search_path=public"
_ANY_SERVER = {"any", "primary", "standby", "prefer-standby", "read-only"}
#: A network that is gone is noticed within half a minute. On a Unix socket these mean nothing.
_NETWORK = {"keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3", "tcp_user_timeout": "10000"}


class RegistryConnection(psycopg.AsyncConnection[DictRow]):
    """A connection that knows how long it has been, and whether it puts up with a read-only session."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.made_at = self.used_at = time.monotonic()
        self.any_server = False
        self.read_only_since: float | None = None

    @classmethod
    async def to(cls, address: Address) -> Self:
        """Connect. Raises psycopg.Error, and DatabaseUnreachable for an address that cannot be read."""
        given = await address.parameters_now()
        session = _session(given)
        if "target_session_attrs" in given:
            connection = await cls.connect(**session)
            connection.any_server = given["target_session_attrs"] in _ANY_SERVER
            return connection
        try:
            return await cls.connect(**session, target_session_attrs="read-write")
        except psycopg.OperationalError as refused:
            if "read-only" not in str(refused):
                raise
        connection = await cls.connect(**session, target_session_attrs="primary")
        connection.read_only_since = time.monotonic()
        return connection

    async def is_good(self) -> bool:
        """Whether it answers, and takes writes where it did or has to. One round trip, at most CHECK_TIMEOUT."""
        if time.monotonic() - self.used_at < FRESH and self._is_quiet():
            return True
        asking = asyncio.ensure_future(self._is_read_only())
        asking.add_done_callback(_notice)
        try:
            done, _ = await asyncio.wait({asking}, timeout=CHECK_TIMEOUT)
        finally:
            if not asking.done():  # cancelling it would wait for the server once more; closing ends it at once
                await self.close()
                await asyncio.wait({asking})  # its watch over the socket must not outlast the socket's number
        return bool(done) and asking.exception() is None and self._bears(asking.result())

    def _is_quiet(self) -> bool:
        """Whether the server has sent nothing since, and has not closed."""
        if self.closed:
            return False
        looking = select.poll()
        looking.register(self.fileno(), select.POLLIN)
        return not looking.poll(0)

    def _bears(self, read_only: bool) -> bool:
        if self.any_server:
            return True
        if not read_only:
            self.read_only_since = None
        elif self.read_only_since is None:
            return False
        return self.read_only_since is None or time.monotonic() - self.read_only_since < READ_ONLY_LIFETIME

    async def _is_read_only(self) -> bool:
        row = await (await self.execute(_SQL["is_read_only"])).fetchone()
        return bool(row and row["it"])


def _notice(asking: "asyncio.Task[bool]") -> None:
    """Take note of how it ended, where nobody waits for it any more."""
    if not asking.cancelled():
        asking.exception()


def _session(given: dict[str, str]) -> dict[str, Any]:
    """How we connect. What the address itself says of these wins."""
    hosts = len(given.get("host", given.get("hostaddr", "")).split(","))
    return {
        "connect_timeout": max(2, CONNECT_TIMEOUT // hosts),
        "application_name": "radiant",
        **_NETWORK,
        **given,
        "options": f"{_OPTIONS} {given.get('options', '')}",
        "autocommit": True,
        "row_factory": dict_row,
    }
