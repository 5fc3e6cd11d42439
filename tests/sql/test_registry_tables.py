"""The SQL surface people rely on: columns and types, rules that always hold, and what triggers keep."""

from decimal import Decimal

import pytest

from radiant.domain import units, vocabulary
from radiant.domain.registry_model import RegistryModel
from tests.sql.rows import Connection, external, self_hosted

WHEN = "timestamp with time zone"
TEXTS = "text[]"

COLUMNS: dict[str, dict[str, str]] = {
    "schema_migrations": {"version": "text", "name": "text", "applied_by": "text", "applied_at": WHEN},
    "providers": {
        "id": "character varying(50)",
        "display_name": "text",
        "api_base_url": "text",
        "compliance": TEXTS,
        "enabled": "boolean",
        "created_at": WHEN,
        "updated_at": WHEN,
    },
    "models": {
        "id": "uuid",
        "provider_id": "character varying(50)",
        "model_id": "text",
        "litellm_id": "text",
        "name": "text",
        "display_name": "text",
        "description": "text",
        "category": "text",
        "capabilities": TEXTS,
        "input_modalities": TEXTS,
        "output_modalities": TEXTS,
        "context_window": "integer",
        "max_output": "integer",
        "pricing_type": "text",
        "input_cost_per_1k": "usd",
        "output_cost_per_1k": "usd",
        "cost_per_request": "usd",
        "cost_per_second": "usd",
        "cost_per_image": "usd",
        "cost_per_minute": "usd",
        "markup_rate": "numeric(8,4)",
        "enabled": "boolean",
        "deprecated": "boolean",
        "created_at": WHEN,
        "updated_at": WHEN,
    },
    "self_hosted_models": {
        "id": "uuid",
        "model_id": "character varying(100)",
        "name": "text",
        "display_name": "text",
        "description": "text",
        "category": "text",
        "specialty": "text",
        "capabilities": TEXTS,
        "input_modalities": TEXTS,
        "output_modalities": TEXTS,
        "primary_mode": "text",
        "sagemaker_image": "text",
        "instance_type": "text",
        "gpu_memory_gb": "integer",
        "environment": "jsonb",
        "model_data_url": "text",
        "parameters": "bigint",
        "accuracy": "numeric",
        "benchmark": "text",
        "context_window": "integer",
        "max_output": "integer",
        "input_formats": TEXTS,
        "output_formats": TEXTS,
        "license": "text",
        "license_url": "text",
        "commercial_use_allowed": "boolean",
        "commercial_use_notes": "text",
        "attribution_required": "boolean",
        "hourly_rate": "numeric(10,4)",
        "per_request": "usd",
        "per_image": "usd",
        "per_minute_audio": "usd",
        "per_minute_video": "usd",
        "per_3d_model": "usd",
        "markup_percent": "numeric(6,2)",
        "min_tier": "smallint",
        "default_thermal_state": "text",
        "warmup_time_seconds": "integer",
        "scale_to_zero_minutes": "integer",
        "min_instances": "integer",
        "max_instances": "integer",
        "status": "text",
        "enabled": "boolean",
        "deprecated": "boolean",
        "created_at": WHEN,
        "updated_at": WHEN,
    },
    "thermal_states": {
        "model_id": "character varying(100)",
        "current_state": "text",
        "target_state": "text",
        "is_transitioning": "boolean",
        "instance_count": "integer",
        "last_activity": WHEN,
        "last_state_change": WHEN,
        "error_message": "text",
        "updated_at": WHEN,
        "updated_by": "text",
    },
    "provider_health": {
        "provider_id": "character varying(50)",
        "region": "text",
        "status": "text",
        "avg_latency_ms": "numeric(12,3)",
        "p95_latency_ms": "numeric(12,3)",
        "p99_latency_ms": "numeric(12,3)",
        "error_rate": "numeric(6,5)",
        "success_rate": "numeric(6,5)",
        "last_check_at": WHEN,
        "last_success_at": WHEN,
        "last_failure_at": WHEN,
        "last_error": "text",
        "created_at": WHEN,
        "updated_at": WHEN,
    },
    "registry_sync_log": {
        "id": "uuid",
        "sync_type": "text",
        "providers_updated": "integer",
        "models_added": "integer",
        "models_updated": "integer",
        "models_deprecated": "integer",
        "errors": TEXTS,
        "started_at": WHEN,
        "completed_at": WHEN,
        "duration_ms": "integer",
        "status": "text",
        "error_message": "text",
    },
    "default_models": {"task": "text", "model_id": "text", "updated_at": WHEN},
}

