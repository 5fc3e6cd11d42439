"""The registry in memory, kept fresh: loaded whole, swapped by reference, renewed when PostgreSQL says so.

A change is announced by NOTIFY and seen at once; a look every few seconds stands behind that. While the database is
away the last snapshot serves and tells its age.
"""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Callable, Collection

import structlog

from radiant.domain.errors import RadiantError
from radiant.registry import schema, snapshots
from radiant.registry.database import Address, Connection, Database
from radiant.registry.listening import confirm_primary
from radiant.selection.answer.index import Index
from radiant.selection.reading.row import Row

log = structlog.get_logger(__name__)

#: Seconds between looks when nothing was announced.
POLL = 5.0

#: Seconds of rest after a load, in which further changes gather; a burst then costs few loads.
PAUSE = 0.025

#: Seconds before the first and the last of the attempts to reach a database that is away.
FIRST_RETRY, LAST_RETRY = 0.1, 2.0

#: Seconds after which a look that has not ended counts as a failure to follow.
OVERDUE = 15.0

#: From this many rows on, an index is built in a thread, so that the event loop goes on.
MANY_ROWS = 2_000

Build = Callable[..., Index]


class LiveSnapshot:
    """Keeps one selector's index equal to the registry at `address`.

    `build` makes an index of rows, `publish` puts it in place, `confirm` is told when the registry was seen
    unchanged. `clock` returns seconds, `today` the day; on a new one `renew` is called, for what depends on it.
    `variables` are the names of the environment variables that are set, among which those of providers' keys are.
    """

    def __init__(
        self,
        address: str | Address,
        *,
        build: Build,
        publish: Callable[[Index], None],
        confirm: Callable[[float], None],
        clock: Callable[[], float],
        today: Callable[[], dt.date],
        renew: Callable[[], None],
        variables: Collection[str] = (),
        poll: float = POLL,
    ) -> None:
        self._address, self._build, self._publish, self._confirm = Address.of(address), build, publish, confirm
        self._clock, self._poll = clock, poll
        self._today, self._renew_day, self._variables = today, renew, frozenset(variables)
        self._day: dt.date | None = None
        self._fingerprint: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._refused: set[str] = set()
        self._failing_since: float | None = None
        self._looking_since: float | None = None
        self.builds = 0

    @property
    def following(self) -> bool:
        """Whether the index keeps up: False while the database is away, or what is there cannot be taken over."""
        return self.lagging_since is None

    @property
    def lagging_since(self) -> float | None:
        """When it failed to follow, in the seconds of `clock`; None while it follows."""
        if self._failing_since is not None:
            return self._failing_since
        looking = self._looking_since
        return looking if looking is not None and self._clock() - looking > OVERDUE else None

    async def start(self) -> None:
        """Load once, so that there is something to answer from, then stay fresh. Raises DatabaseError."""
        async with snapshots.listening(self._address) as connection:
            try:
                await self._load(connection)
            except RadiantError:
                raise
            except Exception:
                await schema.check(connection)  # it says in a sentence what is not there, if that is why
                raise
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
                async with snapshots.listening(self._address) as connection:
                    await self._renew(connection)
                    if away:
                        log.info("the registry is back")
                    retry, away = FIRST_RETRY, False
                    while True:
                        await self._follow(connection)
            except (RadiantError, *snapshots.LOST) as error:
                self._fails()
                if not away:
                    log.warning("the registry is away; the last snapshot serves", reason=str(error).splitlines()[0])
                away = True
                self._turn_day()
            except Exception as error:  # whatever it is, staying stale for good would be worse
                self._fails()
                log.error("the snapshot could not be renewed; the last one serves", exc_info=error)
            await asyncio.sleep(retry)
            retry = min(retry * 2, LAST_RETRY)

    async def _follow(self, connection: Connection) -> None:
        """Wait for one change, or for the time to look, and take over what is new."""
        if await snapshots.wait_for_change(connection, self._poll):
            await self._load(connection)
            await asyncio.sleep(PAUSE)
        else:
            await confirm_primary(connection, self._address)
            await self._renew(connection)

    def _fails(self) -> None:
        """What is met next may be another server, on which the same fingerprint stands for other rows."""
        self._fingerprint = None
        if self._failing_since is None:
            self._failing_since = self._clock()

    async def _renew(self, connection: Connection) -> None:
        seen_at = self._looking_since = self._clock()
        if await snapshots.fingerprint(connection) == self._fingerprint:
            self._failing_since = self._looking_since = None
            self._turn_day()
            self._confirm(seen_at)
        else:
            await self._load(connection)

    def _turn_day(self) -> None:
        """What retires today is chosen no longer, also while the database is away."""
        if self._day is not None and self._day != self._today():
            self._day = self._today()
            self._renew_day()

    async def _load(self, connection: Connection) -> None:
        seen_at = self._looking_since = self._clock()
        day = self._today()
        content = await snapshots.read(connection, Row.__struct_encode_fields__)
        if len(content.rows) < MANY_ROWS:
            index = self._built(content, seen_at)
        else:
            index = await asyncio.to_thread(self._built, content, seen_at)
        self._fingerprint, self._day = content.fingerprint, day
        self.builds += 1
        self._failing_since = self._looking_since = None
        self._publish(index)

    def _built(self, content: snapshots.Content, seen_at: float) -> Index:
        """The index of all rows that can be read; each other one is told in the log, once."""
        connected = {
            provider for provider, names in content.key_variables.items() if not self._variables.isdisjoint(names)
        }
        index = self._build(content.rows, defaults=content.defaults, taken_at=seen_at, connected=connected)
        refused = {f"{error.model_id}: column {error.column}: {error.problem}" for error in index.refused}
        for told in sorted(refused - self._refused):
            log.warning("a model cannot be selected from", reason=told)
        self._refused = refused
        return index


class WarmupRequests:
    """Asks the registry for warm-ups, one at a time, over a connection that is opened when first needed."""

    def __init__(self, address: str | Address) -> None:
        self._database = Database(address, largest=1)

    async def request(self, model_id: str) -> bool:
        """True for the one caller, among all processes, whose request counts. Raises DatabaseError."""
        async with self._database.connection() as connection:
            return await snapshots.request_warmup(connection, model_id)

    async def close(self) -> None:
        await self._database.close()
