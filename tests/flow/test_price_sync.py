"""Prices from sources to sheets: history, announced changes, what a guard holds; a second run writes nothing."""

import asyncio
import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from radiant.admin.catalogs import public_source
from radiant.admin.prices import PriceDecisions
from radiant.domain.price_sheet import Sheet
from radiant.domain.source import Outcome, SourceResult
from radiant.pricing.guards import GRACE
from radiant.pricing.stored import holding_at
from radiant.registry import prices
from radiant.registry.database import Database
from radiant.sync import pricing, service
from radiant.sync.importing import import_facts
from radiant.sync.pricing import Priced, bring_up_to_date, take_effect
from tests.flow.conftest import rows_and_their_writers

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
MODEL = ("acme", "acme-1")


def genai(*blocks: tuple[str | None, dict[str, Any]], id: str = "acme-1") -> bytes:
    """genai-prices' data with one model: its prices from each day on; a single one without a day is no list."""
    listed = [{"prices": said, **({} if day is None else {"constraint": {"start_date": day}})} for day, said in blocks]
    said = listed[0]["prices"] if len(listed) == 1 and blocks[0][0] is None else listed
    return json.dumps(
        [
            {
                "id": "acme",
                "name": "Acme",
                "models": [{"id": id, "name": "Acme", "match": {"equals": id}, "prices": said}],
            }
        ]
    ).encode()


def genai_of(amounts: Mapping[str, float]) -> bytes:
    """The same of some models, each with one price."""
    listed = [json.loads(genai((None, {"input_mtok": amount}), id=id))[0] for id, amount in amounts.items()]
    return json.dumps([{**listed[0], "models": [model for it in listed for model in it["models"]]}]).encode()


@pytest.fixture
async def acme(database: Database) -> Database:
    await database.rows(
        "WITH it AS (INSERT INTO providers (id, display_name) VALUES ('acme', 'Acme') RETURNING id)"
        " INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, origin)"
        " SELECT id, 'acme-1', 'acme-1', 'Acme 1', 'chat', 'adopted' FROM it RETURNING id"
    )
    return database


async def take(database: Database, body: bytes, on: dt.datetime = NOW) -> None:
    await import_facts(database, public_source("genai-prices"), body, on.date())


async def sync(database: Database, at: dt.datetime | None = None) -> Priced:
    """At the moment at which what was imported is known, or another."""
    now = at or dt.datetime.now(dt.UTC)
    return await bring_up_to_date(database, now=lambda: now, grace=GRACE, provider="acme")


async def sheets(database: Database, context: dict[str, str] | None = None) -> list[Sheet]:
    async with database.connection() as connection:
        found = await prices.sheets(connection, [MODEL])
    return [it for _, it in found if it.context == (context or {}) and it.rank == 0]


async def at(database: Database, moment: dt.datetime) -> dict[str, Decimal]:
    sheet = holding_at(await sheets(database), moment)
    return {} if sheet is None else {price.meter: price.amount for price in sheet.prices}


async def test_history_with_dates_is_kept_and_last_years_calls_have_last_years_price(acme: Database) -> None:
    await take(
        acme, genai((None, {"input_mtok": 10}), ("2025-06-10", {"input_mtok": 2}), ("2026-03-01", {"input_mtok": 1}))
    )
    await sync(acme)
    for day, amount in (
        ("2024-01-01", 10),
        ("2025-06-09", 10),
        ("2025-06-10", 2),
        ("2026-02-28", 2),
        ("2026-03-01", 1),
    ):
        assert await at(acme, dt.datetime.fromisoformat(f"{day}T12:00Z")) == {"input_tokens": amount}, day
    assert await at(acme, NOW) == {"input_tokens": 1}


async def test_before_the_first_known_price_nothing_is_known(acme: Database) -> None:
    await take(acme, genai((None, {"input_mtok": 1})))
    await sync(acme)
    assert await at(acme, dt.datetime(2020, 1, 1, tzinfo=dt.UTC)) == {}
    assert await at(acme, dt.datetime.now(dt.UTC)) == {"input_tokens": 1}


async def test_a_second_run_writes_nothing(acme: Database, query: Any) -> None:
    await take(
        acme, genai((None, {"input_mtok": 10}), ("2026-12-01", {"input_mtok": 12}), ("2026-12-05", {"input_mtok": 30}))
    )
    await bring_up_to_date(acme, now=lambda: NOW, grace=GRACE)
    before = rows_and_their_writers(query, acme.url)
    again = await bring_up_to_date(acme, now=lambda: NOW + dt.timedelta(hours=1), grace=GRACE)
    assert again == Priced()
    assert rows_and_their_writers(query, acme.url) == before


