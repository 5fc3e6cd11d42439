-- alone --
SELECT pg_advisory_xact_lock(%(lock)s)

-- as_service --
SET LOCAL radiant.writer = 'service'

-- keys_of_origin --
-- The external models that came into the registry one of these ways.
SELECT provider_id, model_id FROM models WHERE origin = ANY(%(origins)s)

-- provider_ids --
SELECT id FROM providers

-- litellm_prefixes --
SELECT id, litellm_prefix FROM providers WHERE litellm_prefix IS NOT NULL

-- overridden --
-- Per subject, the fields an administrator decided.
SELECT subject, array_agg(field) AS fields FROM overrides WHERE starts_with(subject, %(prefix)s) GROUP BY subject
