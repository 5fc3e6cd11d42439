"""Runs what is due by the clock and what people ask for, on as many machines as wanted.

Jobs, workers and their heartbeats are procrastinate's; when something is due is ours: schedules are rows, which
every worker reads each second, so that a changed one holds at once everywhere (decision 0043).
"""

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
import procrastinate
from procrastinate import exceptions, jobs, manager, retry

from radiant.domain.errors import DatabaseError, RadiantError, RuleViolated
from radiant.domain.sync import AlreadyRunning
from radiant.logs import Log
from radiant.registry import schedules
from radiant.registry.database import Database
from radiant.sql.jobs import SCHEMA
from radiant.timetable import due

#: Runs one kind: (kind, trigger, requested_by). `trigger` is `schedule` or `person`. One that was ordered under an id
#: of its own is run with `id`, `provider` and `dry_run` as well.
Runner = Callable[..., Awaitable[None]]

#: Times a job is tried that kills or loses its worker each time.
ATTEMPTS = 10

#: Seconds beyond the grace in which what was done is told to the database.
LAST_WORDS = 5.0

#: Seconds between attempts to say how a job ended.
PAUSES = (0.05, 0.5, 2.0)

_QUEUE, _TASK = "radiant", "radiant.run"

_log = Log("radiant.worker")


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds: between two looks at the schedules; between two signs of life, and after how many without one a worker
    is given up; between two looks for what dead workers left; that a running job gets at the end; before a job that
    could not run is tried again."""

    tick: float = 1.0
    heartbeat: float = 10.0
    stalled: float = 30.0
    sweep: float = 10.0
    grace: float = 10.0
    again: int = 5


USUAL = Pace()


class Worker:
    """Works until it is told to stop; a database that is away is waited for. `keep` keeps models warm besides."""

    def __init__(
        self,
        database: Database,
        run: Runner,
        *,
        keep: Callable[[], Coroutine[Any, Any, None]] | None = None,
        each_tick: Callable[[], Awaitable[object]] | None = None,
        pace: Pace = USUAL,
        concurrency: int = 5,
    ) -> None:
        """`keep` goes on beside the jobs until it is cancelled. `each_tick` is done beside the schedules, as often:
        what takes effect by itself to the second."""
        self._each_tick = each_tick
        self._database, self._run, self._pace, self._concurrency = database, run, pace, concurrency
        self._keep = keep
        self._complained: dict[str, str] = {}

    async def work(self, stopping: asyncio.Event) -> None:
        """Work until `stopping` is set; then running jobs end within the grace, or are handed back."""
        _silence()
        work = {
            "schedules": self._again_and_again("schedules", self.tick, self._pace.tick),
            "jobs": self._jobs(),
        }
        if self._keep is not None:
            work["warmth"] = self._keep()
        if self._each_tick is not None:
            work["prices"] = self._again_and_again("prices", self._each_tick, self._pace.tick)
        tasks = [asyncio.create_task(each, name=name) for name, each in work.items()]
        waiting = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait({waiting, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            await self._end(tasks)

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        """Cancel, and once more where the end is waited for in vain, as without a database. Raises what a task did."""
        for patience in (self._pace.grace + LAST_WORDS, LAST_WORDS):
            for task in tasks:
                task.cancel()
            _, late = await asyncio.wait(tasks, timeout=patience)
            if not late:
                break
        for task in tasks:
            if task.done() and not task.cancelled() and (fault := task.exception()) is not None:
                raise fault

    async def tick(self) -> list[tuple[str, dt.datetime]]:
        """Take what is due now, each tick once over all workers; kind and tick of what this one took."""
        taken = []
        async with self._database.connection() as connection:
            for row in await schedules.active(connection):
                try:
                    tick = due(row["cron"], row["since"], row["now"])
                except RuleViolated as error:  # written past us
                    self._complain(row["kind"], str(error))
                    continue
                if tick is not None and await schedules.take(connection, row, tick):
                    taken.append((row["kind"], tick))
        return taken

    async def _jobs(self) -> None:
        """Run jobs; where the database goes away, begin again."""
        while True:
            app = self._app()
            try:
                async with app.open_async():
                    sweeping = asyncio.create_task(
                        self._again_and_again("lost jobs", partial(self.sweep, app), self._pace.sweep)
                    )
                    try:
                        await app.run_worker_async(
                            queues=[_QUEUE],
                            name="radiant",
                            concurrency=self._concurrency,
                            install_signal_handlers=False,
                            shutdown_graceful_timeout=self._pace.grace,
                            update_heartbeat_interval=self._pace.heartbeat,
                            stalled_worker_timeout=self._pace.stalled,
                            fetch_job_polling_interval=self._pace.again,
                            delete_jobs="always",
                        )
                    finally:
                        sweeping.cancel()
                        await asyncio.gather(sweeping, return_exceptions=True)
            except Exception as error:  # the pool's, psycopg's and procrastinate's own kinds of a lost connection
                self._complain("jobs", f"{type(error).__name__}: {error}")
            await asyncio.sleep(self._pace.tick)

    async def sweep(self, app: procrastinate.App) -> None:
        """Hand on what dead workers left behind, and end their runs."""
        async with self._database.connection() as connection, connection.transaction():
            if not await schedules.alone(connection):
                return
            for kind, _ in await schedules.close_lost(connection, self._pace.stalled):
                _log.warning("a run was lost with its process", kind=kind)
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._pace.stalled):
                await self._hand_on(app, job)

    async def _hand_on(self, app: procrastinate.App, job: jobs.Job) -> None:
        if job.attempts < ATTEMPTS:
            await app.job_manager.retry_job(job)
            _log.warning("a job was lost with its worker; it is done again", kind=job.task_kwargs.get("kind"))
        else:
            await app.job_manager.finish_job(job, status=jobs.Status.FAILED, delete_job=True)

    async def _again_and_again(self, subject: str, work: Callable[[], Awaitable[Any]], pause: float) -> None:
        while True:
            try:
                await work()
            except (RadiantError, exceptions.ConnectorException) as error:
                self._complain(subject, str(error))
            except Exception as error:  # whatever it is, what is never done again would be worse
                self._complain(subject, f"{type(error).__name__}: {error}")
            else:
                self._complained.pop(subject, None)
            await asyncio.sleep(pause)

    def _complain(self, subject: str, problem: str) -> None:
        """Say it once, not each second."""
        if self._complained.get(subject) != problem:
            self._complained[subject] = problem
            _log.warning("cannot be done now", subject=subject, problem=problem)

    def _app(self) -> procrastinate.App:
        address = self._database.address

        async def parameters() -> dict[str, Any]:
            given = await address.parameters_now()
            session = f"-c timezone=UTC -c search_path={SCHEMA},public {given.get('options', '')}"
            return {"application_name": "radiant worker", "connect_timeout": 5, **given, "options": session}

        connector = procrastinate.PsycopgConnector(conninfo="", kwargs=parameters, min_size=1, max_size=4, timeout=5)
        app = procrastinate.App(connector=connector)
        app.job_manager = _Jobs(connector)

        async def run(
            kind: str, trigger: str, requested_by: str | None = None, due: str | None = None, **ordered: Any
        ) -> None:
            if "id" in ordered:
                ordered["id"] = UUID(ordered["id"])
            try:
                await self._run(kind, trigger, requested_by, **ordered)
            except RadiantError as error:
                _log.warning("a run failed", kind=kind, problem=str(error))
                raise
            except Exception as error:
                _log.error("a run failed", kind=kind, problem=repr(error))
                raise

        app.task(name=_TASK, queue=_QUEUE, retry=_Again(self._pace.again))(run)
        return app


class _Jobs(manager.JobManager):
    """Leaves no job with a worker that is done with it: nobody else would run its kind while that worker lives."""

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        await self._surely(partial(super().finish_job, job, status, delete_job))

    async def retry_job(self, job: jobs.Job, *given: Any, **named: Any) -> None:
        try:
            await self._surely(partial(super().retry_job, job, *given, **named))
        except exceptions.UniqueViolation:  # the same waits, which does for both
            if "id" not in job.task_kwargs:
                await self.finish_job(job, jobs.Status.FAILED, delete_job=True)
                return
            # Somebody was told its id, and looks for it.
            await self._surely(partial(self.connector.execute_query_async, schedules.APART, job=job.id))
            await self._surely(partial(super().retry_job, job, *given, **named))

    async def _surely(self, tell: Callable[[], Awaitable[None]]) -> None:
        """Once more where the connection broke; without a database, others see that this worker is lost."""
        for pause in PAUSES:
            try:
                await tell()
            except exceptions.UniqueViolation:
                raise
            except exceptions.ConnectorException:
                await asyncio.sleep(pause)
            else:
                return
        with contextlib.suppress(exceptions.ConnectorException):
            await tell()


class _Again(retry.BaseRetryStrategy):
    """A job is tried again where it could not run: stopped with its worker, no database, or its kind runs already.

    A run that failed by itself is not: the next tick does it.
    """

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds

    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> retry.RetryDecision | None:
        if isinstance(exception, AlreadyRunning):  # no fault of its own, and that one ends
            return retry.RetryDecision(retry_in={"seconds": self._seconds})
        if job.attempts >= ATTEMPTS:
            return None
        if isinstance(exception, asyncio.CancelledError | exceptions.JobAborted):
            return retry.RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, DatabaseError):
            return retry.RetryDecision(retry_in={"seconds": self._seconds})
        return None


def _silence() -> None:
    """What these libraries log of lost connections and failed jobs we say ourselves, without traces."""
    for name in ("procrastinate", "psycopg.pool"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
