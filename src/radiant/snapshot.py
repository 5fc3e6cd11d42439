"""The registry in memory, kept fresh: loaded whole once, then given what PostgreSQL says has changed.

A change is announced by NOTIFY and seen at once; a look every few seconds stands behind that. Where the record of
changes does not tell what was missed, everything is loaded anew. While the database is away the last snapshot serves
and tells its age.
"""

import asyncio
import contextlib
import datetime as dt
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial

from radiant.domain.errors import RadiantError
from radiant.domain.keys import variable_in_use
from radiant.logs import Log
from radiant.registry import schema, snapshots
from radiant.registry.changes import Holdings
from radiant.registry.database import Address, Connection
from radiant.registry.ear import Columns, Ear, Question
from radiant.registry.listening import confirm_primary
from radiant.selection.answer.index import Index
from radiant.selection.reading.row import Row, keys_of

log = Log(__name__)

#: Seconds between looks when nothing was announced.
POLL = 5.0

#: Seconds of rest after a change, at least and at most, in which further ones gather; a burst then costs few indexes.
PAUSE, LONGEST_PAUSE = 0.025, 0.1

#: How much longer the rest is than the work before it, so that changes without end, and hearing of them, take a tenth
#: of a processor.
RESTS = 13

#: Seconds before the first and the last of the attempts to reach a database that is away.
FIRST_RETRY, LAST_RETRY = 0.1, 2.0

#: Seconds after which a look that has not ended counts as a failure to follow.
OVERDUE = 15.0

#: From this many rows on, an index is built or changed in a thread, so that the event loop goes on.
MANY_ROWS, MANY_CHANGED = 2_000, 200

#: The columns of the view that are read.
COLUMNS = Row.__struct_encode_fields__

Build = Callable[..., Index]


