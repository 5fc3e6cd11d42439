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

-- The same for what is asked of providers, classes, prices and tokens.
CREATE FUNCTION check_demands(
    p_providers text[], p_min_class text, p_limits numeric[], p_tokens bigint[]
) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    known CONSTANT text[] := ARRAY(SELECT id::text FROM providers ORDER BY id);
    wrong text;
BEGIN
    IF NOT p_providers <@ known THEN
        SELECT it INTO wrong FROM unnest(p_providers) AS it WHERE (it = ANY (known)) IS NOT TRUE LIMIT 1;
        RAISE EXCEPTION 'unknown provider %; %', quote_nullable(wrong), name_meant(wrong, known)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF p_min_class <> ALL (class_names()) THEN
        RAISE EXCEPTION 'unknown class %; expected one of %', quote_literal(p_min_class),
            array_to_string(class_names(), ', ') USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR wrong IN SELECT it FROM unnest(p_limits) AS it WHERE it NOT BETWEEN 0 AND 1e12 LOOP
        RAISE EXCEPTION 'a limit of % cannot be asked for; expected a number from 0 to 1,000,000,000,000', wrong
            USING ERRCODE = 'invalid_parameter_value';
    END LOOP;
    FOR wrong IN SELECT it FROM unnest(p_tokens) AS it WHERE it NOT BETWEEN 0 AND 1000000000000 LOOP
        RAISE EXCEPTION '% tokens cannot be asked for; expected 0 to 1,000,000,000,000', wrong
            USING ERRCODE = 'invalid_parameter_value';
    END LOOP;
END $$;
COMMENT ON FUNCTION check_demands(text[], text, numeric[], bigint[]) IS 'Raises invalid_parameter_value for a provider or a class that there is not, and for a limit that is none.';

-- A capability that nobody tells, and that nothing in the registry has, enabled or not, is taken for a misspelled one. Looked
-- at only where nothing was found: whatever is found has every capability that was asked for.
CREATE FUNCTION check_capabilities(p_capabilities text[]) RETURNS void
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    known text[] := capability_names();
    wrong text;
BEGIN
    IF NOT p_capabilities <@ known THEN
        known := ARRAY(SELECT unnest(known) AS name UNION SELECT unnest(capabilities) FROM models
                        UNION SELECT unnest(capabilities) FROM self_hosted_models ORDER BY name);
    END IF;
    IF NOT p_capabilities <@ known THEN
        SELECT it INTO wrong FROM unnest(p_capabilities) AS it WHERE (it = ANY (known)) IS NOT TRUE LIMIT 1;
        RAISE EXCEPTION 'unknown capability %; %', quote_nullable(wrong), name_meant(wrong, known)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
END $$;
COMMENT ON FUNCTION check_capabilities(text[]) IS 'Raises invalid_parameter_value for a capability that is unknown.';
