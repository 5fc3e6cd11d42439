-- Up to ten models that can serve a request, best first, in the order of the profile ready-first: readiness (HOT,
-- WARM, external, COLD), measured latency, health, price, id. The selector in Python answers the same from memory.
--
-- Each provider is asked for its ten cheapest eligible models, which an index holds in that order; latency and health
-- are the same for all models of a provider, so the best ten overall are among them. The conditions no
-- index answers stand in a CASE: taken bare, the planner expects them to leave next to nothing, and sorts everything.
CREATE FUNCTION select_model(
    p_task text,
    p_input_modalities text[],
    p_output_modalities text[],
    p_tenant_tier integer,
    p_prefer_hosting text DEFAULT 'any',
    p_required_capabilities text[] DEFAULT '{}',
    p_min_context_window integer DEFAULT NULL,
    p_require_hipaa boolean DEFAULT false
) RETURNS TABLE (
    model_id text,
    display_name text,
    hosting_type text,
    provider_name text,
    primary_mode text,
    thermal_state text,
    warmup_required boolean,
    warmup_time_seconds integer,
    health_status text
)
    LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
    SET enable_bitmapscan = off AS $$
#variable_conflict use_column
DECLARE
    inputs text[] := coalesce(p_input_modalities, '{}');
    outputs text[] := coalesce(p_output_modalities, '{}');
    wanted text[] := coalesce(p_required_capabilities, '{}');
    wanted_window integer := coalesce(p_min_context_window, -1);  -- an unknown window counts as -1
    hosting text := coalesce(p_prefer_hosting, 'any');
    compliant text[] := CASE WHEN p_require_hipaa THEN ARRAY['HIPAA'] ELSE ARRAY[]::text[] END;
BEGIN
    PERFORM check_selection(p_task, inputs || outputs, p_tenant_tier, hosting, p_min_context_window);
    RETURN QUERY
    SELECT c.model_id, c.display_name, c.hosting_type, c.provider_name, p_task, c.thermal_state,
           c.readiness = 3, CASE WHEN c.readiness = 3 THEN c.warmup ELSE 0 END, c.health
      FROM (
        SELECT m.model_id, m.display_name, 'external' AS hosting_type, p.display_name AS provider_name,
               NULL::text AS thermal_state, 2 AS readiness, 0 AS warmup, coalesce(h.status, 'unknown') AS health,
               h.avg_latency_ms AS latency, m.ranking_price AS price, p.id::text AS provider_id
          FROM providers p
          LEFT JOIN provider_health_now h ON h.provider_id = p.id
         CROSS JOIN LATERAL (
            SELECT o.model_id, o.display_name, o.ranking_price
              FROM models o
             WHERE o.provider_id = p.id AND o.primary_mode = p_task AND o.enabled AND NOT o.deprecated
               AND o.min_tier <= p_tenant_tier AND coalesce(o.context_window, -1) >= wanted_window
               AND CASE WHEN o.input_modalities @> inputs AND o.output_modalities @> outputs
                         AND o.capabilities @> wanted AND (o.retires > (now() AT TIME ZONE 'UTC')::date) IS NOT FALSE THEN true END
             ORDER BY o.ranking_price, o.model_id COLLATE "C"
             LIMIT 10
         ) m
         WHERE hosting IN ('any', 'external')
           AND p.enabled AND p.compliance @> compliant
           AND coalesce(h.status, 'unknown') <> 'unhealthy'
        UNION ALL
        (SELECT s.model_id, s.display_name, 'self_hosted', p.display_name,
                t.current_state, CASE t.current_state WHEN 'HOT' THEN 0 ELSE 1 END, 0, 'healthy',
                NULL, s.ranking_price, p.id
           FROM thermal_states t
           JOIN self_hosted_models s ON s.model_id = t.model_id
           JOIN providers p ON p.id = 'self_hosted' AND p.enabled AND p.compliance @> compliant
          WHERE hosting IN ('any', 'self_hosted') AND t.current_state IN ('HOT', 'WARM')
            AND s.primary_mode = p_task AND s.enabled AND NOT s.deprecated
            AND s.min_tier <= p_tenant_tier AND coalesce(s.context_window, -1) >= wanted_window
            AND CASE WHEN s.input_modalities @> inputs AND s.output_modalities @> outputs
                      AND s.capabilities @> wanted THEN true END
          ORDER BY 6, s.ranking_price, s.model_id COLLATE "C"
          LIMIT 10)
        UNION ALL
        (SELECT s.model_id, s.display_name, 'self_hosted', p.display_name,
                'COLD', 3, s.warmup_time_seconds, 'unknown',
                NULL, s.ranking_price, p.id
           FROM self_hosted_models s
           JOIN providers p ON p.id = 'self_hosted' AND p.enabled AND p.compliance @> compliant
          WHERE hosting IN ('any', 'self_hosted')
            AND s.primary_mode = p_task AND s.enabled AND NOT s.deprecated
            AND s.min_tier <= p_tenant_tier AND coalesce(s.context_window, -1) >= wanted_window
            AND CASE WHEN s.input_modalities @> inputs AND s.output_modalities @> outputs
                      AND s.capabilities @> wanted
                      AND (SELECT t.current_state FROM thermal_states t WHERE t.model_id = s.model_id) = 'COLD'
                 THEN true END
          ORDER BY s.ranking_price, s.model_id COLLATE "C"
          LIMIT 10)
      ) c
     ORDER BY c.readiness, c.latency NULLS LAST,
              array_position(ARRAY['healthy', 'degraded', 'unknown'], c.health),
              c.price NULLS LAST, c.model_id COLLATE "C", c.provider_id COLLATE "C"
     LIMIT 10;
END $$;
COMMENT ON FUNCTION select_model(text, text[], text[], integer, text, text[], integer, boolean) IS 'Up to ten models that can serve a request, best first.';
