"""Public catalogs as they are fetched: what people said, how the newest import came, and what runs found."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from radiant.domain.source import Outcome, SourceResult
from radiant.domain.sync import SourceProgress
from radiant.sql import queries

from .database import Connection
from .exact_json import as_json

_SQL = queries("sources")


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What people said of a public catalog. `url` is a mirror of their own."""

    enabled: bool = False
    url: str | None = None


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """How an import came: from where, with what its server tells versions apart by, and who read it.

    From the day `good_until` on the same document says something else. `entries` is how many it had.
    """

    url: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    reader: str | None = None
    good_until: dt.date | None = None
    entries: int = 0


async def said(connection: Connection) -> dict[str, Said]:
    """By id; one that nobody said anything of is not in it."""
    rows = await (await connection.execute(_SQL["said"])).fetchall()
    return {row["id"]: Said(enabled=row["enabled"], url=row["url"]) for row in rows}


async def say(connection: Connection, id: str, enabled: bool | None, url: str | None) -> None:
    """Write what is given; an empty `url` is the public address again."""
    await connection.execute(_SQL["say"], {"id": id, "enabled": enabled, "url": url})


async def states(connection: Connection) -> dict[str, dict[str, Any]]:
    """By source: `entries`, `facts`, `imported_at` of its newest import; `last_attempt`, `outcome`, `error` of its
    newest result."""
    return {row["source"]: row for row in await (await connection.execute(_SQL["states"])).fetchall()}


async def imported_from(connection: Connection, source: str) -> Fetched:
    """How the newest import of a source came; all None where there is none or a person gave it."""
    row = await (await connection.execute(_SQL["imported_from"], {"source": source})).fetchone()
    return Fetched(**row) if row else Fetched()


async def remember(connection: Connection, source: str, how: Fetched) -> None:
    """Note how the newest import came; again writes nothing."""
    await connection.execute(_SQL["remember"], {**msgspec.structs.asdict(how), "source": source})


async def keep_steps(connection: Connection, run: UUID, steps: Sequence[SourceProgress]) -> None:
    """Write how far a run is at each of some sources."""
    if steps:
        async with connection.cursor() as cursor:
            await cursor.executemany(_SQL["keep_step"], [_row(run, step) for step in steps])


def _row(run: UUID, step: SourceProgress) -> dict[str, Any]:
    it = step.result
    return {
        "run": run,
        "source": step.source,
        "outcome": it and it.outcome,
        "counts": as_json(it.counts if it else {}),
        "error": it.error[:2000] if it and it.error else None,
        "duration_ms": it.duration_ms if it else 0,
    }


async def results(connection: Connection, run: UUID) -> tuple[SourceResult, ...]:
    """What a run found at each source, by id."""
    rows = await (await connection.execute(_SQL["results"], {"run": run})).fetchall()
    return tuple(map(result_of, rows))


def result_of(row: Mapping[str, Any]) -> SourceResult:
    """What a row says that has an outcome."""
    return SourceResult(
        source=row["source"],
        outcome=Outcome(row["outcome"]),
        error=row["error"],
        duration_ms=row["duration_ms"],
        **row["counts"],
    )
