"""The admin API: what it answers, and how it refuses."""

from collections.abc import Callable

import httpx
import pytest
from psycopg.rows import DictRow

from radiant.domain.registry_model import RegistryModel
from tests.faces.served import HISTORY, MODELS, STATS, problem

Query = Callable[..., list[DictRow]]

# What it answers


async def test_models_are_counted_and_listed_as_the_view_has_them_in_order(
    client: httpx.AsyncClient, standing_url: str, query: Query
) -> None:
    answer = await client.get(MODELS)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    body = answer.json()
    assert list(body) == ["total", "external", "selfHosted", "models"]
    view = query(standing_url, "SELECT * FROM unified_model_registry")
    assert body["total"] == len(view) == len(body["models"])
    assert (body["external"], body["selfHosted"]) == (len(view) - 56, 56)
    assert {tuple(model) for model in body["models"]} == {RegistryModel.__struct_encode_fields__}
    placed = [(it["hosting_type"], it["category"], it["display_name"]) for it in body["models"]]
    assert placed == sorted(placed)
    assert {model["id"] for model in body["models"]} == {row["id"] for row in view}


async def test_a_model_is_exact_in_money_and_time(client: httpx.AsyncClient) -> None:
    found = (await client.get(MODELS)).json()["models"]
    (mini,) = [model for model in found if (model["provider_id"], model["model_id"]) == ("openai", "gpt-4o-mini")]
    assert (mini["input_cost_per_1k"], mini["markup_rate"], mini["cost_per_image"]) == ("0.00015", "0.4000", None)
    assert (mini["compliance"], mini["thermal_state"], mini["avg_latency_ms"]) == ([], None, None)
    assert mini["created_at"].endswith("Z")


@pytest.mark.parametrize(
    ("parameters", "fits"),
    [
        ({"category": "medical"}, lambda it: it["category"] == "medical"),
        ({"hostingType": "external"}, lambda it: it["hosting_type"] == "external"),
        ({"hostingType": "self_hosted"}, lambda it: it["hosting_type"] == "self_hosted"),
        ({"status": "unknown"}, lambda it: it["health_status"] == "unknown"),
        ({"status": "healthy"}, lambda it: it["health_status"] == "healthy"),
        ({"category": "vision", "hostingType": "external", "status": "unknown"},
         lambda it: (it["category"], it["hosting_type"]) == ("vision", "external")),
    ],
)  # fmt: skip
async def test_models_are_filtered(
    client: httpx.AsyncClient, standing_url: str, query: Query, parameters: dict[str, str],
    fits: Callable[[DictRow], bool],
) -> None:  # fmt: skip
    body = (await client.get(MODELS, params=parameters)).json()
    expected = {row["id"] for row in query(standing_url, "SELECT * FROM unified_model_registry") if fits(row)}
    assert {model["id"] for model in body["models"]} == expected
    assert body["total"] == body["external"] + body["selfHosted"] == len(expected)


