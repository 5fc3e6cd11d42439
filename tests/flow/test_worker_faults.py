"""What goes wrong in a worker ends it not."""

import asyncio

import pytest

from radiant.domain.errors import RuleViolated
from radiant.registry.database import Database
from radiant.worker import Worker
from tests.flow.working import QUICK
from tests.waiting import until


async def _nothing(kind: str, trigger: str, requested_by: str | None) -> None:
    pass


@pytest.mark.parametrize("fault", [ZeroDivisionError(), RuleViolated("price", "invalid", "no."), OSError("no room")])
async def test_whatever_goes_wrong_beside_the_schedules_the_worker_works_on(
    database_url: str, fault: Exception
) -> None:
    looks = 0

    async def look() -> None:
        nonlocal looks
        looks += 1
        if looks < 3:
            raise fault

    database, stopping = await Database.open(database_url), asyncio.Event()
    working = asyncio.create_task(Worker(database, _nothing, each_tick=look, pace=QUICK).work(stopping))
    try:
        await until(lambda: looks >= 4 or working.done())
        assert not working.done()
        stopping.set()
        await working
    finally:
        await database.close()
