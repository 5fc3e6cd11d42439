"""Rows of the registry, as plain as they can be."""

import uuid
from typing import Any, TypeAlias

import psycopg
from psycopg.rows import DictRow

Connection: TypeAlias = psycopg.Connection[DictRow]


def insert(connection: Connection, table: str, **values: Any) -> dict[str, Any]:
    names = ", ".join(values)
    places = ", ".join(["%s"] * len(values))
    row = connection.execute(
        f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING *".encode(), list(values.values())
    ).fetchone()
    assert row is not None
    return row


def external(connection: Connection, **values: Any) -> dict[str, Any]:
    given = {"provider_id": "openai", "model_id": uuid.uuid4().hex, "name": "n", "display_name": "N", **values}
    return insert(connection, "models", **given)


def self_hosted(connection: Connection, **values: Any) -> dict[str, Any]:
    given = {"model_id": uuid.uuid4().hex, "name": "n", "display_name": "N", "category": "vision", **values}
    return insert(connection, "self_hosted_models", **given)


def endpoint(connection: Connection, model_id: str = "sam-2", **values: Any) -> int:
    """An endpoint of a model, which nobody looked at yet; returns its id."""
    given = {"model_id": model_id, "runtime": "vllm", "url": "http://gpu:8000", "name": model_id, **values}
    return int(insert(connection, "endpoints", **given)["id"])


def thermal(connection: Connection, model_id: str) -> dict[str, Any]:
    """The state of a model."""
    row = connection.execute("SELECT * FROM thermal_states WHERE model_id = %s", [model_id]).fetchone()
    assert row is not None
    return row


#: One row for each table that a seed leaves empty.
ROWS = {
    "access_tokens": "INSERT INTO access_tokens (name, role, hash) VALUES ('n', 'admin', sha256('x'))",
    "discovered_models": "INSERT INTO discovered_models (provider_id, model_id, status, family)"
    " VALUES ('openai', 'm', 'pending', 'm')",
    "endpoints": "INSERT INTO endpoints (model_id, runtime, name) VALUES ('llama-3.3-70b', 'ollama', 'llama3.3')",
    # Where triggers are out of the way, no endpoint begins with one.
    "endpoint_states": "INSERT INTO endpoint_states (endpoint_id) SELECT id FROM endpoints ON CONFLICT DO NOTHING",
    "event_dead_letters": """
        WITH told AS (INSERT INTO events (type, data, seq) VALUES ('a.b', '{}', 1000000) RETURNING seq),
             sink AS (INSERT INTO event_sinks (name, kind) VALUES ('s', 'log') RETURNING name)
        SELECT 1""",
    "fact_doubts": "INSERT INTO fact_doubts VALUES ('s', 'e', 'f', 'p', 'm', 'alone', 'why', 0.5)",
    "health_minutes": "INSERT INTO health_minutes (provider_id, region, model_id, minute)"
    " VALUES ('openai', 'global', 'm', now())",
    "fx_rates": "INSERT INTO fx_rates (currency, day, usd, source) VALUES ('EUR', '2026-11-26', 1.08, 'a test')",
    "handovers": "INSERT INTO handovers (model_id, hour) VALUES ('llama-3.3-70b', date_trunc('hour', now()))",
    "model_evidence": "INSERT INTO model_evidence (provider_id, model_id, what) VALUES ('openai', 'm', 'absent')",
    "model_health": "INSERT INTO model_health (provider_id, model_id, resting_because) VALUES ('openai', 'm', 'why')",
    "outcomes_seen": "INSERT INTO outcomes_seen (id) VALUES (gen_random_uuid())",
    "overrides": "INSERT INTO overrides (subject, field) VALUES ('provider:openai', 'enabled')",
    "paid_probes": "INSERT INTO paid_probes (provider_id, model_id, cost_usd) VALUES ('openai', 'm', 0)",
    "prewarm_windows": "INSERT INTO prewarm_windows (model_id, cron, duration_minutes)"
    " VALUES ('llama-3.3-70b', '0 8 * * *', 60)",
    "price_claims": "INSERT INTO price_claims (source, entry, prices) VALUES ('litellm', 'm', '{}')",
    "price_claims_taken": "WITH claim AS (INSERT INTO price_claims (source, entry, prices)"
    " VALUES ('litellm', 'm taken over', '{}') RETURNING id)"
    " INSERT INTO price_claims_taken (claim_id) SELECT id FROM claim",
    "price_items": """
        WITH sheet AS (SELECT append_sheet(price_offer('openai', 'm'), 0::smallint, '[2026-01-01,)',
            '[{"meter": "input_tokens", "amount": 1, "per": 1000000}]', 'test') AS id)
        SELECT id FROM sheet""",
    "price_proposals": "INSERT INTO price_proposals (offer_id, wanted, digest, reasons)"
    " VALUES (price_offer('openai', 'm'), '{}', 'd', '{why}')",
    "closed_periods": "INSERT INTO closed_periods (until, requests, unpriced) VALUES ('2026-01-01', 0, 0)",
    "markups": "SELECT append_markup('blue', NULL, 'openai', NULL, '[2026-01-01,)', 0.2)",
    "probes": "INSERT INTO probes (provider_id) VALUES ('openai')",
    "public_sources": "INSERT INTO public_sources (id) VALUES ('litellm')",
    "ratings": """
        WITH usage AS (
            INSERT INTO usage_records (request_id, told, provider_id, model_id, at, booked_at, quantities)
            VALUES ('r', '\\x00000000000000000000000000000000', 'openai', 'm', now(), now(), '{}') RETURNING id)
        SELECT id FROM usage""",
    "ratings of it": "INSERT INTO ratings (usage_id, run_id, booked_at, state, stored, basis, lines)"
    " SELECT id, 0, now(), 'unpriced', false, 0, '[]' FROM usage_records LIMIT 1",
    "reported_differences": "INSERT INTO reported_differences (provider_id, model_id, day, usage_id)"
    " SELECT provider_id, model_id, current_date, id FROM usage_records LIMIT 1",
    "registry_sync_log": "INSERT INTO registry_sync_log (sync_type) VALUES ('full')",
    "review_rules": "INSERT INTO review_rules (pattern) VALUES ('m*')",
    "source_results": "INSERT INTO source_results (run_id, source, outcome)"
    " SELECT id, 'litellm', 'failed' FROM registry_sync_log LIMIT 1",
    "status_changes": "INSERT INTO status_changes (provider_id, region, status) VALUES ('openai', 'global', 'healthy')",
    "status_pages": "INSERT INTO status_pages (provider_id, at) VALUES ('openai', now())",
    "sync_results": "INSERT INTO sync_results (run_id, provider_id) SELECT id, 'openai' FROM registry_sync_log LIMIT 1",
    "thermal_history": "INSERT INTO thermal_history (model_id, state) VALUES ('llama-3.3-70b', 'COLD')"
    " ON CONFLICT DO NOTHING",
    "told": "INSERT INTO event_dead_letters (sink, seq, error) VALUES ('s', 1000000, 'e')",
    "warmups": "INSERT INTO warmups (endpoint_id, model_id) SELECT id, model_id FROM endpoints LIMIT 1",
    "warmup_demands": "INSERT INTO warmup_demands (model_id, until) VALUES ('llama-3.3-70b', now() + '1 h')",
}


def filled(connection: Connection) -> None:
    """Let no table of a seeded registry be empty."""
    for statement in ROWS.values():
        connection.execute(statement.encode())
