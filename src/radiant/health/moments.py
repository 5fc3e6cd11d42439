"""Clocks that differ or jump: which observation counts, and as of when."""

import datetime as dt
from collections.abc import Iterable

from msgspec.structs import replace

from radiant.domain.observation import Observation

#: Older observations say nothing of how it is now, and are left out.
OLDEST = dt.timedelta(hours=1)

#: A clock may be ahead by so much; what is later yet is left out.
AHEAD = dt.timedelta(minutes=5)


def too_far(at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a moment is too far away to be believed."""
    return at < now - OLDEST or at > now + AHEAD


def by_a_wrong_clock(at: dt.datetime | None, now: dt.datetime, longest: dt.timedelta = dt.timedelta()) -> bool:
    """Whether a moment that can lie `longest` ahead at most lies further: a clock that was ahead wrote it, and what
    waits for it would wait for as long as that clock was wrong."""
    return at is not None and at > now + longest + AHEAD


def in_order(observations: Iterable[Observation], now: dt.datetime) -> list[Observation]:
    """Those that count, the oldest first. What is a little ahead counts as now."""
    counted = sorted((seen for seen in observations if not too_far(seen.at, now)), key=lambda seen: seen.at)
    return [seen if seen.at <= now else replace(seen, at=now) for seen in counted]


def held_back(at: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """What was written by a clock that was ahead counts as now."""
    return None if at is None else min(at, now)
