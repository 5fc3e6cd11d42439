"""Carrying the catalog into a registry: complete the first time, nothing the second, never over a person's decision."""

import asyncio
import datetime as dt
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from psycopg.rows import DictRow

from radiant.admin.catalogs import Catalogs
from radiant.catalog.in_force import catalog_on
from radiant.catalog.load import Catalog, load_catalog
from radiant.domain.errors import UnknownFilterValue
from radiant.domain.vocabulary import Task
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from radiant.sync.seed import SeedReport, seed
from tests.flow.conftest import rows_and_their_writers

Query = Callable[..., list[DictRow]]

SELF_HOSTED = {
    "vision": "efficientnet-b0 efficientnetv2-l convnext-xl vit-l-14 yolov8m yolov8x yolo11m detr-resnet-101 "
    "sam-vit-h sam-2 clip-vit-l paddleocr-v4 trocr-large",
    "audio": "whisper-large-v3 whisper-large-v3-turbo wav2vec2-xlsr-53 titanet-l pyannote-diarization-3.1 speecht5-tts",
    "scientific": "alphafold2 esm2-650m esm2-3b esmfold rosettafold2 alphageometry muzero graphormer",
    "medical": "nnunet medsam med-sam2 biomedclip chexnet monai-vista3d",
    "geospatial": "prithvi-100m prithvi-600m satmae geosam",
    "3d": "nerfstudio-nerfacto 3dgs instant-ngp point-e shap-e",
    "llm": "llama-3.3-70b llama-3.2-11b-vision mistral-7b-v0.3 mixtral-8x7b qwen2.5-72b codellama-70b "
    "starcoder2-15b deepseek-coder-33b bge-large-en bge-m3 e5-mistral-7b jina-embeddings-v3 mxbai-embed-large "
    "gte-qwen2-7b",
}

PROVIDERS = (
    "openai anthropic google xai deepseek mistral cohere perplexity groq together fireworks openrouter cerebras "
    "bedrock azure_openai huggingface replicate stability elevenlabs deepgram assemblyai runway luma bfl voyage jina "
    "ai21 nvidia sambanova moonshot meshy"
)

#: Inserts into the tables slowly enough to be killed in the middle.
KILLED = """
import asyncio, sys
from radiant.catalog.load import load_catalog
from radiant.registry import catalog_tables
from radiant.registry.database import Database
from radiant.sync.seed import seed

insert = catalog_tables.insert

async def insert_and_wait(connection, table, rows):
    count = await insert(connection, table, rows)
    if table.name == "models":
        print(count, flush=True)
        await asyncio.sleep(600)
    return count

catalog_tables.insert = insert_and_wait

async def main():
    await seed(await Database.open(sys.argv[1]), load_catalog())

asyncio.run(main())
"""


def without(catalog: Catalog, **gone: Any) -> Catalog:
    """The catalog without an external or a self-hosted model."""
    return msgspec.structs.replace(
        catalog,
        external={key: model for key, model in catalog.external.items() if key != gone.get("external")},
        self_hosted={key: model for key, model in catalog.self_hosted.items() if key != gone.get("self_hosted")},
    )


def changed(catalog: Catalog, key: tuple[str, str], **fields: Any) -> Catalog:
    """The catalog with an external model that says something else."""
    model = msgspec.structs.replace(catalog.external[key], **fields)
    return msgspec.structs.replace(catalog, external={**catalog.external, key: model})


MINI = ("openai", "gpt-4o-mini")
WHERE_MINI = "WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'"


# The first time


def test_the_56_self_hosted_models_are_there_each_in_its_category(database_url: str, query: Query) -> None:
    found: dict[str, set[str]] = {}
    for row in query(database_url, "SELECT category, model_id FROM self_hosted_models"):
        found.setdefault(row["category"], set()).add(row["model_id"])
    assert found == {category: set(names.split()) for category, names in SELF_HOSTED.items()}
    assert sum(map(len, found.values())) == 56


def test_there_are_enough_providers_and_current_external_models(database_url: str, query: Query) -> None:
    rows = query(
        database_url, "SELECT provider_id, count(*) AS n FROM models WHERE enabled AND NOT deprecated GROUP BY 1"
    )
    assert len(rows) >= 21
    assert sum(row["n"] for row in rows) >= 60
    known = {row["id"] for row in query(database_url, "SELECT id FROM providers")}
    assert known >= {*PROVIDERS.split(), "self_hosted"}


