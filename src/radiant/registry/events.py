"""The outbox: events are written in the transaction of the change they tell of, and read in the order of their numbers.

A number is given after the commit. Whoever reads therefore numbers first, and nothing appears behind a reader.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from radiant.domain.event import Event
from radiant.domain.event_kinds import KINDS
from radiant.sql import queries

from .batches import batches
from .database import Connection

#: What `emit_event` announces on.
CHANNEL = "radiant_events"

_SQL = queries("events")


class News(NamedTuple):
    """What happened, on its way into the outbox. `type` is one of KINDS; `data` holds no secret, and money as Decimal,
    which goes as text."""

    type: str
    subject: str | None
    data: Mapping[str, Any]


async def emit(connection: Connection, type: str, subject: str | None, data: Mapping[str, Any]) -> None:
    """Tell of a change in the transaction that makes it, as `News` has it."""
    await emit_all(connection, [News(type, subject, data)])


async def emit_all(connection: Connection, news: Sequence[News]) -> None:
    """The same of many changes, in their order."""
    for it in news:
        if it.type not in KINDS:
            raise ValueError(f"no kind of event: {it.type!r}")
    for some in batches(news):
        told = msgspec.json.encode([it._asdict() for it in some]).decode()
        await connection.execute(_SQL["emit"], {"news": told})


async def number(connection: Connection) -> int:
    """Give the events that were committed since their numbers; how many that were."""
    row = await (await connection.execute(_SQL["number"])).fetchone()
    return int(row["count"]) if row else 0


async def after(connection: Connection, seq: int, *, limit: int) -> list[Event]:
    """Events that became known after a number, oldest first."""
    rows = await (await connection.execute(_SQL["after"], {"after": seq, "limit": limit})).fetchall()
    return [Event(**row) for row in rows]


async def newest(connection: Connection) -> int:
    """The number of the newest event, 0 where there is none."""
    row = await (await connection.execute(_SQL["newest"])).fetchone()
    return int(row["seq"]) if row else 0


async def last(connection: Connection, count: int) -> list[Event]:
    """The newest events, oldest first."""
    rows = await (await connection.execute(_SQL["last"], {"limit": count})).fetchall()
    return [Event(**row) for row in reversed(rows)]
