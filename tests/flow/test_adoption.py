"""Making registry models of what public catalogs list: all that is asked for, and nothing that a person decided."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from psycopg.rows import DictRow

from radiant import Selector
from radiant.admin.catalogs import public_source
from radiant.catalog.load import Catalog
from radiant.domain.errors import UnknownFilterValue
from radiant.domain.registry_model import ModelFilter
from radiant.registry.database import Database
from radiant.registry.facts import facts_about
from radiant.registry.models import find_models, list_models
from radiant.registry.snapshots import read
from radiant.selection.reading.row import Row
from radiant.sync.importing import AdoptionReport, adopt, import_facts
from radiant.sync.seed import SeedReport
from tests.flow.seeding import seed

Query = Callable[..., list[DictRow]]

TODAY = dt.date(2026, 11, 23)

#: A row that changes with every write to models or providers, even one that puts the same values in place.
WRITES = """
    SELECT (SELECT md5(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid)) FROM models) AS models,
           (SELECT md5(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid)) FROM providers) AS providers,
           (SELECT count(*) FROM registry_sync_log) AS runs
"""

ENTRIES: dict[str, dict[str, Any]] = {
    "gmi/Qwen/Qwen9": {
        "litellm_provider": "gmi",
        "input_cost_per_token": 1e-6,
        "output_cost_per_token": 3e-6,
    },
    "gmi/old": {"litellm_provider": "gmi", "deprecation_date": "2026-11-23"},
    "gmi/leaving": {"litellm_provider": "gmi", "deprecation_date": "2026-11-24"},
    "gpt-sixty": {"max_input_tokens": 1000, "max_output_tokens": 100, "input_cost_per_token": 1e-6},
    "gpt-4o-mini": {"max_input_tokens": 7, "input_cost_per_token": 9e-6},
    "hd/1024-x-1024/gpt-paint": {"mode": "image_generation", "output_cost_per_image": 1},
    "azure/eu/gpt-sixty": {"litellm_provider": "azure", "input_cost_per_token": 1.1e-6},
    "bedrock/eu-west-1/anthropic.claude-nine-v1:0": {"litellm_provider": "bedrock", "input_cost_per_token": 3e-6},
    "us.anthropic.claude-nine-v1:0": {"litellm_provider": "bedrock_converse", "input_cost_per_token": 3e-6},
}


def body(entries: dict[str, dict[str, Any]]) -> bytes:
    plain = {"litellm_provider": "openai", "mode": "chat"}
    return json.dumps({key: {**plain, **entry} for key, entry in entries.items()}).encode()


async def take(database: Database, source: str, content: bytes) -> None:
    await import_facts(database, public_source(source), content, TODAY)


async def adopted(database: Database, *providers: str, source: str = "litellm") -> AdoptionReport:
    return await adopt(database, public_source(source), list(providers) or None)


async def model(database: Database, name: str) -> DictRow:
    """The row of `models` called `provider/model`."""
    (row,) = await database.rows("SELECT * FROM models WHERE provider_id || '/' || model_id = %s", [name])
    return row


async def names(database: Database, origin: str = "adopted") -> set[str]:
    rows = await database.rows("SELECT provider_id || '/' || model_id AS name FROM models WHERE origin = %s", [origin])
    return {row["name"] for row in rows}


async def test_only_the_providers_asked_for_are_adopted(database: Database) -> None:
    await take(database, "litellm", body(ENTRIES))
    assert await names(database) == set(), "an import alone makes no model"
    report = await adopted(database, "gmi")
    assert (report.providers_added, report.models_added, report.models_updated, report.refused) == (1, 3, 0, ())
    assert await names(database) == {"gmi/Qwen/Qwen9", "gmi/old", "gmi/leaving"}
    qwen = await model(database, "gmi/Qwen/Qwen9")
    assert (qwen["primary_mode"], qwen["input_modalities"], qwen["output_modalities"]) == ("chat", ["text"], ["text"])
    assert (qwen["pricing_type"], qwen["input_cost_per_1k"], qwen["output_cost_per_1k"]) == (
        "per_token", Decimal("0.001"), Decimal("0.003"),
    )  # fmt: skip
    assert (qwen["litellm_id"], qwen["display_name"], qwen["enabled"]) == ("gmi/Qwen/Qwen9", "Qwen9", True)


async def test_all_are_adopted_but_ways_to_buy_a_model(database: Database) -> None:
    await take(database, "litellm", body(ENTRIES))
    report = await adopted(database)
    assert await names(database) == {
        "gmi/Qwen/Qwen9", "gmi/old", "gmi/leaving", "openai/gpt-sixty",
        "bedrock/us.anthropic.claude-nine-v1:0", "bedrock/eu-west-1/anthropic.claude-nine-v1:0",
    }  # fmt: skip
    assert (report.models_added, report.providers_added) == (6, 1)
    placed = await model(database, "bedrock/eu-west-1/anthropic.claude-nine-v1:0")
    assert placed["litellm_id"] == "bedrock/eu-west-1/anthropic.claude-nine-v1:0", "a place that can be called"


async def test_another_name_of_a_model_is_no_second_model(database: Database) -> None:
    named = {"or": [{"equals": "gpt-fam"}, {"equals": "gpt-fam-2026-01-01"}]}
    fam = {"id": "gpt-fam", "name": "Fam", "match": named, "prices": {"input_mtok": 1}}
    await take(database, "genai-prices", json.dumps([{"id": "openai", "models": [fam]}]).encode())
    await adopted(database, source="genai-prices")
    assert await names(database) == {"openai/gpt-fam"}


async def test_adopting_again_changes_nothing(database: Database) -> None:
    await take(database, "litellm", body(ENTRIES))
    await adopted(database)
    before = await database.rows(WRITES)
    again = await adopted(database)
    assert (again.providers_added, again.models_added, again.models_updated, again.refused) == (0, 0, 0, ())
    assert await database.rows(WRITES) == before


async def test_what_a_catalog_says_anew_reaches_its_models(database: Database) -> None:
    await take(database, "litellm", body(ENTRIES))
    await adopted(database)
    cheaper = {**ENTRIES["gpt-sixty"], "input_cost_per_token": 5e-7}
    await take(database, "litellm", body({**ENTRIES, "gpt-sixty": cheaper}))
    report = await adopted(database)
    assert (report.models_added, report.models_updated) == (0, 1)
    assert (await model(database, "openai/gpt-sixty"))["input_cost_per_1k"] == Decimal("0.0005")
    (run,) = await database.rows("SELECT * FROM registry_sync_log ORDER BY started_at DESC LIMIT 1")
    assert (run["status"], run["models_added"], run["models_updated"]) == ("completed", 0, 1)


async def test_the_day_a_model_retires_comes_along_and_decides_nothing_yet(database: Database) -> None:
    await take(database, "litellm", body(ENTRIES))
    await adopted(database)
    rows = [await model(database, f"gmi/{name}") for name in ("old", "leaving")]
    assert [row["retires"] for row in rows] == [dt.date(2026, 11, 23), dt.date(2026, 11, 24)]
    assert [row["deprecated"] for row in rows] == [False, False], "that is looked at every day"


async def test_curated_and_manual_models_stay_as_they_are(database: Database) -> None:
    await database.rows(
        "INSERT INTO models (provider_id, model_id, name, display_name, context_window)"
        " VALUES ('openai', 'gpt-sixty', 'mine', 'Mine', 5) RETURNING id"
    )
    before = [await model(database, f"openai/{name}") for name in ("gpt-4o-mini", "gpt-sixty")]
    await take(database, "litellm", body(ENTRIES))
    await adopted(database)
    assert [await model(database, f"openai/{name}") for name in ("gpt-4o-mini", "gpt-sixty")] == before
    assert [row["origin"] for row in before] == ["curated", "manual"]


async def test_what_an_administrator_set_or_deleted_outlives_the_next_adoption(
    database: Database, query: Query
) -> None:
    await take(database, "litellm", body(ENTRIES))
    await adopted(database)
    query(database.url, "UPDATE models SET input_cost_per_1k = 0.42, enabled = false WHERE model_id = 'gpt-sixty'")
    query(database.url, "DELETE FROM models WHERE model_id = 'Qwen/Qwen9'")
    newer = {**ENTRIES["gpt-sixty"], "input_cost_per_token": 5e-7, "max_output_tokens": 200}
    await take(database, "litellm", body({**ENTRIES, "gpt-sixty": newer}))
    report = await adopted(database)
    assert (report.models_added, report.models_updated) == (0, 1)
    row = await model(database, "openai/gpt-sixty")
    assert (row["input_cost_per_1k"], row["enabled"], row["max_output"]) == (Decimal("0.42"), False, 200)
    assert "gmi/Qwen/Qwen9" not in await names(database)


async def test_a_provider_that_an_administrator_deleted_stays_away_until_that_is_taken_back(
    database: Database, query: Query
) -> None:
    await take(database, "litellm", body(ENTRIES))
    await adopted(database)
    there = await names(database)
    query(database.url, "DELETE FROM models WHERE provider_id = 'gmi'; DELETE FROM providers WHERE id = 'gmi'")
    for asked in ([], ["gmi"]):
        report = await adopted(database, *asked)
        assert (report.providers_added, report.models_added) == (0, 0)
        assert [(it.entry, it.problem.partition(",")[0]) for it in report.refused] == [
            ("gmi", "was deleted by an administrator")
        ]
    query(database.url, "DELETE FROM overrides WHERE subject = 'provider:gmi' OR subject LIKE 'model:gmi/%'")
    report = await adopted(database)
    assert (report.providers_added, await names(database)) == (1, there)


async def test_an_adopted_model_that_the_catalog_comes_to_describe_is_curated_from_then_on(
    database: Database, catalog: Catalog
) -> None:
    await take(database, "litellm", body(ENTRIES))
    await adopted(database)
    described = msgspec.structs.replace(
        catalog.external["openai", "gpt-4o-mini"], display_name="GPT-60", max_output=55, price=None
    )
    extended = msgspec.structs.replace(catalog, external={**catalog.external, ("openai", "gpt-sixty"): described})
    await seed(database, catalog)  # what is silent there of models that are curated already is filled in
    assert await seed(database, extended) == SeedReport(models_updated=1)
    row = await model(database, "openai/gpt-sixty")
    assert (row["origin"], row["display_name"], row["max_output"]) == ("curated", "GPT-60", 55)
    assert row["input_cost_per_1k"] == Decimal("0.001"), "where the catalog is silent, the public catalog goes on"
    before = await database.rows(WRITES)
    assert (await adopted(database)).models_updated == 0
    assert await database.rows(WRITES) == before


async def test_a_provider_nobody_describes_gets_a_name_all_the_same(database: Database) -> None:
    listed = {
        "acme-cloud": {
            "name": "Acme Cloud",
            "api": "https://api.acme.example/v1",
            "doc": "https://acme.example/docs",
            "env": ["ACME_API_KEY"],
            "models": {"m": {"name": "M", "modalities": {"input": ["text"], "output": ["text"]}}},
        }
    }
    await take(database, "litellm", body({**ENTRIES, "zap_zone/m": {"litellm_provider": "zap_zone"}}))
    await take(database, "models.dev", json.dumps(listed).encode())
    await adopted(database)
    await adopted(database, source="models.dev")
    rows = await database.rows("SELECT id, display_name FROM providers WHERE id = ANY(%s)", [["gmi", "zap_zone"]])
    assert {row["id"]: row["display_name"] for row in rows} == {"gmi": "GMI Cloud", "zap_zone": "Zap Zone"}
    (acme,) = await database.rows("SELECT * FROM providers WHERE id = 'acme_cloud'")
    assert (acme["display_name"], acme["key_variables"]) == ("Acme Cloud", ["ACME_API_KEY"])
    assert (acme["api_base_url"], acme["docs_url"]) == ("https://api.acme.example/v1", "https://acme.example/docs")
    async with database.connection() as connection:
        (found,) = await find_models(connection, "acme_cloud/m")
    assert (found.provider_name, found.health_status) == ("Acme Cloud", "unknown")


async def test_each_field_is_what_the_most_believed_source_says_of_it(database: Database) -> None:
    offer = {
        "name": "GPT Sixty",
        "modalities": {"input": ["text", "image"], "output": ["text"]},
        "limit": {"context": 2000, "output": 300},
        "cost": {"input": 1.11, "output": 4},
    }
    await take(database, "models.dev", json.dumps({"openai": {"models": {"gpt-sixty": offer}}}).encode())
    await take(database, "litellm", body(ENTRIES))
    await adopted(database, "openai")
    row = await model(database, "openai/gpt-sixty")
    assert row["input_cost_per_1k"] == Decimal("0.001"), "of prices, LiteLLM is believed before models.dev"
    assert row["output_cost_per_1k"] == Decimal("0.004"), "which is asked where LiteLLM is silent"
    assert (row["context_window"], row["max_output"]) == (2000, 300), "of limits it is the other way round"
    assert (row["display_name"], row["input_modalities"]) == ("GPT Sixty", ["text", "image"])


async def test_a_provider_the_catalog_does_not_list_is_refused_with_those_it_does(database: Database) -> None:
    await take(database, "litellm", body(ENTRIES))
    before = await database.rows(WRITES)
    with pytest.raises(UnknownFilterValue) as raised:
        await adopted(database, "gmi", "gmu")
    assert (raised.value.field, raised.value.value) == ("provider", "gmu")
    assert raised.value.allowed == ("azure_openai", "bedrock", "gmi", "openai")
    assert await database.rows(WRITES) == before, "not even the provider that was right"


async def test_the_whole_of_litellm_becomes_models_one_can_choose_from(database: Database, litellm_body: bytes) -> None:
    await take(database, "litellm", litellm_body)
    report = await adopted(database)
    assert report.models_added > 3_300
    assert report.refused == ()
    async with database.connection() as connection:
        listed = await list_models(connection, ModelFilter())
        content = await read(connection, Row.__struct_encode_fields__)
    assert len(listed) > report.models_added
    selector = Selector.from_rows(content.rows, defaults=content.defaults)
    assert len(selector.candidates) == len(listed)
    cheapest = selector.select(
        task="chat", input_modalities=["text"], output_modalities=["text"], tenant_tier=1, profile="cheapest",
        prefer_hosting="external",
    )  # fmt: skip
    assert cheapest is not None
    assert cheapest.estimated_cost == 0


def without(catalog: Catalog, key: tuple[str, str], **fields: Any) -> Catalog:
    """The catalog with `fields` of one external model replaced."""
    changed = msgspec.structs.replace(catalog.external[key], **fields)
    return msgspec.structs.replace(catalog, external={**catalog.external, key: changed})


async def test_what_the_catalog_leaves_open_is_filled_from_public_facts_at_the_next_seed(
    database: Database, catalog: Catalog
) -> None:
    open_ended = without(catalog, ("openai", "gpt-4o-mini"), max_output=None)
    assert (await seed(database, open_ended)).models_updated == 1
    assert (await model(database, "openai/gpt-4o-mini"))["max_output"] is None
    await take(database, "litellm", body({"gpt-4o-mini": {"max_input_tokens": 7, "max_output_tokens": 16_000}}))
    assert await seed(database, open_ended) == SeedReport(models_updated=1)
    row = await model(database, "openai/gpt-4o-mini")
    assert (row["max_output"], row["context_window"], row["origin"]) == (16_000, 128_000, "curated")
    assert await seed(database, open_ended) == SeedReport()
    async with database.connection() as connection:
        told = await facts_about(connection, "openai", "gpt-4o-mini")
    assert {(fact.source, fact.value) for fact in told if fact.field == "max_output"} == {("litellm", 16_000)}
    assert await seed(database, catalog) == SeedReport(models_updated=1), "once the catalog speaks, it holds"
    assert (await model(database, "openai/gpt-4o-mini"))["max_output"] == 16_384
