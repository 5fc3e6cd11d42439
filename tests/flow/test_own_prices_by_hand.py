"""Prices that people set of their own models: rating, columns, choosing and SQL agree, and what was comes back."""

import asyncio
import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from radiant import Selector
from radiant.admin.prices import PriceDecisions
from radiant.catalog.load import Catalog
from radiant.domain.criteria import Usage
from radiant.domain.prices import SetPrices
from radiant.insight.costs import Costs
from radiant.pricing.guards import GRACE
from radiant.registry.database import Database
from radiant.sync.pricing import TakingEffect, bring_up_to_date, take_effect
from radiant.sync.seed import seed

LLAMA, WHISPER = "self_hosted/llama-3.3-70b", "self_hosted/whisper-large-v3"
HOUR = dt.timedelta(hours=1)
TOKENS = {"input_tokens": 2000, "output_tokens": 500}
TASKS = {LLAMA: ("chat", ["text"], ["text"]), WHISPER: ("transcription", ["audio"], ["text"])}
PRICES = (
    "input_cost_per_1k, output_cost_per_1k, cached_input_cost_per_1k, cost_per_request, cost_per_second,"
    " cost_per_image, cost_per_minute, cost_per_character, cost_per_page, cost_per_hour, further_prices, minimum_price"
)


@pytest.fixture
async def own(database: Database) -> Database:
    """A registry in which some models of its own can be brought up."""
    await database.rows(
        "INSERT INTO endpoints (model_id, runtime, name, url) SELECT it, 'ollama', it, 'http://gpu:11434'"
        " FROM unnest(%s::text[]) AS it RETURNING id",
        [[it.partition("/")[2] for it in TASKS]],
    )
    await database.rows("UPDATE endpoint_states SET state = 'COLD', observed_at = now() RETURNING endpoint_id")
    await database.rows("UPDATE thermal_states SET current_state = 'COLD' RETURNING model_id")
    await database.rows("DELETE FROM overrides RETURNING field")
    await bring_up_to_date(database, grace=GRACE)
    return database


async def put(
    database: Database, model: str, prices: dict[str, Any], now: dt.datetime | None = None, **more: Any
) -> None:
    people = PriceDecisions(database) if now is None else PriceDecisions(database, lambda: now)
    given = SetPrices(prices={meter: Decimal(it) for meter, it in prices.items()}, reason="deal", **more)
    await people.set(model, given, by="ann")


async def unset(database: Database, model: str) -> None:
    await PriceDecisions(database).unset(model, by="ann")


async def synced(database: Database) -> None:
    """A run over prices, which has nothing to write."""
    found = await bring_up_to_date(database, grace=GRACE)
    assert (found.sheets, found.columns) == (0, 0)


async def shown(database: Database, model: str) -> dict[str, Any]:
    """The price columns of a model that are not empty."""
    (row,) = await database.rows(
        f"SELECT {PRICES} FROM unified_model_registry WHERE provider_id || '/' || model_id = %s", [model]
    )
    return {name: it for name, it in row.items() if it is not None}


async def agree(database: Database, model: str, usage: dict[str, int]) -> Decimal | None:
    """What a usage costs before markup: by rating, by choosing with the markup, and by the prices that SQL tells."""
    markup = Decimal("1.75")
    rated = (await Costs(database).one({"model": model, "usage": usage})).usd
    cost = None if rated is None else Decimal(rated)
    task, given, back = TASKS[model]
    asked: dict[str, Any] = {"task": task, "input_modalities": given, "output_modalities": back, "tenant_tier": 5}
    stated = Usage(**{{"audio_seconds": "seconds"}.get(name, name): it for name, it in usage.items()})
    asked |= {"usage": stated, "only_providers": ["self_hosted"], "limit": 50}
    async with await Selector.connect(database.url) as selector:

        def costs(**more: Any) -> list[Decimal | None]:
            found = selector.rank(**asked, **more)
            return [it.estimated_cost for it in found if f"{it.provider_id}/{it.model_id}" == model]

        sold = None if cost is None else cost * markup
        assert costs() == [sold]
        if sold is not None:
            assert costs(max_cost_per_request=sold) == [sold]
            assert costs(max_cost_per_request=sold - Decimal("1e-9")) == []
    rows = await database.rows("SELECT meter, amount, per FROM price_at(%s, %s) WHERE above < 0", model.split("/", 1))
    units = {row["meter"]: row["amount"] / row["per"] for row in rows}
    (least,) = await database.rows("SELECT minimum_at(%s, %s) AS it", model.split("/", 1))
    lines = [units[meter] * many for meter, many in {**usage, "requests": 1}.items() if meter in units]
    assert cost == (max(sum(lines, Decimal(0)), least["it"] or Decimal(0)) if lines else None)
    return cost


