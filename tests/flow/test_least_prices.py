"""What a request costs at least, as sheets and markups say: bills, choosing and SQL agree to the last digit."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from psycopg.types.json import Jsonb

from radiant import Selector
from radiant.admin.prices import PriceDecisions
from radiant.domain.criteria import Usage
from radiant.domain.price_sheet import Book
from radiant.domain.prices import SetPrices
from radiant.insight.costs import Costs
from radiant.pricing.guards import GRACE
from radiant.registry import catalog_tables
from radiant.registry.database import Database
from radiant.sync.pricing import bring_up_to_date, project, take_effect
from tests.sql.random_registry import Chance

MODELS = 60
AMOUNTS = ["0", "0.15", "2.5", "40", "0.000001"]
LEAST = [None, None, "0", "0.0003", "0.0021", "0.5"]
METERS = ["input_tokens", "output_tokens", "cache_read_tokens", "requests"]
ASKED: dict[str, Any] = {"task": "chat", "input_modalities": ["text"], "output_modalities": ["text"], "tenant_tier": 5}
FULL = {"input_tokens": 1000, "output_tokens": 500}


def items(chance: Chance, meters: list[str]) -> Jsonb:
    """Random prices of meters, long requests dearer here and there."""
    found = []
    for meter in meters:
        one = {"meter": meter, "amount": chance.choice(AMOUNTS), "per": 1 if meter == "requests" else 1_000_000}
        found.append(one)
        if meter in METERS[:2] and chance.random() < 0.3:
            found.append({**one, "amount": chance.choice(AMOUNTS), "above": 20_000, "inclusive": False})
    return Jsonb(found)


@pytest.mark.parametrize("seed", range(3))
async def test_bill_choice_and_order_know_the_same_least_prices(database: Database, seed: int) -> None:
    chance = Chance(seed)
    names = [f"m{number}" for number in range(MODELS)]
    provider = {name: chance.choice(["openai", "self_hosted"]) for name in names}
    async with database.connection() as connection, connection.transaction():
        await catalog_tables.begin(connection)
        await connection.execute("UPDATE models SET enabled = false")
        await connection.execute("UPDATE self_hosted_models SET enabled = false")
        for name in names:
            if provider[name] == "openai":
                await connection.execute(
                    "INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, input_modalities,"
                    " output_modalities, context_window)"
                    " VALUES ('openai', %s, 'n', 'N', 'chat', '{text}', '{text}', 99999)",
                    [name],
                )
            else:
                await connection.execute(
                    "INSERT INTO self_hosted_models (model_id, name, display_name, category, primary_mode,"
                    " input_modalities, output_modalities, context_window, per_request)"
                    " VALUES (%s, 'n', 'N', 'llm', 'chat', '{text}', '{text}', 99999, %s)",
                    [name, chance.choice([None, "0.0007"])],
                )
                await connection.execute("UPDATE thermal_states SET current_state = 'COLD' WHERE model_id = %s", [name])
            for rank in (0, 1):
                if chance.random() < (0.8 if provider[name] == "openai" else 0.4) or rank:
                    meters = chance.sample(METERS, chance.randint(0, 4)) if rank else METERS[: chance.randint(2, 4)]
                    await connection.execute(
                        "SELECT append_sheet(price_offer(%s, %s), %s::smallint, tstzrange(NULL, NULL), %s, 'test',"
                        " p_minimum => %s, p_whole => %s)",
                        [provider[name], name, rank, items(chance, meters), chance.choice(LEAST),
                         rank == 1 and chance.random() < 0.3],
                    )  # fmt: skip
            if chance.random() < 0.6:
                await connection.execute(
                    "SELECT append_markup(NULL, NULL, %s, %s, tstzrange(NULL, NULL), %s, %s)",
                    [provider[name], name, chance.choice(["0", "0.4", "0.1234"]), chance.choice(LEAST)],
                )
                await connection.execute(
                    "SELECT project_markups(markup_scope(NULL, NULL, %s, %s), clock_timestamp())",
                    [provider[name], name],
                )
        await project(connection, [(provider[name], name) for name in names], dt.datetime.now(dt.UTC))
    rows = await database.rows(
        "SELECT model_id, ranking_price FROM models WHERE enabled UNION ALL"
        " SELECT model_id, ranking_price FROM self_hosted_models WHERE enabled"
    )
    ranked = {row["model_id"]: row["ranking_price"] for row in rows}
    usages = [FULL, {"input_tokens": 30_000, "output_tokens": 7}, {"input_tokens": 1, "output_tokens": 1}]
    known = charged = 0
    async with await Selector.connect(database.url) as selector:
        for usage in usages:
            found = selector.rank(**ASKED, usage=Usage(**usage), limit=MODELS)
            chosen = {it.model_id: it.estimated_cost for it in found}
            assert chosen.keys() == set(names)
            billed = await Costs(database).of(
                [{"provider": provider[it], "model": it, "usage": usage, "book": Book.SALE} for it in names]
            )
            for name, bill in zip(names, billed, strict=True):
                assert not isinstance(bill, Exception)
                if usage is FULL:
                    assert ranked[name] == chosen[name], name
                if bill.usd is None or bill.unpriced:
                    continue  # where something has no price, choosing does not guess, and the bill has what is known
                assert chosen[name] == Decimal(bill.usd), f"{name} for {usage}"
                known += 1
                charged += any(it.meter == "minimum" for it in bill.lines)
    assert known > 90 and charged > 30


async def test_the_least_price_of_a_sheet_takes_effect_and_ends_with_it(database: Database) -> None:
    now = dt.datetime.now(dt.UTC)
    people = PriceDecisions(database, lambda: now)
    later = now + dt.timedelta(hours=1)

    async def shown() -> Decimal | None:
        (row,) = await database.rows("SELECT minimum_price AS it FROM models WHERE model_id = 'gpt-4o-mini'")
        found: Decimal | None = row["it"]
        return found

    given = SetPrices(
        prices={"input_tokens": Decimal(1)}, reason="deal", minimum=Decimal("0.2"), since=later, sell_at_once=True
    )
    await people.set("openai/gpt-4o-mini", given, by="ann")
    assert await shown() is None
    await take_effect(database, now, later)
    assert await shown() == Decimal("0.2")
    async with await Selector.connect(database.url) as selector:
        found = {it.model_id: it.estimated_cost for it in selector.rank(**ASKED, only_providers=["openai"], limit=99)}
    assert found["gpt-4o-mini"] == Decimal("0.28"), "with the markup of 40 %"
    await PriceDecisions(database, lambda: later).unset("openai/gpt-4o-mini", by="ann")
    assert await shown() is None


async def test_a_least_price_written_into_a_column_is_one_of_a_sheet_and_told_as_a_rise(
    database: Database, query: Any
) -> None:
    await bring_up_to_date(database, grace=GRACE)
    asked = {"model": "openai/gpt-4o-mini", "usage": FULL}
    before = Decimal((await Costs(database).one(asked)).usd or "")
    query(database.url, "UPDATE models SET minimum_price = 0.2 WHERE model_id = 'gpt-4o-mini'")
    assert (await Costs(database).one(asked)).usd == "0.2"
    assert [
        row["type"] for row in await database.rows("SELECT type FROM events WHERE type LIKE 'radiant.price.%'")
    ] == ["radiant.price.rising"]
    query(database.url, "UPDATE models SET input_cost_per_1k = 0.1 WHERE model_id = 'gpt-4o-mini'")
    assert (await Costs(database).one({**asked, "usage": {"input_tokens": 10, "output_tokens": 0}})).usd == "0.2"
    query(database.url, "DELETE FROM overrides WHERE field = 'input_cost_per_1k'")
    (row,) = await database.rows("SELECT minimum_price AS it FROM models WHERE model_id = 'gpt-4o-mini'")
    assert row["it"] == Decimal("0.2"), "another of its prices was handed back"
    query(database.url, "DELETE FROM overrides WHERE field = 'minimum_price'")
    (row,) = await database.rows("SELECT minimum_price AS it FROM models WHERE model_id = 'gpt-4o-mini'")
    assert row["it"] is None
    assert Decimal((await Costs(database).one(asked)).usd or "") == before