async def test_what_another_source_adds_to_a_price_that_always_held_is_no_change(acme: Database, query: Any) -> None:
    await take(acme, genai((None, {"input_mtok": 10}), ("2027-12-01", {"input_mtok": 20})))
    await acme.rows(
        "INSERT INTO facts (source, entry, field, value, provider_id, model_id) VALUES"
        " ('litellm', 'acme-1', 'price.reasoning_per_mtok', '30', 'acme', 'acme-1') RETURNING source"
    )
    await sync(acme)
    always, later = await sheets(acme)
    assert {it.meter: it.amount for it in always.prices} == {"input_tokens": 10, "output_reasoning_tokens": 30}
    assert (always.valid_from, always.valid_to) == (None, later.valid_from)
    before = rows_and_their_writers(query, acme.url)
    assert await sync(acme) == Priced()
    assert rows_and_their_writers(query, acme.url) == before


async def test_an_announced_change_is_a_sheet_and_takes_effect_to_the_second(acme: Database) -> None:
    await take(acme, genai((None, {"input_mtok": 10}), ("2026-12-01", {"input_mtok": 15})))
    await sync(acme, NOW)
    second = dt.timedelta(seconds=1)
    assert await at(acme, LATER - second) == {"input_tokens": 10}
    assert await at(acme, LATER) == {"input_tokens": 15}
    assert await take_effect(acme, NOW, LATER - second) == 0
    assert await take_effect(acme, LATER - second, LATER) == 1
    (row,) = await acme.rows("SELECT input_cost_per_1k, price_details FROM models WHERE model_id = 'acme-1'")
    assert row["input_cost_per_1k"] == Decimal("0.015")
    assert row["price_details"] == {"input_per_mtok": "15"}
    assert await acme.rows("SELECT FROM overrides WHERE subject = 'model:acme/acme-1'") == []


@pytest.mark.parametrize(
    ("before", "after", "guard"),
    [
        ({"input_mtok": 1}, {"input_mtok": 1000}, "unit_suspect"),
        ({"input_mtok": 60}, {"input_mtok": "1.01"}, "unit_suspect"),
        ({"input_mtok": 1}, {"input_mtok": "2.5"}, "rise_above"),
        ({"input_mtok": 1, "output_mtok": 1}, {"input_mtok": 1, "output_mtok": 0}, "fall_to_free"),
        ({"input_mtok": 1, "output_mtok": 0}, {"input_mtok": 1, "output_mtok": 1}, "rise_from_free"),
        ({"input_mtok": 1}, {"requests_kcount": 5}, "kind_flip"),
        ({"input_mtok": {"base": 1, "tiers": [{"start": 200_000, "price": 2}]}}, {"input_mtok": 1}, "tier_lost"),
    ],
)
async def test_a_guard_holds_a_change_and_says_why(
    acme: Database, before: dict[str, Any], after: dict[str, Any], guard: str
) -> None:
    await take(acme, genai((None, json.loads(json.dumps(before)))))
    await sync(acme)
    then = await at(acme, dt.datetime.now(dt.UTC))
    await take(acme, genai((None, {key: _number(it) for key, it in after.items()})))
    done = await sync(acme, dt.datetime.now(dt.UTC))
    assert (done.held, done.sheets) == (1, 0)
    async with acme.connection() as connection:
        (held,) = await prices.proposals(connection, "held")
    assert any(reason.startswith(f"{guard}: ") for reason in held["reasons"]), held["reasons"]
    assert await at(acme, dt.datetime.now(dt.UTC)) == then
    assert await sync(acme, dt.datetime.now(dt.UTC)) == Priced()


def _number(it: Any) -> Any:
    return float(it) if isinstance(it, str) else it


async def test_a_fall_is_taken_over_and_a_moderate_rise_reaches_tenants_a_day_later(acme: Database) -> None:
    await take(acme, genai((None, {"input_mtok": 10})))
    await sync(acme)
    await take(acme, genai((None, {"input_mtok": 8})))
    now = dt.datetime.now(dt.UTC)
    assert await sync(acme, now) == msgspec.structs.replace(Priced(), models=1, sheets=1, columns=1)
    assert [(it.valid_from, it.sold_from) for it in await sheets(acme)][-1] == (now, None)
    await take(acme, genai((None, {"input_mtok": 10})))
    now = dt.datetime.now(dt.UTC)
    assert (await sync(acme, now)).sheets == 1
    last = (await sheets(acme))[-1]
    assert (last.valid_from, last.sold_from) == (now, now + dt.timedelta(hours=24))
    told = await acme.rows("SELECT subject, data FROM events WHERE type = 'radiant.price.rising'")
    assert [(row["subject"], row["data"]["factor"]) for row in told] == [("acme/acme-1", "1.25")]


async def test_an_announcement_that_is_withdrawn_is_no_more(acme: Database) -> None:
    await take(acme, genai((None, {"input_mtok": 10}), ("2026-12-01", {"input_mtok": 15})))
    await sync(acme, NOW)
    await take(acme, genai((None, {"input_mtok": 10}), ("2026-01-01", {"input_mtok": 10})))
    await sync(acme, NOW)
    assert await at(acme, LATER) == {"input_tokens": 10}


