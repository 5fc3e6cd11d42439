"""Whether a price's hours are now, and when that changes next: wall clock in the vendor's zone."""

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

import msgspec

from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import Clock

_DAY: Final = 24 * 60

#: How far ahead a change is looked for: beyond the longest row of days that a clock leaves out.
_AHEAD: Final = 15


class Hours(msgspec.Struct, frozen=True):
    """A clock as it is asked: spans in minutes of the day, one over midnight ends beyond the day's last."""

    name: str
    zone: dt.tzinfo
    days: frozenset[int]
    spans: tuple[tuple[int, int], ...]
    except_days: frozenset[dt.date]

    def holds(self, at: dt.datetime) -> bool:
        """Whether `at`, a moment with a zone, is within them."""
        local = at.astimezone(self.zone)
        today, minute = local.date(), local.hour * 60 + local.minute
        if self._on(today) and any(start <= minute < end for start, end in self.spans):
            return True
        late = minute + _DAY
        return any(end > late for _, end in self.spans) and self._on(today - dt.timedelta(days=1))

    def _on(self, day: dt.date) -> bool:
        return day.isoweekday() in self.days and day not in self.except_days

    def edges(self, day: dt.date) -> Iterator[dt.datetime]:
        """The moments, in UTC, at which a span begins or ends on this day or just after it."""
        for minute in {minute for span in self.spans for minute in span}:
            wall = dt.datetime.combine(day + dt.timedelta(minute // _DAY), dt.time(*divmod(minute % _DAY, 60)))
            yield wall.replace(tzinfo=self.zone).astimezone(dt.UTC)


@lru_cache(4096)
def hours(name: str, zone: str, days: tuple[int, ...], spans: tuple[tuple[str, str], ...],
          except_days: tuple[dt.date, ...]) -> Hours:  # fmt: skip
    """A clock's hours. Raises UsageInvalid for a zone, a day or a time that there is not."""
    where = f"the clock {name!r}"
    if not all(1 <= day <= 7 for day in days):
        raise UsageInvalid(where, f"its days are {list(days)}; expected 1 (Monday) to 7")
    found = []
    for start, end in spans:
        first, last = _minute(where, start), _minute(where, end)
        found.append((first, last if last > first else last + _DAY))
    return Hours(name, _zone(where, zone), frozenset(days), tuple(found), frozenset(except_days))


def hours_of(clock: Clock) -> Hours:
    """Raises UsageInvalid as `hours` does."""
    return hours(clock.name, clock.zone, clock.days, clock.spans, clock.except_days)


def next_change(clocks: Iterable[Hours], at: dt.datetime) -> dt.datetime | None:
    """The first moment after `at` at which one of them begins or ends; None where none does within two weeks."""
    found = []
    for clock in clocks:
        now, first = clock.holds(at), at.astimezone(clock.zone).date() - dt.timedelta(days=1)
        edges = (edge for day in range(_AHEAD + 1) for edge in sorted(clock.edges(first + dt.timedelta(day))))
        found += [next((edge for edge in edges if edge > at and clock.holds(edge) is not now), None)]
    return min((edge for edge in found if edge is not None), default=None)


def _minute(where: str, text: str) -> int:
    parts = text.split(":")
    if len(parts) == 2 and all(len(part) == 2 and part.isdecimal() for part in parts):
        hour, minute = map(int, parts)
        if (hour < 24 and minute < 60) or (hour, minute) == (24, 0):
            return hour * 60 + minute
    raise UsageInvalid(where, f"{text!r:.40} is no time of day; expected 00:00 to 24:00")


def _zone(where: str, name: str) -> dt.tzinfo:
    if name == "UTC":
        return dt.UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageInvalid(where, f"this machine knows no time zone {name!r:.60}; install tzdata") from error