def test_every_task_is_served_by_an_external_model_and_has_a_default_that_is_there(
    database_url: str, query: Query
) -> None:
    served = {
        row["primary_mode"]
        for row in query(
            database_url,
            "SELECT DISTINCT primary_mode FROM unified_model_registry"
            " WHERE hosting_type = 'external' AND NOT deprecated",
        )
    }
    tasks = {task.value for task in Task if task is not Task.OTHER}
    assert served >= tasks
    defaults = query(
        database_url,
        "SELECT task, d.model_id, bool_or(NOT v.deprecated) AS there FROM default_models d"
        " LEFT JOIN unified_model_registry v USING (model_id) GROUP BY 1, 2",
    )
    assert {row["task"] for row in defaults if row["there"]} == tasks
    chosen = {row["task"]: row["model_id"] for row in defaults}
    assert (chosen["chat"], chosen["completion"], chosen["embedding"]) == (
        "gpt-6-luna",
        "gpt-6-luna",
        "text-embedding-3-small",
    )


def test_the_first_seed_is_one_completed_run_and_migration_036a(
    database_url: str, query: Query, catalog: Catalog
) -> None:
    (run,) = query(database_url, "SELECT * FROM registry_sync_log")
    assert (run["sync_type"], run["status"], run["errors"], run["error_message"]) == ("models", "completed", [], None)
    assert run["models_added"] == len(catalog.external) + len(catalog.self_hosted)
    assert (run["providers_updated"], run["models_updated"], run["models_deprecated"]) == (len(catalog.providers), 0, 0)
    assert run["completed_at"] > run["started_at"]
    assert run["duration_ms"] > 0
    recorded = query(database_url, "SELECT name FROM schema_migrations WHERE version = '036a'")
    assert recorded == [{"name": "seed_self_hosted_models"}]


def test_prices_arrive_exactly(database_url: str, query: Query) -> None:
    rows = query(
        database_url, f"SELECT input_cost_per_1k::text AS i, output_cost_per_1k::text AS o FROM models {WHERE_MINI}"
    )
    assert rows == [{"i": "0.00015", "o": "0.0006"}]


# Again


async def test_a_second_seed_writes_nothing(database: Database, query: Query, catalog: Catalog) -> None:
    before = rows_and_their_writers(query, database.url)
    assert await seed(database, catalog) == SeedReport()
    assert rows_and_their_writers(query, database.url) == before


async def test_of_two_seeds_at_once_one_writes_and_the_other_finds_it_done(
    empty_database_url: str, query: Query, catalog: Catalog
) -> None:
    async with connect(empty_database_url) as connection:
        await migrate(connection)
    one, other = await Database.open(empty_database_url), await Database.open(empty_database_url)
    reports = await asyncio.gather(seed(one, catalog), seed(other, catalog))
    await one.close()
    await other.close()
    assert sorted(report.models_added for report in reports) == [0, len(catalog.external) + 56]
    assert sum(bool(report) for report in reports) == 1
    assert query(empty_database_url, "SELECT count(*) AS n FROM registry_sync_log") == [{"n": 1}]


async def test_a_seed_killed_in_the_middle_leaves_nothing_and_the_next_one_completes_it(
    empty_database_url: str, query: Query, catalog: Catalog
) -> None:
    async with connect(empty_database_url) as connection:
        await migrate(connection)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, empty_database_url, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    assert int(await child.stdout.readline()) == len(catalog.external)
    child.kill()
    await child.wait()
    for table in ("models", "self_hosted_models", "registry_sync_log"):
        assert query(empty_database_url, f"SELECT count(*) AS n FROM {table}") == [{"n": 0}]
    database = await Database.open(empty_database_url)
    report = await seed(database, catalog)
    await database.close()
    assert report.models_added == len(catalog.external) + 56
    assert query(empty_database_url, "SELECT count(*) AS n FROM self_hosted_models") == [{"n": 56}]


# What a person decided


async def test_a_changed_field_stays_while_the_others_follow_the_catalog(
    database: Database, query: Query, catalog: Catalog
) -> None:
    query(database.url, f"UPDATE models SET display_name = 'Ours', enabled = false {WHERE_MINI}")
    report = await seed(database, changed(catalog, MINI, display_name="Theirs", description="New.", max_output=7))
    assert report == SeedReport(models_updated=1)
    shown = query(database.url, f"SELECT display_name, enabled, description, max_output FROM models {WHERE_MINI}")
    assert shown == [{"display_name": "Ours", "enabled": False, "description": "New.", "max_output": 7}]


