"""The SQL surface people rely on: columns and types, defaults, the signature of `select_model()`."""

from decimal import Decimal

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

#: What came after the agreed ones, all of it optional.
SELECT_MODEL_FURTHER = (
    "p_exclude text[] DEFAULT '{}'::text[], p_only_providers text[] DEFAULT '{}'::text[], "
    "p_exclude_providers text[] DEFAULT '{}'::text[], p_min_class text DEFAULT NULL::text, "
    "p_max_input_cost_per_1k numeric DEFAULT NULL::numeric, p_max_output_cost_per_1k numeric DEFAULT NULL::numeric, "
    "p_require_commercial_use boolean DEFAULT false, p_prefer_providers text[] DEFAULT '{}'::text[], "
    "p_max_latency_ms numeric DEFAULT NULL::numeric, p_input_tokens bigint DEFAULT NULL::bigint, "
    "p_output_tokens bigint DEFAULT NULL::bigint"
)


SELECT_MODEL_ANSWER = (
    "TABLE(model_id text, display_name text, hosting_type text, provider_name text, primary_mode text, "
    "thermal_state text, warmup_required boolean, warmup_time_seconds integer, health_status text)"
)
