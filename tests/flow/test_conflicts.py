"""Where sources disagree: every real disagreement, none that is only another way of writing, the costliest first."""

import datetime as dt
import json
from typing import Any

from radiant.admin.catalogs import public_source
from radiant.domain.fact import Conflict, ConflictPlace
from radiant.registry.database import Database
from radiant.registry.facts import conflicts
from radiant.sync.importing import import_facts

TODAY = dt.date(2026, 11, 23)


async def litellm(database: Database, **entries: dict[str, Any]) -> None:
    plain = {"litellm_provider": "openai", "mode": "chat"}
    body = json.dumps({key: {**plain, **entry} for key, entry in entries.items()})
    await import_facts(database, public_source("litellm"), body.encode(), TODAY)


async def models_dev(database: Database, provider: str = "openai", **models: dict[str, Any]) -> None:
    body = json.dumps({provider: {"models": models}})
    await import_facts(database, public_source("models.dev"), body.encode(), TODAY)


async def genai_prices(database: Database, *models: dict[str, Any]) -> None:
    body = json.dumps([{"id": "openai", "models": models}])
    await import_facts(database, public_source("genai-prices"), body.encode(), TODAY)


async def found(
    database: Database,
    *,
    provider: str | None = None,
    prices_only: bool = False,
    limit: int = 100,
    after: ConflictPlace | None = None,
) -> list[Conflict]:
    async with database.connection() as connection:
        return await conflicts(connection, provider=provider, prices_only=prices_only, limit=limit, after=after)


def priced(numbers: range) -> dict[str, Any]:
    """models.dev's models of these numbers at a dollar each."""
    return {f"m{n}": {"cost": {"input": 1}} for n in numbers}


def summary(told: list[Conflict]) -> list[tuple[str, str, float | None]]:
    return [(it.model_id, it.field, it.gap) for it in told]


async def test_no_conflict_without_a_second_source(database: Database) -> None:
    assert await found(database) == []
    await litellm(database, **{"no-model-of-ours": {"input_cost_per_token": 1e-6}})
    assert await found(database) == []


async def test_prices_come_first_and_the_largest_gap_first(database: Database) -> None:
    await litellm(
        database,
        half={"input_cost_per_token": 2e-6, "max_input_tokens": 1000},
        free={"input_cost_per_token": 0, "output_cost_per_token": 2e-6},
        near={"output_cost_per_token": 1e-6},
        ends={"input_cost_per_token": 1e-6, "deprecation_date": "2027-01-01"},
    )
    await models_dev(
        database,
        half={"cost": {"input": 1}, "limit": {"context": 100}},
        free={"cost": {"input": 0.01, "output": 2}},
        near={"cost": {"output": 0.9}},
    )
    await genai_prices(database, {"id": "ends", "name": "Ends", "match": {"equals": "ends"}, "context_window": 9})
    told = await found(database)
    assert summary(told) == [
        ("free", "price.input_per_mtok", 1.0),
        ("half", "price.input_per_mtok", 0.5),
        ("near", "price.output_per_mtok", 0.1),
        ("half", "context_window", 0.9),
    ]
    assert told[1].said == {"litellm": 2, "models.dev": 1}
    assert told[1].provider_id == "openai"


async def test_dates_that_differ_are_a_conflict_without_a_gap(database: Database) -> None:
    await litellm(database, **{"gpt-4o-mini": {"deprecation_date": "2027-02-01"}})
    (told,) = await found(database)
    assert (told.model_id, told.field, told.gap) == ("gpt-4o-mini", "retires", None)
    assert told.said == {"curated": "2027-01-14", "litellm": "2027-02-01"}


async def test_the_catalog_itself_is_compared(database: Database) -> None:
    await litellm(database, **{"gpt-4o-mini": {"input_cost_per_token": 2e-7, "output_cost_per_token": 6e-7}})
    (told,) = await found(database)
    assert (told.field, told.gap) == ("price.input_per_mtok", 0.25)
    assert {source: float(value) for source, value in told.said.items()} == {"curated": 0.15, "litellm": 0.2}


async def test_the_same_price_in_another_unit_or_notation_is_no_conflict(database: Database) -> None:
    hour = {"id": "ear", "name": "Ear", "match": {"equals": "ear"}, "prices": {"input_audio_hours": 0.36}}
    await litellm(
        database,
        mini={"input_cost_per_token": 1.5e-7, "output_cost_per_token": 6.000e-7},
        ear={"mode": "audio_transcription", "input_cost_per_second": 0.0001},
    )
    body = b'{"openai": {"models": {"mini": {"cost": {"input": 0.150, "output": 6E-1}, "limit": {"context": 0}}}}}'
    await import_facts(database, public_source("models.dev"), body, TODAY)
    await genai_prices(database, hour)
    assert await found(database) == []


