"""A catalog that changes, and several catalogs in one registry: only who has a folder retires what came from it."""

import datetime as dt
import shutil
from pathlib import Path

import msgspec
import pytest

from radiant.admin.catalogs import Catalogs
from radiant.catalog.in_force import catalog_on
from radiant.catalog.load import Catalog, load_catalog
from radiant.domain.errors import UnknownFilterValue
from radiant.pricing.guards import GRACE
from radiant.registry.database import Database
from radiant.sync.seed import SeedReport
from tests.flow.seeding import MINI, WHERE_MINI, Query, changed, seed, without


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
    catalogs = Catalogs(database, grace=GRACE)
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
