-- What a model is called, wherever one is named: by its id, with its provider before it, by LiteLLM's id, by the id of its
-- row, and by its aliases. Python has the same list; a test holds the two equal.
CREATE FUNCTION model_names(m models) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ARRAY[m.model_id, m.provider_id || '/' || m.model_id, m.litellm_id, m.id::text] || m.aliases;
$$;
COMMENT ON FUNCTION model_names(models) IS 'Every name that an external model is known by.';

CREATE FUNCTION self_hosted_names(s self_hosted_models) RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT ARRAY[s.model_id::text, 'self_hosted/' || s.model_id, s.id::text] || self_hosted_litellm_ids(s);
$$;
COMMENT ON FUNCTION self_hosted_names(self_hosted_models) IS 'Every name that a self-hosted model is known by.';

CREATE FUNCTION is_model_name(called text) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT EXISTS (SELECT FROM models m WHERE model_names(m) @> ARRAY[called])
        OR EXISTS (SELECT FROM self_hosted_models s WHERE self_hosted_names(s) @> ARRAY[called]);
$$;
COMMENT ON FUNCTION is_model_name(text) IS 'Whether a model of the registry, enabled or not, is known by this name.';
