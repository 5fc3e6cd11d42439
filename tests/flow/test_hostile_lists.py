"""Every way in which a provider misbehaves, at once and through the database: one error each, and nothing is lost."""

import json
from collections.abc import Callable
from typing import Any

from radiant.registry.database import Database
from radiant.simulator.script import Behavior
from radiant.sync import service
from radiant.sync.telling import as_events
from tests.flow.playing import play
from tests.flow.raw import KEY, raw, said
from tests.flow.syncing import Syncing
from tests.flow.test_list_sync import served

#: What a list is that pages or shuffles badly is told where lists page.
MISBEHAVES = [it for it in Behavior if it not in (Behavior.WELL, Behavior.ELSEWHERE, Behavior.CYCLE, Behavior.REPEATS)]

#: Lists that can be read whole: a shape that reads ids alone has nothing to say of one that stands twice.
WHOLE = (Behavior.HALF, Behavior.DUPLICATES)


async def test_all_that_misbehave_at_once_cost_an_error_each_and_no_model(database: Database) -> None:
    providers = [
        {"id": f"p-{it.value}", "count": 12, "changes": [{"lists": 1, "behavior": it.value}]} for it in MISBEHAVES
    ]
    async with play(*providers, {"id": "good", "count": 12}) as stage:
        it = Syncing(database, stage)
        await it.begin()
        first = await it.run()
        for provider in providers:
            await served(database, str(provider["id"]), [f"{provider['id']}-{number:04}" for number in range(1, 13)])
        reports = [await it.run() for _ in range(4)]
    assert first.errors == ()
    assert {report.status for report in reports} == {"completed"}
    for report in reports:
        found = {result.provider_id: result for result in report.providers}
        assert (found["good"].errors, found["good"].complete) == ((), True)
        errors = {it.value: len(found[f"p-{it.value}"].errors) for it in MISBEHAVES}
        assert errors == {it.value: 0 if it in WHOLE else 1 for it in MISBEHAVES}
        assert {it for it in MISBEHAVES if found[f"p-{it.value}"].complete} == set(WHOLE)
        assert sum(result.deprecated for result in report.providers) == 0
    assert await database.rows("SELECT FROM model_evidence WHERE starts_with(provider_id, 'p-')") == []
    assert await database.rows("SELECT FROM discovered_models WHERE absent_since IS NOT NULL") == []


INJECTION = "'; DROP TABLE models; --"
TEXTS: list[Any] = ["a\x00b", "\ud83d", "\udfff", "\u2028", "\x1b[31mred", "x" * 100_000, "é" * 600, INJECTION, "%s"]
NUMBERS: list[Any] = [10**40, -1, 0.1, "1e999", True, [1], {"a": None}, None]


async def test_no_text_and_no_number_of_a_list_ends_a_run(database: Database, query: Callable[..., list[Any]]) -> None:
    """Whatever stands in the fields that are read: every id that can be one arrives, and the database takes it."""
    entries = [
        {"id": f"m{at}-{place}", "name": value, "display_name": value, "created": value, "context_window": value,
         "owned_by": value, "description": value, "pricing": {"prompt": value, "completion": value},
         "architecture": {"input_modalities": value, "output_modalities": [value]}, "expiration_date": value}
        for place, values in enumerate((TEXTS, NUMBERS)) for at, value in enumerate(values)
    ]  # fmt: skip
    odd = [{"id": text} for text in TEXTS]
    body = json.dumps({"data": [*entries, *odd]}).replace("\\ud83d", "\\ud83d\\ude00").replace("\\udfff", "\\u0001")
    async with raw(said(body.encode())) as server, play({"id": "openai", "count": 3}) as stage:
        it = Syncing(database, stage)
        await it.begin()
        for id in ("openrouter", "groq", "acme"):
            await database.rows(
                "INSERT INTO providers (id, display_name, api_base_url, key_variables) VALUES (%s, %s, %s, %s)"
                " ON CONFLICT (id) DO UPDATE SET api_base_url = excluded.api_base_url,"
                " key_variables = excluded.key_variables RETURNING id",
                [id, id, f"{server.url}/v1", ["ACME_API_KEY"]],
            )
        report = await service.run(
            database, stage.client, "models", environment={"ACME_API_KEY": KEY, **it.environment}, tell=as_events
        )
        kept = await database.rows("SELECT provider_id, model_id FROM discovered_models WHERE provider_id <> 'openai'")
    assert report.status == "completed"
    errors = {result.provider_id: len(result.errors) for result in report.providers if result.skipped is None}
    assert errors == {"openai": 0, "openrouter": 1, "groq": 1, "acme": 1}
    ids = {id: {row["model_id"] for row in kept if row["provider_id"] == id} for id in ("openrouter", "groq", "acme")}
    assert all(of >= {entry["id"] for entry in entries} for of in ids.values())
    assert all(INJECTION in of and "%s" in of for of in ids.values())
    assert query(database.url, "SELECT count(*) > 0 AS there FROM models") == [{"there": True}]