class LiveSnapshot:
    """Keeps one selector's index equal to the registry at `address`.

    `build` makes an index of rows; `change` makes one of an index, the rows of what changed in it, their keys and the
    `health` of providers;
    `turn` makes one of an index as of today; `publish` puts it in place. `confirm` is told when the registry was seen
    unchanged. `clock` returns seconds, `today` the day. `variables` are the names of the environment variables that
    are set, among which those of providers' keys are.

    `builds` counts the indexes that were put in place for what the registry said, `loads` those of everything.
    """

    def __init__(
        self,
        address: str | Address,
        *,
        build: Build,
        change: Build,
        turn: Callable[[Index], Index],
        publish: Callable[[Index], None],
        confirm: Callable[[float], None],
        clock: Callable[[], float],
        today: Callable[[], dt.date],
        variables: Collection[str] = (),
        poll: float = POLL,
    ) -> None:
        self._address, self._publish, self._confirm = Address.of(address), publish, confirm
        self._build, self._change, self._turn = build, change, turn
        self._clock, self._poll = clock, poll
        self._today, self._variables = today, frozenset(variables)
        self._day: dt.date | None = None
        self._index: Index | None = None
        self._mark: snapshots.Mark | None = None
        self._holdings = Holdings()
        self._providers: frozenset[str] = frozenset()
        self._connected: frozenset[str] = frozenset()
        self._defaults: dict[str, str] = {}
        self._task: asyncio.Task[None] | None = None
        self._refused: set[str] = set()
        self._failing_since: float | None = None
        self._looking_since: float | None = None
        self._seen_at = clock()
        self._looks_at = self._rests_until = 0.0  # in the time of the event loop
        self._answered = False  # since it was looked
        self.builds = self.loads = 0

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
        async with snapshots.listening(self._address) as ear:
            try:
                await self._load(ear.connection)
            except RadiantError:
                raise
            except Exception:
                await schema.check(ear.connection)  # it says in a sentence what is not there, if that is why
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
                async with snapshots.listening(self._address) as ear:
                    await self._renew(ear)
                    if away:
                        log.info("the registry is back")
                    retry, away = FIRST_RETRY, False
                    while True:
                        await self._follow(ear)
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

    async def _follow(self, ear: Ear) -> None:
        """Take over what changes until it is time to look, or there is more than can be taken over at once."""
        if self._mark is None or await self._heard(ear, self._mark) is None:
            if not self._answered:  # what changes is answered by the server that takes writes
                await confirm_primary(ear.connection, self._address)
            await self._renew(ear)
            return
        begun = time.thread_time()
        await self._take(ear, await snapshots.further_news(ear.connection, COLUMNS, self._mark))
        self._rest(begun)

    async def _heard(self, ear: Ear, mark: snapshots.Mark) -> Columns | None:
        question = snapshots.question(mark, self._rests_until)
        return await snapshots.follow(
            ear, COLUMNS, question, until=self._looks_at, take=self._take_at_once, asking=self._begin
        )

    def _take_at_once(self, found: Columns) -> Question | None:
        """Take over what was answered where it concerns a few models; what is asked next."""
        begun, self._answered = time.thread_time(), True
        news = None if self._mark is None else snapshots.few_news(self._mark, found)
        if news is None:
            return None
        if news.touched:
            self._turn_day()
            self._put_in_place(self._made(self._changed(news)))
        else:
            self._unchanged()
        self._mark = news.mark
        self._rest(begun)
        return snapshots.question(news.mark, self._rests_until)

    def _rest(self, begun: float) -> None:
        """Rest from what took processor time since `begun`."""
        took = time.thread_time() - begun
        self._rests_until = _now() + min(max(PAUSE, RESTS * took), LONGEST_PAUSE)

    def _fails(self) -> None:
        """What is met next may be another server, on which the same record of changes stands for other rows."""
        self._mark = None
        if self._failing_since is None:
            self._failing_since = self._clock()

    async def _renew(self, ear: Ear) -> None:
        """Look whether anything was missed, and take it over."""
        self._begin()
        if (mark := self._mark) is None:
            await self._load(ear.connection)
        elif await snapshots.fingerprint(ear.connection) != mark.fingerprint:
            self._begin()
            await self._take(ear, await snapshots.read_news(ear, COLUMNS, mark))
        else:
            self._unchanged()
        self._looks_at, self._answered = _now() + self._poll, False

    def _begin(self) -> None:
        """A look begins: what it sees is of this moment, or of a later one."""
        self._seen_at = self._looking_since = self._clock()

    def _unchanged(self) -> None:
        self._failing_since = self._looking_since = None
        self._turn_day()
        self._confirm(self._seen_at)

    def _turn_day(self) -> None:
        """What retires today is chosen no longer, also while the database is away."""
        if self._index is not None and self._day != (day := self._today()):
            self._day = day
            self._answer_from(self._turn(self._index))

    async def _take(self, ear: Ear, news: snapshots.News | None) -> None:
        """Take over what was committed until the look began, or everything where that cannot be told."""
        if news is None:
            await self._load(ear.connection)
            return
        if news.touched:
            self._turn_day()
            count = len(news.rows) + self._holdings.count(news.touched.measured | news.touched.providers)
            await self._make(self._changed(news), small=count < MANY_CHANGED)
        else:
            self._unchanged()
        self._mark = news.mark

    def _changed(self, news: snapshots.News) -> Build:
        """What makes the index after what was committed."""
        keys = self._holdings.renew(news.touched, keys_of(news.rows))
        if news.defaults is not None:
            self._defaults = news.defaults
        if news.key_variables is not None:
            self._take_keys(news.key_variables)
        return partial(self._change, self._index, news.rows, keys, health=news.health)

    def _take_keys(self, variables: dict[str, list[str]]) -> None:
        self._providers = frozenset(variables)
        self._connected = with_a_key(variables, self._variables)

    async def _load(self, connection: Connection) -> None:
        self._begin()
        day = self._today()
        content = await snapshots.read(connection, COLUMNS)
        self._holdings = Holdings(keys_of(content.rows))
        self._defaults = content.defaults
        self._take_keys(content.key_variables)
        await self._make(partial(self._build, content.rows), small=len(content.rows) < MANY_ROWS)
        self._mark, self._day = content.mark, day
        self.loads += 1

    async def _make(self, make: Build, *, small: bool) -> None:
        self._put_in_place(self._made(make) if small else await asyncio.to_thread(self._made, make))

    def _put_in_place(self, index: Index) -> None:
        self.builds += 1
        self._failing_since = self._looking_since = None
        self._answer_from(index)

    def _answer_from(self, index: Index) -> None:
        self._index = index
        self._publish(index)

    def _made(self, make: Build) -> Index:
        """The index with all rows that can be read; each other one is told in the log, once."""
        index = make(
            defaults=self._defaults, taken_at=self._seen_at, connected=self._connected, providers=self._providers
        )
        self._refused = told_of_refused(index, self._refused)
        return index


def _now() -> float:
    return asyncio.get_running_loop().time()


def with_a_key(key_variables: Mapping[str, Iterable[str]], variables: frozenset[str]) -> frozenset[str]:
    """The providers of whose keys' variables one is among those that are set."""
    return frozenset(it for it, names in key_variables.items() if variable_in_use(names, variables))


def told_of_refused(index: Index, before: Collection[str] = ()) -> set[str]:
    """Tell the log of each row that could not be read and was not told of `before`; all that are told now."""
    refused = {f"{error.model_id}: column {error.column}: {error.problem}" for error in index.refused}
    for told in sorted(refused.difference(before)):
        log.warning("a model cannot be selected from", reason=told)
    return refused
