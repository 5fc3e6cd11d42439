"""A registry that stays up over midnight takes over what was announced for the new day."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from psycopg.rows import DictRow

from radiant import serve
from radiant.aws.keys import Keys
from radiant.catalog.load import Catalog
from radiant.domain.errors import DatabaseUnreachable
from radiant.installation import prepare
from radiant.installation.daily import DailySeed
from radiant.registry.database import Database
from radiant.settings import Settings
from radiant.sync.carried import carried
from tests.waiting import until

Query = Callable[..., list[DictRow]]

BEFORE, DAY = dt.date(2026, 11, 30), dt.date(2026, 12, 1)

PRICE = (
    "SELECT input_cost_per_1k::text AS price FROM models WHERE provider_id = 'google' AND model_id = 'gemini-4-argon'"
)


class Calendar:
    """The day it is."""

    def __init__(self) -> None:
        self.day = BEFORE
        self.looks = 0

    def today(self) -> dt.date:
        self.looks += 1
        return self.day


@asynccontextmanager
async def staying_up(database: Database, home: Path, calendar: Calendar) -> AsyncIterator[None]:
    """A program that was started on the day before."""
    settings = Settings(home=home, database_url=database.url)
    await prepare.seed_as_of(database, settings, BEFORE)
    daily = DailySeed(settings, database, since=BEFORE, today=calendar.today, look=0.01, retry=0.01)
    daily.start()
    try:
        yield
    finally:
        await daily.close()


async def test_a_step_is_taken_over_the_same_day_without_a_restart(
    database: Database, query: Query, tmp_path: Path
) -> None:
    calendar = Calendar()
    async with staying_up(database, tmp_path, calendar):
        await until(lambda: calendar.looks > 2)
        assert query(database.url, PRICE) == [{"price": "0.002"}], "the day before, nothing changes"
        calendar.day = DAY
        await until(lambda: query(database.url, PRICE) == [{"price": "0.004"}])


@pytest.mark.parametrize("fault", [DatabaseUnreachable("PostgreSQL does not answer."), OSError("no such folder")])
async def test_an_attempt_that_fails_is_made_again(
    database: Database, query: Query, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    calendar, asked = Calendar(), []

    async def away_at_first(*arguments: Any, **named: Any) -> Catalog:
        asked.append(named["today"])
        if len(asked) == 1:
            raise fault
        return await carried(*arguments, **named)

    async with staying_up(database, tmp_path, calendar):
        monkeypatch.setattr(prepare, "carried", away_at_first)
        calendar.day = DAY
        await until(lambda: query(database.url, PRICE) == [{"price": "0.004"}])
        await asyncio.sleep(0.05)
    assert asked == [DAY, DAY], "once in vain, once for good, and not again on the same day"


def test_a_retired_model_is_chosen_no_longer_on_its_day(database_url: str, query: Query) -> None:
    """select_model() counts from the day it is asked on, so nothing has to be written for it; so does the selector."""
    chosen = (
        "SELECT model_id FROM select_model('chat', '{text}', '{text}', 5, p_only_providers => '{openai}')"
        " WHERE model_id = 'gpt-4o-mini'"
    )
    query(database_url, "UPDATE models SET enabled = model_id = 'gpt-4o-mini' WHERE provider_id = 'openai'")
    retiring = "UPDATE models SET retires = (now() AT TIME ZONE 'UTC')::date + %s::int WHERE model_id = 'gpt-4o-mini'"
    query(database_url, retiring, 1)
    assert query(database_url, chosen) == [{"model_id": "gpt-4o-mini"}]
    query(database_url, retiring, 0)
    assert query(database_url, chosen) == []


async def test_who_serves_follows_the_days_until_it_is_closed(database: Database, tmp_path: Path) -> None:
    def following() -> bool:
        return any(task.get_name() == "radiant-daily-seed" for task in asyncio.all_tasks())

    async with AsyncExitStack() as held:
        await serve._open(Settings(home=tmp_path, database_url=database.url), Keys(None), held, alone=False)
        assert following()
    assert not following()
