"""Times at which a model is to be warm before anybody asks."""

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from croniter import croniter

from radiant.domain.errors import RuleViolated
from radiant.timetable import checked

#: Minutes of the longest window; what is longer is a target.
LONGEST_MINUTES = 7 * 24 * 60


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """It begins whenever `cron` says, by the clocks of `time_zone`, and lasts so many minutes."""

    cron: str
    duration_minutes: int
    time_zone: str = "UTC"
    enabled: bool = True


def checked_window(window: Window) -> Window:
    """The same with a tidy expression. Raises RuleViolated for what is never due, too long or in no zone."""
    if not 1 <= window.duration_minutes <= LONGEST_MINUTES:
        problem = f"a window of {window.duration_minutes:,} minutes; expected 1 to {LONGEST_MINUTES:,}."
        raise RuleViolated("prewarm_window", "invalid", problem)
    _zone(window.time_zone)
    return msgspec.structs.replace(window, cron=checked(window.cron))


def in_force(window: Window, at: dt.datetime, *, lead: float = 0.0) -> dt.datetime | None:
    """When the window ends that is open at `at`, or opens within `lead` seconds; None where none is.

    The hours of a day on which clocks are changed are those the clocks show.
    """
    if not window.enabled:
        return None
    zone = _zone(window.time_zone)
    soonest = (at + dt.timedelta(seconds=lead)).astimezone(zone).replace(microsecond=0)
    # What precedes an instant leaves the instant itself out.
    began: dt.datetime = croniter(window.cron, soonest + dt.timedelta(seconds=1)).get_prev(dt.datetime)
    ends = began.astimezone(dt.UTC) + dt.timedelta(minutes=window.duration_minutes)
    return ends if at < ends else None


def next_opening(window: Window, after: dt.datetime) -> dt.datetime | None:
    """When it opens next, in UTC; None where it is disabled."""
    if not window.enabled:
        return None
    following: dt.datetime = croniter(window.cron, after.astimezone(_zone(window.time_zone))).get_next(dt.datetime)
    return following.astimezone(dt.UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        problem = f"{name!r:.60} is no time zone; expected a name such as Europe/Berlin or UTC."
        raise RuleViolated("prewarm_window", "invalid", problem) from error
