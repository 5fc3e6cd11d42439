"""Runs of the sync service: begun once per kind, alive while they say so, closed with what they found."""

import asyncio
import datetime as dt
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Final
from uuid import UUID

import msgspec

from radiant.domain.errors import RadiantError
from radiant.domain.observation import SELF_HOSTED
from radiant.domain.source import Outcome, SourceResult
from radiant.domain.sync import ProviderResult, RunClosed, RunKind, RunReport, Step, Trigger
from radiant.providers.http import Client
from radiant.registry import runs, statistics
from radiant.registry.database import Database

from .health import Checked, Health
from .keeper import PATIENCE, look_at_all
from .manner import USUAL, Manner
from .models import Lists, now
from .pricing import bring_up_to_date
from .progress import Recorder
from .queueing import Moment
from .refreshing import Refresh, errors
from .telling import Tell, Watch
from .together import together

#: Seconds between signs of life.
BEAT: Final = 10.0

_NO_ENDPOINT: Final = "thermal: there is no endpoint; `radiant endpoints add` makes one"

#: The kinds of runs in which self-hosted models are looked at.
_THERMAL: Final = (RunKind.FULL, RunKind.THERMAL)


def silent(_: Step) -> None:
    """Nobody watches."""


async def begin(
    database: Database,
    kind: str,
    *,
    provider: str | None = None,
    dry_run: bool = False,
    trigger: str = Trigger.PERSON,
    requested_by: str | None = None,
    id: UUID | None = None,
) -> UUID:
    """Write a run that begins now, under its `id` where it was ordered before. Raises AlreadyRunning."""
    async with database.connection() as connection, connection.transaction():
        return await runs.begin(
            connection,
            RunKind(kind),
            trigger=Trigger(trigger),
            requested_by=requested_by,
            provider=provider,
            dry_run=dry_run,
            worker=f"{socket.gethostname()}:{os.getpid()}"[:500],
            id=id,
        )


async def carry_out(
    database: Database,
    client: Client,
    id: UUID,
    kind: str,
    *,
    provider: str | None = None,
    dry_run: bool = False,
    environment: Mapping[str, str],
    tell: Tell | None,
    progress: Watch = silent,
    manner: Manner = USUAL,
    at: dt.datetime | None = None,
    left: Callable[[], float] = lambda: PATIENCE,
) -> RunReport:
    """Do what a begun run is for, and close it however it ends; in the seconds that are `left`, models that wake are
    followed. Raises what ended it, and RunClosed once somebody else closed it."""
    clock = now if at is None else lambda: at
    moment = Moment(run=id, at=clock(), interval=dt.timedelta(seconds=manner.interval))
    recorder = Recorder(database, id, progress)
    lists = Lists(
        database=database,
        client=client,
        environment=environment,
        moment=moment,
        dry_run=dry_run,
        tell=tell,
        watch=recorder,
    )
    sources = Refresh(
        database=database, client=client, online=manner.online, at=moment.at, dry_run=dry_run, watch=recorder
    )
    health = Health(
        database=database,
        client=client,
        environment=environment,
        at=moment.at,
        dry_run=dry_run,
        watch=recorder,
        status_pages=manner.status_pages,
    )
    results: tuple[ProviderResult, ...] = ()
    fetched: tuple[SourceResult, ...] = ()
    checked = Checked()
    notes: tuple[str, ...] = ()
    try:
        async with _alive(database, kind, id), recorder.recording():
            if kind in (RunKind.FULL, RunKind.MODELS):
                async with asyncio.TaskGroup() as group:
                    refreshing = group.create_task(sources.refresh())
                    listing = group.create_task(lists.sync(provider, refreshing))
                results, fetched = listing.result(), refreshing.result()
            elif kind == RunKind.PRICING:
                fetched = await sources.refresh()
            followed = any(it.outcome is Outcome.IMPORTED for it in fetched)
            if kind in (RunKind.FULL, RunKind.PRICING) or (kind == RunKind.MODELS and followed):
                notes = (
                    await _prices(database, fetched, clock, id, provider=provider, dry_run=dry_run, grace=manner.grace),
                )
            if kind in (RunKind.FULL, RunKind.HEALTH):
                checked = await health.check(provider)
                results = together(results, checked.results)
            if kind in _THERMAL and provider in (None, SELF_HOSTED):
                patience = min(PATIENCE, left())
                found = await look_at_all(database, environment, dry_run=dry_run, patience=patience)
                results = together(results, () if found is None else (found,))
                if found is None and kind == RunKind.THERMAL:
                    notes = (_NO_ENDPOINT,)
            touched = any(it.touched for it in results) or any(it.outcome is Outcome.IMPORTED for it in fetched)
            if touched and not dry_run:
                async with database.connection() as connection:
                    await statistics.refresh(connection, many=True)
    except BaseException as error:
        error = _cause(error)
        problem = _problem(error)
        report = RunReport(
            id=id,
            kind=kind,
            status="failed",
            dry_run=dry_run,
            sources=recorder.sources,
            providers=recorder.results,
            errors=(problem,),
            problem=problem,
        )
        # The reason it ended matters more than that it cannot be written.
        with suppress(RadiantError):
            await asyncio.shield(_close(database, report))
        raise error from None
    report = RunReport(
        id=id,
        kind=kind,
        status="completed",
        dry_run=dry_run,
        sources=fetched,
        providers=results,
        errors=(*errors(fetched), *(error for it in results for error in it.errors)),
        notes=(*notes, *checked.notes),
    )
    return await _close(database, report)


