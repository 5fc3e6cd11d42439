"""What is measured of this registry and of the process that serves it."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, NamedTuple

from radiant.domain.errors import RadiantError
from radiant.domain.metric import FetchedSource, KindOfRun, Measures, Metric, Sample
from radiant.domain.outcome import Buffered
from radiant.domain.schedule import Queue
from radiant.domain.vocabulary import HealthStatus
from radiant.public_catalogs.roster import BY_ID
from radiant.registry import measures
from radiant.registry.database import Database

from .counters import Counters

if TYPE_CHECKING:
    from radiant.selector import Selector

#: Seconds for which what the database said does for every look, however many look.
MEMORY = 5.0

#: Seconds that it may take; whoever looks then learns that it does not answer.
PATIENCE = 2.0


class _Seen(NamedTuple):
    """What the database said at `at`; nothing where it did not answer."""

    at: float
    measures: Measures | None = None
    queue: Queue | None = None


class Metrics:
    """Looks at the database at most once in `MEMORY` seconds, and at this process each time. `selector` is None where
    nothing is chosen here; `clock` returns seconds."""

    def __init__(
        self, database: Database, counters: Counters, selector: "Selector | None", *, clock: Callable[[], float]
    ) -> None:
        self._database, self._counters, self._selector, self._clock = database, counters, selector, clock
        self._seen = _Seen(float("-inf"))
        self._looking = asyncio.Lock()

    async def gathered(self) -> list[Metric]:
        """All metrics; those of a database that does not answer are absent."""
        seen = await self._look()
        return [*_of_process(self._counters, self._selector), *_of_database(seen)]

    async def _look(self) -> _Seen:
        async with self._looking:
            if self._clock() - self._seen.at >= MEMORY:
                self._seen = await self._ask()
            return self._seen

    async def _ask(self) -> _Seen:
        try:
            async with asyncio.timeout(PATIENCE), self._database.connection() as connection:
                found = await measures.read(connection, tuple(BY_ID))
                return _Seen(self._clock(), found, await measures.queue(connection))
        except (TimeoutError, RadiantError):
            return _Seen(self._clock())


def _of_process(counters: Counters, selector: "Selector | None") -> Iterator[Metric]:
    yield Metric("radiant_build_info", "Which Radiant this is.", (Sample(1, {"version": version("radiant-registry")}),))
    yield from _of_usage(counters)
    if selector is None:
        return
    yield _by_outcome(
        "radiant_selects_total",
        "Requests for a model over HTTP, by outcome: a batch counts each of its own.",
        chosen=counters.chosen,
        nothing_fits=counters.nothing_fits,
        refused=counters.refused,
        failed=counters.failed,
    )
    yield _gauge("radiant_snapshot_models", "Models that are chosen from here.", len(selector.candidates))
    yield _gauge("radiant_snapshot_following", "Whether what is chosen from follows the registry.", selector.following)
    if (age := selector.freshness.age) is not None:
        yield _gauge("radiant_snapshot_age_seconds", "Since the snapshot was last known to be the registry.", age)
    yield Metric(
        "radiant_snapshot_builds_total", "Changes of the registry taken over.", (Sample(counters.builds),), "counter"
    )
    if (buffered := selector.buffered) is not None:
        yield from _of_outcomes(buffered)


def _of_outcomes(buffered: Buffered) -> Iterator[Metric]:
    yield _by_outcome(
        "radiant_outcomes_total",
        "Outcomes of requests that were told here, by what became of them.",
        written=buffered.written,
        repeated=buffered.duplicate,
        dropped=buffered.dropped,
    )
    yield _gauge("radiant_outcomes_waiting", "Outcomes that wait to be written.", buffered.waiting)


def _of_usage(counters: Counters) -> Iterator[Metric]:
    yield _by_outcome(
        "radiant_usages_total",
        "Usages told over HTTP, by outcome: a batch counts each of its own.",
        recorded=counters.usage_recorded,
        repeated=counters.usage_repeated,
        refused=counters.usage_refused,
    )
    yield Metric(
        "radiant_usage_cost_differs_total",
        "Usages of which the provider reports a cost that is more than a fiftieth off the computed one.",
        (Sample(counters.usage_differing),),
        "counter",
    )


def _of_database(seen: _Seen) -> Iterator[Metric]:
    yield _gauge("radiant_database_up", "Whether the registry's database answered.", seen.measures is not None)
    if seen.queue is not None:
        yield from _of_queue(seen.queue)
    if (found := seen.measures) is None:
        return
    yield from _of_runs(found.runs)
    yield from _of_sources(found.sources)
    sizes = {"external": found.counts.get("external_count"), "self_hosted": found.counts.get("self_hosted_count")}
    yield _labelled(
        "radiant_models",
        "Models that are not deprecated, as of the last run or seed.",
        "hosting",
        {hosting: count for hosting, count in sizes.items() if count is not None},
    )
    yield _gauge(
        "radiant_review_pending",
        f"Discovered models that wait for a decision; {measures.MOST} stands for that many or more.",
        found.review_pending,
    )
    by_status = {status.value: found.providers.get(status.value, 0) for status in HealthStatus}
    yield _labelled("radiant_providers", "Enabled providers by the health of their best region.", "status", by_status)
    yield _labelled(
        "radiant_events_waiting",
        f"Events that a sink was not told yet; {measures.MOST} stands for that many or more.",
        "sink",
        {sink.name: sink.waiting for sink in found.sinks},
    )
    yield _labelled(
        "radiant_event_dead_letters",
        f"Events that a sink did not take after all attempts; {measures.MOST} stands for that many or more.",
        "sink",
        {sink.name: sink.dead for sink in found.sinks},
    )
    yield _labelled("radiant_table_bytes", "Bytes of a table with its indexes.", "table", found.tables)


def _of_queue(queue: Queue) -> Iterator[Metric]:
    yield _labelled("radiant_jobs", "Jobs in the queue.", "state", {"waiting": queue.waiting, "running": queue.running})
    yield _gauge(
        "radiant_oldest_job_seconds", "Waiting time of the oldest job; 0 where none waits.", queue.oldest_seconds
    )
    yield _gauge("radiant_workers", "Workers heard of within the last half minute.", queue.workers)


def _of_runs(runs: tuple[KindOfRun, ...]) -> Iterator[Metric]:
    yield _labelled("radiant_runs_running", "Runs under way.", "kind", {run.kind: run.running for run in runs})
    for word, when in (
        ("success", {run.kind: run.last_success for run in runs}),
        ("failure", {run.kind: run.last_failure for run in runs}),
    ):
        yield _labelled(
            f"radiant_run_last_{word}_timestamp_seconds",
            f"When a whole run of a kind last ended in {word}; absent where none ever did.",
            "kind",
            {kind: at.timestamp() for kind, at in when.items() if isinstance(at, dt.datetime)},
        )


def _of_sources(sources: tuple[FetchedSource, ...]) -> Iterator[Metric]:
    yield _labelled(
        "radiant_source_failing",
        "Whether a public catalog could not be fetched last; absent where it never was.",
        "source",
        {source.id: int(source.failing) for source in sources},
    )
    yield _labelled(
        "radiant_source_last_success_timestamp_seconds",
        "When a public catalog was last fetched, with something new or not.",
        "source",
        {source.id: source.last_success.timestamp() for source in sources if source.last_success is not None},
    )


def _by_outcome(name: str, help: str, **counts: int) -> Metric:
    return Metric(name, help, tuple(Sample(count, {"outcome": it}) for it, count in counts.items()), "counter")


def _gauge(name: str, help: str, value: float) -> Metric:
    return Metric(name, help, (Sample(float(value)),))


def _labelled(name: str, help: str, label: str, values: dict[str, int] | dict[str, float]) -> Metric:
    return Metric(name, help, tuple(Sample(float(value), {label: key}) for key, value in values.items()))