async def test_stats_are_the_agreed_counts_as_they_are_now(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    query(database_url, "UPDATE thermal_states SET current_state = 'HOT' WHERE model_id IN ('sam-2', 'yolo11m')")
    query(database_url, "UPDATE thermal_states SET current_state = 'WARM' WHERE model_id = 'medsam'")
    query(database_url, "UPDATE provider_health SET status = 'unhealthy' WHERE provider_id = 'openai'")
    counts = (await client_of_own.get(STATS)).json()
    assert list(counts) == [
        "external_count",
        "self_hosted_count",
        "healthy_count",
        "unhealthy_count",
        "hot_count",
        "warm_count",
        "cold_count",
        "category_count",
        "provider_count",
        "off_count",
    ]
    assert (counts["hot_count"], counts["warm_count"], counts["off_count"], counts["healthy_count"]) == (2, 1, 53, 3)
    (of_openai,) = query(database_url, "SELECT count(*) AS n FROM models WHERE provider_id = 'openai'")
    assert (counts["self_hosted_count"], counts["unhealthy_count"]) == (56, of_openai["n"])


async def test_history_is_the_newest_fifty_runs(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    (seeded,) = (await client_of_own.get(HISTORY)).json()
    assert list(seeded)[:12] == [
        "id",
        "sync_type",
        "providers_updated",
        "models_added",
        "models_updated",
        "models_deprecated",
        "errors",
        "started_at",
        "completed_at",
        "duration_ms",
        "status",
        "error_message",
    ]
    assert (seeded["sync_type"], seeded["status"], seeded["errors"]) == ("models", "completed", [])
    query(
        database_url,
        "INSERT INTO registry_sync_log (sync_type, status, started_at, completed_at, errors, error_message)"
        " SELECT 'health', 'failed', now() + n * interval '1 min', now() + n * interval '2 min',"
        " '{openai: timed out}', 'run ' || n FROM generate_series(1, 60) n",
    )
    query(
        database_url, "INSERT INTO registry_sync_log (sync_type, started_at) VALUES ('full', now() + interval '1 day')"
    )
    runs = (await client_of_own.get(HISTORY)).json()
    assert (runs[0]["sync_type"], runs[0]["status"], runs[0]["completed_at"]) == ("full", "running", None)
    assert [run["error_message"] for run in runs[1:]] == [f"run {n}" for n in range(60, 11, -1)]
    assert runs[1]["errors"] == ["openai: timed out"]


async def test_history_is_read_page_by_page_and_by_kind(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    query(
        database_url,
        "INSERT INTO registry_sync_log (sync_type, status, started_at, completed_at, error_message)"
        " SELECT 'health', 'failed', now() + (n / 2) * interval '1 min', now() + interval '1 day', 'run ' || n"
        " FROM generate_series(1, 7) n",
    )
    whole = (await client_of_own.get(HISTORY, params={"sync_type": "health"})).json()
    assert len(whole) == 7
    pages, address = [], f"{HISTORY}?sync_type=health&limit=3"
    while address:
        answer = await client_of_own.get(address)
        pages.append(answer.json())
        address = answer.links.get("next", {}).get("url", "")
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [run for page in pages for run in page] == whole, "runs of the same moment too"
    problem(await client_of_own.get(HISTORY, params={"sync_type": "everything"}), 400, "filter-value-unknown")
    problem(await client_of_own.get(HISTORY, params={"cursor": "x"}), 400, "cursor-invalid")
    for limit in ("0", "501", "x"):
        problem(await client_of_own.get(HISTORY, params={"limit": limit}), 400, "parameter-invalid")


# How it refuses


@pytest.mark.parametrize(
    ("parameter", "value", "allowed"),
    [
        ("hostingType", "cloud", ["external", "self_hosted"]),
        ("status", "ill", ["healthy", "degraded", "unhealthy", "unknown"]),
        ("status", "", ["healthy", "degraded", "unhealthy", "unknown"]),
    ],
)
async def test_an_unknown_value_is_refused_with_the_allowed_ones(
    client: httpx.AsyncClient, parameter: str, value: str, allowed: list[str]
) -> None:
    found = problem(await client.get(MODELS, params={parameter: value}), 400)
    assert (found["field"], found["value"], found["allowed"]) == (parameter, value, allowed)
    assert found["detail"] == f"{parameter} {value!r} is unknown; expected one of: {', '.join(allowed)}."


async def test_an_unknown_category_is_refused_and_an_empty_one_is_empty(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    found = problem(await client_of_own.get(MODELS, params={"category": "toys"}), 400)
    assert {"vision", "audio", "scientific", "medical", "geospatial", "3d", "llm", "embedding"} <= set(found["allowed"])
    query(database_url, "UPDATE self_hosted_models SET enabled = false WHERE category = 'geospatial'")
    answer = await client_of_own.get(MODELS, params={"category": "geospatial"})
    assert answer.json() == {"total": 0, "external": 0, "selfHosted": 0, "models": []}


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        (f"{MODELS}?hosting_type=external",
         "Unknown query parameter hosting_type; expected one of: category, hostingType, status."),
        (f"{STATS}?x=1", "Unknown query parameter x; it takes none."),
        (f"{HISTORY}?limit=5&a=1", "Unknown query parameter a; expected one of: cursor, limit, sync_type."),
        (f"{MODELS}?status=healthy&status=unknown", "Query parameter status is given more than once."),
    ],
)  # fmt: skip
async def test_an_unknown_parameter_is_refused_with_the_known_ones(
    client: httpx.AsyncClient, address: str, detail: str
) -> None:
    assert problem(await client.get(address), 400)["detail"] == detail


@pytest.mark.parametrize("address", [f"{MODELS}?category=%00", f"{MODELS}?category=%ff%fe", f"{MODELS}?{'x' * 5000}"])
async def test_whatever_is_sent_is_answered_with_a_short_problem(client: httpx.AsyncClient, address: str) -> None:
    answer = await client.get(address)
    problem(answer, 400)
    assert len(answer.content) < 1000


async def test_other_addresses_and_methods_are_problems_too(client: httpx.AsyncClient) -> None:
    missing = problem(await client.get("/api/v2/admin/nothing"), 404)
    assert missing["type"] == "/problems/address-unknown"
    answer = await client.post(MODELS)
    assert problem(answer, 405)["detail"] == "POST is not allowed here; expected GET, HEAD, OPTIONS."
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", [MODELS, STATS, "/health/live", "/api/openapi.json"])
async def test_head_is_get_without_a_body(client: httpx.AsyncClient, address: str) -> None:
    whole, head = await client.get(address), await client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == whole.headers
