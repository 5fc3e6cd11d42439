"""Time changes what is chosen without anybody writing: a day comes on which models retire, a rest ends."""

import datetime as dt
import math
import threading
import time
import weakref
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from radiant.domain.choice import Freshness
from radiant.names.known import KnownNames
from radiant.selection.answer.builder import Builder
from radiant.selection.answer.index import Index
from radiant.selection.order.profile import Profile
from radiant.selection.reading.candidate import Candidate
from radiant.selection.terms import Terms

if TYPE_CHECKING:
    from radiant.domain.outcome import Buffered
    from radiant.reporting import Reports

#: Seconds for which one request tries a model alone; after that the next one may, where nobody told how it went.
TRIAL = 30.0

#: Seconds after which a rest that ends far away is looked at again.
LONGEST = 3600.0

#: Seconds between two moments that count as the same.
SAME = 0.02

#: When an alarm rings that has rung.
RUNG = -math.inf


def today_utc() -> dt.date:
    """The day that retirements are counted from."""
    return now_utc().date()


def now_utc() -> dt.datetime:
    """The moment by which rests are over."""
    return dt.datetime.now(dt.UTC)


class Turning(Builder):
    """Holds the index that answers, and makes it another one when the first rest ends. Several threads may ask."""

    _index: Index
    _reports: "Reports | None" = None

    def __init__(
        self,
        terms: Terms,
        profiles: Mapping[str, Profile],
        clock: Callable[[], float] | None,
        today: Callable[[], dt.date],
        now: Callable[[], dt.datetime],
    ) -> None:
        super().__init__(terms, profiles, clock, today, now)
        self._trials, self._swapping = Trials(time.monotonic), threading.Lock()
        self._alarm = Alarm(self.turn)

    def swap(self, index: Index) -> None:
        """Answer from `index` from now on."""
        with self._swapping:
            self._take(index)

    def turn(self) -> None:
        """Count retirements from today on and rests until now, which a new day and the end of a rest make necessary."""
        before = self._index
        index = self.build_turned(before)
        with self._swapping:
            if self._index is before:  # else what came in between knows the time
                self._take(index)

    @property
    def reports(self) -> "Reports":
        """Outcomes on their way to the registry, for who is connected to one."""
        if self._reports is None:
            raise RuntimeError("this selector has no registry to report to")
        return self._reports

    @property
    def buffered(self) -> "Buffered | None":
        """How many reported outcomes wait to be written, and what became of the others; None without a registry."""
        return None if self._reports is None else self._reports.buffered

    def rest(self) -> None:
        """Wait for nothing any more."""
        self._alarm.set(None)

    @property
    def candidates(self) -> Sequence[Candidate]:
        """Every model there is, by model id and provider id."""
        return self._index.candidates

    @property
    def names(self) -> KnownNames[Candidate]:
        """What they are called."""
        return self._index.names

    @property
    def freshness(self) -> Freshness:
        """Of the index that answers now; `confirm` it when the registry was seen unchanged."""
        return self._index.freshness

    def _take(self, index: Index) -> None:
        ends, self._index = index.wakes_at, index
        self._alarm.set(None if ends is None else (ends - self._now()).total_seconds())


class Alarm:
    """Calls a method once, in a thread, when a moment has come. It does not keep the method's object alive.

    A thread that waits for the same moment goes on waiting: indexes come more often than rests end.
    """

    def __init__(self, method: Callable[[], object]) -> None:
        self._method = weakref.WeakMethod(method)
        self._timer: threading.Timer | None = None
        self._due = RUNG
        self._lock = threading.Lock()

    def set(self, seconds: float | None) -> None:
        """In so many seconds, in place of what was set before; never, where it is None."""
        wait = None if seconds is None else min(max(seconds, 0.0), LONGEST)
        with self._lock:
            if self._timer is not None:
                if wait is not None and self._serves(wait):
                    return
                self._timer.cancel()
                self._timer = None
            if wait is not None:
                self._due = time.monotonic() + wait
                self._timer = threading.Timer(wait, self._ring)
                self._timer.daemon = True
                self._timer.start()

    def _serves(self, wait: float) -> bool:
        """Whether the thread that waits already rings then; a moment far away is looked at again sooner anyway."""
        early = time.monotonic() + wait - self._due
        return abs(early) < SAME or (wait == LONGEST and 0 <= early < LONGEST)

    def _ring(self) -> None:
        with self._lock:
            self._due = RUNG
        called = self._method()
        if called is not None:
            called()


class Trials:
    """Lets one request at a time try what has rested. Several threads may ask. `clock` returns seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._until: dict[Hashable, float] = {}

    def running(self, key: Hashable) -> bool:
        """Whether somebody tries it now."""
        return self._clock() < self._until.get(key, -math.inf)

    def begin(self, key: Hashable) -> bool:
        """Whether this request is the one."""
        now = self._clock()
        with self._lock:
            if now < self._until.get(key, now):
                return False
            self._until = {each: until for each, until in self._until.items() if until > now}
            self._until[key] = now + TRIAL
            return True