async def test_a_field_is_handed_back_by_deleting_its_override(
    database: Database, query: Query, catalog: Catalog
) -> None:
    query(database.url, f"UPDATE models SET display_name = 'Ours' {WHERE_MINI}")
    query(database.url, "DELETE FROM overrides WHERE subject = 'model:openai/gpt-4o-mini' AND field = 'display_name'")
    assert await seed(database, catalog) == SeedReport(models_updated=1)
    assert query(database.url, f"SELECT display_name FROM models {WHERE_MINI}") == [{"display_name": "GPT-4o mini"}]


async def test_what_was_deleted_stays_deleted_until_its_override_goes(
    database: Database, query: Query, catalog: Catalog
) -> None:
    query(database.url, f"DELETE FROM models {WHERE_MINI}; DELETE FROM self_hosted_models WHERE model_id = 'sam-2'")
    assert await seed(database, catalog) == SeedReport()
    query(database.url, "DELETE FROM overrides WHERE subject = 'self_hosted:sam-2'")
    assert await seed(database, catalog) == SeedReport(models_added=1)
    assert query(database.url, "SELECT model_id FROM self_hosted_models WHERE model_id = 'sam-2'") == [
        {"model_id": "sam-2"}
    ]
    assert query(database.url, f"SELECT model_id FROM models {WHERE_MINI}") == []


async def test_an_announced_price_is_taken_over_by_the_first_seed_after_its_day(
    database: Database, query: Query, catalog: Catalog
) -> None:
    said = (
        "SELECT input_cost_per_1k::text AS price, (SELECT value FROM facts f WHERE f.source = 'curated'"
        " AND f.model_id = m.model_id AND f.provider_id = m.provider_id AND field = 'price.input_per_mtok') AS fact"
        " FROM models m WHERE provider_id = 'google' AND model_id = 'gemini-4-argon'"
    )
    assert await seed(database, catalog_on(catalog, dt.date(2026, 11, 30))) == SeedReport()
    assert query(database.url, said) == [{"price": "0.002", "fact": 2}]
    the_day = catalog_on(catalog, dt.date(2026, 12, 1))
    assert await seed(database, the_day) == SeedReport(models_updated=2), "and Gemini 4 Carbon"
    assert query(database.url, said) == [{"price": "0.004", "fact": 4}]
    assert await seed(database, the_day) == SeedReport()


async def test_a_deleted_provider_stays_deleted_also_when_it_gets_new_models(
    database: Database, query: Query, catalog: Catalog
) -> None:
    query(database.url, "DELETE FROM models WHERE provider_id = 'runway'")
    query(database.url, "DELETE FROM providers WHERE id = 'runway'")
    model = next(model for (provider, _), model in catalog.external.items() if provider == "runway")
    newer = msgspec.structs.replace(catalog, external={**catalog.external, ("runway", "gen-new"): model})
    assert await seed(database, newer) == SeedReport()
    assert query(database.url, "SELECT id FROM providers WHERE id = 'runway'") == []


async def test_another_default_model_stays(database: Database, query: Query, catalog: Catalog) -> None:
    query(database.url, "UPDATE default_models SET model_id = 'gpt-5.5' WHERE task = 'chat'")
    other = msgspec.structs.replace(catalog, defaults={**catalog.defaults, Task.CHAT: "x", Task.VIDEO: "ray-3.2"})
    assert await seed(database, other) == SeedReport(defaults_updated=1)
    rows = query(
        database.url, "SELECT task, model_id FROM default_models WHERE task IN ('chat', 'video') ORDER BY task"
    )
    assert [row["model_id"] for row in rows] == ["gpt-5.5", "ray-3.2"]


async def test_a_disabled_provider_stays_disabled(database: Database, query: Query, catalog: Catalog) -> None:
    query(database.url, "UPDATE providers SET enabled = false, compliance = '{SOC2}' WHERE id = 'openai'")
    assert await seed(database, catalog) == SeedReport()
    rows = query(database.url, "SELECT enabled, compliance FROM providers WHERE id = 'openai'")
    assert rows == [{"enabled": False, "compliance": ["SOC2"]}]


