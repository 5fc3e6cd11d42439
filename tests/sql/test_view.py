"""What the unified view shows of each model, and what it leaves out."""

from decimal import Decimal
from typing import Any, TypeAlias

import psycopg
import pytest
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from radiant.catalog.load import Catalog

Connection: TypeAlias = psycopg.Connection[DictRow]


def shown(connection: Connection, model_id: str, provider: str | None = None) -> list[dict[str, Any]]:
    return connection.execute(
        "SELECT * FROM unified_model_registry WHERE model_id = %s AND provider_id = coalesce(%s, provider_id)",
        [model_id, provider],
    ).fetchall()


def one(connection: Connection, model_id: str, provider: str | None = None) -> dict[str, Any]:
    (row,) = shown(connection, model_id, provider)
    return row


def test_prices_of_other_times_stand_beside_the_price(connection: Connection) -> None:
    hours = one(connection, "deepseek-flash", "deepseek")["scheduled_prices"]["hours"]
    assert [(it["weekdays"], it["input_per_mtok"]) for it in hours] == [([1, 2, 3, 4, 5], "0.15"), ([6, 7], "0.15")]
    assert one(connection, "gpt-6-luna", "openai")["scheduled_prices"] is None
    steps = [{"from": "2026-12-01", "input_per_mtok": "4"}]
    connection.execute("UPDATE models SET price_details = %s WHERE model_id = 'gpt-6-luna'", [Jsonb({"steps": steps})])
    assert one(connection, "gpt-6-luna", "openai")["scheduled_prices"] == {"steps": steps}


def test_every_model_of_the_catalog_is_there_once(connection: Connection, catalog: Catalog) -> None:
    rows = connection.execute("SELECT id, provider_id, model_id, hosting_type FROM unified_model_registry").fetchall()
    assert len({row["id"] for row in rows}) == len(rows)
    by_hosting: dict[str, set[tuple[str, str]]] = {"external": set(), "self_hosted": set()}
    for row in rows:
        by_hosting[row["hosting_type"]].add((row["provider_id"], row["model_id"]))
    assert by_hosting["external"] == set(catalog.external)
    assert by_hosting["self_hosted"] == {("self_hosted", model) for model in catalog.self_hosted}


def test_an_external_model_stands_with_its_provider_and_prices(connection: Connection) -> None:
    row = one(connection, "gpt-4o-mini", "openai")
    assert (row["provider_name"], row["hosting_type"], row["primary_mode"]) == ("OpenAI", "external", "chat")
    assert (row["pricing_type"], row["input_cost_per_1k"], row["output_cost_per_1k"]) == (
        "per_token",
        Decimal("0.00015"),
        Decimal("0.0006"),
    )
    assert (row["markup_rate"], row["min_tier"], row["compliance"]) == (Decimal("0.4"), 1, [])
    own = ("instance_type", "gpu_memory_gb", "thermal_state", "warmup_time_seconds", "license", "cost_per_hour")
    assert [row[column] for column in own] == [None] * len(own)
    assert (row["is_transitioning"], row["health_status"], row["avg_latency_ms"]) == (False, "unknown", None)


def test_compliance_is_what_holds_and_what_is_declared_the_rest_stands_with_its_terms(connection: Connection) -> None:
    row = one(connection, "gpt-4o-mini", "openai")
    assert (row["compliance"], row["conditional_compliance"].keys()) == ([], {"HIPAA"})
    assert row["conditional_compliance"]["HIPAA"]["condition"].startswith("A BAA")
    connection.execute(
        "UPDATE providers SET compliance = '{SOC2}', declared_compliance = '{HIPAA,SOC2}' WHERE id = 'openai'"
    )
    row = one(connection, "gpt-4o-mini", "openai")
    assert (row["compliance"], row["conditional_compliance"]) == (["HIPAA", "SOC2"], None)


def test_a_self_hosted_model_stands_under_our_own_hardware(connection: Connection) -> None:
    row = one(connection, "whisper-large-v3")
    assert (row["provider_id"], row["provider_name"], row["hosting_type"]) == (
        "self_hosted",
        "Self-hosted",
        "self_hosted",
    )
    assert (row["litellm_id"], row["pricing_type"]) == ("sagemaker/whisper-large-v3", "per_hour")
    assert (row["thermal_state"], row["health_status"], row["min_tier"]) == ("OFF", "unknown", 3)
    assert (row["markup_rate"], row["input_cost_per_1k"]) == (Decimal("0.75"), None)
    assert row["instance_type"].startswith("ml.")
    assert row["cost_per_hour"] > 0
    assert row["warmup_time_seconds"] >= 60


