"""Real runs over fake providers whose lists page, take their time, shuffle and change."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from radiant.domain.sync import RunReport
from radiant.providers.http import PATIENCE
from radiant.registry.database import Database
from radiant.sync import service
from radiant.sync.lifecycle import LISTS
from radiant.sync.manner import Manner
from radiant.sync.telling import as_events
from tests.durability.truths import contradictions, listed
from tests.durability.working import Query, Workers, every_second, workers
from tests.flow.conftest import rows_and_their_writers
from tests.flow.playing import Play, play
from tests.flow.syncing import Syncing
from tests.flow.test_list_sync import RUNS, served
from tests.waiting import until

JOBS = "SELECT count(*) AS n FROM jobs.procrastinate_jobs"

ACME = [f"acme-{number}" for number in range(20)]
CHANGES = [
    {"lists": 5, "remove": ["acme-3"]},
    {"lists": 12, "add": ["acme-3", "acme-new"]},
    {"lists": 16, "remove": ["acme-7", "acme-8"]},
    {"lists": 30, "add": ["acme-7"]},
]

#: Lists after which all providers stay as they are.
LAST_CHANGE = 33


def providers() -> list[dict[str, Any]]:
    """Pages, answers that take their time, an order that changes, and changes of the list while workers die."""
    paged = ("anthropic", "cohere", "google", "fireworks")
    some = [
        {"id": id, "count": 90, "page_size": 30, "latency": 0.03 + 0.02 * number, "restless": True}
        for number, id in enumerate(paged)
    ]
    grows = [{"lists": number * 3, "add": [f"gpt-{number}"]} for number in range(1, 12)]
    return [
        *some,
        {"id": "openai", "count": 200, "latency": 0.15, "changes": grows},
        {"id": "acme", "models": ACME, "latency": 0.05, "changes": CHANGES},
    ]


@asynccontextmanager
async def full_runs(database: Database, query: Query) -> AsyncIterator[tuple[Workers, Syncing, Play]]:
    """Two workers that make a full run each second, over providers that change meanwhile."""
    async with play(*providers(), patience=PATIENCE) as stage:
        it = Syncing(database, stage)
        await it.begin()
        await served(database, "acme", ACME)
        with workers(database.url, it.environment) as them:
            them.start(2)
            every_second(query, database.url, "full")
            yield them, it, stage


async def at_rest(them: Workers, query: Query, url: str) -> None:
    """No run follows, what waits is done, and the workers stop in good order."""
    query(url, "UPDATE schedules SET enabled = false")
    await until(lambda: query(url, JOBS) == [{"n": 0}])
    assert await asyncio.to_thread(them.stop) == [0, 0]


async def settled(it: Syncing, stage: Play, query: Query) -> None:
    """One more run, after which the registry says what the providers say; another then writes nothing."""
    url = it.database.url

    async def run(kind: str = "full") -> RunReport:
        report = await service.run(
            it.database, stage.client, kind, environment=it.environment, tell=as_events, manner=Manner(interval=0)
        )
        assert report.errors == (), report.errors
        return report

    while min(role.stage.lists for role in stage.theater.roles.values()) <= LAST_CHANGE:
        await run()
    for _ in range(LISTS):  # what is gone by now is deprecated by then
        await run()
    theirs, ours = listed(query, url, stage.theater)
    assert ours == theirs
    assert contradictions(query, url) == []
    before = rows_and_their_writers(query, url)
    again = await run("models")  # a full run measures health, too
    after = rows_and_their_writers(query, url)
    assert sum(result.touched for result in again.providers) == 0
    written = {name for name in before if before[name] != after[name]}
    assert written == set(RUNS), written
