-- Refuses what is in no vocabulary, naming what is allowed: a misspelled task must not look like "no model".
CREATE FUNCTION check_selection(
    p_task text, p_modalities text[], p_tenant_tier integer, p_hosting text, p_min_context_window integer
) RETURNS void
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    tasks CONSTANT text[] := task_names();
    modalities CONSTANT text[] := modality_names();
BEGIN
    IF p_task IS NULL OR p_task <> ALL (tasks) THEN
        RAISE EXCEPTION 'unknown task %; expected one of %', quote_nullable(p_task), array_to_string(tasks, ', ')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF NOT p_modalities <@ modalities THEN
        RAISE EXCEPTION 'unknown modality in %; expected among %', p_modalities, array_to_string(modalities, ', ')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF p_tenant_tier IS NULL OR p_tenant_tier NOT BETWEEN 1 AND 5 THEN
        RAISE EXCEPTION 'tenant tier % is outside 1 to 5', coalesce(p_tenant_tier::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF p_hosting NOT IN ('any', 'external', 'self_hosted') THEN
        RAISE EXCEPTION 'unknown hosting %; expected one of any, external, self_hosted', quote_literal(p_hosting)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF p_min_context_window < 0 THEN
        RAISE EXCEPTION 'a context window of % tokens cannot be asked for; expected 0 or more', p_min_context_window
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
END $$;
COMMENT ON FUNCTION check_selection(text, text[], integer, text, integer) IS 'Raises invalid_parameter_value for a demand that is in no vocabulary.';
