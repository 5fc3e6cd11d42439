"""What is true of models that public catalogs list reaches the registry: names, ids, limits, no price of a plan."""

import json
from decimal import Decimal
from typing import Any

from psycopg.rows import DictRow

from radiant.admin.catalogs import public_source
from radiant.catalog.load import Catalog
from radiant.catalog.precedence import claims
from radiant.domain.fact import Conflict
from radiant.registry.database import Database
from radiant.registry.facts import conflicts, facts_about
from radiant.sync.aliases import resolved
from radiant.sync.importing import AdoptionReport, adopt, import_facts
from radiant.sync.seed import SeedReport
from tests.flow.seeding import seed

from .test_adoption import TODAY, WRITES, model


async def taken(database: Database, source: str, content: Any) -> AdoptionReport:
    await import_facts(database, public_source(source), json.dumps(content).encode(), TODAY)
    return await adopt(database, public_source(source), None)


def listed(provider: str, id: str, **entry: Any) -> dict[str, Any]:
    plain = {"name": "M", "modalities": {"input": ["text"], "output": ["text"]}}
    return {provider: {"name": "P", "models": {id: {**plain, **entry}}}}


def chat(provider: str, **entry: Any) -> dict[str, Any]:
    return {"litellm_provider": provider, "mode": "chat", **entry}


async def disagreements(database: Database) -> list[Conflict]:
    async with database.connection() as connection:
        return await conflicts(connection, provider=None, prices_only=True, limit=100, after=None)


async def all_adopted(database: Database) -> list[DictRow]:
    return await database.rows("SELECT * FROM models WHERE origin = 'adopted' ORDER BY model_id")


async def test_an_alias_is_a_name_of_the_adopted_model(database: Database) -> None:
    entries = {"c/north-large-3": chat("c"), "c/north-latest": {"alias_of": "c/north-large-3"}}
    await taken(database, "litellm", entries)
    (row,) = await all_adopted(database)
    assert (row["model_id"], row["aliases"]) == ("north-large-3", ["north-latest"])
    before = await database.rows(WRITES)
    assert (await taken(database, "litellm", entries)).models_updated == 0
    assert await database.rows(WRITES) == before


async def test_an_alias_spelled_as_its_model_does_not_hide_it(database: Database) -> None:
    await taken(database, "litellm", {"c/m": chat("c"), "m": {"alias_of": "c/m"}})
    shape = {"input_modalities": ["text"], "output_modalities": ["text"]}
    same = {"id": "north/n", "name": "N", "architecture": shape, "alias_target": {"slug": "north/n"}}
    await taken(database, "openrouter", {"data": [same]})
    assert [(row["model_id"], row["aliases"]) for row in await all_adopted(database)] == [("m", []), ("north/n", [])]


async def test_an_alias_of_a_curated_model_is_found_at_once_and_stays(database: Database, catalog: Catalog) -> None:
    entries = {"gpt-6-luna": chat("openai"), "gpt-luna-latest": {"alias_of": "gpt-6-luna"}}
    report = await taken(database, "litellm", entries)
    assert (report.models_added, report.models_updated) == (0, 1)
    assert "gpt-luna-latest" in (await model(database, "openai/gpt-6-luna"))["aliases"]
    assert await seed(database, catalog) == SeedReport()


def test_a_name_of_a_name_leads_to_the_model_and_a_model_is_nobodys_name() -> None:
    told = [("p", "newest", "latest"), ("p", "latest", "m"), ("p", "m-2", "m"), ("p", "a", "b"), ("p", "b", "a")]
    assert resolved(told, {("p", "m"), ("p", "m-2")}) == {("p", "m"): ["latest", "newest"]}


async def test_what_a_plan_includes_has_no_price(database: Database) -> None:
    await taken(database, "models.dev", listed("d-coding-plan", "plan-1", cost={"input": 0, "output": 0}))
    (row,) = await all_adopted(database)
    assert (row["pricing_type"], row["input_cost_per_1k"], row["ranking_price"]) == (None, None, None)


