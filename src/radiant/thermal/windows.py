"""Times at which a model is to be warm before anybody asks."""

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from radiant.domain.errors import RuleViolated
from radiant.timetable import checked, latest_due

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
        raise RuleViolated("prewarm_window", "invalid", problem, field="duration_minutes")
    _zone(window.time_zone)
    return msgspec.structs.replace(window, cron=checked(window.cron))


def in_force(window: Window, at: dt.datetime, *, lead: float = 0.0) -> dt.datetime | None:
    """When the window ends that is open at `at`, or opens within `lead` seconds; None where none is.

    The hours of a day on which clocks are changed are those the clocks show. One that was written past us and cannot
    be read is never open: it keeps no other model from being kept warm.
    """
    if not window.enabled:
        return None
    soonest = at + dt.timedelta(seconds=lead)
    try:
        began = latest_due(window.cron, soonest.astimezone(_zone(window.time_zone)))
    except RuleViolated:
        return None
    ends = began.astimezone(dt.UTC) + dt.timedelta(minutes=window.duration_minutes)
    return ends if at < ends else None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        problem = f"{name!r:.60} is no time zone; expected a name such as Europe/Berlin or UTC."
        raise RuleViolated("prewarm_window", "invalid", problem, field="time_zone") from error
