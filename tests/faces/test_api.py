"""The admin API: what it answers, to whom, and how it refuses."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from jsonschema import Draft202012Validator
from psycopg.rows import DictRow

from radiant.api.asgi import application
from radiant.app import App
from radiant.domain.registry_model import RegistryModel
from radiant.installation.tokens import keep_token
from radiant.settings import Settings
from tests.faces.served import problem

MODELS = "/api/v2/admin/registry/models"
STATS = "/api/v2/admin/registry/stats"
HISTORY = "/api/v2/admin/registry-sync/history"

Query = Callable[..., list[DictRow]]


class Clock:
    """Stands still until it is told to move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def served(url: str, home: Path, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the admin's token, of a registry that is there already."""
    settings = Settings(home=home, database_url=url)
    app = await App.open(settings, clock=clock)
    try:
        await keep_token(app.database, settings.token_file("admin"), "admin")
        await keep_token(app.database, settings.token_file("reader"), "reader")
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(cast("Any", application(app)), raise_app_exceptions=False),
            base_url="http://radiant",
            headers=bearer(settings.token_file("admin").read_text().strip()),
        ) as client:
            yield client
    finally:
        await app.close()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
async def client(standing_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """Of a registry nobody changes."""
    async for it in served(standing_url, tmp_path, clock):
        yield it


@pytest.fixture
async def client_of_own(database_url: str, tmp_path: Path, clock: Clock) -> AsyncIterator[httpx.AsyncClient]:
    """Of a registry for this test alone."""
    async for it in served(database_url, tmp_path, clock):
        yield it


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
    assert (mini["compliance"], mini["thermal_state"], mini["avg_latency_ms"]) == (["HIPAA"], None, None)
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
    ]
    assert (counts["hot_count"], counts["warm_count"], counts["cold_count"], counts["healthy_count"]) == (2, 1, 53, 3)
    (of_openai,) = query(database_url, "SELECT count(*) AS n FROM models WHERE provider_id = 'openai'")
    assert (counts["self_hosted_count"], counts["unhealthy_count"]) == (56, of_openai["n"])


async def test_history_is_the_newest_fifty_runs(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    (seeded,) = (await client_of_own.get(HISTORY)).json()
    assert list(seeded) == [
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
        (f"{HISTORY}?limit=5&a=1", "Unknown query parameter a, limit; it takes none."),
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
    assert missing["detail"] == "There is nothing at this address."
    answer = await client.post(MODELS)
    assert problem(answer, 405)["detail"] == "POST is not allowed here; expected GET, HEAD, OPTIONS."
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("address", [MODELS, STATS, "/health/live", "/api/openapi.json"])
async def test_head_is_get_without_a_body(client: httpx.AsyncClient, address: str) -> None:
    whole, head = await client.get(address), await client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == whole.headers


# Who may ask


@pytest.mark.parametrize("address", [MODELS, STATS, HISTORY])
@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"Bearer",
        b"Bearer  ",
        b"Basic YTpi",
        b"token",
        b"Bearer wrong",
        b"Bearer \xff\xfe",
        b"Bearer " + b"x" * 9000,
    ],
    ids=lambda it: it[:20].decode("latin-1") or "nothing",
)
async def test_without_a_known_token_nothing_is_told(client: httpx.AsyncClient, address: str, given: bytes) -> None:
    client.headers.pop("authorization")
    answer = await client.get(address, headers=[(b"Authorization", given)] if given else [])
    problem(answer, 401)
    assert answer.headers["www-authenticate"] == 'Bearer realm="radiant"'


async def test_a_token_is_compared_whole(client: httpx.AsyncClient) -> None:
    token = client.headers["authorization"].split()[1]
    for given in (token[:-1], token + "x", token.upper(), token.removeprefix("radiant_")):
        problem(await client.get(STATS, headers=bearer(given)), 401)
    assert (await client.get(STATS, headers={"Authorization": f"bearer   {token} "})).status_code == 200


@pytest.mark.parametrize("address", [MODELS, STATS, HISTORY])
async def test_a_reader_is_known_but_may_not_do_what_an_administrator_may(
    client: httpx.AsyncClient, tmp_path: Path, address: str
) -> None:
    token = (tmp_path / "reader-token").read_text().strip()
    found = problem(await client.get(address, headers=bearer(token)), 403)
    assert found["detail"] == "This needs the admin token; `radiant token` prints it."


