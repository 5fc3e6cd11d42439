"""What doctor says of workers, queue and runs."""

import datetime as dt

import pytest

from radiant.domain.metric import KindOfRun
from radiant.domain.schedule import Queue
from radiant.installation.working import of_queue, of_runs, span

EARLY, LATE = dt.datetime(2026, 11, 26, 0, 3, tzinfo=dt.UTC), dt.datetime(2026, 11, 26, 11, 40, tzinfo=dt.UTC)
NONE_RUNS = "none is running; nothing is done by the clock"


def queue(waiting: int = 0, running: int = 0, oldest: float = 0.0, workers: int = 1) -> Queue:
    return Queue(waiting=waiting, running=running, oldest_seconds=oldest, workers=workers)


@pytest.mark.parametrize(
    ("given", "worker", "waits"),
    [
        (queue(), (True, "1 worker is alive"), (True, "nothing waits; 0 jobs run")),
        (queue(1, 1, 5, 2), (True, "2 workers are alive"), (True, "1 job waits, the oldest for 5 s; 1 job runs")),
        (queue(3, 0, 600, 1), (True, "1 worker is alive"), (False, "3 jobs wait, the oldest for 10 min; 0 jobs run")),
        (queue(workers=0), (True, NONE_RUNS), (True, "nothing waits; 0 jobs run")),
        (queue(1, 0, 1, 0), (False, NONE_RUNS), (True, "1 job waits, the oldest for 1 s; 0 jobs run")),
    ],
)
def test_workers_and_queue(given: Queue, worker: tuple[bool, str], waits: tuple[bool, str]) -> None:
    first, second = of_queue(given)
    assert (first.subject, first.ok, first.state) == ("worker", *worker)
    assert (second.subject, second.ok, second.state) == ("queue", *waits)
    assert (first.advice is not None) == (not given.workers)
    assert (second.advice is None) == second.ok


def test_a_queue_that_cannot_be_read_is_damage() -> None:
    (only,) = of_queue(None)
    assert (only.ok, only.advice) == (False, "`radiant db status` says what is wrong.")


def run(kind: str, success: dt.datetime | None = None, failure: dt.datetime | None = None) -> KindOfRun:
    return KindOfRun(kind=kind, running=0, last_success=success, last_failure=failure)


def test_the_last_runs_of_each_kind() -> None:
    told = of_runs((run("full", LATE, EARLY), run("health", EARLY, LATE), run("models", None, LATE), run("pricing")))
    assert told.state == (
        "full 2026-11-26 11:40, health failed 2026-11-26 11:40 (succeeded 2026-11-26 00:03), "
        "models failed 2026-11-26 11:40 (succeeded never), pricing never"
    )
    assert told.advice == "`radiant sync health` does it now and says why."
    assert of_runs((run("full", LATE),)).advice is None


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (86_400, "24 h"), (200_000, "2 days")],
)
def test_spans(seconds: float, said: str) -> None:
    assert span(seconds) == said