async def test_a_price_reaches_columns_choosing_and_sql_and_what_was_there_comes_back(own: Database) -> None:
    before = await shown(own, LLAMA)
    assert before.keys() == {"cost_per_hour"}
    assert await agree(own, LLAMA, TOKENS) is None
    await put(own, LLAMA, {"input_tokens": "0.5", "output_tokens": "2"}, minimum=Decimal("0.01"))
    assert await shown(own, LLAMA) == {
        **before, "input_cost_per_1k": Decimal("0.0005"), "output_cost_per_1k": Decimal("0.002"),
        "minimum_price": Decimal("0.01"),
    }  # fmt: skip
    assert await agree(own, LLAMA, TOKENS) == Decimal("0.01")
    assert await agree(own, LLAMA, {"input_tokens": 30_000, "output_tokens": 0}) == Decimal("0.015")
    await unset(own, LLAMA)
    assert await shown(own, LLAMA) == before
    assert await agree(own, LLAMA, TOKENS) is None
    assert await own.rows("SELECT FROM overrides") == []


async def test_a_whole_sheet_hides_what_the_hardware_costs_until_it_ends(own: Database, query: Any) -> None:
    query(own.url, "UPDATE self_hosted_models SET per_minute_audio = 0.06, per_request = 0.001")
    minute = {"audio_seconds": 60}
    assert await agree(own, WHISPER, minute) == Decimal("0.061")
    before = await shown(own, WHISPER)
    now = dt.datetime.now(dt.UTC)
    await put(own, WHISPER, {"audio_seconds": "7.2"}, whole=True, until=now + HOUR)
    assert await agree(own, WHISPER, minute) == Decimal("0.12")
    assert await shown(own, WHISPER) == {"cost_per_minute": Decimal("0.12")}
    assert await take_effect(own, now, now + HOUR) == 1
    assert await shown(own, WHISPER) == before


async def test_a_price_takes_effect_and_ends_to_the_second(own: Database) -> None:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    before = await shown(own, LLAMA)
    start, end = now + HOUR, now + 2 * HOUR
    await put(own, LLAMA, {"input_tokens": "1", "output_tokens": "1"}, since=start, until=end)
    moment = dt.timedelta(microseconds=1)
    assert await take_effect(own, now, start - moment) == 0
    assert await shown(own, LLAMA) == before
    assert await take_effect(own, start - moment, start) == 1
    assert (await shown(own, LLAMA))["input_cost_per_1k"] == Decimal("0.001")
    assert await take_effect(own, start, end - moment) == 0
    assert await take_effect(own, end - moment, end) == 1
    assert await shown(own, LLAMA) == before


async def test_seeds_and_runs_over_prices_leave_it_alone_and_what_they_bring_comes_back(
    own: Database, catalog: Catalog
) -> None:
    minute = {"audio_seconds": 60}
    await put(own, WHISPER, {"audio_seconds": "7.2", "instance_seconds": "1.8"})
    held = await shown(own, WHISPER)
    assert held == {"cost_per_minute": Decimal("0.12"), "cost_per_hour": Decimal("1.8")}
    whisper = catalog.self_hosted["whisper-large-v3"]
    price = msgspec.structs.replace(whisper.price, per_minute_audio=Decimal("0.03"), per_request=Decimal("0.001"))
    changed = msgspec.structs.replace(
        catalog, self_hosted={**catalog.self_hosted, "whisper-large-v3": msgspec.structs.replace(whisper, price=price)}
    )
    assert (await seed(own, changed, grace=GRACE)).models_updated == 1
    with_fee = {**held, "cost_per_request": Decimal("0.001")}
    for _ in range(2):
        assert not await seed(own, changed, grace=GRACE)
        await synced(own)
        assert await shown(own, WHISPER) == with_fee, "nobody set a price of requests, so that of the catalog holds"
        assert await agree(own, WHISPER, minute) == Decimal("0.121")
    await unset(own, WHISPER)
    assert await shown(own, WHISPER) == {
        "cost_per_minute": Decimal("0.03"), "cost_per_request": Decimal("0.001"),
        "cost_per_hour": catalog.instances[whisper.hardware.instance_type].hourly_rate,
    }  # fmt: skip
    assert await agree(own, WHISPER, minute) == Decimal("0.031")
    assert not await seed(own, changed, grace=GRACE)


