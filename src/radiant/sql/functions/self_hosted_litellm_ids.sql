-- What LiteLLM calls a self-hosted model: at its usual runtime, and at each of its endpoints. Names its schema, because
-- a materialized view is filled with none.
CREATE FUNCTION self_hosted_litellm_ids(s self_hosted_models) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
    SELECT ARRAY(SELECT s.litellm_prefix || '/' || s.model_id
                 UNION SELECT endpoint_litellm_id(e.runtime, e.name) FROM endpoints e
                        WHERE e.model_id = s.model_id AND e.enabled AND endpoint_litellm_id(e.runtime, e.name) IS NOT NULL
                 ORDER BY 1);
$$;
COMMENT ON FUNCTION self_hosted_litellm_ids(self_hosted_models) IS 'What LiteLLM calls a self-hosted model, by order of the alphabet.';