def test_the_runtimes_own_litellm_prefix_is_used(connection: Connection) -> None:
    connection.execute(
        "UPDATE self_hosted_models SET litellm_prefix = 'hosted_vllm' WHERE model_id = 'mistral-7b-v0.3'"
    )
    assert one(connection, "mistral-7b-v0.3")["litellm_id"] == "hosted_vllm/mistral-7b-v0.3"


def test_a_disabled_model_is_absent(connection: Connection) -> None:
    connection.execute("UPDATE models SET enabled = false WHERE model_id = 'gpt-4o-mini' AND provider_id = 'openai'")
    connection.execute("UPDATE self_hosted_models SET enabled = false WHERE model_id = 'sam-2'")
    assert shown(connection, "gpt-4o-mini", "openai") == []
    assert shown(connection, "sam-2") == []


@pytest.mark.parametrize("provider", ["anthropic", "self_hosted"])
def test_the_models_of_a_disabled_provider_are_absent(connection: Connection, provider: str) -> None:
    counted = "SELECT count(*) AS n FROM unified_model_registry WHERE provider_id = %s"
    assert (connection.execute(counted, [provider]).fetchone() or {})["n"] > 0
    connection.execute("UPDATE providers SET enabled = false WHERE id = %s", [provider])
    assert connection.execute(counted, [provider]).fetchone() == {"n": 0}


def test_a_deprecated_model_is_shown_as_such(connection: Connection) -> None:
    connection.execute("UPDATE models SET deprecated = true WHERE model_id = 'gpt-4o-mini'")
    connection.execute("UPDATE self_hosted_models SET deprecated = true WHERE model_id = 'sam-2'")
    assert one(connection, "gpt-4o-mini", "openai")["deprecated"]
    assert one(connection, "sam-2")["deprecated"]


@pytest.mark.parametrize(
    ("state", "health"), [("OFF", "unknown"), ("COLD", "unknown"), ("WARM", "healthy"), ("HOT", "healthy")]
)
def test_a_self_hosted_model_is_healthy_only_while_it_is_up(connection: Connection, state: str, health: str) -> None:
    connection.execute(
        "UPDATE thermal_states SET current_state = %s, is_transitioning = true WHERE model_id = 'sam-2'", [state]
    )
    row = one(connection, "sam-2")
    assert (row["thermal_state"], row["health_status"], row["is_transitioning"]) == (state, health, True)


@pytest.mark.parametrize(
    ("regions", "best"),
    [
        ([("a", "unhealthy", 10), ("b", "healthy", 900)], ("healthy", 900)),
        ([("a", "healthy", 200), ("b", "healthy", 100)], ("healthy", 100)),
        ([("a", "healthy", None), ("b", "healthy", 300)], ("healthy", 300)),
        ([("a", "degraded", 500), ("b", "unknown", 5)], ("degraded", 500)),
        ([("a", "unknown", None), ("b", "unhealthy", 1)], ("unknown", None)),
        ([("a", "unhealthy", 70), ("b", "unhealthy", 60)], ("unhealthy", 60)),
    ],
)
def test_a_provider_stands_with_its_best_region_the_healthiest_then_the_fastest(
    connection: Connection, regions: list[tuple[str, str, int | None]], best: tuple[str, int | None]
) -> None:
    connection.execute("DELETE FROM provider_health WHERE provider_id = 'openai'")
    for region, status, latency in regions:
        connection.execute(
            "INSERT INTO provider_health (provider_id, region, status, avg_latency_ms, error_rate)"
            " VALUES ('openai', %s, %s, %s, 0.25)",
            [region, status, latency],
        )
    row = one(connection, "gpt-4o-mini", "openai")
    assert (row["health_status"], row["avg_latency_ms"], row["error_rate"]) == (*best, Decimal("0.25"))


def test_a_provider_that_was_never_looked_at_is_of_unknown_health(connection: Connection) -> None:
    connection.execute("DELETE FROM provider_health WHERE provider_id = 'openai'")
    row = one(connection, "gpt-4o-mini", "openai")
    assert (row["health_status"], row["avg_latency_ms"]) == ("unknown", None)
