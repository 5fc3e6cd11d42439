"""What a person writes into a price column, with psql too: SQL, estimate, bill and the column itself agree at once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from radiant.admin.prices import PriceDecisions
from radiant.admin.rerating import Reratings
from radiant.admin.usage import UsageLedger
from radiant.domain.prices import SetPrices
from radiant.insight.costs import Costs
from radiant.pricing.guards import GRACE
from radiant.registry.database import Database
from radiant.sync.pricing import bring_up_to_date

#: Dearer above 100,000 input tokens.
TIERED = ("anthropic", "claude-haiku-5-5")
WHERE = "WHERE provider_id = 'anthropic' AND model_id = 'claude-haiku-5-5'"
LONG = {"model": "/".join(TIERED), "usage": {"input_tokens": 200_000}}


@pytest.fixture
async def synced(database: Database) -> Database:
    await bring_up_to_date(database, grace=GRACE)
    return database


async def column(database: Database, name: str = "input_cost_per_1k") -> Decimal | None:
    (row,) = await database.rows(f"SELECT {name} AS it FROM models {WHERE}")
    found: Decimal | None = row["it"]
    return found


async def by_sql(database: Database) -> list[Decimal]:
    """USD for a million input tokens: of all requests, and of long ones where they have another price."""
    rows = await database.rows(
        "SELECT amount * 1000000 / per AS it FROM price_at(%s, %s) WHERE meter = 'input_tokens' ORDER BY above",
        list(TIERED),
    )
    return [row["it"] for row in rows]


async def agree(database: Database, id: str) -> Decimal:
    """What 200,000 input tokens cost, by estimate and bill, which rating again leaves alone."""
    cost = await Costs(database).one(LONG)
    assert [it.sheet is not None for it in cost.lines] == [True]
    taken = await UsageLedger(database, Costs(database).priced).record([{**LONG, "request_id": id}])
    assert taken.recorded == 1
    since = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    assert (await Reratings(database).rerate(since, by="test")).changed == 0
    return Decimal(cost.usd or "-1")


async def test_an_edit_of_a_column_holds_for_long_requests_as_well(synced: Database, query: Any) -> None:
    usual = await by_sql(synced)
    assert len(usual) == 2 and await agree(synced, "before") == usual[1] / 5
    query(synced.url, f"UPDATE models SET input_cost_per_1k = 0.0002 {WHERE}")
    assert await by_sql(synced) == [Decimal("0.2")]
    assert await agree(synced, "edited") == Decimal("0.04")
    await bring_up_to_date(synced, grace=GRACE)
    assert (await by_sql(synced), await column(synced)) == ([Decimal("0.2")], Decimal("0.0002"))


@pytest.mark.parametrize(
    "back",
    [
        f"UPDATE models SET input_cost_per_1k = NULL {WHERE}",
        "DELETE FROM overrides WHERE subject = 'model:anthropic/claude-haiku-5-5'",
    ],
)
async def test_a_price_that_is_handed_back_is_that_of_the_sources_and_the_column_shows_it(
    synced: Database, query: Any, back: str
) -> None:
    usual, shown = await by_sql(synced), await column(synced)
    query(synced.url, f"UPDATE models SET input_cost_per_1k = 0.0002 {WHERE}")
    query(synced.url, back)
    assert (await by_sql(synced), await column(synced)) == (usual, shown)
    assert await agree(synced, "back") == usual[1] / 5
    assert await synced.rows("SELECT FROM overrides WHERE subject = 'model:anthropic/claude-haiku-5-5'") == []


async def test_an_emptied_column_that_nobody_had_set_shows_the_price_again(synced: Database, query: Any) -> None:
    shown = await column(synced, "output_cost_per_1k")
    query(synced.url, f"UPDATE models SET output_cost_per_1k = NULL, input_cost_per_1k = 0.0002 {WHERE}")
    assert (await column(synced, "output_cost_per_1k"), await column(synced)) == (shown, Decimal("0.0002"))
    (kept,) = await synced.rows("SELECT field FROM overrides WHERE subject = 'model:anthropic/claude-haiku-5-5'")
    assert kept["field"] == "input_cost_per_1k"


async def test_what_a_program_wrote_into_a_column_is_put_right_by_the_next_run(synced: Database, query: Any) -> None:
    shown = await column(synced)
    query(synced.url, f"SET radiant.writer = 'service'; UPDATE models SET input_cost_per_1k = 7 {WHERE}")
    assert await agree(synced, "wrong") == (await by_sql(synced))[1] / 5
    assert (await bring_up_to_date(synced, grace=GRACE)).columns == 1
    assert await column(synced) == shown


async def test_of_a_model_without_a_price_nothing_stays_of_one_that_was_set(database: Database, query: Any) -> None:
    query(
        database.url,
        "INSERT INTO models (provider_id, model_id, name, display_name) VALUES ('openai', 'unpriced', 'n', 'N')",
    )
    people = PriceDecisions(database)

    async def told() -> tuple[Any, ...]:
        (row,) = await database.rows("SELECT input_cost_per_1k AS it FROM models WHERE model_id = 'unpriced'")
        cost = await Costs(database).one({"model": "openai/unpriced", "usage": {"input_tokens": 1000}})
        return row["it"], cost.usd

    await people.set("openai/unpriced", SetPrices(prices={"input_tokens": Decimal(7)}, reason="deal"), by="ann")
    assert await told() == (Decimal("0.007"), "0.007")
    await people.unset("openai/unpriced", by="ann")
    assert await told() == (None, None)
    await database.rows(
        "INSERT INTO facts (source, entry, field, value, provider_id, model_id)"
        " VALUES ('litellm', 'x', 'price.input_per_mtok', '5', 'openai', 'unpriced') RETURNING field"
    )
    await bring_up_to_date(database, grace=GRACE)
    assert await told() == (Decimal("0.005"), "0.005"), "a source that has a price then is heard"