async def test_whoever_writes_into_a_column_sets_a_price_and_hands_it_back(own: Database, query: Any) -> None:
    before = await shown(own, LLAMA)
    query(
        own.url,
        "UPDATE self_hosted_models SET input_cost_per_1k = 0.001, output_cost_per_1k = 0.002, minimum_price = 0.01"
        " WHERE model_id = 'llama-3.3-70b'",
    )
    set_by_hand = {
        **before, "input_cost_per_1k": Decimal("0.001"), "output_cost_per_1k": Decimal("0.002"),
        "minimum_price": Decimal("0.01"),
    }  # fmt: skip
    assert await shown(own, LLAMA) == set_by_hand
    assert await agree(own, LLAMA, TOKENS) == Decimal("0.01")
    await synced(own)
    assert await shown(own, LLAMA) == set_by_hand
    query(own.url, "UPDATE self_hosted_models SET minimum_price = NULL WHERE model_id = 'llama-3.3-70b'")
    assert await agree(own, LLAMA, TOKENS) == Decimal("0.003")
    query(own.url, "DELETE FROM overrides WHERE subject = 'self_hosted:llama-3.3-70b' AND field = 'input_cost_per_1k'")
    assert (await shown(own, LLAMA)).keys() == {"cost_per_hour", "output_cost_per_1k"}
    query(own.url, "DELETE FROM overrides WHERE subject = 'self_hosted:llama-3.3-70b'")
    assert await shown(own, LLAMA) == before
    assert await agree(own, LLAMA, TOKENS) is None


async def test_what_the_row_says_of_the_hardware_holds_where_nobody_set_a_price_and_an_edit_is_the_newest_word(
    own: Database, query: Any
) -> None:
    minute = {"audio_seconds": 60}
    write = "UPDATE self_hosted_models SET per_minute_audio = %s WHERE model_id = 'whisper-large-v3'"
    query(own.url, write, Decimal("0.03"))
    assert await agree(own, WHISPER, minute) == Decimal("0.03")
    fields = [row["field"] for row in await own.rows("SELECT field FROM overrides")]
    assert fields == ["per_minute_audio"], "what only follows is nobody's decision"
    assert await own.rows("SELECT FROM price_offers WHERE provider_id = 'self_hosted'") == []
    await put(own, WHISPER, {"audio_seconds": "3.6"})
    assert await agree(own, WHISPER, minute) == Decimal("0.06")
    query(own.url, write, Decimal("0.05"))
    assert await agree(own, WHISPER, minute) == Decimal("0.05")
    await unset(own, WHISPER)
    assert await agree(own, WHISPER, minute) == Decimal("0.05")


async def test_limits_of_token_prices_know_own_models_that_have_one(own: Database) -> None:
    asked: dict[str, Any] = {
        "task": "chat",
        "input_modalities": ["text"],
        "output_modalities": ["text"],
        "tenant_tier": 5,
    }

    async def under(most: str) -> bool:
        limits: dict[str, Any] = {"max_input_cost_per_1k": Decimal(most), "max_output_cost_per_1k": Decimal(most)}
        rows = await own.rows(
            "SELECT model_id FROM select_model('chat', '{text}', '{text}', 5, 'self_hosted',"
            " p_max_input_cost_per_1k => %s, p_max_output_cost_per_1k => %s)",
            [*limits.values()],
        )
        async with await Selector.connect(own.url) as selector:
            found = selector.rank(**asked, **limits, prefer_hosting="self_hosted")
        assert [it.model_id for it in found] == [row["model_id"] for row in rows]
        return bool(rows)

    assert not await under("1000")
    await put(own, LLAMA, {"input_tokens": "1", "output_tokens": "2"})
    assert await under("0.0035")
    assert not await under("0.0034")


async def test_a_price_whose_moment_came_before_it_was_committed_is_shown_too(own: Database) -> None:
    taking = TakingEffect(own)
    await taking.look()
    before = await shown(own, LLAMA)
    async with own.connection() as connection, connection.transaction():
        await connection.execute(
            "SELECT append_sheet(price_offer('self_hosted', 'llama-3.3-70b'), 1::smallint,"
            " tstzrange(clock_timestamp() + interval '0.2 s', NULL),"
            """ '[{"meter": "input_tokens", "amount": 1, "per": 1000}]', 'administrator')"""
        )
        await asyncio.sleep(0.3)
        assert await taking.look() == 0
    assert await shown(own, LLAMA) == before
    assert await taking.look() == 1
    assert await shown(own, LLAMA) == {**before, "input_cost_per_1k": Decimal(1)}
    assert await taking.look() == 0, "a second look writes nothing"
