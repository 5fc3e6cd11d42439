"""What sources name, name no more, and name beside people: the time before, kinds of requests, prices of a folder."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from radiant.insight.costs import Costs
from radiant.pricing.stored import holding_at
from radiant.registry import prices
from radiant.registry.database import Database
from radiant.sync.pricing import Priced, take_effect
from tests.flow.test_price_sync import LATER, acme, at, genai, sheets, sync, take

__all__ = ["acme"]


async def curated(database: Database, source: str, **prices: str) -> None:
    for key, value in prices.items():
        await database.rows(
            "INSERT INTO facts (source, entry, field, value, provider_id, model_id, reference) VALUES"
            " (%s, 'acme/acme-1', %s, %s::jsonb, 'acme', 'acme-1', 'https://acme.test (2026-11-20)') RETURNING source",
            [source, f"price.{key}_per_mtok", value],
        )


async def test_what_a_source_dates_fills_the_time_before_what_was_stored_without_a_date(acme: Database) -> None:
    await curated(acme, "curated", input="4")
    await sync(acme)
    assert await at(acme, dt.datetime(2026, 11, 19, tzinfo=dt.UTC)) == {}
    await take(acme, genai((None, {"input_mtok": 1}), ("2026-08-17", {"input_mtok": 4})))
    done = await sync(acme)
    assert (done.sheets, done.held) == (2, 0)
    for day, amount in (("2026-08-16", 1), ("2026-08-17", 4), ("2026-11-19", 4), ("2026-11-21", 4)):
        assert await at(acme, dt.datetime.fromisoformat(f"{day}T12:00Z")) == {"input_tokens": amount}, day
    assert await sync(acme) == Priced()


async def test_a_kind_of_requests_that_nobody_names_any_more_is_over(acme: Database) -> None:
    said = json.loads(genai((None, {"input_mtok": 10})))
    flex = {"service_tier": "flex"}
    said[0]["models"][0]["price_variants"] = [{"when": flex, "prices": {"input_mtok": 5}}]
    await take(acme, json.dumps(said).encode())
    await sync(acme)
    before = dt.datetime.now(dt.UTC)
    await take(acme, genai((None, {"input_mtok": 10})))
    done = await sync(acme)
    assert (done.sheets, done.held, done.columns) == (1, 0, 1)
    now = dt.datetime.now(dt.UTC)
    assert [holding_at(await sheets(acme, flex), it) is None for it in (before, now)] == [False, True]
    asked = {"model": "acme/acme-1", "usage": {"input_tokens": 1_000_000}, "context": flex}
    costs = [await Costs(acme).one({**asked, "at": it.isoformat()}) for it in (before, now)]
    assert [it.usd for it in costs] == ["5", "10"]
    (row,) = await acme.rows("SELECT price_details FROM models WHERE model_id = 'acme-1'")
    assert "variants" not in row["price_details"]
    assert await sync(acme) == Priced()
    await take(acme, json.dumps(said).encode())
    assert (await sync(acme)).sheets == 1
    named_again = dt.datetime.now(dt.UTC)
    costs = [await Costs(acme).one({**asked, "at": it.isoformat()}) for it in (before, now, named_again)]
    assert [it.usd for it in costs] == ["5", "10", "5"], "in between nobody named it"


async def test_a_model_that_nobody_names_any_more_keeps_its_prices(acme: Database) -> None:
    said = json.loads(genai((None, {"input_mtok": 10})))
    said[0]["models"][0]["price_variants"] = [{"when": {"service_tier": "flex"}, "prices": {"input_mtok": 5}}]
    await take(acme, json.dumps(said).encode())
    await sync(acme)
    await take(acme, genai((None, {"input_mtok": 3}), id="acme-2"))
    assert await sync(acme) == Priced()
    assert await at(acme, dt.datetime.now(dt.UTC)) == {"input_tokens": 10}


async def test_what_people_wrote_into_a_catalog_is_not_held_whatever_stands_beside_it(acme: Database) -> None:
    await take(acme, genai((None, {"input_mtok": 1, "web_searches_kcount": 10})))
    await sync(acme)
    await curated(acme, "curated:mine", input="4")
    done = await sync(acme)
    assert (done.sheets, done.held) == (2, 0), "from now on, and since it was read, of which nothing was known"
    now = dt.datetime.now(dt.UTC)
    assert await at(acme, now) == {"input_tokens": 4, "web_searches": Decimal("0.01")}
    (sheet,) = [it for it in await sheets(acme) if it.sold_from is not None]
    assert sheet.sold_from is not None and sheet.sold_from > now, "told as any rise"
    await take(acme, genai((None, {"input_mtok": 1, "web_searches_kcount": 30})))
    assert (await sync(acme)).held == 1, "what a public catalog says beside it is"
    async with acme.connection() as connection:
        (held,) = await prices.proposals(connection, "held")
    assert [reason.split(" from")[0] for reason in held["reasons"]] == ["rise_above: web_searches"]


async def test_hours_that_a_change_ends_are_gone_from_the_row(acme: Database, query: Any) -> None:
    await curated(acme, "curated", input="0.3")
    await curated(acme, "litellm", input="0.3")
    for source, field, value in (
        ("curated", "steps", [{"from": f"{LATER:%Y-%m-%d}", "input_per_mtok": "0.6"}]),
        ("litellm", "hours", [{"weekdays": [6, 7], "utc": ["00:00-24:00"], "input_per_mtok": "0.15"}]),
    ):
        await acme.rows(
            "INSERT INTO facts (source, entry, field, value, provider_id, model_id) VALUES"
            " (%s, 'acme/acme-1', %s, %s::jsonb, 'acme', 'acme-1') RETURNING source",
            [source, f"price.{field}", json.dumps(value)],
        )
    hours = '{"hours": [{"weekdays": [6, 7], "utc": ["00:00-24:00"]}]}'
    service = "SET radiant.writer = 'service'; UPDATE models SET price_details ="
    query(acme.url, f"{service} '{hours}' WHERE model_id = 'acme-1'")
    await sync(acme)
    second = dt.timedelta(seconds=1)
    told = "SELECT price_details -> 'hours' AS hours FROM models WHERE model_id = 'acme-1'"
    assert (await acme.rows(told))[0]["hours"] is not None
    assert [bool(it.clocks) for it in await sheets(acme)] == [True, False]
    assert await take_effect(acme, LATER - second, LATER) == 1
    assert (await acme.rows(told))[0]["hours"] is None
