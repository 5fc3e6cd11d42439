"""Which role, administrator or reader, the token of a request has."""

import asyncio
import contextlib
import hmac
from collections.abc import Callable, Mapping

from radiant.domain.errors import RadiantError
from radiant.logs import Log
from radiant.registry import access_tokens
from radiant.registry.database import Connection, Database
from radiant.registry.listening import confirm_primary, heard, listening

log = Log(__name__)

#: Seconds between looks when nothing was announced.
MEMORY = 5.0

#: Seconds between looks for tokens that are not known; bounds what guessing costs the database.
UNKNOWN_MEMORY = 0.5

#: Seconds that somebody with an unknown token waits for such a look; longer where no token is known at all yet.
PATIENCE, FIRST_PATIENCE = 0.2, 3.0

#: Seconds before the next attempt to reach a database that is away.
RETRY = 0.5


class Access:
    """Whom a token belongs to, answered from memory that is renewed in the background.

    The database announces every token made or revoked, and a look every few seconds stands behind that. While it is
    away, the tokens known last stay good and all others are refused at once. `given` are those of the environment, by
    role; they are good as long as this process.
    """

    def __init__(self, database: Database, clock: Callable[[], float], *, given: Mapping[str, str]) -> None:
        self._database, self._clock = database, clock
        self._given = [(access_tokens.token_hash(token), role) for role, token in given.items()]
        self._known: list[tuple[bytes, str]] = []
        self._read_at = float("-inf")
        self._begun_at = self._looked_at = float("-inf")
        self._away = False
        self._reading: asyncio.Task[None] | None = None
        self._following: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Follow what the database announces, until `close`. Asking for a role starts it too."""
        if self._following is None:
            self._following = asyncio.create_task(self._follow(), name="radiant-access")

    async def close(self) -> None:
        tasks = [task for task in (self._following, self._reading) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def role_of(self, token: str) -> str | None:
        """`admin`, `reader`, or None for a token nobody issued. Compared in constant time."""
        self.start()
        role = self._lookup(token)
        if role is not None:
            if self._clock() - max(self._read_at, self._begun_at) >= MEMORY:
                self._read_soon()
            return role
        if (reading := self._look_for_unknown()) is not None:
            await asyncio.wait({reading}, timeout=PATIENCE if self._was_read else FIRST_PATIENCE)
        return self._lookup(token)

    @property
    def _was_read(self) -> bool:
        return self._read_at > float("-inf")

    def _look_for_unknown(self) -> asyncio.Task[None] | None:
        """A reading worth waiting for: one that has just begun, or a new one where the last is not too recent."""
        now = self._clock()
        if self._away:
            return None
        if self._reading is not None and not self._reading.done():
            return self._reading if now - self._begun_at < PATIENCE or not self._was_read else None
        if now - self._looked_at < UNKNOWN_MEMORY:
            return None
        if self._was_read:
            self._looked_at = now
        return self._read_soon()

    def _lookup(self, token: str) -> str | None:
        given, found = access_tokens.token_hash(token), None
        for hash, role in (*self._given, *self._known):
            if hmac.compare_digest(given, hash):
                found = role
        return found

    def _read_soon(self) -> asyncio.Task[None]:
        """The reading that is under way, or a new one."""
        if self._reading is None or self._reading.done():
            self._begun_at = self._clock()
            self._reading = asyncio.create_task(self._read_once(), name="radiant-access-reading")
        return self._reading

    async def _read_once(self) -> None:
        with contextlib.suppress(RadiantError):  # the task that follows tells of it
            async with self._database.connection() as connection:
                await self._read(connection)

    async def _read(self, connection: Connection) -> None:
        seen_at = self._clock()
        self._known = await access_tokens.valid_hashes(connection)
        self._read_at, self._away = seen_at, False

    async def _follow(self) -> None:
        while True:
            try:
                async with listening(self._database.address, access_tokens.CHANNEL) as connection:
                    while True:
                        await self._read(connection)
                        if not await heard(connection, MEMORY):
                            await confirm_primary(connection, self._database.address)
            except RadiantError as error:
                self._is_away(error)
            except Exception as error:  # whatever it is, tokens that are never renewed would be worse
                log.error("the tokens could not be renewed; the last known ones stay good", exc_info=error)
            await asyncio.sleep(RETRY)

    def _is_away(self, error: RadiantError) -> None:
        if not self._away:
            log.warning("the tokens cannot be read; the last known ones stay good", reason=str(error))
        self._away = True
