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

#: `h` and `r`, alone or with a step, are moments that the library draws by chance: others at each look.
_FIELD = re.compile(r"(?![hr](/|$))[0-9a-z*/,#-]+", re.IGNORECASE)

_EXPECTED = (
    "expected minute, hour, day, month and weekday, such as `*/5 * * * *` for every five minutes or `0 0 * * 0` for "
    "Sunday at midnight UTC; a sixth field is seconds"
)


def checked(cron: str) -> str:
    """The expression with single spaces. Raises RuleViolated for one that cannot be read or is never due."""
    fields = cron.split()
    told = " ".join(fields)
    if len(fields) not in (5, 6) or not all(_FIELD.fullmatch(field) for field in fields):
        raise RuleViolated("schedule_cron", "invalid", f"{cron!r:.100} is no schedule; {_EXPECTED}.", field="cron")
    _moment(told, _SOME_DAY, earlier=False)
    return told


def due(cron: str, since: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    """The latest tick after `since` and not after `now`; None where there was none. Earlier ones it stands for.

    Raises RuleViolated for an expression that cannot be read.
    """
    latest = latest_due(cron, now)
    return latest if since < latest <= now else None


def latest_due(cron: str, at: dt.datetime) -> dt.datetime:
    """The last tick not after an instant, in its zone. Raises RuleViolated for an expression that cannot be read."""
    # What precedes an instant leaves the instant itself out; a tick has whole seconds.
    return _moment(checked(cron), at.replace(microsecond=0) + dt.timedelta(seconds=1), earlier=True)


def next_due(cron: str, after: dt.datetime) -> dt.datetime:
    """The first tick after an instant. Raises RuleViolated for an expression that cannot be read."""
    return _moment(checked(cron), after, earlier=False)


def _moment(cron: str, instant: dt.datetime, *, earlier: bool) -> dt.datetime:
    """The tick next to an instant. Raises RuleViolated, too, where the years within reach have none."""
    try:
        ticks = croniter(cron, instant)
        found: dt.datetime = ticks.get_prev(dt.datetime) if earlier else ticks.get_next(dt.datetime)
    except (CroniterError, OverflowError) as error:
        problem = f"{cron!r:.100} is never due, or no schedule; {_EXPECTED}."
        raise RuleViolated("schedule_cron", "invalid", problem, field="cron") from error
    return found
