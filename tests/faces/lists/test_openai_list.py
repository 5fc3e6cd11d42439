"""The list of models as clients of OpenAI, and of Anthropic, read it."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from psycopg.rows import DictRow

from radiant.domain.vocabulary import Task
from tests.faces.served import reading

Query = Callable[..., list[DictRow]]

OPENAI, OPENROUTER = "/v1/models", "/api/v1/models"


def openai_error(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The error, in the one shape that OpenAI's clients understand."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json().keys() == {"error"}
    error: dict[str, Any] = answer.json()["error"]
    assert error.keys() == {"message", "type", "param", "code"}
    assert error["message"]
    return error


async def test_all_models_are_listed(client: httpx.AsyncClient, standing_url: str, query: Query) -> None:
    body = (await client.get(OPENAI)).json()
    assert (body.keys(), body["object"]) == ({"object", "data", "first_id", "last_id", "has_more"}, "list")
    assert (body["first_id"], body["last_id"], body["has_more"]) == (
        body["data"][0]["id"],
        body["data"][-1]["id"],
        False,
    )
    view = query(
        standing_url,
        "SELECT provider_id, model_id FROM unified_model_registry"
        " WHERE NOT deprecated AND coalesce(retires > current_date, true)",
    )
    assert sorted(it["id"] for it in body["data"]) == sorted(f"{row['provider_id']}/{row['model_id']}" for row in view)
    for it in body["data"]:
        assert (it["object"], type(it["created"])) == ("model", int)
        assert it["id"].startswith(f"{it['owned_by']}/")
    (mini,) = [it for it in body["data"] if it["id"] == "openai/gpt-4o-mini"]
    assert (mini["radiant"]["task"], mini["radiant"]["litellm_id"], mini["radiant"]["context_window"]) == (
        "chat", "openai/gpt-4o-mini", 128_000,
    )  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        "openai/gpt-4o-mini", "gpt-4o-mini", "openai%2Fgpt-4o-mini", "self_hosted/llama-3.3-70b",
        "groq/openai/gpt-oss-120b", "fireworks/accounts/fireworks/models/kimi-k3",
    ],
)  # fmt: skip
async def test_one_model_is_found_whatever_slashes_its_id_has(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.get(f"{OPENAI}/{name}")
    assert answer.status_code == 200
    found = answer.json()["id"]
    assert name.replace("%2F", "/") in (found, found.split("/", 1)[1])
    listed = (await client.get(OPENAI)).json()["data"]
    assert answer.json() in listed


async def test_a_uuid_finds_a_model_too(client: httpx.AsyncClient) -> None:
    (first, *_) = (await client.get(OPENAI)).json()["data"]
    assert (await client.get(f"{OPENAI}/{first['radiant']['id']}")).json() == first


@pytest.mark.parametrize("name", ["nobody", "openai/nobody", "a/b/c/d/e/f/g/h", "%E2%82%AC", quote("'; DROP TABLE--")])
async def test_a_model_that_is_not_there_is_not_found_in_openais_words(client: httpx.AsyncClient, name: str) -> None:
    error = openai_error(await client.get(f"{OPENAI}/{name}"), 404)
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", "model", "model_not_found")
    assert "in the registry" in error["message"]


async def test_deprecated_and_disabled_models_are_not_there(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    before = {it["id"] for it in (await client_of_own.get(OPENAI)).json()["data"]}
    query(database_url, "UPDATE models SET deprecated = true WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'")
    query(database_url, "UPDATE providers SET enabled = false WHERE id = 'groq'")
    after = {it["id"] for it in (await client_of_own.get(OPENAI)).json()["data"]}
    assert before - after == {"openai/gpt-4o-mini", *(id for id in before if id.startswith("groq/"))}
    openai_error(await client_of_own.get(f"{OPENAI}/openai/gpt-4o-mini"), 404)
    openai_error(await client_of_own.get(f"{OPENAI}/groq/openai/gpt-oss-120b"), 404)
    assert after == {it["id"] for it in (await client_of_own.get(OPENROUTER)).json()["data"]}


@pytest.mark.parametrize("path", [OPENAI, f"{OPENAI}/gpt-4o-mini"])
@pytest.mark.parametrize("token", ["", "Bearer nobody", "Basic eDp5"])
async def test_a_stranger_is_refused_in_openais_words(client: httpx.AsyncClient, path: str, token: str) -> None:
    answer = await client.get(path, headers={"Authorization": token})
    error = openai_error(answer, 401)
    assert (error["type"], error["param"]) == ("invalid_request_error", None)
    assert "www-authenticate" in answer.headers


async def test_wrong_questions_are_refused_in_openais_words(client: httpx.AsyncClient) -> None:
    for query in ("limit=-1", "limit=many", "limit=1001", "task=chta"):
        openai_error(await client.get(f"{OPENAI}?{query}"), 400)
    assert "chat, completion" in openai_error(await client.get(f"{OPENAI}?task=chta"), 400)["message"]
    openai_error(await client.get(f"{OPENAI}/%00"), 400)
    openai_error(await client.post(OPENAI), 405)


async def test_what_clients_add_of_their_own_is_ignored(client: httpx.AsyncClient) -> None:
    whole = (await client.get(OPENAI)).json()
    added = "return_wildcard_routes=false&litellm_provider=openai&beta=true&beta=true&lifecycle%5B%5D=active"
    assert (await client.get(f"{OPENAI}?{added}")).json() == whole
    one = await client.get(f"{OPENAI}/gpt-4o-mini?api-version=2026-10-21")
    assert one.json()["id"] == "openai/gpt-4o-mini"


# Fields beyond the first


async def test_created_is_the_day_of_release_and_without_one_the_time_of_the_import(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    query(database_url, "UPDATE models SET released = '2024-07-18' WHERE model_id = 'gpt-4o-mini'")
    query(
        database_url,
        "UPDATE models SET released = NULL, created_at = '2026-02-03 04:05:06Z' WHERE model_id = 'gpt-6-luna'",
    )
    known, unknown = [
        (await client_of_own.get(f"{OPENAI}/openai/{name}")).json() for name in ("gpt-4o-mini", "gpt-6-luna")
    ]
    assert (known["created"], known["created_at"]) == (1721260800, "2024-07-18T00:00:00Z")
    assert known["radiant"]["released"] == "2024-07-18"
    assert (unknown["created"], unknown["created_at"]) == (1770091506, "2026-02-03T04:05:06Z")
    assert unknown["radiant"]["released"] is None, "one can tell which of the two it is"


async def test_a_day_of_retirement_is_told_in_each_clients_words(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=40)
    query(database_url, f"UPDATE models SET retires = '{day}' WHERE model_id = 'gpt-4o-mini'")
    query(database_url, "UPDATE models SET retires = NULL WHERE model_id = 'gpt-6-luna'")
    ends = (await client_of_own.get(f"{OPENAI}/openai/gpt-4o-mini")).json()
    assert (ends["shutdown_date"], ends["retires_at"], ends["lifecycle"]) == (
        str(day), f"{day}T00:00:00Z", "deprecated",
    )  # fmt: skip
    stays = (await client_of_own.get(f"{OPENAI}/openai/gpt-6-luna")).json()
    assert (stays["shutdown_date"], stays["retires_at"], stays["lifecycle"]) == (None, None, "active")


# Which are listed


@pytest.mark.parametrize("asked", ["chat", "embedding", "chat,embedding", "image, video"])
async def test_only_models_of_the_tasks_asked_for_are_listed(client: httpx.AsyncClient, asked: str) -> None:
    everything = (await client.get(OPENAI)).json()["data"]
    wanted = {part.strip() for part in asked.split(",")}
    found = (await client.get(OPENAI, params={"task": asked})).json()["data"]
    assert found == [it for it in everything if it["radiant"]["task"] in wanted] != []
    assert (await client.get(OPENAI, params={"task": "all"})).json()["data"] == everything


async def test_a_setting_says_which_tasks_are_listed_unless_others_are_asked_for(
    standing_url: str, tmp_path: Path
) -> None:
    async with reading(standing_url, tmp_path, list_tasks=(Task.CHAT, Task.COMPLETION)) as client:
        listed = (await client.get(OPENAI)).json()["data"]
        assert {it["radiant"]["task"] for it in listed} <= {"chat", "completion"}
        assert {it["radiant"]["task"] for it in (await client.get(f"{OPENAI}?task=rerank")).json()["data"]} == {
            "rerank"
        }
        everything = (await client.get(f"{OPENAI}?task=all")).json()["data"]
        assert len(everything) > len(listed) > 50
        (embedding, *_) = [it for it in everything if it["radiant"]["task"] == "embedding"]
        assert (await client.get(f"{OPENAI}/{embedding['id']}")).status_code == 200, "what is not listed is still there"


@pytest.mark.parametrize("name", ["after", "after_id"])
async def test_pages_lead_to_each_other(client: httpx.AsyncClient, name: str) -> None:
    whole = (await client.get(f"{OPENAI}?task=chat")).json()["data"]
    found: list[Any] = []
    page = (await client.get(f"{OPENAI}?task=chat&limit=40")).json()
    while True:
        found += page["data"]
        if not page["has_more"]:
            break
        assert len(page["data"]) == 40
        page = (await client.get(OPENAI, params={"task": "chat", "limit": 40, name: page["last_id"]})).json()
    assert found == whole
    assert [it["id"] for it in found] == sorted(it["id"] for it in found)


# Who may ask


@pytest.mark.parametrize("path", [OPENAI, OPENROUTER, f"{OPENROUTER}/count"])
@pytest.mark.parametrize("header", ["x-api-key", "api-key", "X-API-Key"])
async def test_a_key_is_taken_where_clients_put_it(client: httpx.AsyncClient, path: str, header: str) -> None:
    token = client.headers.pop("authorization").split()[1]
    assert (await client.get(path, headers={header: token})).status_code == 200
    assert (await client.get(path, headers={header: token, "Authorization": "Basic eDp5"})).status_code == 200
    assert (await client.get(path, headers={header: "nobody"})).status_code == 401
    assert (await client.get(path, headers={header: token, "Authorization": "Bearer nobody"})).status_code == 401
    assert (await client.get("/api/v2/models", headers={header: token})).status_code == 401, "only where they ask"


# What is not carried


@pytest.mark.parametrize(
    "path", ["chat/completions", "completions", "embeddings", "responses", "messages", "images/generations"]
)
async def test_a_request_for_a_model_is_told_what_to_call_instead(client: httpx.AsyncClient, path: str) -> None:
    error = openai_error(await client.post(f"/v1/{path}", json={"model": "gpt-4o-mini"}), 404)
    assert (error["code"], error["param"]) == ("requests_not_carried", None)
    assert "POST /api/v2/select" in error["message"]
    client.headers.pop("authorization")
    openai_error(await client.post(f"/v1/{path}", json={}), 401)
