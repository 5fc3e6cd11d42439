"""Whom a request comes from: the role of its token."""

import asyncio
import contextlib
import hmac
from collections.abc import Callable, Mapping

from radiant.domain.errors import DatabaseError
from radiant.registry import access_tokens
from radiant.registry.database import Database

#: Seconds after which a revoked token is refused at the latest, and a new one known.
MEMORY = 5.0

#: The same for a token that is not known yet; bounds what guessing costs the database.
UNKNOWN_MEMORY = 0.5


class Access:
    """Whom a token belongs to, answered from memory that is renewed every few seconds.

    When the database is away, the last known tokens stay good. `given` are those of the environment, by role; they
    are good as long as this process.
    """

    def __init__(self, database: Database, clock: Callable[[], float], *, given: Mapping[str, str]) -> None:
        self._database, self._clock = database, clock
        self._given = [(access_tokens.token_hash(token), role) for role, token in given.items()]
        self._known: list[tuple[bytes, str]] = []
        self._read_at = float("-inf")
        self._renewing = asyncio.Lock()

    async def role_of(self, token: str) -> str | None:
        """`admin`, `reader`, or None for a token nobody issued. Compared in constant time."""
        role = self._lookup(token)
        if self._is_stale(role) and (role is None or not self._renewing.locked()):
            async with self._renewing:
                if self._is_stale(role):
                    await self._renew()
            role = self._lookup(token)
        return role

    def _is_stale(self, role: str | None) -> bool:
        return self._clock() - self._read_at >= (UNKNOWN_MEMORY if role is None else MEMORY)

    def _lookup(self, token: str) -> str | None:
        given, found = access_tokens.token_hash(token), None
        for hash, role in (*self._given, *self._known):
            if hmac.compare_digest(given, hash):
                found = role
        return found

    async def _renew(self) -> None:
        with contextlib.suppress(DatabaseError):
            async with self._database.connection() as connection:
                self._known = await access_tokens.valid_hashes(connection)
        self._read_at = self._clock()