VIEW = {
    "id": "text",
    "provider_id": "text",
    "provider_name": "text",
    "model_id": "text",
    "litellm_id": "text",
    "name": "text",
    "display_name": "text",
    "description": "text",
    "hosting_type": "text",
    "category": "text",
    "capabilities": TEXTS,
    "input_modalities": TEXTS,
    "output_modalities": TEXTS,
    "primary_mode": "text",
    "context_window": "integer",
    "max_output": "integer",
    "pricing_type": "text",
    "input_cost_per_1k": "numeric",
    "output_cost_per_1k": "numeric",
    "cost_per_request": "numeric",
    "cost_per_second": "numeric",
    "cost_per_image": "numeric",
    "cost_per_minute": "numeric",
    "markup_rate": "numeric",
    "instance_type": "text",
    "gpu_memory_gb": "integer",
    "thermal_state": "text",
    "is_transitioning": "boolean",
    "warmup_time_seconds": "integer",
    "enabled": "boolean",
    "deprecated": "boolean",
    "health_status": "text",
    "avg_latency_ms": "numeric",
    "error_rate": "numeric",
    "compliance": TEXTS,
    "license": "text",
    "commercial_use_allowed": "boolean",
    "min_tier": "integer",
    "created_at": WHEN,
    "updated_at": WHEN,
}

SELF_HOSTED_DEFAULTS = {
    "primary_mode": "inference",
    "markup_percent": Decimal("75.00"),
    "min_tier": 3,
    "default_thermal_state": "COLD",
    "warmup_time_seconds": 60,
    "scale_to_zero_minutes": 15,
    "min_instances": 0,
    "max_instances": 3,
    "status": "active",
    "enabled": True,
    "deprecated": False,
}

SELECT_MODEL_ARGUMENTS = (
    "p_task text, p_input_modalities text[], p_output_modalities text[], p_tenant_tier integer, "
    "p_prefer_hosting text DEFAULT 'any'::text, p_required_capabilities text[] DEFAULT '{}'::text[], "
    "p_min_context_window integer DEFAULT NULL::integer, p_require_hipaa boolean DEFAULT false"
)
SELECT_MODEL_ANSWER = (
    "TABLE(model_id text, display_name text, hosting_type text, provider_name text, primary_mode text, "
    "thermal_state text, warmup_required boolean, warmup_time_seconds integer, health_status text)"
)


def columns(connection: Connection, relation: str) -> dict[str, str]:
    rows = connection.execute(
        "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
        " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        [relation],
    ).fetchall()
    return {row["attname"]: row["type"] for row in rows}


# What there is


@pytest.mark.parametrize("table", COLUMNS)
def test_a_table_has_the_columns_people_rely_on(connection: Connection, table: str) -> None:
    found = columns(connection, table)
    assert {name: found.get(name) for name in COLUMNS[table]} == COLUMNS[table]


def test_the_unified_view_begins_with_the_agreed_columns_in_their_order(connection: Connection) -> None:
    found = columns(connection, "unified_model_registry")
    assert list(found.items())[: len(VIEW)] == list(VIEW.items())
    assert tuple(found) == RegistryModel.__struct_encode_fields__


