"""Prices of people, wholly: whole sheets, kinds of requests, and rises that reach tenants after the grace period."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from radiant import Selector
from radiant.admin.prices import PriceDecisions
from radiant.domain.errors import UsageInvalid
from radiant.domain.price_sheet import RatingState
from radiant.domain.prices import NothingSet, PriceEdit, SetPrices
from radiant.domain.usage import UsageRecorded
from radiant.insight.costs import Costs
from radiant.insight.models import Models
from radiant.insight.prices import Prices
from radiant.registry.database import Database
from radiant.sync.pricing import Priced, take_effect
from tests.flow.telling import ledger
from tests.flow.test_markups import sale, told
from tests.flow.test_price_sync import acme, genai, sync, take

__all__ = ["acme"]

HOUR = dt.timedelta(hours=1)
BATCH = {"processing": "batch"}
MODEL = "acme/acme-1"
TIERED = {"base": 10, "tiers": [{"start": 200_000, "price": 20}]}


@pytest.fixture
async def priced(acme: Database) -> Database:
    """A model with tiers, cached tokens and prices of its own for batches, in the columns too."""
    await acme.rows(
        "INSERT INTO facts (source, entry, field, value, provider_id, model_id) VALUES"
        " ('litellm', 'acme-1', 'price.batch_input_per_mtok', '5', 'acme', 'acme-1'),"
        " ('litellm', 'acme-1', 'price.batch_output_per_mtok', '20', 'acme', 'acme-1') RETURNING source"
    )
    await take(acme, genai((None, {"input_mtok": TIERED, "output_mtok": 40, "cache_read_mtok": 1})))
    await sync(acme)
    await PriceDecisions(acme).set(MODEL, wanted({"input_tokens": 99}), by="ann")
    await PriceDecisions(acme).unset(MODEL, by="ann")
    await acme.rows("DELETE FROM events RETURNING id")
    return acme


def wanted(prices: dict[str, Any], **more: Any) -> SetPrices:
    return SetPrices(prices={meter: Decimal(it) for meter, it in prices.items()}, reason="deal", **more)


async def put(database: Database, prices: dict[str, Any], now: dt.datetime | None = None, **more: Any) -> PriceEdit:
    people = PriceDecisions(database) if now is None else PriceDecisions(database, lambda: now)
    (found,) = await people.set(MODEL, wanted(prices, **more), by="ann")
    return found


async def cost(database: Database, usage: dict[str, int], **more: Any) -> tuple[str | None, list[str]]:
    found = await Costs(database).one({"model": MODEL, "usage": usage, **more})
    return found.usd, found.unpriced


async def columns(database: Database) -> dict[str, Any]:
    (row,) = await database.rows(
        "SELECT input_cost_per_1k, output_cost_per_1k, cached_input_cost_per_1k, price_details FROM models"
        " WHERE model_id = 'acme-1'"
    )
    return row


async def test_a_whole_sheet_is_all_there_is_until_it_ends(priced: Database) -> None:
    now = dt.datetime.now(dt.UTC)
    before, until = await columns(priced), now + HOUR
    edit = await put(priced, {"input_tokens": 9}, whole=True, until=until)
    assert (edit.sheet.whole, edit.left, edit.rise) == (True, (), "9")
    assert {(it.meter, *it.context, it.before, it.after, it.charged_as) for it in edit.changes} == {
        ("input_tokens", "10", "9", None),
        ("output_tokens", "40", None, None),
        ("cache_read_tokens", "1", None, "input_tokens"),
        ("input_tokens", "processing", "5", "9", None),
        ("output_tokens", "processing", "20", None, None),
    }
    usage = {"input_tokens": 1_000_000, "output_tokens": 1}
    for context in ({}, BATCH):
        assert await cost(priced, usage, context=context) == ("9", ["output_tokens"])
    row = await columns(priced)
    assert (row["output_cost_per_1k"], row["cached_input_cost_per_1k"], row["price_details"]) == (
        None, None, {"input_per_mtok": "9"},
    )  # fmt: skip
    (shown,) = await Prices(priced, Models(priced)).at(MODEL)
    assert [(it.rank, it.whole, it.silent) for it in shown.sheets] == [
        (0, False, True), (1, True, False), (0, False, True),
    ]  # fmt: skip
    assert await sync(priced) == Priced()
    assert await take_effect(priced, now, until) == 1
    assert await columns(priced) == before
    assert await cost(priced, usage, at=until.isoformat()) == ("20.00004", [])


async def test_choosing_knows_no_price_of_what_a_whole_sheet_does_not_name(database: Database) -> None:
    async def costs() -> dict[str, Decimal | None]:
        async with await Selector.connect(database.url) as selector:
            found = selector.rank(
                limit=1000, task="chat", input_modalities=["text"], output_modalities=["text"], tenant_tier=5,
                only_providers=["openai"], usage={"input_tokens": 1000, "output_tokens": 1000},
            )  # fmt: skip
        return {it.model_id: it.estimated_cost for it in found}

    people, before = PriceDecisions(database), await costs()
    assert before["gpt-4o-mini"] is not None
    await people.set("openai/gpt-4o-mini", wanted({"input_tokens": 1}, whole=True), by="ann")
    assert await costs() == {**before, "gpt-4o-mini": None}
    await people.unset("openai/gpt-4o-mini", by="ann")
    assert await costs() == before


async def test_what_is_set_beside_a_whole_sheet_leaves_it_whole_and_unset_ends_it(priced: Database) -> None:
    await put(priced, {"input_tokens": 9}, whole=True, minimum=Decimal("0.01"))
    edit = await put(priced, {"output_tokens": 30})
    assert (edit.sheet.whole, edit.sheet.minimum) == (True, "0.01")
    assert await cost(priced, {"input_tokens": 1_000_000, "output_tokens": 1_000_000}) == ("39", [])
    again = await put(priced, {"output_tokens": 30}, whole=True)
    assert (again.sheet.minimum, [it.meter for it in again.sheet.lines]) == (None, ["output_tokens"])
    await PriceDecisions(priced).unset(MODEL, by="ann")
    assert await cost(priced, {"input_tokens": 100_000, "output_tokens": 1_000_000}) == ("41", [])
    assert (await columns(priced))["price_details"]["tiers"]


async def test_a_whole_contract_is_all_that_its_tenant_pays_for_and_the_ledger_says_what_is_not(
    priced: Database,
) -> None:
    edit = await put(priced, {"input_tokens": 12}, whole=True, tenant="blue")
    assert edit.sheet.sold_from is None, "it is what was agreed"
    usage = {"input_tokens": 100_000, "output_tokens": 100_000}
    assert await cost(priced, usage, tenant="blue") == ("1.2", ["output_tokens"])
    assert await cost(priced, usage, tenant="red") == ("7", [])
    assert await cost(priced, usage) == ("5", [])
    taken = await ledger(priced).record([{"request_id": "r1", "model": MODEL, "tenant": "blue", "usage": usage}])
    (answer,) = taken.answers
    assert isinstance(answer, UsageRecorded)
    assert (answer.usd, answer.sale_usd, answer.state, answer.unpriced) == (
        "5", "1.2", RatingState.PARTLY_PRICED, ["output_tokens"],
    )  # fmt: skip


async def test_a_kind_of_requests_has_a_price_of_people_and_loses_it_alone(priced: Database) -> None:
    until = dt.datetime.now(dt.UTC) + HOUR
    edit = await put(priced, {"input_tokens": 4}, context=BATCH, until=until)
    assert [(it.meter, it.before, it.after) for it in edit.changes] == [("input_tokens", "5", "4")]
    assert set(edit.left) == {"output_tokens", "cache_read_tokens"}
    usage = {"input_tokens": 1_000_000}
    assert (await cost(priced, usage, context=BATCH), await cost(priced, usage)) == (("4", []), ("20", []))
    assert (await columns(priced))["price_details"]["batch_input_per_mtok"] == "4"
    assert await take_effect(priced, until - HOUR, until) == 1
    assert (await columns(priced))["price_details"]["batch_input_per_mtok"] == "5"
    people = PriceDecisions(priced)
    await put(priced, {"input_tokens": 9})
    await put(priced, {"input_tokens": 4}, context=BATCH)
    await people.unset(MODEL, by="ann", context=BATCH)
    assert await cost(priced, usage, context=BATCH) == ("9", []), "a person's word for all is before a source's for one"
    with pytest.raises(NothingSet):
        await people.unset(MODEL, by="ann", context=BATCH)
    await put(priced, {"input_tokens": 4}, context=BATCH)
    await people.unset(MODEL, by="ann", context={})
    assert (await cost(priced, usage, context=BATCH), await cost(priced, usage)) == (("4", []), ("20", []))
    await put(priced, {"input_tokens": 9})
    await people.unset(MODEL, by="ann")
    assert (await cost(priced, usage, context=BATCH), await cost(priced, usage)) == (("5", []), ("20", []))


async def test_a_price_for_all_that_makes_a_kind_of_requests_dearer_says_so(priced: Database) -> None:
    edit = await put(priced, {"input_tokens": 8})
    assert [(it.meter, it.context, it.before, it.after) for it in edit.changes] == [
        ("input_tokens", {}, "10", "8"), ("input_tokens", BATCH, "5", "8"),
    ]  # fmt: skip
    assert edit.rise == "1.6"


async def test_a_rise_is_told_and_reaches_tenants_after_the_grace_period(priced: Database) -> None:
    now = dt.datetime.now(dt.UTC)
    edit = await put(priced, {"output_tokens": 60}, now)
    late = now + 24 * HOUR
    assert (edit.rise, edit.sheet.sold_from) == ("3", late)
    assert {it.meter for it in edit.below_cost} == {"output_tokens"}
    (event,) = await told(priced, "radiant.price.rising")
    assert (event["model_id"], event["factor"], dt.datetime.fromisoformat(event["sold_from"])) == ("acme-1", "3", late)
    assert len(await told(priced, "radiant.price.below_cost")) == 1
    usage = {"output_tokens": 1_000_000}
    assert await cost(priced, usage) == ("60", [])
    assert await sale(priced, usage=usage, at=now.isoformat()) == 56
    assert await sale(priced, usage=usage, at=late.isoformat()) == 84
    edit = await put(priced, {"output_tokens": 55}, now + HOUR)
    assert edit.sheet.sold_from == late, "they were told of more"
    assert len(await told(priced, "radiant.price.rising")) == 2


async def test_a_fall_and_what_is_sold_at_once_do_not_wait(priced: Database) -> None:
    edit = await put(priced, {"output_tokens": 20})
    assert (edit.rise, edit.sheet.sold_from) == (None, None)
    assert await told(priced, "radiant.price.rising") == []
    now = dt.datetime.now(dt.UTC)
    edit = await put(priced, {"output_tokens": 60}, now, sell_at_once=True)
    assert (edit.rise, edit.sheet.sold_from) == ("3", None)
    assert await sale(priced, usage={"output_tokens": 1_000_000}) == 84
    (event,) = await told(priced, "radiant.price.rising")
    assert dt.datetime.fromisoformat(event["sold_from"]) == now


async def test_what_ends_and_was_less_is_paid_until_tenants_had_the_grace_period(priced: Database) -> None:
    people, usage = PriceDecisions(priced), {"output_tokens": 1_000_000}
    await put(priced, {"output_tokens": 10})
    (ended,) = await people.unset(MODEL, by="ann")
    assert (ended.model, ended.rise) == (MODEL, "4") and ended.sold_from is not None
    assert (await cost(priced, usage), await sale(priced, usage=usage)) == (("40", []), Decimal(14))
    assert await sale(priced, usage=usage, at=ended.sold_from.isoformat()) == 56
    assert [it["factor"] for it in await told(priced, "radiant.price.rising")] == ["4"]
    assert len(await told(priced, "radiant.price.below_cost")) == 1
    with pytest.raises(NothingSet):
        await people.unset(MODEL, by="ann")
    (shown,) = await Prices(priced, Models(priced)).at(MODEL)
    assert {it.rank for it in shown.sheets} == {0}
    edit = await put(priced, {"output_tokens": 30})
    assert edit.sheet.valid_to is None, "what is set meanwhile does not end with that"
    (ended,) = await people.unset(MODEL, by="ann", sell_at_once=True)
    assert (ended.sold_from, await sale(priced, usage=usage)) == (None, Decimal(56))


@pytest.mark.parametrize(
    ("more", "field", "problem"),
    [
        ({"context": {"": "batch"}}, "context", "a condition has a name and a value"),
        ({"context": {"processing": " "}}, "context", "a condition has a name and a value"),
        ({"context": {"processing": "a\0"}}, "context", "a condition has a name and a value"),
        ({"context": {"x" * 101: "y"}}, "context", "of at most 100 characters"),
        ({"context": {f"n{place}": "y" for place in range(11)}}, "context", "has 11 conditions"),
        ({"context": {"proccessing": "batch"}}, "context", "did you mean processing"),
        ({"tenant": "blue", "sell_at_once": True}, "sell_at_once", "a contract is paid as soon as it holds"),
    ],
)
async def test_what_cannot_be_is_named_and_writes_nothing(
    acme: Database, more: dict[str, Any], field: str, problem: str
) -> None:
    with pytest.raises(UsageInvalid, match=problem) as refused:
        await PriceDecisions(acme).set(MODEL, wanted({"input_tokens": 1}, **more), by="ann")
    assert refused.value.field == field
    with pytest.raises(UsageInvalid, match=problem):
        await PriceDecisions(acme).unset(MODEL, by="ann", **more)
    assert await acme.rows("SELECT FROM price_sheets WHERE rank > 0") == []
