"""Who changes prices does so at a moment after that of whoever changed them before."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from radiant.admin.currencies import CurrencyRates
from radiant.admin.prices import PriceDecisions
from radiant.domain.currency import RateTerms
from radiant.domain.errors import RadiantError
from radiant.domain.prices import SetPrices
from radiant.pricing.guards import GRACE
from radiant.registry import prices
from radiant.registry.database import Database
from radiant.sync.pricing import bring_up_to_date
from tests.flow.price_documents import PROVIDER
from tests.flow.reading_prices import MODEL, Fresh, fresh, take, usual
from tests.waiting import until_said

__all__ = ["fresh"]

NAME = f"{PROVIDER}/{MODEL}"
WAITING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
WANTED = SetPrices(prices={"input_tokens": Decimal(3)}, reason="deal")
RATE = RateTerms(currency="EUR", usd=Decimal("1.1"), source="https://www.ecb.europa.eu 2026-11-26")
Clock = Callable[[], dt.datetime]

CHANGES: dict[str, Callable[[Database, Clock], Awaitable[Any]]] = {
    "sync": lambda database, now: bring_up_to_date(database, now=now, grace=GRACE),
    "set": lambda database, now: PriceDecisions(database, now).set(NAME, WANTED, by="ann"),
    "unset": lambda database, now: PriceDecisions(database, now).unset(NAME, by="ann"),
    "approve": lambda database, now: PriceDecisions(database, now).decide(["all"], approve=True, by="ann"),
    "rate": lambda database, now: CurrencyRates(database, now).state(RATE, by="ann"),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_whoever_waited_for_another_is_of_a_later_moment(fresh: Fresh, change: str) -> None:
    moments: list[dt.datetime] = []

    def now() -> dt.datetime:
        moments.append(dt.datetime.now(dt.UTC))
        return moments[-1]

    async with fresh() as database:
        await take(database, ("models.dev", usual(1)))
        async with database.connection() as first, first.transaction():
            await prices.alone(first, now)
            waiting = asyncio.ensure_future(CHANGES[change](database, now))
            await until_said(lambda: database.rows(WAITING))
            released = now()
        with contextlib.suppress(RadiantError):  # nothing is held, and nothing was set
            await waiting
        assert moments[-1] > released
