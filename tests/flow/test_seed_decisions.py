"""What a person decided, by `psql` too, is written over by no seed."""

import msgspec

from radiant.catalog.load import Catalog
from radiant.domain.vocabulary import Task
from radiant.registry.database import Database
from radiant.sync.seed import SeedReport
from tests.flow.seeding import MINI, WHERE_MINI, Query, changed, seed, without


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


async def test_a_default_whose_model_was_deleted_is_left_out_and_the_start_goes_on(
    database: Database, query: Query, catalog: Catalog
) -> None:
    query(database.url, "DELETE FROM models WHERE model_id = 'gpt-5.5'; DELETE FROM default_models WHERE task = 'chat'")
    query(database.url, "DELETE FROM overrides WHERE subject = 'default:chat'")
    newer = {**catalog.defaults, Task.CHAT: "gpt-5.5", Task.COMPLETION: "gpt-5.5", Task.VIDEO: "ray-3.2"}
    assert await seed(database, msgspec.structs.replace(catalog, defaults=newer)) == SeedReport(defaults_updated=1)
    rows = query(
        database.url,
        "SELECT task, model_id FROM default_models WHERE task IN ('chat', 'completion', 'video') ORDER BY task",
    )
    assert [(row["task"], row["model_id"]) for row in rows] == [("completion", "gpt-6-luna"), ("video", "ray-3.2")]


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


async def test_a_person_may_deprecate_and_keep_what_the_catalog_does_not(
    database: Database, query: Query, catalog: Catalog
) -> None:
    query(database.url, f"UPDATE models SET deprecated = true {WHERE_MINI}")
    assert await seed(database, catalog) == SeedReport()
    query(database.url, f"UPDATE models SET deprecated = false {WHERE_MINI}")
    assert await seed(database, without(catalog, external=MINI)) == SeedReport()
    assert query(database.url, f"SELECT deprecated FROM models {WHERE_MINI}") == [{"deprecated": False}]


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
