"""Kinds of requests, such as batches: sheets of their own, which take effect as others do."""

import datetime as dt
import json
from decimal import Decimal

import msgspec
import pytest

from radiant.insight.costs import Costs
from radiant.registry import prices
from radiant.registry.database import Database
from radiant.sync.pricing import Priced, take_effect
from tests.flow.test_price_sync import acme, genai, sheets, sync, take

__all__ = ["acme"]


async def test_kinds_of_requests_have_sheets_of_their_own(acme: Database) -> None:
    said = json.loads(genai((None, {"input_mtok": 10, "cache_read_mtok": 1})))
    priority = {"service_tier": "priority"}
    said[0]["models"][0]["price_variants"] = [{"when": priority, "prices": {"input_mtok": 20}}]
    await take(acme, json.dumps(said).encode())
    await sync(acme)
    (sheet,) = await sheets(acme, priority)
    assert [(it.meter, it.amount) for it in sheet.prices] == [("input_tokens", Decimal(20))]
    usage = {"input_tokens": 1_000_000, "cache_read_tokens": 500_000}
    asked = {"model": "acme/acme-1", "usage": usage}
    costs = [await Costs(acme).one({**asked, "context": it}) for it in ({}, priority)]
    assert [it.usd for it in costs] == ["5.5", "10.5"]
    said[0]["models"][0]["price_variants"][0]["prices"]["input_mtok"] = 25
    await take(acme, json.dumps(said).encode())
    assert (await sync(acme)).sheets == 1
    (row,) = await acme.rows("SELECT price_details FROM models WHERE model_id = 'acme-1'")
    assert row["price_details"]["variants"] == [{"when": priority, "input_per_mtok": "25"}]
    assert (await Costs(acme).one({**asked, "context": priority})).usd == "13"
    assert await sync(acme) == Priced()


@pytest.mark.parametrize("kind", [{"processing": "batch"}, {"service_tier": "priority"}])
async def test_an_announced_price_of_one_kind_of_requests_alone_takes_effect(
    acme: Database, kind: dict[str, str]
) -> None:
    said = json.loads(genai((None, {"input_mtok": 10})))
    said[0]["models"][0]["price_variants"] = [{"when": kind, "prices": {"input_mtok": 5}}]
    await take(acme, json.dumps(said).encode())
    await sync(acme)
    (before,) = await sheets(acme, kind)
    now = dt.datetime.now(dt.UTC)
    then = now + dt.timedelta(hours=1)
    amount = msgspec.structs.replace(before.prices[0], amount=Decimal("5.25"))
    after = msgspec.structs.replace(before, prices=(amount,), valid_from=then, said="instant")
    async with acme.connection() as connection:
        await prices.append(connection, [prices.row_of(after)])
    assert await take_effect(acme, now, then) == 1
    asked = {"model": "acme/acme-1", "usage": {"input_tokens": 1_000_000}, "context": kind}
    found = await Costs(acme, lambda: then + dt.timedelta(minutes=1)).one(asked)
    assert (found.usd, found.lines[0].sheet is None) == ("5.25", False)


async def test_a_kind_of_two_conditions_is_the_same_in_whatever_order_they_are_stored(acme: Database) -> None:
    body = json.loads(genai((None, {"input_mtok": 2})))
    when = {"processing": "batch", "region": "us"}
    body[0]["models"][0]["price_variants"] = [{"when": when, "prices": {"input_mtok": 1.1}}]
    await take(acme, json.dumps(body).encode())
    assert (await sync(acme)).sheets == 2
    assert (await sync(acme)).sheets == 0, "a second run writes nothing"
