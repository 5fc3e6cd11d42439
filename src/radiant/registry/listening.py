"""LISTEN on a connection of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import sql

from radiant.domain.errors import DatabaseUnreachable

from .address import Address, place
from .connection import Connection, RegistryConnection
from .database import connect


@asynccontextmanager
async def listening(address: str | Address, channel: str) -> AsyncIterator[Connection]:
    """A connection that hears what is announced on `channel`. Raises DatabaseUnreachable and DatabaseUnusable."""
    async with connect(address) as connection:
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        yield connection


async def heard(connection: Connection, seconds: float) -> list[str]:
    """Wait for an announcement, at most `seconds`; what was announced, with what came along."""
    return [it.payload async for it in connection.notifies(timeout=seconds, stop_after=1)]


async def confirm_primary(connection: Connection, address: str | Address) -> None:
    """Raises DatabaseUnreachable where nothing will be announced any more: gone silent, or demoted to a replica."""
    if isinstance(connection, RegistryConnection) and not await connection.is_good():
        raise DatabaseUnreachable(f"PostgreSQL at {place(address)} was lost, or became read-only.")