async def test_a_model_entered_by_hand_stays_when_the_catalog_comes_to_have_it(
    database: Database, query: Query, catalog: Catalog
) -> None:
    for statement in (
        "INSERT INTO models (provider_id, model_id, name, display_name) VALUES ('openai', 'mine', 'm', 'By hand')",
        "INSERT INTO self_hosted_models (model_id, name, display_name, category) VALUES ('own', 'o', 'By hand', 'llm')",
    ):
        query(database.url, statement)
    assert await seed(database, catalog) == SeedReport()
    known = catalog.self_hosted["sam-2"]
    with_it = msgspec.structs.replace(
        catalog,
        external={**catalog.external, ("openai", "mine"): catalog.external[MINI]},
        self_hosted={**catalog.self_hosted, "own": known},
        categories={**catalog.categories, "own": catalog.categories["sam-2"]},
    )
    assert await seed(database, with_it) == SeedReport()
    names = query(
        database.url,
        "SELECT display_name, origin, deprecated FROM models WHERE model_id = 'mine'"
        " UNION ALL SELECT display_name, origin, deprecated FROM self_hosted_models WHERE model_id = 'own'",
    )
    assert names == [{"display_name": "By hand", "origin": "manual", "deprecated": False}] * 2


# When the catalog changes


async def test_a_model_gone_from_the_catalog_is_deprecated_counted_and_restored_when_it_is_back(
    database: Database, query: Query, catalog: Catalog
) -> None:
    smaller = without(catalog, external=MINI, self_hosted="sam-2")
    assert await seed(database, smaller) == SeedReport(models_deprecated=2)
    assert await seed(database, smaller) == SeedReport()
    deprecated = "SELECT model_id FROM unified_model_registry WHERE deprecated ORDER BY 1"
    assert [row["model_id"] for row in query(database.url, deprecated)] == ["gpt-4o-mini", "sam-2"]
    newest = "SELECT models_updated, models_deprecated FROM registry_sync_log ORDER BY started_at DESC LIMIT 1"
    assert query(database.url, newest) == [{"models_updated": 0, "models_deprecated": 2}]
    counted = query(database.url, "SELECT external_count, self_hosted_count FROM unified_model_stats")
    assert counted == [{"external_count": len(catalog.external) - 1, "self_hosted_count": 55}]
    assert await seed(database, catalog) == SeedReport(models_updated=2)
    assert query(database.url, deprecated) == []


async def test_a_person_may_deprecate_and_keep_what_the_catalog_does_not(
    database: Database, query: Query, catalog: Catalog
) -> None:
    query(database.url, f"UPDATE models SET deprecated = true {WHERE_MINI}")
    assert await seed(database, catalog) == SeedReport()
    query(database.url, f"UPDATE models SET deprecated = false {WHERE_MINI}")
    assert await seed(database, without(catalog, external=MINI)) == SeedReport()
    assert query(database.url, f"SELECT deprecated FROM models {WHERE_MINI}") == [{"deprecated": False}]


async def test_a_folder_of_ones_own_adds_models_and_replaces_ours(
    database: Database, query: Query, tmp_path: Path
) -> None:
    ours = Path(load_catalog.__code__.co_filename).parent
    for name in ("providers/openai/gpt-4o-mini.toml", "self_hosted/vision/sam-2.toml"):
        (tmp_path / name).parent.mkdir(parents=True)
        text = (ours / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace('display_name = "', 'display_name = "My ', 1), "utf-8")
    (tmp_path / "self_hosted/vision/my-sam.toml").write_text(
        (ours / "self_hosted/vision/sam-2.toml").read_text("utf-8")
    )
    (tmp_path / "defaults.toml").write_text('chat = { model = "gpt-5.5", successor = "gpt-6-luna" }\n')
    report = await seed(database, load_catalog(tmp_path))
    assert report == SeedReport(models_added=1, models_updated=2, defaults_updated=1)
    shown = query(
        database.url, "SELECT display_name FROM unified_model_registry WHERE display_name LIKE 'My %' ORDER BY 1"
    )
    assert [row["display_name"] for row in shown] == ["My GPT-4o mini", "My SAM 2.1 Hiera-L"]
    assert await seed(database, load_catalog(tmp_path)) == SeedReport()


def folder(place: Path, name: str, *models: str) -> Path:
    """A catalog folder called `name` with copies of SAM 2 under other ids."""
    ours = Path(load_catalog.__code__.co_filename).parent
    shutil.rmtree(place, ignore_errors=True)
    (place / "self_hosted/vision").mkdir(parents=True)
    (place / "catalog.toml").write_text(f'name = "{name}"\n')
    for model in models:
        text = (ours / "self_hosted/vision/sam-2.toml").read_text("utf-8")
        (place / f"self_hosted/vision/{model}.toml").write_text(
            text.replace('display_name = "', f'display_name = "{name} ')
        )
    return place


