"""A few connections that are kept, given out one at a time, and dropped all at once when one turns out to be dead.

psycopg's own pool was left for this: it looks at dead connections one a second, hides why it cannot connect, and lets
callers wait for five seconds for a server that refused at once (decision 0010).
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg.pq import TransactionStatus

from radiant.domain.errors import DatabaseUnreachable

from .address import Address, place
from .connection import Connection, RegistryConnection
from .refusals import is_dead

#: Seconds to wait for one of the connections when all are in use.
WAIT = 5.0

#: Seconds after which a connection is not kept any more: unused, or since it was made.
LONGEST_IDLE, LONGEST_LIFE = 600.0, 3600.0


class Pool:
    """At most `largest` connections to `address`, each made when it is first needed."""

    def __init__(self, address: Address, largest: int) -> None:
        self._address, self._largest = address, largest
        self._free = asyncio.Semaphore(largest)
        self._idle: list[RegistryConnection] = []  # the last one given back is the next one given out
        self._closed = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """One that answers and, unless the address says otherwise, takes writes.

        Raises psycopg.Error and DatabaseUnreachable; what happens inside is passed on.
        """
        await self._turn()
        try:
            connection = await self._kept() or await RegistryConnection.to(self._address)
            try:
                yield connection
            except BaseException as error:
                if is_dead(error):
                    await connection.close()
                raise
            finally:
                await self._give_back(connection)
        finally:
            self._free.release()

    async def close(self) -> None:
        """Drop what is kept; what is in use is dropped when it is given back. There is no using it any more."""
        self._closed = True
        await self._drop()

    async def _turn(self) -> None:
        if self._closed:
            raise DatabaseUnreachable(f"The connections to PostgreSQL at {place(self._address)} are closed.")
        try:
            async with asyncio.timeout(WAIT):
                await self._free.acquire()
        except TimeoutError:
            raise DatabaseUnreachable(
                f"All {self._largest} connections to PostgreSQL at {place(self._address)} are in use. Try again."
            ) from None

    async def _kept(self) -> RegistryConnection | None:
        """One of those that are kept. Where it is not good, the others came from the same server and go as well."""
        while self._idle:
            connection = self._idle.pop()
            try:
                good = not _is_old(connection) and await connection.is_good()
            except BaseException:
                await connection.close()
                raise
            if good:
                return connection
            await connection.close()
            await self._drop()
        return None

    async def _give_back(self, connection: RegistryConnection) -> None:
        if connection.closed:
            await self._drop()
        elif self._closed or connection.info.transaction_status != TransactionStatus.IDLE:
            await connection.close()
        else:
            connection.used_at = time.monotonic()
            self._idle.append(connection)

    async def _drop(self) -> None:
        idle, self._idle = self._idle, []
        for connection in idle:
            await connection.close()


def _is_old(connection: RegistryConnection) -> bool:
    now = time.monotonic()
    return now - connection.used_at > LONGEST_IDLE or now - connection.made_at > LONGEST_LIFE