async def test_two_runs_at_once_write_what_one_writes(acme: Database) -> None:
    await take(acme, genai((None, {"input_mtok": 10}), ("2025-06-10", {"input_mtok": 2})))
    done = await asyncio.gather(sync(acme), sync(acme))
    assert sorted(it.sheets for it in done) == [0, 2]
    assert len(await sheets(acme)) == 2


async def test_a_price_of_a_hand_is_not_written_over_by_a_run(acme: Database) -> None:
    await take(acme, genai((None, {"input_mtok": 10})))
    await sync(acme)
    await acme.rows("UPDATE models SET input_cost_per_1k = 0.003 WHERE model_id = 'acme-1' RETURNING id")
    await take(acme, genai((None, {"input_mtok": 9})))
    await sync(acme, dt.datetime.now(dt.UTC))
    (row,) = await acme.rows("SELECT input_cost_per_1k FROM models WHERE model_id = 'acme-1'")
    assert row["input_cost_per_1k"] == Decimal("0.003")
    (price,) = await acme.rows("SELECT amount, per, rank FROM price_at('acme', 'acme-1')")
    assert (price["amount"], price["per"], price["rank"]) == (Decimal("0.003"), 1000, 1)


async def test_the_announced_doubling_of_our_catalog_takes_effect_by_itself(database: Database) -> None:
    await bring_up_to_date(database, now=lambda: NOW, grace=GRACE)
    price = (
        "SELECT amount, per FROM price_at('google', 'gemini-4-argon', %s) WHERE meter = 'input_tokens' AND above < 0"
    )
    before, after = [await database.rows(price, [LATER - dt.timedelta(seconds=it)]) for it in (1, 0)]
    assert after[0]["amount"] == 2 * before[0]["amount"] > 0


async def test_a_source_that_was_read_before_the_price_in_force_began_is_held(acme: Database) -> None:
    began = NOW.date() - dt.timedelta(days=25)
    await take(acme, genai((None, {"input_mtok": 10}), (began.isoformat(), {"input_mtok": 8})))
    await sync(acme)
    stale = json.loads(genai((None, {"input_mtok": 9})))
    stale[0]["models"][0]["prices_checked"] = (began - dt.timedelta(days=1)).isoformat()
    await take(acme, json.dumps(stale).encode())
    assert (await sync(acme)).held == 1
    async with acme.connection() as connection:
        (held,) = await prices.proposals(connection, "held")
    assert [reason.split(":")[0] for reason in held["reasons"]] == ["stale_source"]
    assert await at(acme, dt.datetime.now(dt.UTC)) == {"input_tokens": 8}


async def test_what_is_held_since_we_heard_of_it_is_held_once_and_refused_for_good(acme: Database) -> None:
    """Its source dates it before what is in force began: it would hold from now on, and now is later in each run."""
    await take(acme, genai((None, {"input_mtok": 10}), ("2026-10-01", {"input_mtok": 8})))
    await sync(acme)
    await take(acme, genai((None, {"input_mtok": 10}), ("2026-09-01", {"input_mtok": 30})))
    assert (await sync(acme)).held == 1
    assert await sync(acme) == Priced()
    await PriceDecisions(acme).decide(["all"], approve=False, by="ann")
    assert await sync(acme) == Priced()
    async with acme.connection() as connection:
        assert await prices.proposals(connection, "held") == []


async def test_where_no_catalog_could_be_fetched_no_price_is_touched(acme: Database, query: Any) -> None:
    await take(acme, genai((None, {"input_mtok": 10})))
    before = rows_and_their_writers(query, acme.url)
    failed = [SourceResult(source=it, outcome=Outcome.FAILED) for it in ("genai-prices", "litellm")]
    note = await service._prices(acme, failed, lambda: NOW, uuid4(), provider=None, dry_run=False, grace=GRACE)
    assert note.startswith("pricing: all_sources_failed: ")
    assert rows_and_their_writers(query, acme.url) == before
    some = [*failed, SourceResult(source="models.dev", outcome=Outcome.UNCHANGED)]
    assert "new sheets" in await service._prices(
        acme, some, lambda: NOW, uuid4(), provider="acme", dry_run=False, grace=GRACE
    )


async def test_a_run_that_is_stopped_in_the_middle_has_done_nothing(
    acme: Database, query: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await take(acme, genai((None, {"input_mtok": 10}), ("2025-06-10", {"input_mtok": 2})))
    before = rows_and_their_writers(query, acme.url)
    reached = asyncio.Event()

    async def hangs(*_: Any) -> int:
        reached.set()
        await asyncio.Event().wait()
        return 0

    with monkeypatch.context() as patched:
        patched.setattr(pricing, "project", hangs)
        run = asyncio.create_task(sync(acme))
        await asyncio.wait_for(reached.wait(), 30)
        run.cancel()
        with pytest.raises(asyncio.CancelledError):
            await run
    assert rows_and_their_writers(query, acme.url) == before
    assert (await sync(acme)).sheets == 2
