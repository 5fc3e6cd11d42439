"""The list of models as clients of OpenRouter read it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from psycopg.rows import DictRow

Query = Callable[..., list[DictRow]]

OPENROUTER = "/api/v1/models"

#: What a client of OpenRouter's list relies on.
KEYS = {
    "id", "canonical_slug", "name", "created", "description", "context_length", "architecture", "pricing",
    "top_provider", "per_request_limits", "supported_parameters",
}  # fmt: skip


async def test_every_model_has_what_openrouters_clients_need(client: httpx.AsyncClient, standing_url: str) -> None:
    body = (await client.get(OPENROUTER)).json()
    assert body["total_count"] == len(body["data"]) > 200
    assert body["links"] == {"next": None}, "one page unless pages are asked for"
    for it in body["data"]:
        assert it.keys() >= KEYS
        assert it["architecture"].keys() >= {"modality", "input_modalities", "output_modalities", "tokenizer"}
        assert it["top_provider"].keys() >= {"context_length", "max_completion_tokens", "is_moderated"}
        assert it["architecture"]["modality"] == "->".join(
            "+".join(it["architecture"][f"{side}_modalities"]) for side in ("input", "output")
        )
        assert {"prompt", "completion"} <= it["pricing"].keys()
        assert all(Decimal(price) >= 0 or price == "-1" for price in it["pricing"].values())
        assert all("e" not in price.lower() for price in it["pricing"].values())


async def test_prices_are_what_a_tenant_pays_to_the_last_digit(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    query(
        database_url,
        "UPDATE models SET input_cost_per_1k = 0.000123456789, output_cost_per_1k = 0, cached_input_cost_per_1k = NULL,"
        " cost_per_request = 0.01, markup_rate = 0.25 WHERE provider_id = 'openai' AND model_id = 'gpt-4o-mini'",
    )
    listed = (await client_of_own.get(OPENROUTER, params={"q": "gpt-4o-mini"})).json()["data"]
    (mini,) = [it for it in listed if it["id"] == "openai/gpt-4o-mini"]
    assert mini["pricing"] == {"prompt": "0.00000015432098625", "completion": "0", "request": "0.0125"}


async def test_curated_prices_carry_the_usual_markup(client: httpx.AsyncClient) -> None:
    listed = (await client.get(OPENROUTER)).json()["data"]
    (mini,) = [it for it in listed if it["id"] == "openai/gpt-4o-mini"]
    assert mini["pricing"] == {"prompt": "0.00000021", "completion": "0.00000084", "input_cache_read": "0.000000105"}
    assert {"tools", "structured_outputs", "max_tokens"} <= set(mini["supported_parameters"])
    (own,) = [it for it in listed if it["id"] == "self_hosted/llama-3.3-70b"]
    assert own["pricing"] == {"prompt": "-1", "completion": "-1"}, (
        "an hourly price is none of OpenRouter's, and not free"
    )


async def test_pages_lead_to_each_other(client: httpx.AsyncClient) -> None:
    whole = (await client.get(OPENROUTER, params={"q": "gpt", "output_modalities": "text"})).json()
    address: str | None = f"{OPENROUTER}?q=gpt&output_modalities=text&limit=7"
    pages = []
    while address:
        page = (await client.get(address)).json()
        assert page["total_count"] == len(whole["data"])
        pages.append(page["data"])
        address = page["links"]["next"]
        assert len(pages) < 20
    assert len(pages) > 2
    assert [it for page in pages for it in page] == whole["data"]
    assert {len(page) for page in pages[:-1]} == {7}
    beyond = (await client.get(f"{OPENROUTER}?offset=100000")).json()
    assert (beyond["data"], beyond["links"]) == ([], {"next": None})


async def test_models_are_filtered(client: httpx.AsyncClient) -> None:
    async def found(**asked: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = (await client.get(OPENROUTER, params=asked)).json()["data"]
        assert listed
        return listed

    everything = len((await client.get(OPENROUTER)).json()["data"])
    for it in await found(input_modalities="image, text", output_modalities="text"):
        assert {"text", "image"} <= set(it["architecture"]["input_modalities"])
        assert "text" in it["architecture"]["output_modalities"]
    assert await found(output_modalities="embedding") == await found(output_modalities="embeddings")
    for it in await found(output_modalities="embeddings"):
        assert "embeddings" in it["architecture"]["output_modalities"], "the list says it in OpenRouter's word"
    for it in await found(q="CLAUDE"):
        assert "claude" in (it["id"] + it["name"] + it["description"]).lower()
    assert len(await found(output_modalities="all")) == everything
    assert (await client.get(OPENROUTER, params={"q": "%"})).json()["data"] == [], "a percent sign is no wildcard"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("limit=0", "expected a whole number"),
        ("limit=1001", "expected a whole number"),
        ("offset=-1", "expected a whole number"),
        ("limit=many", "expected a whole number"),
        ("input_modalities=smell", "input_modalities 'smell' is unknown; expected one of: text"),
        ("category=toys", "category 'toys' is unknown; expected one of: vision"),
        (
            "supported_parameters=tools,seeds",
            "supported_parameters 'seeds' is unknown; expected one of: include_reasoning",
        ),
        ("q=%00", ""),
    ],
)
async def test_wrong_questions_are_problems(client: httpx.AsyncClient, query: str, said: str) -> None:
    answer = await client.get(f"{OPENROUTER}?{query}")
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


async def test_a_broken_encoding_is_no_error_of_ours(client: httpx.AsyncClient) -> None:
    for query in ("q=%ED%A0%80", "q=%FF", "input_modalities=,,,", "q="):
        assert (await client.get(f"{OPENROUTER}?{query}")).status_code == 200


async def test_what_clients_add_of_their_own_is_ignored(client: httpx.AsyncClient) -> None:
    whole = (await client.get(OPENROUTER)).json()
    assert (await client.get(f"{OPENROUTER}?sort=newest&zdr=true&use_rss=false&zdr=true")).json() == whole
    assert (await client.get(f"{OPENROUTER}/count?region=eu")).json()["data"]["count"] == whole["total_count"]


async def test_models_are_filtered_by_parameters_and_category(client: httpx.AsyncClient) -> None:
    async def found(**asked: str) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = (await client.get(OPENROUTER, params=asked)).json()["data"]
        assert listed
        return listed

    everything = await found()
    wanted = {"tools", "reasoning"}
    assert await found(supported_parameters="tools, reasoning") == [
        it for it in everything if wanted <= set(it["supported_parameters"])
    ]
    assert len(await found(category="medical")) < len(everything) / 10
    of_use = await found(category="programming")
    assert of_use == await found(category="marketing/seo"), "the registry knows nothing of uses"
    assert all({"max_tokens", "temperature"} <= set(it["supported_parameters"]) for it in of_use)
    assert len(of_use) == sum("max_tokens" in it["supported_parameters"] for it in everything)


@pytest.mark.parametrize("asked", [{}, {"output_modalities": "image"}, {"output_modalities": "all"}])
async def test_models_are_counted(client: httpx.AsyncClient, asked: dict[str, str]) -> None:
    listed = (await client.get(OPENROUTER, params=asked)).json()["total_count"]
    assert (await client.get(f"{OPENROUTER}/count", params=asked)).json() == {"data": {"count": listed}}


async def test_prices_of_media_and_fees_are_there(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    query(
        database_url,
        """UPDATE models SET markup_rate = 0, input_cost_per_1k = NULL, output_cost_per_1k = NULL,
                  cached_input_cost_per_1k = NULL, cost_per_request = NULL, cost_per_image = NULL, price_details =
                  '{"audio_input_per_mtok": "32", "audio_output_per_mtok": "64", "image_output_per_mtok": "60",
                    "per_search": "0.01", "per_input_image": "0.002", "cache_write_per_mtok": "3.75"}'
            WHERE model_id = 'gpt-4o-mini' AND provider_id = 'openai'""",
    )
    (mini,) = [
        it
        for it in (await client_of_own.get(OPENROUTER, params={"q": "gpt-4o-mini"})).json()["data"]
        if it["id"] == "openai/gpt-4o-mini"
    ]
    assert mini["pricing"] == {
        "prompt": "-1", "completion": "-1", "audio": "0.000032", "audio_output": "0.000064",
        "image_output": "0.00006", "web_search": "0.01", "image": "0.002",
    }  # fmt: skip


async def test_a_vector_costs_nothing_beyond_what_was_read(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    query(
        database_url,
        "UPDATE models SET input_cost_per_1k = 0.00002, output_cost_per_1k = NULL, cached_input_cost_per_1k = NULL,"
        " markup_rate = 0 WHERE primary_mode = 'embedding'",
    )
    listed = (await client_of_own.get(OPENROUTER, params={"output_modalities": "embeddings"})).json()["data"]
    assert {"prompt": "0.00000002", "completion": "0"} in [it["pricing"] for it in listed]
