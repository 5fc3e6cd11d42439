-- models --
SELECT DISTINCT model_id AS it FROM unified_model_registry WHERE model_id LIKE %(pattern)s ORDER BY it LIMIT 500

-- providers --
SELECT DISTINCT provider_id AS it FROM unified_model_registry WHERE provider_id LIKE %(pattern)s ORDER BY it LIMIT 500

-- capabilities --
SELECT DISTINCT it FROM unified_model_registry, unnest(capabilities) it WHERE it LIKE %(pattern)s ORDER BY it LIMIT 500