async def test_the_very_first_requests_may_come_at_once(client: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(client.get(STATS) for _ in range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5


async def test_a_revoked_token_is_refused_and_a_new_one_known_within_a_second(
    client_of_own: httpx.AsyncClient, database_url: str, query: Query
) -> None:
    """The clock of the program stands still meanwhile: it is the database's announcement that does it."""
    assert (await client_of_own.get(STATS)).status_code == 200
    query(database_url, "UPDATE access_tokens SET revoked_at = now() WHERE role = 'admin'")
    query(database_url, "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('fresh'))")
    for _ in range(50):
        if (await client_of_own.get(STATS)).status_code == 401:
            break
        await asyncio.sleep(0.02)
    problem(await client_of_own.get(STATS), 401)
    assert (await client_of_own.get(STATS, headers=bearer("fresh"))).status_code == 200


async def test_a_new_token_works_at_once(client_of_own: httpx.AsyncClient, database_url: str, query: Query) -> None:
    assert (await client_of_own.get(STATS)).status_code == 200
    query(database_url, "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('fresh'))")
    assert (await client_of_own.get(STATS, headers=bearer("fresh"))).status_code == 200


# Whether it lives


async def test_liveness_and_readiness_need_no_token(client: httpx.AsyncClient) -> None:
    client.headers.pop("authorization")
    for address in ("/health/live", "/healthz"):
        assert (await client.get(address)).json() == {"status": "alive"}
    for address in ("/health/ready", "/readyz"):
        assert (await client.get(address)).json() == {"status": "ready"}


async def test_while_the_database_is_away_it_lives_is_not_ready_and_recovers(
    database_url: str, server_url: str, tmp_path: Path, clock: Clock, query: Query
) -> None:
    (row,) = query(database_url, "SELECT current_database() AS name")

    def allow(yes: bool) -> None:
        query(server_url, f"ALTER DATABASE {row['name']} ALLOW_CONNECTIONS {yes}")
        query(server_url, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{row['name']}'")

    async for client in served(database_url, tmp_path, clock):
        assert (await client.get(STATS)).status_code == 200
        allow(False)
        assert (await client.get("/health/live")).status_code == 200
        answer = await client.get("/health/ready")
        assert problem(answer, 503)["detail"] == "The registry's database does not answer."
        assert answer.headers["retry-after"] == "1"
        clock.now += 60
        away = await client.get(STATS)
        assert problem(away, 503)["detail"] == "The registry's database does not answer. Try again."
        allow(True)
        for _ in range(100):
            if (await client.get("/health/ready")).status_code == 200:
                break
            await asyncio.sleep(0.1)
        assert (await client.get(STATS)).status_code == 200


# What it says of itself


async def test_the_openapi_document_has_every_route_with_examples_and_holds_together(client: httpx.AsyncClient) -> None:
    client.headers.pop("authorization")
    answer = await client.get("/api/openapi.json")
    document = answer.json()
    assert answer.status_code == 200
    assert document["openapi"].startswith("3.1")
    assert {MODELS, STATS, HISTORY, "/health/live", "/health/ready"} <= document["paths"].keys()
    assert (await client.get("/api/openapi.json")).json() == document
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)
    assert all(operation["summary"] and operation["tags"] for operation in operations)
    for reference in references(document):
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step.replace("~1", "/")]
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    assert document["paths"]["/health/live"]["get"]["security"] == []


async def test_every_example_is_what_its_schema_says(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    seen = set()
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                for media in response.get("content", {}).values():
                    if "example" in media:
                        schema = {**media["schema"], "components": document["components"]}
                        Draft202012Validator(schema).validate(media["example"])
                        seen.add((path, status))
    assert {(MODELS, "200"), (STATS, "200"), (HISTORY, "200"), (STATS, "401"), (STATS, "403"), (STATS, "503")} <= seen


async def test_answers_are_what_the_document_promises(client: httpx.AsyncClient) -> None:
    document = (await client.get("/api/openapi.json")).json()
    for address in (MODELS, STATS, HISTORY, "/health/live", "/health/ready"):
        answer = await client.get(address)
        content = document["paths"][address]["get"]["responses"]["200"]["content"]["application/json"]
        schema = {**content["schema"], "components": document["components"]}
        Draft202012Validator(schema).validate(json.loads(answer.content))


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        here = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return here + [found for inner in value.values() for found in references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in references(inner)]
    return []
