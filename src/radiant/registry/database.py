"""Connections to one registry, pooled or single, with errors of the driver turned into sentences."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self

import psycopg
from psycopg.rows import DictRow

from radiant.sql import queries

from .address import Address as Address
from .address import place as place
from .connection import Connection as Connection
from .connection import RegistryConnection
from .pool import Pool
from .refusals import explained as explained
from .refusals import refusal

_SQL = queries("connections")


class Database:
    """A pool of at most `largest` connections to one registry, made when they are needed."""

    def __init__(self, address: str | Address, *, largest: int = 8) -> None:
        self.address = Address.of(address)
        self._pool = Pool(self.address, largest)

    @classmethod
    async def open(cls, address: str | Address, *, largest: int = 8) -> "Database":
        """Connect once to be sure. Raises DatabaseUnreachable and DatabaseUnusable."""
        database = cls(address, largest=largest)
        async with database.connection():
            return database

    @property
    def url(self) -> str:
        return self.address.url

    async def close(self) -> None:
        await self._pool.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection of the pool. Raises DatabaseUnreachable, DatabaseUnusable and ValueRefused."""
        with _in_words(self.address):
            async with self._pool.connection() as connection:
                yield connection

    async def rows(self, text: str, parameters: Any = None) -> list[DictRow]:
        """Run one query and return all rows as dictionaries."""
        async with self.connection() as connection:
            return await (await connection.execute(text.encode(), parameters)).fetchall()

    async def row(self, text: str, parameters: Any = None) -> DictRow | None:
        """Run one query and return its first row."""
        async with self.connection() as connection:
            return await (await connection.execute(text.encode(), parameters)).fetchone()

    async def answers(self) -> bool:
        """Whether the database can be asked now. Raises DatabaseError with what is wrong where it cannot."""
        async with self.connection() as connection:
            return await (await connection.execute(_SQL["answers"])).fetchone() is not None


@asynccontextmanager
async def connect(address: str | Address) -> AsyncIterator[Connection]:
    """One connection outside any pool. Raises what `Database.connection` raises."""
    given = Address.of(address)
    with _in_words(given):
        async with await RegistryConnection.to(given) as connection:
            yield connection


@contextmanager
def _in_words(address: Address) -> Iterator[None]:
    """No error of the driver gets past here."""
    try:
        yield
    except (psycopg.Error, UnicodeEncodeError) as error:
        raise refusal(error, address) from error
