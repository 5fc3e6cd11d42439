"""What `select_model()` costs: two indexes walked, and a few rows read."""

import json
import re
from typing import Any

import pytest

from tests.sql.selecting import Connection, names

# What it costs

MANY = 100_000

#: Models about to retire.
LEAVING = MANY // 997

#: Models that were measured themselves.
MEASURED = MANY // 331


PARAMETERS = {
    "p_task": "text",
    "inputs": "text[]",
    "outputs": "text[]",
    "wanted": "text[]",
    "wanted_window": "integer",
    "hosting": "text",
    "compliant": "text[]",
    "p_tenant_tier": "integer",
    "commercial": "boolean",
    "excluded": "text[]",
    "allowed": "text[]",
    "banned": "text[]",
    "preferred": "text[]",
    "classes": "text[]",
    "p_max_input_cost_per_1k": "numeric",
    "most_output_cost": "numeric",
    "p_max_latency_ms": "numeric",
    "tokens_in": "bigint",
    "tokens_out": "bigint",
    "unknown_window": "bigint",
    "further": "boolean",
    "own": "boolean",
    "own_unmeasured": "boolean",
    "today": "date",
    "notice": "date",
    "few_external": "uuid[]",
    "few_own": "uuid[]",
    "few_cold": "boolean",
}

PLAIN = (
    "'chat', '{text}', '{text}', '{}', 0, 'any', '{}', 3, false, NULL, NULL, '{}', '{}', NULL, NULL, NULL, NULL,"
    " 0, 0, 1000, false, true, true, current_date, current_date + 30, NULL, NULL, true"
)
#: With everything demanded that the few models read meet.
DEMANDING = (
    "'chat', '{text}', '{text}', '{}', 0, 'any', '{}', 3, true, '{nosuch}', NULL, '{mistral}', '{p1}', NULL, NULL,"
    " NULL, NULL, 10, 10, 1000, true, true, true, current_date, current_date + 30, NULL, NULL, true"
)


def crowd(connection: Connection) -> None:
    """A hundred thousand models of thirty providers, half of them for chat; a hundred are about to retire, and three
    hundred were measured themselves."""
    connection.execute("INSERT INTO providers (id, display_name) SELECT 'p' || n, 'P' FROM generate_series(1, 30) n")
    connection.execute(
        """
        INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, input_modalities,
                            output_modalities, context_window, pricing_type, cost_per_request, retires)
        SELECT 'p' || (1 + n %% 30), 'm' || n, 'm', 'M', CASE n / 30 %% 2 WHEN 0 THEN 'chat' ELSE 'embedding' END,
               '{text}', '{text}', 1000, 'per_request', (n * 7919) %% 100003 / 1000.0,
               CASE n %% 997 WHEN 0 THEN current_date + 10 WHEN 1 THEN current_date + 400 END
          FROM generate_series(1, %s) n
        """,
        [MANY],
    )
    connection.execute(
        "INSERT INTO model_health (provider_id, model_id)"
        " SELECT 'p' || (1 + n %% 30), 'm' || n FROM generate_series(331, %s, 331) n",
        [MANY],
    )
    connection.execute("ANALYZE models, model_health")


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in nodes(child))]


def filters(plan: dict[str, Any]) -> list[str]:
    return [node["Filter"] for node in nodes(plan) if "Filter" in node]


def read(node: dict[str, Any]) -> float:
    """The rows that a node looked at."""
    rows: float = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return rows


def body(connection: Connection) -> str:
    """The one query of select_model(), with its variables as parameters."""
    row = connection.execute("SELECT prosrc FROM pg_proc WHERE proname = 'select_model'").fetchone()
    assert row is not None
    found = re.search(r"RETURN QUERY\s+(WITH .*?);\s*IF NOT FOUND", row["prosrc"], re.DOTALL)
    assert found is not None
    text = re.sub(r"--.*", "", found[1])
    for number, name in enumerate(PARAMETERS, 1):
        text = re.sub(rf"\b{name}\b(?!')", f"${number}", text)
    return text


def counters(connection: Connection) -> dict[str, int]:
    row = connection.execute(
        "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'models'"
    ).fetchone()
    return dict(row or {})


