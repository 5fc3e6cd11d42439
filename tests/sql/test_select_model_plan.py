"""What `select_model()` costs: one index walked, and a few rows read."""

import json
import re
from typing import Any

from tests.sql.selecting import Connection, names

# What it costs

MANY = 100_000


PARAMETERS = {
    "p_task": "text",
    "inputs": "text[]",
    "outputs": "text[]",
    "wanted": "text[]",
    "wanted_window": "integer",
    "hosting": "text",
    "compliant": "text[]",
    "p_tenant_tier": "integer",
}


ARGUMENTS = "'chat', '{text}', '{text}', '{}', 0, 'any', '{}', 3"


def crowd(connection: Connection) -> None:
    """A hundred thousand models of thirty providers, half of them for chat."""
    connection.execute("INSERT INTO providers (id, display_name) SELECT 'p' || n, 'P' FROM generate_series(1, 30) n")
    connection.execute(
        """
        INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, input_modalities,
                            output_modalities, context_window, pricing_type, cost_per_request)
        SELECT 'p' || (1 + n %% 30), 'm' || n, 'm', 'M', CASE n / 30 %% 2 WHEN 0 THEN 'chat' ELSE 'embedding' END,
               '{text}', '{text}', 1000, 'per_request', (n * 7919) %% 100003 / 1000.0
          FROM generate_series(1, %s) n
        """,
        [MANY],
    )
    connection.execute("ANALYZE models")


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in nodes(child))]


def body(connection: Connection) -> str:
    """The one query of select_model(), with its variables as parameters."""
    row = connection.execute("SELECT prosrc FROM pg_proc WHERE proname = 'select_model'").fetchone()
    assert row is not None
    found = re.search(r"RETURN QUERY\s+(SELECT .*?);\s*END", row["prosrc"], re.DOTALL)
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


def test_among_a_hundred_thousand_models_it_walks_one_index_and_reads_a_few_rows(registry: Connection) -> None:
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
    assert after["idx_tup_fetch"] - before["idx_tup_fetch"] <= 8 * 30 * 10

    registry.execute("SET LOCAL enable_bitmapscan = off")  # as the function itself does
    registry.execute(f"PREPARE chosen ({', '.join(PARAMETERS.values())}) AS {body(registry)}".encode())
    for mode in ("force_custom_plan", "force_generic_plan"):
        registry.execute(f"SET LOCAL plan_cache_mode = {mode}".encode())
        explained = registry.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE chosen ({ARGUMENTS})".encode()).fetchone()
        assert explained is not None
        plan = next(iter(explained.values()))[0]["Plan"]
        on_models = [node for node in nodes(plan) if node.get("Relation Name") == "models"]
        assert [node.get("Index Name") for node in on_models] == ["models_in_selection_order"], json.dumps(plan)
        read = sum(
            (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in on_models
        )
        assert read < 30 * 12
