-- every --
-- What each model is called, in the order in which names are looked up.
SELECT id, provider_id, model_id, litellm_id, aliases FROM unified_model_registry ORDER BY model_id, provider_id

-- providers --
SELECT id FROM providers

-- spoken_of --
SELECT id FROM providers UNION SELECT DISTINCT provider_id FROM facts WHERE provider_id IS NOT NULL
