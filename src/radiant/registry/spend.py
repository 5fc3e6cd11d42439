"""What was spent, by tenant, provider, model, day or month."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from radiant.sql import queries

from .database import Connection

_SQL = queries("spend")


async def spent(
    connection: Connection, by: Collection[str], since: dt.datetime | None, until: dt.datetime | None, *, limit: int
) -> list[dict[str, Any]]:
    """Sums of what was booked in a span of time, at most `limit` rows."""
    asked = {"by": list(by), "since": since, "until": until, "limit": limit}
    return await (await connection.execute(_SQL["spend"], asked)).fetchall()
