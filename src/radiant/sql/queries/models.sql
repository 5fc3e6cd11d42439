-- known_values --
-- The categories, providers and capabilities that models have now.
SELECT array_agg(DISTINCT category ORDER BY category) AS category,
       array_agg(DISTINCT provider_id ORDER BY provider_id) AS provider,
       (SELECT array_agg(DISTINCT c ORDER BY c) FROM unified_model_registry, unnest(capabilities) c) AS capabilities
  FROM unified_model_registry