def test_the_named_objects_are_of_the_agreed_kind(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT relname, relkind::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relname IN ('unified_model_registry', 'unified_model_stats', 'providers') ORDER BY relname"
    ).fetchall()
    assert [(row["relname"], row["relkind"]) for row in rows] == [
        ("providers", "r"),
        ("unified_model_registry", "v"),
        ("unified_model_stats", "m"),
    ]


def test_select_model_has_the_agreed_signature(connection: Connection) -> None:
    row = connection.execute(
        "SELECT pg_get_function_arguments(oid) AS arguments, pg_get_function_result(oid) AS answer"
        " FROM pg_proc WHERE proname = 'select_model'"
    ).fetchone()
    assert row == {"arguments": SELECT_MODEL_ARGUMENTS, "answer": SELECT_MODEL_ANSWER}


def test_the_registry_is_migration_036_and_its_seed_036a(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT version, name FROM schema_migrations WHERE version LIKE '036%' ORDER BY version"
    ).fetchall()
    assert [(row["version"], row["name"]) for row in rows] == [
        ("036", "unified_model_registry"),
        ("036a", "seed_self_hosted_models"),
    ]


def test_self_hosted_models_are_indexed_where_people_filter(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT pg_get_indexdef(indexrelid, 1, true) AS first FROM pg_index"
        " WHERE indrelid = 'self_hosted_models'::regclass AND indnatts = 1"
    ).fetchall()
    assert {"category", "specialty", "status", "enabled"} <= {row["first"] for row in rows}


def test_a_new_self_hosted_model_has_the_agreed_defaults(connection: Connection) -> None:
    row = self_hosted(connection)
    assert {name: row[name] for name in SELF_HOSTED_DEFAULTS} == SELF_HOSTED_DEFAULTS
    assert external(connection)["markup_rate"] == Decimal("0.40")


def test_every_table_and_view_says_what_it_is(connection: Connection) -> None:
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')"
        " AND obj_description(oid, 'pg_class') IS NULL ORDER BY relname"
    ).fetchall()
    assert [row["relname"] for row in rows] == []


@pytest.mark.parametrize(
    ("constraint", "members"),
    [
        ("self_hosted_category", vocabulary.Category),
        ("thermal_current_state", vocabulary.ThermalState),
        ("thermal_target_state", [*vocabulary.ThermalState, "AUTOMATIC"]),
        ("self_hosted_default_state", vocabulary.ThermalState),
        ("health_status", vocabulary.HealthStatus),
        ("model_pricing_type", [unit for unit in units.PricingType if unit != "per_hour"]),
    ],
)
def test_a_constraint_lists_what_the_vocabulary_lists(
    connection: Connection, constraint: str, members: list[str]
) -> None:
    row = connection.execute(
        "SELECT array_agg(m[1]) AS listed FROM pg_constraint,"
        r" regexp_matches(pg_get_constraintdef(oid), '''([^'']+)''::text', 'g') AS m WHERE conname = %s",
        [constraint],
    ).fetchone()
    assert row and set(row["listed"]) == {str(member) for member in members}


@pytest.mark.parametrize(
    ("function", "members"), [("task_names", vocabulary.Task), ("modality_names", vocabulary.Modality)]
)
def test_tasks_and_modalities_are_those_of_the_vocabulary_in_its_order(
    connection: Connection, function: str, members: list[str]
) -> None:
    assert connection.execute(f"SELECT {function}() AS listed".encode()).fetchone() == {"listed": [*members]}


@pytest.mark.parametrize("constraint", ["model_task", "self_hosted_task", "default_task"])
def test_each_column_of_tasks_takes_the_tasks_of_that_one_list(connection: Connection, constraint: str) -> None:
    row = connection.execute(
        "SELECT pg_get_constraintdef(oid) LIKE '%%= ANY (task_names())%%' AS theirs FROM pg_constraint"
        " WHERE conname = %s",
        [constraint],
    ).fetchone()
    assert row == {"theirs": True}
