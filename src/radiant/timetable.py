"""When a schedule is due: arithmetic on cron expressions and instants, all in UTC."""

import datetime as dt
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from croniter import CroniterError, croniter

from radiant.domain.errors import RuleViolated

#: When each kind is due in a new registry; a kind without an expression runs on demand. The migration that makes the
#: table of schedules says the same.
USUAL: Final[Mapping[str, str]] = MappingProxyType(
    {"full": "0 0 * * *", "health": "*/5 * * * *", "pricing": "0 0 * * 0", "thermal": "*/5 * * * *"}
)

#: Whether an expression is ever due does not depend on the day.
_SOME_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

_FIELD = re.compile(r"[0-9A-Za-z*/,#-]+")

_EXPECTED = (
    "expected minute, hour, day, month and weekday, such as `*/5 * * * *` for every five minutes or `0 0 * * 0` for "
    "Sunday at midnight UTC; a sixth field is seconds"
)


def checked(cron: str) -> str:
    """The expression with single spaces. Raises RuleViolated for one that cannot be read or is never due."""
    fields = cron.split()
    told = " ".join(fields)
    if len(fields) not in (5, 6) or not all(_FIELD.fullmatch(field) for field in fields):
        raise RuleViolated("schedule_cron", "invalid", f"{cron!r:.100} is no schedule; {_EXPECTED}.")
    try:
        croniter(told, _SOME_DAY).get_next(dt.datetime)
    except (CroniterError, OverflowError) as error:
        raise RuleViolated(
            "schedule_cron", "invalid", f"{told!r:.100} is never due, or no schedule; {_EXPECTED}."
        ) from error
    return told


def due(cron: str, since: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """The latest tick after `since` and not after `now`; None where there was none. Earlier ones it stands for.

    Raises RuleViolated for an expression that cannot be read.
    """
    # What precedes an instant leaves the instant itself out; a tick has whole seconds.
    following_second = now.replace(microsecond=0) + dt.timedelta(seconds=1)
    latest: dt.datetime = croniter(checked(cron), following_second).get_prev(dt.datetime)
    return latest if since < latest <= now else None


def next_due(cron: str, after: dt.datetime) -> dt.datetime:
    """The first tick after an instant. Raises RuleViolated for an expression that cannot be read."""
    following: dt.datetime = croniter(checked(cron), after).get_next(dt.datetime)
    return following
