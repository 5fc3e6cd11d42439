"""A registry of any size: rows of plausible spread, made inside PostgreSQL."""

PROVIDERS = 30

#: Three of four models are external, and three of four of all are for chat; prices, windows and capabilities vary.
#: Of the self-hosted ones, one in 250 is up.
STATEMENTS = """
    SELECT set_config('radiant.writer', 'service', true);
    INSERT INTO providers (id, display_name, compliance)
    SELECT 'p' || n, 'Provider ' || n, CASE WHEN n %% 3 = 0 THEN ARRAY['HIPAA'] ELSE '{}' END
      FROM generate_series(1, %(providers)s) n;
    UPDATE provider_health
       SET status = CASE WHEN substr(provider_id, 2)::int %% 7 = 0 THEN 'degraded' ELSE 'healthy' END,
           avg_latency_ms = 100 + substr(provider_id, 2)::int * 37 %% 900;
    INSERT INTO models (provider_id, model_id, name, display_name, primary_mode, capabilities, input_modalities,
                        output_modalities, context_window, pricing_type, input_cost_per_1k, output_cost_per_1k)
    SELECT 'p' || (1 + n %% %(providers)s), 'model-' || n, 'model-' || n, 'Model ' || n,
           CASE WHEN n %% 4 = 0 THEN 'embedding' ELSE 'chat' END,
           CASE WHEN n %% 2 = 0 THEN ARRAY['function_calling', 'vision'] ELSE ARRAY['function_calling'] END
               || CASE WHEN n %% 1000 = 1 THEN ARRAY['computer_use'] ELSE '{}' END,
           CASE WHEN n %% 2 = 0 THEN ARRAY['text', 'image'] ELSE ARRAY['text'] END, ARRAY['text'],
           8192 * (1 + n %% 32), 'per_token', (n * 7919 %% 1000) / 100000.0, (n * 7919 %% 1000) / 20000.0
      FROM generate_series(1, %(external)s) n;
    INSERT INTO self_hosted_models (model_id, name, display_name, category, primary_mode, capabilities,
                                    input_modalities, output_modalities, context_window, hourly_rate)
    SELECT 'own-' || n, 'own-' || n, 'Own ' || n, 'llm', CASE WHEN n %% 4 = 0 THEN 'embedding' ELSE 'chat' END,
           ARRAY['function_calling'] || CASE WHEN n %% 1000 = 1 THEN ARRAY['computer_use'] ELSE '{}' END,
           ARRAY['text'], ARRAY['text'], 8192 * (1 + n %% 16), 1 + n %% 40
      FROM generate_series(1, %(own)s) n;
    UPDATE thermal_states SET current_state = CASE WHEN substr(model_id, 5)::int %% 250 <> 0 THEN 'COLD'
                                                   WHEN substr(model_id, 5)::int %% 500 = 0 THEN 'HOT' ELSE 'WARM' END;
""".strip().split(";\n")


def sizes(models: int) -> dict[str, int]:
    """The parameters of `STATEMENTS` for a registry of `models` rows."""
    external = models * 3 // 4
    return {"providers": PROVIDERS, "external": external, "own": models - external}
