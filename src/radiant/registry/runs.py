"""The log of runs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from radiant.domain.sync import (
    AlreadyRunning,
    Progress,
    ProviderResult,
    RunPlace,
    RunReport,
    SourceProgress,
    Step,
)
from radiant.sql import queries

from . import sources
from .database import Connection
from .exact_json import as_json

#: What triggers announce steps and ends of runs on.
CHANNEL = "radiant_runs"

#: Seconds without a sign of life after which a run is closed as failed.
SILENCE = 60

#: So many errors of a run are kept, of at most 400 characters each.
MOST_ERRORS = 200

_SQL = queries("runs")


async def record_completed(
    connection: Connection, sync_type: str, *, providers: int, added: int, updated: int, deprecated: int
) -> None:
    """Log a run that began and ended with the transaction around it."""
    await connection.execute(
        _SQL["record_completed"],
        {
            "sync_type": sync_type,
            "providers": providers,
            "added": added,
            "updated": updated,
            "deprecated": deprecated,
        },
    )


async def newest(
    connection: Connection, *, kind: str | None = None, limit: int, after: RunPlace | None = None
) -> list[dict[str, Any]]:
    """So many runs, newest first, of one kind or all; those behind the place `after`."""
    asked = {"kind": kind, "limit": limit, "started": after and after.started_at, "id": after and after.id}
    return await (await connection.execute(_SQL["newest"], asked)).fetchall()


async def begin(
    connection: Connection,
    kind: str,
    *,
    trigger: str,
    requested_by: str | None,
    provider: str | None,
    dry_run: bool,
    worker: str,
    id: UUID | None = None,
) -> UUID:
    """Write a run that begins, within the caller's transaction, after closing those nobody heard of for `SILENCE`.

    Raises AlreadyRunning where another holds its place; a dry run needs none.
    """
    await connection.execute(_SQL["alone"])
    await connection.execute(_SQL["close_stale"], {"seconds": SILENCE})
    if not dry_run:
        await check_way(connection, kind)
    row = await (
        await connection.execute(
            _SQL["begin"],
            {
                "id": id,
                "kind": kind,
                "trigger": trigger,
                "requested_by": requested_by,
                "provider": provider,
                "dry_run": dry_run,
                "worker": worker,
            },
        )
    ).fetchone()
    if row is None:
        raise RuntimeError("INSERT … RETURNING returned nothing")
    found: UUID = row["id"]
    return found


async def came_to_nothing(
    connection: Connection, kind: str, *, worker: str, since: dt.datetime, seconds: float
) -> bool:
    """Whether the newest run of a kind failed, or was not heard of for `seconds`, where a worker whose name begins so
    began it by a schedule since then. Nobody begins a run before the end of the caller's transaction."""
    await connection.execute(_SQL["alone"])
    given = {"kind": kind, "worker": worker, "since": since, "seconds": seconds}
    return await (await connection.execute(_SQL["came_to_nothing"], given)).fetchone() is not None


async def check_way(connection: Connection, kind: str) -> None:
    """Raises AlreadyRunning where a run holds the place of one of this kind."""
    other = await (await connection.execute(_SQL["in_the_way"], {"kind": kind})).fetchone()
    if other is not None:
        raise AlreadyRunning(other["sync_type"], other["id"])


async def beat(connection: Connection, id: UUID) -> bool:
    """Say that the run goes on; whether it is still known as running."""
    return (await connection.execute(_SQL["beat"], {"id": id})).rowcount > 0


async def keep_results(connection: Connection, report: RunReport) -> None:
    """Write what the run found at each provider and public catalog."""
    found: list[Step] = [SourceProgress(source=it.source, result=it) for it in report.sources]
    found += [Progress(provider_id=it.provider_id, result=it) for it in report.providers]
    await keep_steps(connection, report.id, found)


async def keep_steps(connection: Connection, id: UUID, steps: Sequence[Step]) -> None:
    """Write how far a run is at each of some providers and public catalogs. Only whoever runs it does, hence one at a
    time."""
    await sources.keep_steps(connection, id, [it for it in steps if isinstance(it, SourceProgress)])
    asked = [_row(id, it) for it in steps if isinstance(it, Progress)]
    if asked:
        async with connection.cursor() as cursor:
            await cursor.executemany(_SQL["keep_step"], asked)


def _row(id: UUID, step: Progress) -> dict[str, Any]:
    it = step.result or ProviderResult(provider_id=step.provider_id)
    return {
        "run": id,
        "provider": step.provider_id,
        "asking": step.result is None,
        "complete": it.complete,
        "digest": it.digest,
        "counts": as_json(it.counts | {"status_changes": it.status_changes}),
        "skipped": _short(it.skipped),
        "note": _short(it.note),
        "errors": [_brief(error) for error in it.errors[:MOST_ERRORS]],
        "duration_ms": it.duration_ms,
    }


async def finish(connection: Connection, report: RunReport) -> int | None:
    """Close a run as `report` says; its milliseconds, or None where somebody closed it before."""
    row = await (
        await connection.execute(
            _SQL["finish"],
            {
                "id": report.id,
                "status": report.status,
                "providers": sum(it.touched for it in report.providers),
                "added": report.total("new"),
                "updated": report.total("changed"),
                "deprecated": report.total("deprecated"),
                "errors": [_brief(error) for error in report.errors[:MOST_ERRORS]],
                "problem": report.problem,
                "details": as_json({"notes": list(report.notes)}),
            },
        )
    ).fetchone()
    return None if row is None else int(row["duration_ms"])


async def found(connection: Connection, id: UUID) -> dict[str, Any] | None:
    """One run by its columns, with `sources` and `providers`: what it found at each so far."""
    row = await (await connection.execute(_SQL["found"], {"id": id})).fetchone()
    if row is None:
        return None
    results = await (await connection.execute(_SQL["results"], {"id": id})).fetchall()
    told = {"sources": list(await sources.results(connection, id))}
    return {**row, **told, "providers": [_result(it) for it in results]}


async def steps(connection: Connection, id: UUID, after: int) -> list[Step]:
    """What became known of a run after a step, in that order: of each provider and public catalog the newest."""
    rows = await (await connection.execute(_SQL["steps"], {"id": id, "after": after})).fetchall()
    return [_step(row) for row in rows]


def _step(row: Mapping[str, Any]) -> Step:
    number, provider, source = row["step"], row["provider_id"], row["source"]
    if provider is not None:
        return Progress(provider_id=provider, result=None if row["asking"] else _result(row), step=number)
    return SourceProgress(source=source, result=None if row["asking"] else sources.result_of(row), step=number)


async def silence(connection: Connection, id: UUID) -> float:
    """Seconds since a run was last heard of; 0.0 for one that is over."""
    row = await (await connection.execute(_SQL["silence"], {"id": id})).fetchone()
    return 0.0 if row is None else float(row["seconds"])


def _result(row: Mapping[str, Any]) -> ProviderResult:
    return ProviderResult(**row["counts"], **{name: row[name] for name in _PLAIN})


#: What stands in a row as it does in a result.
_PLAIN = ("provider_id", "complete", "digest", "skipped", "note", "errors", "duration_ms")


def _short(text: str | None) -> str | None:
    return None if text is None else text[:2000]


def _brief(text: str) -> str:
    return text[:400]
