"""Retirements that public catalogs claim, and defaults that are about to go."""

import datetime as dt
from typing import Any

from radiant.domain.event_kinds import KINDS
from radiant.installation.database import defaults_about_to_go
from radiant.registry import events
from radiant.registry.database import Database
from radiant.sync.telling import as_events
from tests.flow.playing import play
from tests.flow.syncing import START, Syncing

DAY = START.date() + dt.timedelta(days=45)


def claim(provider: str, id: str, **more: Any) -> dict[str, Any]:
    return {"id": "litellm", "models": [{"provider": provider, "id": id, "retires": str(DAY), **more}]}


async def told(database: Database, type: str) -> list[dict[str, Any]]:
    async with database.connection() as connection:
        await events.number(connection)
        return [it.data for it in await events.after(connection, 0, limit=10_000) if it.type == type]


async def test_a_claimed_day_is_told_and_carried_out_with_who_claims_it(database: Database) -> None:
    async with play(catalogs=[claim("voyage", "voyage-4-large")]) as stage:
        it = Syncing(database, stage)
        await it.enable()
        await it.run()
        (warning,) = [data for _, subject, data in it.told.events if subject == "voyage/voyage-4-large"]
        assert (warning["days"], warning["left"], warning["source"]) == (60, 45, "litellm")
        await it.run()
        assert it.told.of("model.retiring").count("voyage/voyage-4-large") == 1
        await it.run(after=dt.timedelta(days=45))
        assert "voyage-4-large" in await it.deprecated("voyage")
    rows = await database.rows(
        "SELECT what, details ->> 'source' AS source FROM model_evidence WHERE provider_id = 'voyage' ORDER BY id"
    )
    assert [(row["what"], row["source"]) for row in rows] == [("warned", "litellm"), ("retired", "litellm")]


async def test_a_default_that_retires_is_told_in_an_event_and_named_with_what_follows(database: Database) -> None:
    async with play(catalogs=[claim("openai", "gpt-6-luna")]) as stage:
        it = Syncing(database, stage)
        await it.enable()
        await it.run(tell=as_events)
    (data,) = [data for data in await told(database, "radiant.model.retiring") if data["model_id"] == "gpt-6-luna"]
    assert data.keys() == KINDS["radiant.model.retiring"].data.keys()
    assert (data["default_for"], data["successor"]) == (["chat", "completion"], "gpt-6.1-terra")
    (found,) = await defaults_about_to_go(database.url, START.date())
    assert (found.name, found.tasks, found.retires) == ("gpt-6-luna", ("chat", "completion"), DAY)
    assert found.successor == "gpt-6.1-terra"


async def test_a_default_that_is_deprecated_is_told_by_whomever(database: Database) -> None:
    await database.rows("UPDATE models SET deprecated = true WHERE litellm_id = 'openai/gpt-6-luna' RETURNING id")
    (data,) = await told(database, "radiant.model.deprecated")
    assert (data["default_for"], data["successor"]) == (["chat", "completion"], "gpt-6.1-terra")
    (found,) = await defaults_about_to_go(database.url, START.date())
    said = "gpt-6-luna for chat and completion: openai/gpt-6-luna is deprecated, gpt-6.1-terra follows it"
    assert found.sentence(START.date()).startswith(said)
    await database.rows("UPDATE models SET deprecated = true WHERE litellm_id = 'openai/gpt-4o-mini' RETURNING id")
    (_, other) = await told(database, "radiant.model.deprecated")
    assert other["default_for"] is None


async def test_no_default_of_a_fresh_registry_is_about_to_go(database: Database) -> None:
    assert await defaults_about_to_go(database.url, START.date()) == []
