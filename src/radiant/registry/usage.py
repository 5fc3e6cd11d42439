"""The ledger of usage: what was told, its ratings run by run, and the periods of which the books are closed."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import msgspec

from radiant.domain.usage import RatingGoesOn
from radiant.pricing.rerating import Counting
from radiant.sql import queries

from .batches import batches
from .database import Connection
from .exact_json import as_json, from_json

_SQL = queries("usage")

#: One number each for "somebody books or closes" and "somebody rates again or closes", the same in every process.
_BOOKS = 0x52616469616E74 + 4
_RERATING = 0x52616469616E74 + 5


_PAGE: Final = msgspec.json.Decoder(list[Counting])


async def open_books(connection: Connection) -> list[dt.datetime]:
    """Within this transaction nobody closes a period; the ends of those that are closed, in order."""
    await connection.execute(_SQL["books"], {"lock": _BOOKS})
    return await closed(connection)


async def closed(connection: Connection) -> list[dt.datetime]:
    """The ends of closed periods, in order."""
    return [row["until"] for row in await (await connection.execute(_SQL["closed"])).fetchall()]


async def record(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Add usages; the numbers of those that nobody told before, by their ids of requests."""
    new: dict[str, int] = {}
    for some in batches(sorted(rows, key=lambda it: str(it["request_id"]))):
        found = await connection.execute(_SQL["record"], {"rows": as_json(list(some))})
        new |= {row["request_id"]: row["id"] for row in await found.fetchall()}
    return new


async def rate(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the first ratings of usages."""
    for some in batches(rows):
        await connection.execute(_SQL["rate"], {"rows": as_json(list(some))})


async def tell_differences(connection: Connection, usages: Sequence[int]) -> None:
    """Tell that the provider reports another cost of these, of each model once a day."""
    await connection.execute(_SQL["tell_differences"], {"usages": list(usages)})


async def recorded(connection: Connection, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What stands in the ledger under ids of requests, with the rating that counts."""
    rows = await (await connection.execute(_SQL["recorded"], {"ids": list(ids)})).fetchall()
    for row in rows:
        for name in ("context", "quantities", "lines"):
            row[name] = from_json(row[name])
    return {row["request_id"]: row for row in rows}


async def alone(connection: Connection) -> None:
    """Within this transaction: alone among those who rate again or close. Raises RatingGoesOn where another does."""
    row = await (await connection.execute(_SQL["rerating_alone"], {"lock": _RERATING})).fetchone()
    if row is None or not row["free"]:
        raise RatingGoesOn()


async def as_of_one_instant(connection: Connection) -> None:
    """All that is read in this transaction is of one instant; to be said first."""
    await connection.execute(_SQL["as_of_one_instant"])


async def models(connection: Connection, since: dt.datetime, until: dt.datetime | None) -> list[tuple[str, str]]:
    """The providers and models that were used in a span of time."""
    rows = await (await connection.execute(_SQL["models"], {"since": since, "until": until})).fetchall()
    return [(row["provider_id"], row["model_id"]) for row in rows]


async def page(
    connection: Connection, after: tuple[dt.datetime, int], until: dt.datetime | None, *, limit: int
) -> list[Counting]:
    """The next usages after a moment and a number, in that order."""
    asked = {"at": after[0], "id": after[1], "until": until, "limit": limit}
    row = await (await connection.execute(_SQL["page"], asked)).fetchone()
    return _PAGE.decode(row["rows"]) if row and row["rows"] else []


async def begin_run(connection: Connection, since: dt.datetime, until: dt.datetime | None, by: str) -> int:
    """A new run that rates again; its number."""
    row = await (await connection.execute(_SQL["begin_run"], {"since": since, "until": until, "by": by})).fetchone()
    return int(row["id"]) if row else 0


async def append(connection: Connection, run: int, ratings: Sequence[str]) -> None:
    """Add ratings of a run, each a line of text as COPY reads it, in the order of the columns in the statement."""
    end = f"\t{run}\n"
    async with connection.cursor() as cursor, cursor.copy(_SQL["append"]) as copying:
        await copying.write(end.join(ratings) + end)


async def close_books(connection: Connection) -> list[dt.datetime]:
    """Within this transaction nobody books anything; the ends of the periods that are closed, in order."""
    await connection.execute(_SQL["books_alone"], {"lock": _BOOKS})
    return await closed(connection)


async def close_period(
    connection: Connection, since: dt.datetime | None, until: dt.datetime, by: str
) -> dict[str, Any]:
    """Close a period that follows the last one, with the totals of what is booked in it."""
    given = {"since": since, "until": until, "by": by}
    return dict(await (await connection.execute(_SQL["close_period"], given)).fetchone() or {})