async def run(
    database: Database,
    client: Client,
    kind: str,
    *,
    provider: str | None = None,
    dry_run: bool = False,
    trigger: str = Trigger.PERSON,
    requested_by: str | None = None,
    id: UUID | None = None,
    environment: Mapping[str, str],
    tell: Tell | None,
    progress: Watch = silent,
    manner: Manner = USUAL,
    at: dt.datetime | None = None,
) -> RunReport:
    """Begin a run of `kind`, carry it out and close it.

    A failure of a provider or a public catalog is an entry in `errors` of the report. Raises AlreadyRunning,
    ProviderNotFound, DatabaseError.
    """
    id = await begin(
        database, kind, provider=provider, dry_run=dry_run, trigger=trigger, requested_by=requested_by, id=id
    )
    return await carry_out(
        database,
        client,
        id,
        kind,
        provider=provider,
        dry_run=dry_run,
        environment=environment,
        tell=tell,
        progress=progress,
        manner=manner,
        at=at,
    )


async def _prices(
    database: Database,
    fetched: Sequence[SourceResult],
    now: Callable[[], dt.datetime],
    run: UUID,
    *,
    provider: str | None,
    dry_run: bool,
    grace: dt.timedelta,
) -> str:
    """Bring prices up to date; what came of it, in a sentence without its end."""
    if fetched and all(it.outcome is Outcome.FAILED for it in fetched):
        return "pricing: all_sources_failed: no public catalog could be fetched, so no price is touched"
    done = await bring_up_to_date(database, now=now, grace=grace, run=run, provider=provider, dry_run=dry_run)
    return done.note


async def _close(database: Database, report: RunReport) -> RunReport:
    async with database.connection() as connection, connection.transaction():
        await runs.keep_results(connection, report)
        took = await runs.finish(connection, report)
        if took is None and report.status == "completed":
            problem = str(RunClosed(report.kind, report.id))
            errors = (*report.errors, problem)
            return msgspec.structs.replace(report, status="failed", problem=problem, errors=errors)
    return msgspec.structs.replace(report, duration_ms=took)


@asynccontextmanager
async def _alive(database: Database, kind: str, id: UUID) -> AsyncIterator[None]:
    """Say every few seconds that the run goes on. Raises RunClosed in its middle once somebody closed it: another may
    have begun, and two would write the same."""

    async def beat(going: asyncio.Timeout) -> None:
        known = True
        while known:
            await asyncio.sleep(BEAT)
            # A database that is away for a moment ends no run; what the run itself asks of it does.
            with suppress(Exception):
                async with database.connection() as connection:
                    known = await runs.beat(connection, id)
        going.reschedule(asyncio.get_running_loop().time())

    going = asyncio.timeout(None)
    try:
        async with going:
            task = asyncio.create_task(beat(going))
            try:
                yield
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
    except TimeoutError:
        if not going.expired():
            raise
        raise RunClosed(kind, id) from None


def _problem(error: BaseException) -> str:
    """What ended a run, in a sentence. Who cancels one may say why."""
    if isinstance(error, asyncio.CancelledError) and error.args:
        return f"It was ended: {error.args[0]}."
    return str(error) if isinstance(error, RadiantError) else f"It was ended by {type(error).__name__}."


def _cause(error: BaseException) -> BaseException:
    """The first of a group's errors."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