async def test_a_model_has_the_id_that_its_providers_prefix_makes(database: Database) -> None:
    content = {**listed("togetherai", "a/b"), **listed("chutes", "c/d"), **listed("nobody-knows", "e")}
    await taken(database, "models.dev", content)
    assert {row["model_id"]: row["litellm_id"] for row in await all_adopted(database)} == {
        "a/b": "together_ai/a/b",
        "c/d": "chutes/c/d",
        "e": None,
    }


async def test_the_part_of_the_window_that_input_may_take_is_in_the_row(database: Database) -> None:
    await taken(database, "models.dev", listed("chutes", "m", limit={"context": 400_000, "input": 272_000}))
    await taken(database, "litellm", {"c/n": chat("c", max_input_tokens=1000, successor_model="c/o"), "c/o": chat("c")})
    rows = {row["model_id"]: row for row in await all_adopted(database)}
    assert (rows["m"]["context_window"], rows["m"]["max_input"]) == (400_000, 272_000)
    assert (rows["n"]["context_window"], rows["n"]["max_input"]) == (1000, None), "the same as the window says nothing"
    assert (rows["n"]["successor"], rows["o"]["successor"]) == ("o", None)


async def test_prices_of_media_and_fees_are_in_the_row(database: Database) -> None:
    prices = {"prompt": "0", "completion": "0", "image": "0.002"}
    shape = {"input_modalities": ["text", "image"], "output_modalities": ["text"]}
    eye = {"id": "northco/eye-fee", "name": "Eye", "architecture": shape, "pricing": prices}
    await taken(database, "openrouter", {"data": [eye]})
    (row,) = await all_adopted(database)
    assert {key: Decimal(value) for key, value in row["price_details"].items()} == {
        "input_per_mtok": 0,
        "output_per_mtok": 0,
        "per_input_image": Decimal("0.002"),
    }


async def test_tiers_that_differ_are_a_conflict(database: Database) -> None:
    tiered = chat(
        "c_tier",
        input_cost_per_token=1e-6,
        output_cost_per_token=2e-6,
        input_cost_per_token_above_200k_tokens=2e-6,
    )

    async def beside(price: int, size: int = 200_000) -> list[tuple[str, str, float | None]]:
        tier = {"input": price, "output": 9, "tier": {"type": "context", "size": size}}
        await taken(database, "litellm", {"openai/tier-x": tiered})
        await taken(
            database, "models.dev", listed("c-tier", "openai/tier-x", cost={"input": 1, "output": 2, "tiers": [tier]})
        )
        return [(it.model_id, it.field, it.gap) for it in await disagreements(database)]

    assert await beside(3) == [("openai/tier-x", "price.tiers", 0.333333)]
    assert await beside(2) == [], "one is silent about output above 200,000"
    assert await beside(2, 100_000) == [("openai/tier-x", "price.tiers", None)]


async def test_prices_of_audio_and_images_are_compared(database: Database) -> None:
    await taken(database, "litellm", {"c/m": chat("c", input_cost_per_audio_token=1e-6)})
    await taken(database, "models.dev", listed("c", "m", cost={"input_audio": 2}))
    assert [(it.field, it.gap) for it in await disagreements(database)] == [("price.audio_input_per_mtok", 0.5)]


async def test_equal_tiers_agree_whatever_they_are_written_as(database: Database, catalog: Catalog) -> None:
    (curated,) = (it.price for key, it in catalog.external.items() if key == ("anthropic", "claude-haiku-5-5"))
    assert curated is not None and len(curated.tiers) == 1
    (tier,) = curated.tiers
    key = f"input_cost_per_token_above_{tier.above_input_tokens // 1000}k_tokens"
    assert tier.input_per_mtok is not None
    entry = chat("anthropic", input_cost_per_token=1e-9, **{key: float(tier.input_per_mtok) / 1e6})
    await taken(database, "litellm", {"claude-haiku-5-5": entry})
    async with database.connection() as connection:
        told = claims(await facts_about(connection, "anthropic", "claude-haiku-5-5"), [])
    why = {(it.field, it.source): it.why for it in told}
    assert why["price.tiers", "litellm"] == "agrees with curated"
    assert why["price.input_per_mtok", "litellm"] == "curated speaks first, and says otherwise"
