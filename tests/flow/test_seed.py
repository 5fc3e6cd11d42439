"""Carrying the catalog into a registry: complete the first time, nothing the second."""

import asyncio
import sys

from radiant.catalog.load import Catalog
from radiant.domain.vocabulary import Task
from radiant.registry.database import Database, connect
from radiant.registry.migrations import migrate
from radiant.sync.seed import SeedReport
from tests.flow.conftest import rows_and_their_writers
from tests.flow.seeding import WHERE_MINI, Query, seed

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
from tests.flow.seeding import seed

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