@pytest.mark.long
@pytest.mark.parametrize("arguments", [PLAIN, DEMANDING], ids=["plain", "demanding"])
def test_among_a_hundred_thousand_models_it_walks_three_indexes_and_reads_a_few_rows(
    registry: Connection, arguments: str
) -> None:
    crowd(registry)
    cheapest = registry.execute(
        "SELECT model_id FROM models WHERE primary_mode = 'chat'"
        ' ORDER BY ranking_price, model_id COLLATE "C" LIMIT 10'
    ).fetchall()
    before = counters(registry)
    for _ in range(8):  # from the sixth call on PostgreSQL may take one plan for all
        assert names(registry) == [row["model_id"] for row in cheapest]
    after = counters(registry)
    assert after["seq_scan"] == before["seq_scan"]
    assert after["idx_tup_fetch"] - before["idx_tup_fetch"] <= 8 * (30 * 11 + LEAVING + MEASURED)

    registry.execute("SET LOCAL enable_bitmapscan = off")  # as the function itself does
    registry.execute(f"PREPARE chosen ({', '.join(PARAMETERS.values())}) AS {body(registry)}".encode())
    for mode in ("force_custom_plan", "force_generic_plan"):
        registry.execute(f"SET LOCAL plan_cache_mode = {mode}".encode())
        explained = registry.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE chosen ({arguments})".encode()).fetchone()
        assert explained is not None
        plan = next(iter(explained.values()))[0]["Plan"]
        on_models = [node for node in nodes(plan) if node.get("Relation Name") == "models"]
        by_id = [node for node in on_models if node.get("Index Name") == "models_pkey"]  # of a rare capability only
        assert not any(map(read, by_id))
        walked = {node.get("Index Name") for node in on_models if node not in by_id}
        assert walked == {
            "models_in_selection_order",
            "models_by_retirement",
            "one_model_per_provider_and_id",
        }, json.dumps(plan)
        assert sum(map(read, on_models)) < 30 * 12 + LEAVING + MEASURED
        left_out = [line for line in filters(plan) if "measured" in line or "SubPlan" in line]
        assert left_out and all("hashed SubPlan" in line for line in left_out), left_out


@pytest.mark.long
@pytest.mark.parametrize("analyzed", [False, True], ids=["never analyzed", "analyzed"])
def test_of_a_capability_that_hardly_any_model_has_only_those_are_looked_at(
    registry: Connection, analyzed: bool
) -> None:
    crowd(registry)
    registry.execute("UPDATE models SET capabilities = '{vision}'")
    registry.execute("UPDATE models SET capabilities = '{vision,reasoning}' WHERE substr(model_id, 2)::int % 1000 = 30")
    if analyzed:
        registry.execute("ANALYZE models")
    expected = registry.execute(
        "SELECT model_id FROM models WHERE primary_mode = 'chat' AND capabilities @> '{reasoning}'"
        ' ORDER BY ranking_price, model_id COLLATE "C" LIMIT 10'
    ).fetchall()
    assert expected
    before = counters(registry)
    for _ in range(8):
        assert names(registry, p_required_capabilities=["reasoning"]) == [row["model_id"] for row in expected]
    after = counters(registry)
    assert after["seq_scan"] == before["seq_scan"]
    rare = MANY // 1000
    assert after["idx_tup_fetch"] - before["idx_tup_fetch"] <= 8 * (4 * rare + LEAVING + MEASURED)


@pytest.mark.long
def test_of_a_capability_that_many_have_the_cheapest_are_walked(registry: Connection) -> None:
    crowd(registry)
    registry.execute(
        "UPDATE models SET capabilities = CASE WHEN substr(model_id, 2)::int % 2 = 0 THEN '{vision}'::text[]"
        " ELSE '{}' END"
    )
    registry.execute("ANALYZE models")
    found = registry.execute("SELECT are_common('{vision}') AS common, are_common('{vision,ocr}') AS rare").fetchone()
    assert found == {"common": True, "rare": False}
    many = registry.execute("SELECT external, own FROM few_with('{vision}')").fetchone()
    assert many == {"external": None, "own": []}


def test_where_few_of_ones_own_can_be_brought_up_those_that_are_off_are_not_walked(registry: Connection) -> None:
    registry.execute(
        """
        INSERT INTO self_hosted_models (model_id, name, display_name, category, primary_mode, input_modalities,
                                        output_modalities, hourly_rate, min_tier)
        SELECT 'own-' || n, 'n', 'N', 'llm', 'chat', '{text}', '{text}', n, 1 FROM generate_series(1, 4000) n
        """
    )
    registry.execute("UPDATE thermal_states SET current_state = 'COLD' WHERE model_id LIKE 'own-399_'")
    registry.execute("ANALYZE self_hosted_models, thermal_states")
    own = "SELECT seq_scan, idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'self_hosted_models'"
    before = registry.execute(own).fetchone() or {}
    for _ in range(8):
        assert names(registry) == [f"own-399{n}" for n in range(10)]
    after = registry.execute(own).fetchone() or {}
    assert after["seq_scan"] == before["seq_scan"]
    assert after["idx_tup_fetch"] - before["idx_tup_fetch"] <= 8 * 50
