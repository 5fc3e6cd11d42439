"""A shelf is added by name, kept by every later start, and taken back."""

import datetime as dt
from pathlib import Path

import pytest

from radiant.admin import catalogs
from radiant.admin.catalogs import Catalogs
from radiant.catalog.load import Catalog, load_catalog
from radiant.catalog.shelf import shelf_folder
from radiant.domain.errors import UnknownFilterValue
from radiant.installation.prepare import prepare
from radiant.pricing.guards import GRACE
from radiant.registry.database import Database
from radiant.services import Services
from radiant.settings import Settings
from radiant.sync.carried import carried
from radiant.sync.seed import SeedReport
from tests.flow.seeding import Query, seed

SHELVED = len(list(shelf_folder("more").rglob("self_hosted/*/*.toml")))

CURRENT = "SELECT count(*) AS n FROM self_hosted_models WHERE NOT deprecated"


def current(query: Query, database: Database) -> int:
    return int(query(database.url, CURRENT)[0]["n"])


async def test_a_fresh_registry_has_the_56_and_none_of_the_shelf(database: Database, query: Query) -> None:
    assert current(query, database) == 56
    (shelf,) = await Catalogs(database, grace=GRACE).shelves()
    assert (shelf.name, shelf.added, len(shelf.models)) == ("more", False, SHELVED)


async def test_a_shelf_is_added_once_and_its_models_are_found_by_their_task(database: Database, query: Query) -> None:
    shelves = Catalogs(database, grace=GRACE)
    assert await shelves.add_shelf("more", None) == SeedReport(models_added=SHELVED)
    assert await shelves.add_shelf("more", None) == SeedReport()
    assert current(query, database) == 56 + SHELVED
    (shelf,) = await shelves.shelves()
    assert shelf.added
    owners = query(database.url, "SELECT catalog, count(*) AS n FROM self_hosted_models GROUP BY 1 ORDER BY 1")
    assert owners == [{"catalog": "radiant", "n": 56}, {"catalog": "shelf:more", "n": SHELVED}]
    query(database.url, "UPDATE thermal_states SET current_state = 'COLD'")
    for task, given, output in (
        ("image", "text", "image"),
        ("rerank", "text", "structured"),
        ("video", "text", "video"),
    ):
        text = "SELECT model_id FROM select_model(%s, ARRAY[%s], ARRAY[%s], 5, 'self_hosted')"
        names = [row["model_id"] for row in query(database.url, text, task, given, output)]
        assert names, task
    facts = query(database.url, "SELECT DISTINCT source FROM facts WHERE model_id = 'qwen3-8b'")
    assert facts == [{"source": "curated:shelf:more"}]


async def test_every_later_start_keeps_the_shelf_also_one_with_a_folder(
    database: Database, query: Query, tmp_path: Path
) -> None:
    await Catalogs(database, grace=GRACE).add_shelf("more", None)
    settings = Settings(home=tmp_path / "home", database_url=database.url)
    assert (await prepare(settings, database.url)).seeded.models_deprecated == 0
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/catalog.toml").write_text('name = "acme"\n')
    settings = Settings(home=tmp_path / "home", database_url=database.url, catalog=tmp_path / "mine")
    assert not (await prepare(settings, database.url)).seeded
    assert current(query, database) == 56 + SHELVED


async def test_prices_that_rise_as_a_shelf_is_added_reach_tenants_as_late_as_settings_say(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shelf is carried with the whole catalog."""
    graces: list[dt.timedelta] = []

    async def seeded(database: Database, catalog: Catalog, *, grace: dt.timedelta) -> SeedReport:
        graces.append(grace)
        return SeedReport()

    monkeypatch.setattr(catalogs, "seed", seeded)
    settings = Settings(home=tmp_path, price_grace=dt.timedelta(hours=3))
    await Services(settings, database, environment={}).catalogs.add_shelf("more", None)
    assert graces == [settings.price_grace]


async def test_a_model_that_left_the_shelf_is_retired_by_the_next_start(database: Database, query: Query) -> None:
    await Catalogs(database, grace=GRACE).add_shelf("more", None)
    catalog = await carried(database, None)
    del catalog.self_hosted["qwen3-8b"]
    assert await seed(database, catalog) == SeedReport(models_deprecated=1)
    assert await seed(database, load_catalog()) == SeedReport(), "who does not carry the shelf leaves it alone"
    assert current(query, database) == 55 + SHELVED


async def test_a_shelf_taken_back_stays_away_until_it_is_added_again(
    database: Database, query: Query, tmp_path: Path
) -> None:
    shelves = Catalogs(database, grace=GRACE)
    assert await shelves.remove_shelf("more") is None
    await shelves.add_shelf("more", None)
    assert await shelves.remove_shelf("more") == SHELVED
    counted = query(database.url, "SELECT self_hosted_count FROM unified_model_stats")
    assert counted == [{"self_hosted_count": 56}]
    settings = Settings(home=tmp_path / "home", database_url=database.url)
    assert not (await prepare(settings, database.url)).seeded
    assert current(query, database) == 56
    await shelves.add_shelf("more", None)
    assert current(query, database) == 56 + SHELVED
    names = "SELECT count(*) AS n FROM self_hosted_models WHERE catalog = 'shelf:more'"
    assert query(database.url, names) == [{"n": SHELVED}]


async def test_what_a_folder_of_ones_own_says_of_a_shelved_model_goes_before_the_shelf(
    database: Database, query: Query, tmp_path: Path
) -> None:
    file = "self_hosted/llm/qwen3-8b.toml"
    (tmp_path / file).parent.mkdir(parents=True)
    text = (shelf_folder("more") / file).read_text("utf-8")
    (tmp_path / file).write_text(text.replace('display_name = "', 'display_name = "My ', 1), "utf-8")
    (tmp_path / "catalog.toml").write_text('name = "acme"\n')
    assert await seed(database, load_catalog(tmp_path)) == SeedReport(models_added=1)
    await Catalogs(database, grace=GRACE).add_shelf("more", None)
    said = "SELECT display_name, catalog FROM self_hosted_models WHERE model_id = 'qwen3-8b'"
    assert query(database.url, said) == [{"display_name": "My Qwen3 8B", "catalog": "acme"}]


async def test_a_shelf_there_is_not_is_told_and_nothing_is_written(database: Database, query: Query) -> None:
    shelves = Catalogs(database, grace=GRACE)
    for act in (shelves.remove_shelf("less"), shelves.add_shelf("less", None)):
        with pytest.raises(UnknownFilterValue, match="shelf 'less' is unknown; expected one of: more"):
            await act
    assert query(database.url, "SELECT name FROM catalogs") == [{"name": "radiant"}]


async def test_a_registry_that_a_newer_radiant_seeded_is_left_to_that_one(database: Database, query: Query) -> None:
    query(database.url, "UPDATE catalogs SET version = '9.0.0' WHERE name = 'radiant'")
    report = await Catalogs(database, grace=GRACE).add_shelf("more", None)
    assert report == SeedReport(newer="9.0.0")
    assert current(query, database) == 56
