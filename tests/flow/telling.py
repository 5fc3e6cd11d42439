"""A model with prices of its own history, whose usage is told."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from radiant.admin.rerating import Reratings
from radiant.admin.usage import Taken, UsageLedger
from radiant.domain.price_sheet import Book, Price, Sheet
from radiant.domain.usage import UsageRecorded
from radiant.insight.costs import Costs
from radiant.registry import prices
from radiant.registry.database import Database

#: All that is told happened before.
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
DAY = dt.timedelta(days=1)
LONG_AGO = NOW - 400 * DAY
MILLION = 1_000_000

PERIODS = "SELECT since, until, requests, unpriced, purchase_usd, sale_usd FROM closed_periods ORDER BY until"


@pytest.fixture
async def acme(database: Database) -> Database:
    """acme/acme-1 at 3 USD for a million input tokens since long ago, and acme/acme-2 without a price."""
    await database.rows(
        "WITH it AS (INSERT INTO providers (id, display_name) VALUES ('acme', 'Acme') RETURNING id)"
        " INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, origin)"
        " SELECT id, m, m, m, 'chat', 'adopted' FROM it, unnest(ARRAY['acme-1', 'acme-2']) m RETURNING id"
    )
    await price(database, "3")
    return database


async def price(
    database: Database, amount: str | None, since: dt.datetime = LONG_AGO, until: dt.datetime | None = None, **more: Any
) -> None:
    """Make an amount for a million input tokens what is believed of a span of time; None is unknown."""
    paid = () if amount is None else (Price(meter="input_tokens", amount=Decimal(amount), per=MILLION),)
    given = {"provider_id": "acme", "model_id": "acme-1", "source": "test", "prices": paid, **more}
    row = prices.row_of(Sheet(valid_from=since, valid_to=until, **given), set_by="test")
    async with database.connection() as connection, connection.transaction():
        await prices.append(connection, [row if amount is not None else {**row, "items": None}])


def contract(tenant: str) -> dict[str, Any]:
    """What makes a price one of a tenant's contract."""
    return {"book": Book.SALE, "tenant_id": tenant, "rank": 2}


def used(id: str, days_ago: float = 1, **more: Any) -> dict[str, Any]:
    """A usage of a million input tokens."""
    at = (NOW - days_ago * DAY).isoformat()
    return {"request_id": id, "model": "acme/acme-1", "usage": {"input_tokens": MILLION}, "at": at, **more}


def ledger(database: Database) -> UsageLedger:
    return UsageLedger(database, Costs(database).priced)


async def tell(database: Database, *told: Any) -> Taken:
    return await ledger(database).record(told)


async def good(database: Database, *told: Any) -> list[UsageRecorded]:
    """The same where nothing is refused."""
    answers = (await tell(database, *told)).answers
    assert all(isinstance(it, UsageRecorded) for it in answers), answers
    return [it for it in answers if isinstance(it, UsageRecorded)]


def again(database: Database, **more: Any) -> Reratings:
    return Reratings(database, **more)
