"""Connections to PostgreSQL, and what went wrong with them in words."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from radiant.domain.errors import DatabaseError, DatabaseUnreachable, DatabaseUnusable, ValueRefused

Connection: TypeAlias = psycopg.AsyncConnection[DictRow]

#: Seconds to wait for a server that does not answer.
CONNECT_TIMEOUT = 5

_OPTIONS = "-c timezone=UTC -c client_min_messages=warning -c search_path=public"

#: What PostgreSQL refuses for reasons that lie outside this program.
_FOREIGN = (
    psycopg.OperationalError,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.InsufficientPrivilege,
)


class Database:
    """A pool of connections to one registry."""

    def __init__(self, url: str, pool: AsyncConnectionPool[Connection]) -> None:
        self.url = url
        self._pool = pool

    @classmethod
    async def open(cls, url: str, *, largest: int = 8) -> "Database":
        """Connect once to be sure, then keep a pool. Raises DatabaseUnreachable."""
        async with connect(url):
            pass
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=largest,
            open=False,
            kwargs=_session(url),
            timeout=CONNECT_TIMEOUT,
            check=AsyncConnectionPool.check_connection,
            reconnect_timeout=2,  # then the next request tries anew, where longer would mean longer and longer pauses
        )
        await pool.open()
        return cls(url, pool)

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection of the pool. Raises DatabaseUnreachable, DatabaseUnusable and ValueRefused."""
        try:
            async with self._pool.connection() as connection:
                yield connection
        except PoolTimeout as error:
            raise DatabaseUnreachable(f"PostgreSQL at {place(self.url)} does not answer.") from error
        except psycopg.DataError as error:
            raise ValueRefused(_first_line(error)) from error
        except _FOREIGN as error:
            raise explained(error, self.url) from error

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
        return await self.row("SELECT") is not None


@asynccontextmanager
async def connect(url: str) -> AsyncIterator[Connection]:
    """One connection outside any pool. Raises DatabaseUnreachable and DatabaseUnusable."""
    if _address(url) is None:
        raise DatabaseUnreachable(
            "The database address cannot be read; expected postgresql://user:password@host:5432/database. "
            "In a password write @ as %40, / as %2F, : as %3A and % as %25."
        )
    try:
        async with await psycopg.AsyncConnection[DictRow].connect(url, **_session(url)) as connection:
            yield connection
    except _FOREIGN as error:
        raise explained(error, url) from error


def place(url: str) -> str:
    """Where `url` points, without user or password."""
    parts = _address(url)
    if parts is None:
        return "the given address"
    host = parts.get("host") or "the local socket"
    return f"{host}:{parts.get('port') or 5432}, database {parts.get('dbname') or parts.get('user') or 'default'}"


def _session(url: str) -> dict[str, Any]:
    """How we connect. What the address itself says of these wins."""
    given = conninfo_to_dict(url)
    return {
        "autocommit": True,
        "row_factory": dict_row,
        "connect_timeout": given.get("connect_timeout", CONNECT_TIMEOUT),
        "application_name": given.get("application_name", "radiant"),
        "options": f"{_OPTIONS} {given.get('options', '')}",
    }


def _address(url: str) -> dict[str, Any] | None:
    """The parts of `url`; None where a part looks like a password that was not percent-encoded."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return None
    host, name, port = (str(parts.get(key, "")) for key in ("host", "dbname", "port"))
    spilt = "@" in name or ("@" in host and not host.startswith("/"))
    return parts if not spilt and re.fullmatch(r"[\d,]*", port) else None


def explained(error: psycopg.Error, url: str) -> DatabaseError:
    """The same error as one sentence that says what to do, and never a password."""
    text = _first_line(error)
    where = place(url)
    if "does not exist" in text and "database" in text:
        return DatabaseUnreachable(f"PostgreSQL at {where}: that database does not exist. Create it with `createdb`.")
    if re.search(r"authentication failed|no password supplied|no pg_hba.conf entry|role .* does not exist", text):
        return DatabaseUnreachable(f"PostgreSQL at {where} refused the login. Check user and password of the address.")
    if isinstance(error, psycopg.errors.DiskFull) or "No space left" in text:
        return DatabaseUnusable(f"The disk of PostgreSQL at {where} is full. Free some space and try again.")
    if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
        return DatabaseUnusable(f"PostgreSQL at {where} is read-only (a replica?). Point at the primary.")
    if isinstance(error, psycopg.errors.InsufficientPrivilege):
        return DatabaseUnusable(f"PostgreSQL at {where} lets this user do too little: {text}. Grant it that.")
    return DatabaseUnreachable(
        f"PostgreSQL at {where} does not answer: {text}. Is it running, and is RADIANT_DATABASE_URL right?"
    )


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines() or ["no reason given"]
    line = next((line for line in lines if "failed: " in line), lines[0])
    line = line.rsplit("failed: ", 1)[-1]
    return re.sub(r"(FATAL|ERROR):\s*", "", line).strip().rstrip(".")
