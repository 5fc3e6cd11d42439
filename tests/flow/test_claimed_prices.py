"""A model that only sources know: its dated prices are told as those of a registered one, by every question."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from radiant.admin.catalogs import public_source
from radiant.admin.rerating import Reratings
from radiant.admin.usage import UsageLedger
from radiant.domain.errors import ModelNotFound
from radiant.insight.costs import Costs
from radiant.insight.models import Models
from radiant.insight.prices import Prices
from radiant.registry.database import Database
from radiant.sync.importing import import_facts
from tests.flow.test_price_sync import genai

MILLION = {"input_tokens": 1_000_000}


async def take(database: Database, body: bytes, source: str = "genai-prices") -> None:
    await import_facts(database, public_source(source), body, dt.date(2026, 11, 26))


async def cost(database: Database, model: str, at: str | None = None) -> str | None:
    return (await Costs(database).one({"model": model, "usage": MILLION, **({} if at is None else {"at": at})})).usd


@pytest.mark.parametrize(
    ("model", "at", "usd"),
    [
        ("openai/o3", "2025-05-01T00:00:00Z", "10"),
        ("openai/o3", "2025-07-01T00:00:00Z", "2"),
        ("OpenAI/o3", None, "2"),
        ("google/gemini-3.6-flash", "2026-12-31T23:59:59Z", "0.75"),
        ("google/gemini-3.6-flash", "2027-02-01T00:00:00Z", "1.5"),
    ],
)
async def test_what_the_source_dates_holds_at_its_time(
    database: Database, genai_prices_body: bytes, litellm_body: bytes, model: str, at: str | None, usd: str
) -> None:
    await take(database, litellm_body, "litellm")
    await take(database, genai_prices_body)
    assert await database.rows("SELECT FROM models WHERE model_id IN ('o3', 'gemini-3.6-flash')") == []
    assert await cost(database, model, at) == usd
    (found,) = await Prices(database, Models(database)).at(model, dt.datetime.fromisoformat(at) if at else None)
    (amount,) = [it.usd for it in found.sheets[0].lines if it.meter == "input_tokens"]
    assert amount is not None
    assert (found.sheets[0].context, Decimal(amount)) == ({}, Decimal(usd))


DATED = genai((None, {"input_mtok": 10}), ("2025-06-10", {"input_mtok": 2}), ("2027-06-01", {"input_mtok": 3}))


async def test_its_history_and_what_is_announced_are_told(database: Database) -> None:
    await take(database, DATED)
    (found,) = await Prices(database, Models(database)).history("acme/acme-1")
    assert [(it.valid_from and f"{it.valid_from:%F}", it.lines[0].usd, it.source) for it in found.sheets] == [
        (None, "10", "genai-prices"),
        ("2025-06-10", "2", "genai-prices"),
        ("2027-06-01", "3", "genai-prices"),
    ]
    answer = await Costs(database).one({"model": "acme/acme-1", "usage": MILLION})
    assert [it.usd for it in answer.announced] == ["3"]
    assert answer.note == "The registry has no model acme/acme-1; its price is what genai-prices claim."
    before = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
    (found,) = await Prices(database, Models(database)).at("acme/acme-1", known=before)
    assert found.sheets == (), "nothing was known of it yesterday"
    with pytest.raises(ModelNotFound):
        await Prices(database, Models(database)).at("acme/acme-2")


async def test_what_was_rated_by_a_claim_is_rated_again_once_the_source_dates_it(database: Database) -> None:
    await take(database, genai((None, {"input_mtok": 2})))
    ledger = UsageLedger(database, Costs(database).priced)
    told: list[dict[str, Any]] = [
        {"request_id": f"r{day}", "model": "acme/acme-1", "usage": MILLION, "at": f"{day}T00:00:00Z"}
        for day in ("2025-05-01", "2026-01-01")
    ]
    await ledger.record(told)
    again = Reratings(database)
    since = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    assert (await again.rerate(since, by="test")).changed == 0
    await take(database, DATED)
    done = await again.rerate(since, by="test", apply=True)
    assert (done.changed, [it.new_usd for it in done.groups]) == (2, ["12"])
    assert (await again.rerate(since, by="test")).changed == 0
