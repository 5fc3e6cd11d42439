"""Sheets of all models, made of the public catalogs as their packages ship them: whatever the order they come in, SQL,
estimate and bill say the same."""

import datetime as dt
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, contextmanager
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from radiant.admin.catalogs import public_source
from radiant.admin.rerating import Reratings
from radiant.admin.usage import UsageLedger
from radiant.insight.costs import Costs
from radiant.pricing.guards import GRACE
from radiant.pricing.stored import holding_at, said_by
from radiant.registry import prices
from radiant.registry.database import Database
from radiant.sync.importing import adopt, import_facts
from radiant.sync.pricing import bring_up_to_date
from tests.conftest import _fresh

NOW = dt.datetime.now(dt.UTC)
TODAY = dt.date(2026, 11, 26)
LATER = [dt.datetime.fromisoformat(f"{day}T12:00Z") for day in ("2026-12-02", "2027-02-01")]

NewDatabase = Callable[[], Any]


@pytest.fixture
def bodies(litellm_body: bytes, genai_prices_body: bytes, models_dev_body: bytes) -> dict[str, bytes]:
    return {"litellm": litellm_body, "genai-prices": genai_prices_body, "models.dev": models_dev_body}


@pytest.fixture
def fresh(server_url: str, template: str) -> NewDatabase:
    """One registry with the whole catalog after the other."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Database]:
        with contextmanager(_fresh)(server_url, template) as url:
            database = await Database.open(url)
            try:
                yield database
            finally:
                await database.close()

    return opened


async def take(database: Database, bodies: dict[str, bytes], *steps: str) -> None:
    """Import sources in this order; `sync` brings prices up to date in between."""
    for step in steps:
        if step == "sync":
            await bring_up_to_date(database, grace=GRACE)
        else:
            await import_facts(database, public_source(step), bodies[step], TODAY)


async def in_force(database: Database) -> dict[Any, Any]:
    """What each kind of requests to each model costs now and later."""
    async with database.connection() as connection:
        offers = prices.offers_of(await prices.sheets(connection))
    found = {}
    for (when, moment), (key, stored) in product(enumerate([dt.datetime.now(dt.UTC), *LATER]), offers.items()):
        sheet = holding_at([it for _, it in stored], moment)
        if sheet is not None:
            found[when, *key] = said_by(sheet)
    return found


async def test_the_order_of_imports_is_irrelevant_for_what_is_in_force(
    fresh: NewDatabase, bodies: dict[str, bytes]
) -> None:
    orders = [
        ("litellm", "genai-prices", "models.dev", "sync"),
        ("litellm", "sync", "genai-prices", "sync", "models.dev", "sync"),
        ("models.dev", "sync", "litellm", "sync", "genai-prices", "sync"),
    ]
    found = []
    for order in orders:
        async with fresh() as database:
            await take(database, bodies, *order)
            found.append(await in_force(database))
            assert await database.rows("SELECT FROM price_proposals") == []
            assert (await bring_up_to_date(database, grace=GRACE)).sheets == 0
    once, *others = found
    assert len(once) > 500
    for other in others:
        assert {key for key in once.keys() | other.keys() if once.get(key) != other.get(key)} == set()


@pytest.fixture
async def synced(fresh: NewDatabase, bodies: dict[str, bytes]) -> AsyncIterator[Database]:
    """All models of some providers, after syncs in which kinds of requests were new to models that had prices."""
    async with fresh() as database:
        await take(database, bodies, "litellm", "sync", "models.dev", "sync", "genai-prices")
        for source in bodies:
            await adopt(database, public_source(source), ["mistral"])
        await take(database, bodies, "sync")
        yield database


CONTEXTS: tuple[dict[str, str], ...] = (
    {},
    {"processing": "batch"},
    {"service_tier": "flex"},
    {"service_tier": "priority"},
)
USAGE = {"input_tokens": 200_000, "cache_read_tokens": 1_000, "output_tokens": 1_000, "output_reasoning_tokens": 900}


async def test_estimate_bill_and_sql_say_the_same_of_every_model(synced: Database) -> None:
    models = await synced.rows(
        "SELECT DISTINCT provider_id, model_id FROM price_offers o JOIN models m USING (provider_id, model_id)"
    )
    assert len(models) > 300
    asked = [
        {"provider": row["provider_id"], "model": row["model_id"], "usage": USAGE, "context": context}
        for row, context in product(models, CONTEXTS)
    ]
    costs = await Costs(synced).of(asked)
    lines = {(it.provider, it.model, *it.context.items()): it.lines for it in costs if not isinstance(it, Exception)}
    assert len(lines) == len(asked)
    assert {key for key, some in lines.items() if any(it.sheet is None for it in some)} == set()
    by_sql = await synced.rows(
        "SELECT m.provider_id, m.model_id, c.context, p.meter, p.amount, p.per, p.above FROM models m,"
        """ (VALUES ('{}'::jsonb), ('{"processing": "batch"}'), ('{"service_tier": "flex"}')) AS c (context),"""
        " price_at(m.provider_id, m.model_id, p_context => c.context) p"
    )
    told: dict[Any, set[Decimal]] = defaultdict(set)
    charged = {}
    for row in by_sql:
        said = lines[row["provider_id"], row["model_id"], *row["context"].items()]
        for line in (it for it in said if it.meter == row["meter"]):
            told[row["provider_id"], row["model_id"], str(row["context"]), row["meter"]].add(row["amount"])
            charged[row["provider_id"], row["model_id"], str(row["context"]), row["meter"]] = Decimal(line.amount)
    assert len(charged) > 500
    assert {key for key, amount in charged.items() if amount not in told[key]} == set()


async def test_of_all_models_of_the_catalogs_each_price_is_stored_and_never_rated_again(
    fresh: NewDatabase, bodies: dict[str, bytes]
) -> None:
    """Ten thousand models, to some of which a kind of requests was new when they had prices."""
    async with fresh() as database:
        for source in ("litellm", "genai-prices", "models.dev"):
            await take(database, bodies, source)
            await adopt(database, public_source(source), None)
            await take(database, bodies, "sync")
        models = await database.rows(
            "SELECT DISTINCT provider_id, model_id FROM price_offers o JOIN models m USING (provider_id, model_id)"
        )
        assert len(models) > 8_000
        batch = [
            {
                "request_id": f"{row['provider_id']}/{row['model_id']} {context}",
                "provider": row["provider_id"],
                "model": row["model_id"],
                "usage": USAGE,
                "context": context,
            }
            for row, context in product(models, CONTEXTS[:2])
        ]
        taken = await UsageLedger(database, Costs(database).priced).record(batch)
        assert taken.recorded == len(batch)
        (lines,) = await database.rows(
            "SELECT count(*) AS all, count(*) FILTER (WHERE line -> 5 = 'null') AS of_rows"
            " FROM ratings r, jsonb_array_elements(r.lines) line"
        )
        assert lines["all"] > 20_000 and lines["of_rows"] == 0
        again = await Reratings(database).rerate(NOW - dt.timedelta(days=1), by="test")
        assert (again.rows, again.changed, again.failed) == (len(batch), 0, 0)


async def test_columns_show_what_is_in_force(synced: Database) -> None:
    async with synced.connection() as connection:
        assert await prices.shown_otherwise(connection, dt.datetime.now(dt.UTC)) == set()


#: Model, moment, context, and USD for a million tokens of a meter.
CASES: list[tuple[str, str, dict[str, str], str, str]] = [
    ("google/gemini-4-argon", "2026-11-30", {}, "output_reasoning_tokens", "10"),
    ("google/gemini-4-argon", "2026-12-02", {}, "output_reasoning_tokens", "20"),
    ("google/gemini-4-argon", "2026-12-02", {"processing": "batch"}, "input_tokens", "2"),
    ("google/gemini-4-argon", "2026-12-02", {"processing": "batch"}, "cache_read_tokens", "0.1"),
    ("google/gemini-3.8-flash", "2027-01-02", {}, "output_reasoning_tokens", "7.5"),
    ("vertex_ai/gemini-3.8-flash", "2027-01-02", {}, "output_reasoning_tokens", "7.5"),
    ("vertex_ai/gemini-3.8-flash", "2027-01-02", {"service_tier": "priority"}, "input_tokens", "1.5"),
    ("mistral/mistral-small-2603", "2026-12-02", {"processing": "batch"}, "input_tokens", "0.075"),
    ("mistral/mistral-large-4", "2026-11-25", {"processing": "batch"}, "input_tokens", "0.35"),
    ("mistral/mistral-large-4", "2026-11-25", {"processing": "batch"}, "output_tokens", "1.05"),
    ("deepseek/deepseek-v4-pro", "2026-06-01", {}, "input_tokens", "0.435"),
    ("deepseek/deepseek-v4-pro", "2026-09-01T02:00Z", {}, "input_tokens", "1.32"),
    ("deepseek/deepseek-v4-pro", "2026-09-05T12:00Z", {}, "input_tokens", "0.66"),
]


async def test_prices_that_were_wrong_once(synced: Database) -> None:
    million = 1_000_000
    asked = []
    for model, at, context, meter, _ in CASES:
        whole = "output_tokens" if meter.startswith("output") else "input_tokens"
        when = at if at.endswith("Z") else f"{at}T12:00Z"
        asked.append({"model": model, "at": when, "context": context, "usage": {whole: million, meter: million}})
    costs = await Costs(synced).of(asked)
    told = [Decimal(it.usd or -1) if not isinstance(it, Exception) else it for it in costs]
    assert dict(zip(map(str, CASES), told, strict=True)) == {str(it): Decimal(it[-1]) for it in CASES}
