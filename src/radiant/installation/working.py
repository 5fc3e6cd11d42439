"""Whether the work of a registry gets done: its workers, what waits for them, and how its runs went."""

import datetime as dt

import msgspec

from radiant.domain.counted import counted
from radiant.domain.errors import RadiantError
from radiant.domain.metric import KindOfRun
from radiant.domain.schedule import Queue
from radiant.installation.finding import Finding
from radiant.registry import measures
from radiant.registry.database import Address, connect

#: Seconds that a job may wait before somebody should look.
LONG = 60.0


class Work(msgspec.Struct, frozen=True):
    """`queue` is None where it cannot be read; `runs` are of each kind."""

    queue: Queue | None
    runs: tuple[KindOfRun, ...]


async def work_of(url: str | Address) -> Work:
    """What is known of the registry at `url`. Raises DatabaseError."""
    async with connect(url) as connection:
        return Work(await measures.queue(connection), tuple(await measures.runs(connection)))


async def work_findings(url: str | Address) -> list[Finding]:
    """Workers, queue and runs of the registry at `url`, in words."""
    try:
        work = await work_of(url)
    except RadiantError as error:
        return [Finding("worker", True, f"not known: {error}")]
    return [*of_queue(work.queue), of_runs(work.runs)]


def of_queue(queue: Queue | None) -> list[Finding]:
    """Whether a worker lives, and what waits for one."""
    if queue is None:
        return [
            Finding("worker", False, "the tables of jobs cannot be read", "`radiant db status` says what is wrong.")
        ]
    stuck = queue.oldest_seconds > LONG
    start = "`radiant up` or `radiant worker` starts one."
    if queue.workers:
        worker = Finding("worker", True, counted(queue.workers, "worker is alive", "workers are alive"))
    else:
        worker = Finding("worker", not queue.waiting, "none is running; nothing is done by the clock", start)
    oldest = f", the oldest for {span(queue.oldest_seconds)}" if queue.waiting else ""
    waiting = counted(queue.waiting, "job waits", "jobs wait") if queue.waiting else "nothing waits"
    advice = "`radiant schedules list` shows what should run; the log of the workers says why it does not."
    state = f"{waiting}{oldest}; {counted(queue.running, 'job runs', 'jobs run')}"
    return [worker, Finding("queue", not stuck, state, advice if stuck and queue.workers else None)]


def of_runs(runs: tuple[KindOfRun, ...]) -> Finding:
    """How runs of each kind went last."""
    failing = [run.kind for run in runs if _failed_last(run)]
    state = ", ".join(f"{run.kind} {_last(run)}" for run in runs)
    advice = f"`radiant sync {failing[0]}` does it now and says why." if failing else None
    return Finding("last runs", True, state, advice)


def span(seconds: float) -> str:
    """A time that has passed, roughly: 42 s, 7 min, 3 h, 5 days."""
    for size, unit in ((86_400, "days"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{seconds:.0f} s"


def _last(run: KindOfRun) -> str:
    if _failed_last(run):
        return f"failed {_minute(run.last_failure)} (succeeded {_minute(run.last_success)})"
    return "never" if run.last_success is None else _minute(run.last_success)


def _failed_last(run: KindOfRun) -> bool:
    return run.last_failure is not None and (run.last_success is None or run.last_failure > run.last_success)


def _minute(time: dt.datetime | None) -> str:
    return "never" if time is None else f"{time.astimezone(dt.UTC):%Y-%m-%d %H:%M}"