def there(query: Query, url: str, *models: str) -> list[str]:
    """Those of `models` that are there and not deprecated."""
    text = "SELECT model_id FROM self_hosted_models WHERE model_id = ANY(%s) AND NOT deprecated ORDER BY model_id"
    return [row["model_id"] for row in query(url, text, list(models))]


async def test_only_who_has_a_folder_retires_what_came_from_it(
    database: Database, query: Query, catalog: Catalog, tmp_path: Path
) -> None:
    first = load_catalog(folder(tmp_path / "one", "first", "alpha", "beta"))
    second = load_catalog(folder(tmp_path / "two", "second", "gamma"))
    assert await seed(database, first) == SeedReport(models_added=2)
    assert await seed(database, second) == SeedReport(models_added=1)
    assert await seed(database, catalog) == SeedReport()
    assert there(query, database.url, "alpha", "beta", "gamma") == ["alpha", "beta", "gamma"]
    smaller = load_catalog(folder(tmp_path / "one", "first", "beta"))
    assert await seed(database, smaller) == SeedReport(models_deprecated=1)
    assert there(query, database.url, "alpha", "beta", "gamma") == ["beta", "gamma"]


async def test_a_folder_that_replaces_a_model_of_ours_keeps_it_until_it_lets_go(
    database: Database, query: Query, catalog: Catalog, tmp_path: Path
) -> None:
    name = "SELECT display_name FROM self_hosted_models WHERE model_id = 'sam-2'"
    (ours,) = query(database.url, name)
    mine = load_catalog(folder(tmp_path / "mine", "mine", "sam-2", "other"))
    assert await seed(database, mine) == SeedReport(models_added=1, models_updated=1)
    (theirs,) = query(database.url, name)
    assert theirs["display_name"] == f"mine {ours['display_name']}"
    assert await seed(database, catalog) == SeedReport()
    assert query(database.url, name) == [theirs]
    let_go = load_catalog(folder(tmp_path / "mine", "mine", "other"))
    assert await seed(database, let_go) == SeedReport(models_updated=1)
    assert query(database.url, name) == [ours]


async def test_a_dropped_folder_leaves_its_models_deprecated_and_ours_as_we_say(
    database: Database, query: Query, catalog: Catalog, tmp_path: Path
) -> None:
    catalogs = Catalogs(database)
    await seed(database, load_catalog(folder(tmp_path / "mine", "mine", "sam-2", "other")))
    assert [(row["name"], row["self_hosted"]) for row in await catalogs.listed()] == [("mine", 2), ("radiant", 55)]
    assert await catalogs.drop("mine") == 2
    assert there(query, database.url, "sam-2", "other") == []
    assert query(database.url, "SELECT FROM facts WHERE starts_with(source, 'curated:')") == []
    assert await seed(database, catalog) == SeedReport(models_updated=2)
    assert there(query, database.url, "sam-2", "other") == ["sam-2"]
    for name in ("mine", "radiant"):
        with pytest.raises(UnknownFilterValue, match="there is none"):
            await catalogs.drop(name)


async def test_an_older_program_leaves_what_a_newer_one_said_and_carries_its_folder_only(
    database: Database, query: Query, catalog: Catalog, tmp_path: Path
) -> None:
    newer = msgspec.structs.replace(changed(catalog, MINI, display_name="Newer"), version="99.1")
    assert await seed(database, newer) == SeedReport(models_updated=1)
    older = load_catalog(folder(tmp_path / "mine", "mine", "alpha"))
    assert await seed(database, older) == SeedReport(models_added=1, newer="99.1")
    assert query(database.url, f"SELECT display_name FROM models {WHERE_MINI}") == [{"display_name": "Newer"}]
    assert (await seed(database, msgspec.structs.replace(catalog, version="99.1.1"))).models_updated == 1


async def test_a_renamed_model_keeps_its_new_name_and_the_old_one_stays_away(
    database: Database, query: Query, catalog: Catalog
) -> None:
    query(database.url, "UPDATE models SET model_id = 'ours' WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'")
    assert await seed(database, catalog) == SeedReport()
    found = query(
        database.url,
        "SELECT model_id, deprecated FROM models WHERE provider_id = 'openai' AND model_id IN ('ours', 'gpt-4o-mini')",
    )
    assert found == [{"model_id": "ours", "deprecated": False}]
