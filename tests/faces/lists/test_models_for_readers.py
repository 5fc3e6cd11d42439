"""`/api/v2/models`: filters, pages, chosen fields."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from psycopg.rows import DictRow

from radiant.api.cursor import cursor_of
from radiant.domain.fact import ConflictPlace
from radiant.domain.registry_model import ModelPlace, RegistryModel
from tests.faces.served import problem

Query = Callable[..., list[DictRow]]

MODELS = "/api/v2/models"


async def all_of(client: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    """The models of all pages."""
    found: list[dict[str, Any]] = []
    while True:
        answer = await client.get(MODELS, params={"limit": 500, **asked})
        assert answer.status_code == 200, answer.text
        found += answer.json()["models"]
        if answer.json()["next_cursor"] is None:
            return found
        asked["cursor"] = answer.json()["next_cursor"]


async def test_pages_hold_every_current_model_once_by_provider_and_model_id(
    client: httpx.AsyncClient, standing_url: str, query: Query
) -> None:
    view = query(
        standing_url,
        "SELECT id FROM unified_model_registry WHERE NOT deprecated AND coalesce(retires > current_date, true)"
        " ORDER BY provider_id, model_id, id",
    )
    for limit in (37, 100, 500):
        found = await all_of(client, limit=limit)
        assert [it["id"] for it in found] == [row["id"] for row in view]
        assert tuple(found[0]) == RegistryModel.__struct_encode_fields__


async def test_a_page_goes_on_where_the_one_before_ended_whatever_changed_meanwhile(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    first = (await client_of_own.get(MODELS, params={"limit": 5})).json()
    before = [it["id"] for it in await all_of(client_of_own)]
    query(database_url, f"DELETE FROM models WHERE id = '{first['models'][-1]['id']}'")
    second = (await client_of_own.get(MODELS, params={"limit": 5, "cursor": first["next_cursor"]})).json()
    assert [it["id"] for it in second["models"]] == before[5:10]


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"provider": "openai"}, lambda it: it["provider_id"] == "openai"),
        ({"task": "embedding"}, lambda it: it["primary_mode"] == "embedding"),
        ({"hosting": "self_hosted"}, lambda it: it["hosting_type"] == "self_hosted"),
        ({"category": "medical"}, lambda it: it["category"] == "medical"),
        ({"status": "unknown"}, lambda it: it["health_status"] == "unknown"),
        ({"class": "flagship"}, lambda it: it["class"] == "flagship"),
        ({"capability": "function_calling, vision"},
         lambda it: {"function_calling", "vision"} <= set(it["capabilities"])),
        ({"modality": "image,text"},
         lambda it: {"image", "text"} <= {*it["input_modalities"], *it["output_modalities"]}),
        ({"input_modalities": "image"}, lambda it: "image" in it["input_modalities"]),
        ({"output_modalities": "image"}, lambda it: "image" in it["output_modalities"]),
        ({"q": "CLAUDE"}, lambda it: "claude" in f"{it['model_id']} {it['display_name']} {it['description']}".lower()),
        ({"provider": "openai", "task": "chat", "class": "small", "q": "mini"},
         lambda it: (it["provider_id"], it["primary_mode"], it["class"]) == ("openai", "chat", "small")
         and "mini" in f"{it['model_id']} {it['display_name']} {it['description']}".lower()),
    ],
)  # fmt: skip
async def test_models_are_filtered(
    client: httpx.AsyncClient, asked: dict[str, str], fits: Callable[[dict[str, Any]], bool]
) -> None:
    everything = await all_of(client)
    expected = [it for it in everything if fits(it)]
    assert await all_of(client, **asked) == expected != []
    assert await all_of(client, **asked, limit=3) == expected


async def test_what_is_past_is_listed_where_it_is_asked_for(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    today = dt.datetime.now(dt.UTC).date()
    before = {it["id"] for it in await all_of(client_of_own)}
    query(database_url, "UPDATE models SET deprecated = true WHERE model_id = 'gpt-4o-mini'")
    query(database_url, f"UPDATE models SET retires = '{today}' WHERE model_id = 'gpt-6-luna'")
    query(database_url, f"UPDATE models SET retires = '{today + dt.timedelta(days=1)}' WHERE model_id = 'gpt-6-astra'")
    current = {it["id"] for it in await all_of(client_of_own, deprecated="false")}
    past = {it["id"]: it["model_id"] for it in await all_of(client_of_own, deprecated="true")}
    everything = {it["id"] for it in await all_of(client_of_own, deprecated="any")}
    assert {"gpt-4o-mini", "gpt-6-luna"} <= set(past.values())
    assert "gpt-6-astra" not in past.values()
    assert current | past.keys() == everything
    assert current.isdisjoint(past)
    assert before - current <= past.keys()


async def test_only_the_fields_asked_for_are_told_in_the_registrys_order(client: httpx.AsyncClient) -> None:
    found = await all_of(client, fields="class, model_id,provider_id")
    assert {tuple(it) for it in found} == {("provider_id", "model_id", "class")}
    whole = await all_of(client)
    assert found == [{name: it[name] for name in ("provider_id", "model_id", "class")} for it in whole]


NEVER_GIVEN = [
    "", "x", "e30=", "x" * 3000, "%C3%A9", cursor_of(ConflictPlace(True, None, "a", "b", "c")), cursor_of(["a", "b"]),
]  # fmt: skip


@pytest.mark.parametrize("cursor", NEVER_GIVEN)
async def test_a_cursor_that_was_never_given_is_refused(client: httpx.AsyncClient, cursor: str) -> None:
    problem(await client.get(f"{MODELS}?cursor={cursor}"), 400, "cursor-invalid")


async def test_a_cursor_behind_the_last_model_is_an_empty_page(client: httpx.AsyncClient) -> None:
    answer = await client.get(MODELS, params={"cursor": cursor_of(ModelPlace("zzz", "zzz", "zzz"))})
    assert answer.json() == {"models": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("class=big", "class 'big' is unknown; expected one of: flagship, standard, small."),
        ("capability=telepathy", "capability 'telepathy' is unknown; expected one of: "),
        ("modality=smell", "modality 'smell' is unknown; expected one of: text"),
        ("task=chta", "task 'chta' is unknown; did you mean chat? Expected one of: chat"),
        ("provider=opnai", "provider 'opnai' is unknown; did you mean openai?"),
        ("hosting=cloud", "hosting 'cloud' is unknown"),
        ("fields=model_id,prize", "fields 'prize' is unknown; expected one of: id, provider_id"),
        ("deprecated=maybe", "`deprecated` is 'maybe'; expected one of: false, true, any."),
        ("sort=price", "Unknown query parameter sort; expected one of: capability, category, class"),
        ("task=chat&task=image", "Query parameter task is given more than once."),
        ("limit=0", "expected a whole number"),
        ("limit=501", "expected a whole number"),
    ],
)
async def test_wrong_questions_are_refused_with_what_may_be_asked(
    client: httpx.AsyncClient, query: str, said: str
) -> None:
    assert said in problem(await client.get(f"{MODELS}?{query}"), 400)["detail"]


async def test_the_document_shows_what_may_be_asked_and_what_is_answered(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    operation = document["paths"][MODELS]["get"]
    schemas = {it["name"]: it["schema"] for it in operation["parameters"]}
    assert schemas["class"]["enum"] == ["flagship", "standard", "small"]
    assert schemas["deprecated"]["enum"] == ["false", "true", "any"]
    listed = document["components"]["schemas"]["ListedModel"]
    assert tuple(listed["properties"]) == RegistryModel.__struct_encode_fields__
    assert "required" not in listed
    assert "304" in operation["responses"]