async def test_an_alias_is_not_compared_with_its_family(database: Database) -> None:
    named = {"or": [{"equals": "gpt-fam"}, {"equals": "gpt-fam-2026-01-01"}]}
    await genai_prices(database, {"id": "gpt-fam", "name": "Fam", "match": named, "prices": {"input_mtok": 1}})
    await litellm(
        database,
        **{
            "gpt-fam": {"input_cost_per_token": 1e-6},
            "gpt-fam-2026-01-01": {"input_cost_per_token": 2e-6},
            "gpt-fam-latest": {"input_cost_per_token": 3e-6},
        },
    )
    assert summary(await found(database)) == [("gpt-fam-2026-01-01", "price.input_per_mtok", 0.5)]


async def test_a_way_to_buy_a_model_is_not_compared_with_the_model(database: Database) -> None:
    await litellm(
        database,
        **{
            "hd/1024-x-1024/paint": {"mode": "image_generation", "output_cost_per_image": 0.08},
            "azure/eu/gpt-4o": {"litellm_provider": "azure", "input_cost_per_token": 2.75e-6},
        },
    )
    await models_dev(database, paint={"cost": {"input": 5}})
    await genai_prices(
        database, {"id": "paint", "name": "P", "match": {"equals": "paint"}, "prices": {"input_mtok": 5}}
    )
    assert await found(database) == []


async def test_of_a_sources_entries_about_one_model_the_one_with_its_own_id_speaks(database: Database) -> None:
    await litellm(
        database,
        **{
            "deepinfra/grok-x": {"litellm_provider": "deepinfra", "input_cost_per_token": 9e-6},
            "grok-x": {"litellm_provider": "deepinfra", "input_cost_per_token": 1e-6},
        },
    )
    await models_dev(database, "deepinfra", **{"grok-x": {"cost": {"input": 1}}})
    assert await found(database) == []


async def test_providers_prices_and_pages_can_be_asked_for(database: Database) -> None:
    models: dict[str, Any] = {f"m{n}": {"cost": {"input": n}, "limit": {"context": 10}} for n in range(1, 8)}
    await models_dev(database, "openai", **models)
    await litellm(database, **{f"m{n}": {"input_cost_per_token": 8e-6, "max_input_tokens": 20} for n in range(1, 8)})
    assert [it.model_id for it in await found(database, prices_only=True)] == [f"m{n}" for n in range(1, 8)]
    assert len(await found(database)) == 14
    assert await found(database, provider="anthropic") == []
    assert len(await found(database, provider="openai", limit=3)) == 3
    pages: list[Conflict] = []
    while page := await found(database, limit=4, after=pages[-1].place if pages else None):
        pages += page
    assert pages == await found(database)


async def test_a_page_goes_on_where_the_one_before_ended_whatever_came_or_went_meanwhile(database: Database) -> None:
    await litellm(database, **{f"m{n}": {"input_cost_per_token": n * 1e-6} for n in range(2, 8)})
    await models_dev(database, **priced(range(2, 8)))
    first = await found(database, limit=2)
    assert [it.model_id for it in first] == ["m7", "m6"]
    await litellm(database, **{f"m{n}": {"input_cost_per_token": n * 1e-6} for n in (2, 3, 4, 5, 7, 9)})
    await models_dev(database, **priced(range(2, 10)))
    rest = await found(database, after=first[-1].place)
    assert [it.model_id for it in rest] == ["m5", "m4", "m3", "m2"], "m9 stands before the place, m6 is gone"


async def test_places_of_conflicts_without_a_gap_go_on_too(database: Database) -> None:
    dated = ["gpt-4o-mini", "gpt-image-2"]
    async with database.connection() as connection:
        await connection.execute(
            "INSERT INTO facts (source, entry, field, value, provider_id, model_id)"
            " SELECT source, id, 'retires', to_jsonb('2027-01-0' || n), 'openai', id"
            " FROM unnest(ARRAY['a', 'b', 'c']) WITH ORDINALITY AS said (source, n), unnest(%s::text[]) AS id",
            [dated],
        )
    everything = await found(database)
    assert [(it.model_id, it.gap) for it in everything] == [(it, None) for it in dated]
    for n, conflict in enumerate(everything):
        assert await found(database, after=conflict.place) == everything[n + 1 :]
