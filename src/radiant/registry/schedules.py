"""Schedules and the queue of jobs.

A tick is claimed and its job deferred in one transaction: a process that dies in between has done neither.
"""

import datetime as dt
import json
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec
import psycopg

from radiant.domain.schedule import Order, Queue, Schedule
from radiant.sql import queries

from .database import Connection

_SQL = queries("schedules")

#: Has a `job` that was ordered wait beside the same one. For procrastinate's connection, which names it by its number.
APART: Final = _SQL["apart"].decode()

#: One number for "somebody looks after what dead workers left behind", the same in every process.
_LOCK = 0x52616469616E74 + 1


async def listed(connection: Connection) -> tuple[list[Schedule], dt.datetime]:
    """All schedules by kind, without what follows from their expressions, and what time it is there."""
    rows = await (await connection.execute(_SQL["listed"])).fetchall()
    now = rows[0]["now"] if rows else dt.datetime.now(dt.UTC)
    return [Schedule(**{name: value for name, value in row.items() if name != "now"}) for row in rows], now


async def clock(connection: Connection) -> dt.datetime:
    """What time it is at the database: those of many machines differ."""
    row = await (await connection.execute(_SQL["clock"])).fetchone()
    if row is None:
        raise RuntimeError("the database tells no time")
    now: dt.datetime = row["now"]
    return now


async def active(connection: Connection) -> list[dict[str, Any]]:
    """What may be due: `kind`, `cron`, `since` when ticks count, `last_due` and `now`.

    A tick that is yet to come was taken while the clock of the database was ahead. Nothing would be due until the
    clock is there again, so that ticks then count from now on.
    """
    rows = await (await connection.execute(_SQL["active"])).fetchall()
    if any(row["ahead"] for row in rows):
        await connection.execute(_SQL["hold_back"])
        rows = await (await connection.execute(_SQL["active"])).fetchall()
    return rows


async def claim(connection: Connection, row: dict[str, Any], due: dt.datetime) -> bool:
    """Claim the tick `due` of a row of `active` within the caller's transaction; False where another has it."""
    given = {"kind": row["kind"], "cron": row["cron"], "last_due": row["last_due"], "due": due}
    return await (await connection.execute(_SQL["claim"], given)).fetchone() is not None


async def take(connection: Connection, row: dict[str, Any], due: dt.datetime) -> bool:
    """Claim the tick `due` of a row of `active` and defer its run; False where another has it."""
    async with connection.transaction():
        if not await claim(connection, row, due):
            return False
        await _defer(connection, row["kind"], trigger="schedule", requested_by=f"schedule {row['cron']}", due=due)
        return True


async def request(connection: Connection, kind: str, requested_by: str) -> bool:
    """Have a kind run as soon as a worker is free; False where one waits already, which does for both."""
    async with connection.transaction():
        return await _defer(connection, kind, trigger="person", requested_by=requested_by, due=None)


async def order(connection: Connection, order: Order) -> UUID:
    """Have a run made as soon as a worker is free; its id, which is that of the same one where it waits already."""
    arguments = {
        "kind": order.kind, "trigger": "person", "requested_by": order.requested_by, "due": None,
        "id": str(uuid4()), "provider": order.provider, "dry_run": order.dry_run,
    }  # fmt: skip
    async with connection.transaction():
        while not await _put(connection, order.kind, order.thing, arguments):
            given = {"id": arguments["id"], "thing": order.thing}
            row = await (await connection.execute(_SQL["join"], given)).fetchone()
            if row is not None:  # else a worker took it in between
                return UUID(row["id"])
    return UUID(str(arguments["id"]))


async def ordered(connection: Connection, id: UUID) -> tuple[Order, dt.datetime] | None:
    """The run of that id that waits for a worker, and since when; None where none does."""
    async with connection.transaction():
        await connection.execute(_SQL["among_jobs"])
        row = await (await connection.execute(_SQL["ordered"], {"id": str(id)})).fetchone()
    return None if row is None else (msgspec.convert(row["args"], Order), row["ordered_at"])


async def change(connection: Connection, kind: str, cron: str) -> None:
    """Give a kind another expression. It holds at once."""
    await connection.execute(_SQL["set"], {"kind": kind, "cron": cron})


async def pause(connection: Connection, kind: str, until: dt.datetime | None) -> None:
    """Stop a schedule until a time, or until it is resumed. A kind without one is left without."""
    await connection.execute(_SQL["pause"], {"kind": kind, "until": until})


async def resume(connection: Connection, kind: str) -> None:
    """Let a schedule go on from now. One that goes on already is left as it is."""
    await connection.execute(_SQL["resume"], {"kind": kind})


async def queue(connection: Connection) -> Queue:
    """How much waits and runs. Raises psycopg.Error where this role may not look."""
    row = await (await connection.execute(_SQL["queue"])).fetchone()
    return Queue(**row) if row else Queue(waiting=0, running=0, oldest_seconds=0.0, workers=0)


async def alone(connection: Connection) -> bool:
    """Whether nobody else looks after what was left behind. Holds to the end of the transaction."""
    row = await (await connection.execute(_SQL["alone"], {"lock": _LOCK})).fetchone()
    return bool(row and row["free"])


async def close_lost(connection: Connection, seconds: float) -> list[tuple[str, str]]:
    """End the runs whose process was not heard of for `seconds`; the kind of each, and who ran it."""
    rows = await (await connection.execute(_SQL["close_lost"], {"seconds": seconds})).fetchall()
    return [(row["sync_type"], row["worker"] or "") for row in rows]


async def _defer(
    connection: Connection, kind: str, *, trigger: str, requested_by: str | None, due: dt.datetime | None
) -> bool:
    arguments = {
        "kind": kind, "trigger": trigger, "requested_by": requested_by, "due": due and due.isoformat()
    }  # fmt: skip
    return await _put(connection, kind, Order(kind=kind).thing, arguments)


async def _put(connection: Connection, kind: str, thing: str, arguments: dict[str, Any]) -> bool:
    """Queue a job; False where the same thing waits already."""
    given = {"kind": kind, "thing": thing, "arguments": json.dumps(arguments)}
    await connection.execute(_SQL["among_jobs"])
    try:
        async with connection.transaction():
            await connection.execute(_SQL["defer"], given)
    except psycopg.errors.UniqueViolation:
        return False
    return True
