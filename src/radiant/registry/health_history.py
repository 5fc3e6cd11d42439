"""What was counted, as it grows older: minutes for a day, hours for a month, days for a year; and what is forgotten."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from radiant.domain.observation import Reason
from radiant.health.circuit import LONGEST_REST
from radiant.health.moments import AHEAD
from radiant.health.standing import LASTS, LONGEST_RETRY, PROBE_LASTS
from radiant.health.tally import WINDOW, Tally, total
from radiant.sql import queries

from .database import Connection
from .exact_json import as_json
from .health_rows import Key, minute_row, tally_of

_SQL = queries("health")


class Width(NamedTuple):
    """Stretches of so many seconds are kept for so long, and then become those of the next width."""

    seconds: int
    kept: dt.timedelta


MINUTES: Final = Width(60, dt.timedelta(days=1))
HOURS: Final = Width(3600, dt.timedelta(days=31))
DAYS: Final = Width(86400, dt.timedelta(days=366))

#: Rows added up in one transaction.
AT_ONCE: Final = 5_000

#: How long ids of outcomes are kept: longer than an outcome may be old.
IDS_KEPT: Final = dt.timedelta(hours=2)


async def tidy(connection: Connection, *, now: dt.datetime | None = None) -> int:
    """Thin out what has grown old, forget what is over; the number of stretches that were added up.

    For the run of health. What was measured of a model or a provider too long ago stands for it no longer. Of several
    that run at a time, one does it. Each step is a transaction of its own: whoever folds holds providers and then
    models, and must not meet somebody who holds models. Raises psycopg.Error.
    """
    now = now or dt.datetime.now(dt.UTC)
    await _hold_back(connection, now)
    asked = {"before": now - LASTS, "probed_before": now - PROBE_LASTS, "now": now, "kept": Reason.NO_KEY.value}
    for statement, given in (("age_providers", asked), ("age", {"before": now - WINDOW})):
        async with connection.transaction():
            await connection.execute(_SQL[statement], given)
    thinned = 0
    for width, wider in ((MINUTES, HOURS), (HOURS, DAYS)):
        while part := await _thin(connection, width, wider, _begins(now - width.kept, wider)):
            thinned += part
    async with connection.transaction():
        await connection.execute(_SQL["forget_days"], {"before": now - DAYS.kept})
        await connection.execute(_SQL["forget_outcomes"], {"before": now - IDS_KEPT})
    return thinned


async def _hold_back(connection: Connection, now: dt.datetime) -> None:
    """Mend what was written while a clock was ahead: nothing was seen later than now, and nobody waits for longer than
    anybody can."""
    latest = now + AHEAD
    asked = {
        "now": now,
        "latest": latest,
        "latest_rest": latest + dt.timedelta(seconds=LONGEST_REST),
        "latest_retry": latest + dt.timedelta(seconds=LONGEST_RETRY),
    }
    for statement in ("hold_back_providers", "hold_back_models", "hold_back_probes"):
        async with connection.transaction():
            await connection.execute(_SQL[statement], asked)


async def _thin(connection: Connection, width: Width, wider: Width, before: dt.datetime) -> int:
    """Add up the oldest stretches, at most `AT_ONCE`, into wider ones that are over; how many they were."""
    async with connection.transaction():
        alone = await (await connection.execute(_SQL["alone"])).fetchone()
        if alone is None or not alone["alone"]:
            return 0
        asked = {"seconds": width.seconds, "before": before, "limit": AT_ONCE}
        rows = await (await connection.execute(_SQL["old_minutes"], asked)).fetchall()
        if not rows:
            return 0
        sums: dict[tuple[Key, dt.datetime], list[Tally]] = defaultdict(list)
        for row in rows:
            sums[_place(row), _begins(row["minute"], wider)].append(tally_of(row))
        empty = as_json([minute_row(key, begins, Tally(), wider.seconds) for key, begins in sums])
        for row in await (await connection.execute(_SQL["wider"], {"rows": empty})).fetchall():
            sums[_place(row), row["minute"]].append(tally_of(row))
        whole = [minute_row(key, begins, total(parts), wider.seconds) for (key, begins), parts in sums.items()]
        await connection.execute(_SQL["write_minutes"], {"rows": as_json(whole)})
        gone = [minute_row(_place(row), row["minute"], Tally(), width.seconds) for row in rows]
        await connection.execute(_SQL["forget_minutes"], {"rows": as_json(gone)})
    return len(rows)


def _place(row: Mapping[str, Any]) -> Key:
    return Key(row["provider_id"], row["region"], row["model_id"])


def _begins(at: dt.datetime, width: Width) -> dt.datetime:
    """The beginning of the stretch in which it is."""
    seconds = int(at.timestamp())
    return dt.datetime.fromtimestamp(seconds - seconds % width.seconds, dt.UTC)
