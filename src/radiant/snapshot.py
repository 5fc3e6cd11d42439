"""The registry in memory, kept fresh: loaded whole, swapped by reference, renewed when PostgreSQL says so.

A change is announced by NOTIFY and seen at once; a look every few seconds stands behind that. While the database is
away the last snapshot serves and tells its age.
"""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from radiant.domain.errors import DatabaseError, DatabaseUnreachable
from radiant.registry import snapshots
from radiant.registry.database import Connection, connect, place
from radiant.selection.answer.index import Index
from radiant.selection.reading.row import Row

log = structlog.get_logger(__name__)

#: Seconds between looks when nothing was announced.
POLL = 5.0

#: Seconds of rest after a load, in which further changes gather; a burst then costs few loads.
PAUSE = 0.025

#: Seconds before the first and the last of the attempts to reach a database that is away.
FIRST_RETRY, LAST_RETRY = 0.1, 2.0

#: From this many rows on, an index is built in a thread, so that the event loop goes on.
MANY_ROWS = 2_000

Build = Callable[..., Index]


class LiveSnapshot:
    """Keeps one selector's index equal to the registry at `url`.

    `build` makes an index of rows, `publish` puts it in place, `confirm` is told when the registry was seen
    unchanged. `clock` returns seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        build: Build,
        publish: Callable[[Index], None],
        confirm: Callable[[float], None],
        clock: Callable[[], float],
        poll: float = POLL,
    ) -> None:
        self._url, self._build, self._publish, self._confirm = url, build, publish, confirm
        self._clock, self._poll = clock, poll
        self._fingerprint: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._refused: set[str] = set()
        self.builds = 0

    async def start(self) -> None:
        """Load once, so that there is something to answer from, then stay fresh. Raises DatabaseError."""
        async with snapshots.listening(self._url) as connection:
            await self._load(connection)
        self._task = asyncio.create_task(self._stay_fresh(), name="radiant-snapshot")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _stay_fresh(self) -> None:
        retry, away = FIRST_RETRY, False
        while True:
            try:
                async with snapshots.listening(self._url) as connection:
                    await self._renew(connection)
                    if away:
                        log.info("the registry is back")
                    retry, away = FIRST_RETRY, False
                    while True:
                        await self._follow(connection)
            except (DatabaseError, *snapshots.LOST) as error:
                if not away:
                    log.warning("the registry is away; the last snapshot serves", reason=str(error).splitlines()[0])
                away = True
            except Exception as error:  # whatever it is, staying stale for good would be worse
                log.error("the snapshot could not be renewed; the last one serves", exc_info=error)
            await asyncio.sleep(retry)
            retry = min(retry * 2, LAST_RETRY)

    async def _follow(self, connection: Connection) -> None:
        """Wait for one change, or for the time to look, and take over what is new."""
        if await snapshots.wait_for_change(connection, self._poll):
            await self._load(connection)
            await asyncio.sleep(PAUSE)
        else:
            await self._renew(connection)

    async def _renew(self, connection: Connection) -> None:
        seen_at = self._clock()
        if await snapshots.fingerprint(connection) == self._fingerprint:
            self._confirm(seen_at)
        else:
            await self._load(connection)

    async def _load(self, connection: Connection) -> None:
        seen_at = self._clock()
        content = await snapshots.read(connection, Row.__struct_fields__)
        if len(content.rows) < MANY_ROWS:
            index = self._built(content, seen_at)
        else:
            index = await asyncio.to_thread(self._built, content, seen_at)
        self._fingerprint = content.fingerprint
        self.builds += 1
        self._publish(index)

    def _built(self, content: snapshots.Content, seen_at: float) -> Index:
        """The index of all rows that can be read; each other one is told in the log, once."""
        index = self._build(content.rows, defaults=content.defaults, taken_at=seen_at)
        refused = {f"{error.model_id}: column {error.column}: {error.problem}" for error in index.refused}
        for told in sorted(refused - self._refused):
            log.warning("a model cannot be selected from", reason=told)
        self._refused = refused
        return index


class WarmupRequests:
    """Asks the registry for warm-ups, one at a time, over a connection that is opened when first needed."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._held = contextlib.AsyncExitStack()
        self._connection: Connection | None = None
        self._alone = asyncio.Lock()

    async def request(self, model_id: str) -> bool:
        """True for the one caller, among all processes, whose request counts. Raises DatabaseError."""
        async with self._alone:
            if self._connection is None:
                self._connection = await self._held.enter_async_context(connect(self._url))
            try:
                return await snapshots.request_warmup(self._connection, model_id)
            except snapshots.LOST as error:
                await self._let_go()
                raise DatabaseUnreachable(
                    f"PostgreSQL at {place(self._url)} went away: {str(error).splitlines()[0]}."
                ) from error

    async def close(self) -> None:
        async with self._alone:
            await self._let_go()

    async def _let_go(self) -> None:
        self._connection = None
        with contextlib.suppress(*snapshots.LOST):
            await self._held.aclose()
