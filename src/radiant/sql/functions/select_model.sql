-- Up to ten models that can serve a request, best first, in the order of the profile ready-first: readiness (HOT,
-- WARM, external, COLD), measured latency, health, price, staying or about to retire, id; preferred providers before all
-- others. The selector in Python answers the same from memory.
--
-- Each provider is asked for its ten cheapest eligible models, which an index holds in that order; latency and health, and
-- whether it is preferred, are the same for all models of a provider, so the best ten overall are among them. Models that
-- retire within 30 days come after others of the same price: they are asked for apart, so that the walk for the others need
-- not sort. They are few, and an index by day finds them at once; joined to the providers before they are found, a plan for
-- unknown parameters would walk every offer. The conditions no index answers stand in a CASE: taken bare, the planner
-- expects them to leave next to nothing, and sorts everything.
--
-- Models that were measured themselves have a latency and a health of their own, and may rest: they are asked for apart,
-- too, and left out of the other walks by a set that is made once.
--
-- A capability that hardly any model has would make the walks read every offer: those that have it are found first, by
-- the index on capabilities, and nothing is walked. So it is with models of one's own where few can be brought up: a walk
-- would pass all that are off.
--
-- What a request costs depends on what goes in and comes out, which only Python reckons with: there is a limit for prices of
-- tokens here, none for a request. Keys stand in the environment, so nothing here asks for connected providers.
CREATE FUNCTION select_model(
    p_task text,
    p_input_modalities text[],
    p_output_modalities text[],
    p_tenant_tier integer,
    p_prefer_hosting text DEFAULT 'any',
    p_required_capabilities text[] DEFAULT '{}',
    p_min_context_window integer DEFAULT NULL,
    p_require_hipaa boolean DEFAULT false,
    p_exclude text[] DEFAULT '{}',
    p_only_providers text[] DEFAULT '{}',
    p_exclude_providers text[] DEFAULT '{}',
    p_min_class text DEFAULT NULL,
    p_max_input_cost_per_1k numeric DEFAULT NULL,
    p_max_output_cost_per_1k numeric DEFAULT NULL,
    p_require_commercial_use boolean DEFAULT false,
    p_prefer_providers text[] DEFAULT '{}',
    p_max_latency_ms numeric DEFAULT NULL,
    p_input_tokens bigint DEFAULT NULL,
    p_output_tokens bigint DEFAULT NULL
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
    commercial boolean := coalesce(p_require_commercial_use, false);
    excluded text[] := nullif(p_exclude, '{}');
    allowed text[] := nullif(p_only_providers, '{}');
    banned text[] := coalesce(p_exclude_providers, '{}');
    preferred text[] := coalesce(p_prefer_providers, '{}');
    classes text[] := (class_names())[:array_position(class_names(), p_min_class)];
    -- Of these tasks no tokens come out.
    most_output_cost numeric :=
        CASE WHEN p_task NOT IN ('embedding', 'rerank', 'moderation') THEN p_max_output_cost_per_1k END;
    tokens_in bigint := coalesce(p_input_tokens, 0);
    tokens_out bigint := coalesce(p_output_tokens, 0);
    -- A few tokens fit a window that nobody has told; models of other tasks seldom have one.
    unknown_window bigint := CASE WHEN p_task IN ('chat', 'completion', 'embedding', 'rerank', 'realtime') THEN 1000
                                  ELSE tokens_in + tokens_out END;
    further boolean := num_nonnulls(excluded, p_min_class, p_max_input_cost_per_1k, most_output_cost,
                                    p_input_tokens, p_output_tokens) > 0 OR commercial;
    -- One's own hardware has no class, and a price of tokens only where somebody set one.
    own boolean := hosting IN ('any', 'self_hosted') AND ('self_hosted' = ANY (allowed)) IS NOT FALSE
        AND 'self_hosted' <> ALL (banned)
        AND p_min_class IS NULL
        AND (num_nonnulls(p_max_input_cost_per_1k, most_output_cost) = 0
             OR EXISTS (SELECT FROM self_hosted_models
                         WHERE input_cost_per_1k IS NOT NULL OR output_cost_per_1k IS NOT NULL));
    -- So fast is only what was measured.
    own_unmeasured boolean := own AND p_max_latency_ms IS NULL;
    few record;
    few_cold boolean := false;
    few_external uuid[];
    few_own uuid[];
    today date := (now() AT TIME ZONE 'UTC')::date;
    notice date := today + 30;
BEGIN
    PERFORM check_selection(p_task, inputs || outputs, p_tenant_tier, hosting, p_min_context_window);
    IF further OR num_nonnulls(allowed, p_max_latency_ms, p_max_output_cost_per_1k) > 0 OR banned || preferred <> '{}' THEN
        PERFORM check_demands(
            allowed || banned || preferred, p_min_class,
            ARRAY[p_max_input_cost_per_1k, p_max_output_cost_per_1k, p_max_latency_ms],
            ARRAY[p_input_tokens, p_output_tokens]);
    END IF;
    IF wanted <> '{}' AND NOT are_common(wanted) THEN
        few := few_with(wanted);
        few_external := few.external;
        few_own := few.own;
    END IF;
    IF own_unmeasured AND few_own IS NULL THEN
        few_cold := are_few_cold();
    END IF;
    RETURN QUERY
    WITH measured AS MATERIALIZED (
        SELECT h.provider_id::text AS provider_id, h.model_id,
               nullif(nullif(h.status, 'unknown'), 'unhealthy') AS health,
               h.avg_latency_ms AS latency, (h.resting_until > now()) IS TRUE AS resting
          FROM model_health h
         WHERE h.fresh
    ), reachable AS (
        SELECT p.id, p.display_name, coalesce(h.status, 'unknown') AS health, h.avg_latency_ms AS latency,
               CASE WHEN compliant <> '{}' THEN p.conditional_compliance -> 'HIPAA' END AS terms
          FROM providers p
          LEFT JOIN provider_health_now h ON h.provider_id = p.id
         WHERE hosting IN ('any', 'external')
           AND p.enabled AND p.compliance || p.declared_compliance @> compliant
           AND (allowed IS NULL OR p.id = ANY (allowed)) AND p.id <> ALL (banned)
           AND coalesce(h.status, 'unknown') <> 'unhealthy'
    ), serving AS (
        SELECT * FROM reachable r WHERE p_max_latency_ms IS NULL OR r.latency <= p_max_latency_ms
    ), leaving AS MATERIALIZED (
        SELECT o.provider_id, o.model_id, o.display_name, o.ranking_price
          FROM models o
         WHERE o.primary_mode = p_task AND o.retires > today AND o.retires <= notice AND o.enabled AND NOT o.deprecated
           AND o.min_tier <= p_tenant_tier AND coalesce(o.context_window, -1) >= wanted_window
           AND CASE WHEN model_meets(o, inputs, outputs, wanted, further, excluded, classes,
                                     p_max_input_cost_per_1k, most_output_cost,
                                     tokens_in, tokens_out, unknown_window)
                     AND (o.provider_id::text, o.model_id) NOT IN (SELECT k.provider_id, k.model_id FROM measured k)
                THEN true END
    )
    SELECT c.model_id, c.display_name, c.hosting_type, c.provider_name, p_task, c.thermal_state,
           c.readiness = 3, CASE WHEN c.readiness = 3 THEN c.warmup ELSE 0 END, c.health
      FROM (
        SELECT m.model_id, m.display_name, 'external' AS hosting_type, p.display_name AS provider_name,
               NULL::text AS thermal_state, 2 AS readiness, 0 AS warmup, p.health,
               p.latency, m.ranking_price AS price, false AS leaving, p.id AS provider_id
          FROM serving p
         CROSS JOIN LATERAL (
            SELECT o.model_id, o.display_name, o.ranking_price
               FROM models o
              WHERE o.provider_id = p.id AND o.primary_mode = p_task AND o.enabled AND NOT o.deprecated
                AND o.min_tier <= p_tenant_tier AND coalesce(o.context_window, -1) >= wanted_window
                AND CASE WHEN (o.retires > notice) IS NOT FALSE AND (p.terms IS NULL OR covers(p.terms, o.model_id))
                          AND model_meets(o, inputs, outputs, wanted, further, excluded, classes,
                                          p_max_input_cost_per_1k, most_output_cost,
                                          tokens_in, tokens_out, unknown_window)
                          AND (o.provider_id::text, o.model_id) NOT IN (SELECT k.provider_id, k.model_id FROM measured k)
                     THEN true END
              ORDER BY o.ranking_price, o.model_id COLLATE "C"
              LIMIT 10
         ) m
         WHERE few_external IS NULL
        UNION ALL
        SELECT o.model_id, o.display_name, 'external', p.display_name,
               NULL, 2, 0, p.health, p.latency, o.ranking_price, false, p.id
          FROM models o
          JOIN serving p ON p.id = o.provider_id AND (p.terms IS NULL OR covers(p.terms, o.model_id))
         WHERE o.id = ANY (few_external) AND o.primary_mode = p_task AND o.enabled AND NOT o.deprecated
           AND (o.retires > notice) IS NOT FALSE
           AND o.min_tier <= p_tenant_tier AND coalesce(o.context_window, -1) >= wanted_window
           AND CASE WHEN model_meets(o, inputs, outputs, wanted, further, excluded, classes,
                                     p_max_input_cost_per_1k, most_output_cost,
                                     tokens_in, tokens_out, unknown_window)
                     AND (o.provider_id::text, o.model_id) NOT IN (SELECT k.provider_id, k.model_id FROM measured k)
                THEN true END
        UNION ALL
        SELECT o.model_id, o.display_name, 'external', p.display_name,
               NULL, 2, 0, p.health, p.latency, o.ranking_price, true, p.id
          FROM leaving o
          JOIN serving p ON p.id = o.provider_id AND (p.terms IS NULL OR covers(p.terms, o.model_id))
        UNION ALL
        SELECT o.model_id, o.display_name, 'external', p.display_name,
               NULL, 2, 0, coalesce(k.health, p.health), coalesce(k.latency, p.latency), o.ranking_price,
               (o.retires <= notice) IS TRUE, p.id
          FROM measured k
          JOIN reachable p ON p.id = k.provider_id
          JOIN models o ON o.provider_id = k.provider_id AND o.model_id = k.model_id
         WHERE o.primary_mode = p_task AND o.enabled AND NOT o.deprecated AND (o.retires > today) IS NOT FALSE
           AND o.min_tier <= p_tenant_tier AND coalesce(o.context_window, -1) >= wanted_window
           AND NOT k.resting
           AND (p_max_latency_ms IS NULL OR coalesce(k.latency, p.latency) <= p_max_latency_ms)
           AND (p.terms IS NULL OR covers(p.terms, o.model_id))
           AND model_meets(o, inputs, outputs, wanted, further, excluded, classes,
                           p_max_input_cost_per_1k, most_output_cost, tokens_in, tokens_out, unknown_window)
        UNION ALL
        (SELECT s.model_id, s.display_name, 'self_hosted', p.display_name,
                t.current_state, CASE t.current_state WHEN 'HOT' THEN 0 ELSE 1 END, 0, 'healthy',
                NULL, s.ranking_price, false, p.id
           FROM thermal_states t
           JOIN self_hosted_models s ON s.model_id = t.model_id
           JOIN providers p ON p.id = 'self_hosted' AND p.enabled AND p.compliance || p.declared_compliance @> compliant
          WHERE own_unmeasured AND t.current_state IN ('HOT', 'WARM')
            AND s.model_id::text NOT IN (SELECT k.model_id FROM measured k WHERE k.provider_id = 'self_hosted')
            AND s.primary_mode = p_task AND s.enabled AND NOT s.deprecated
            AND s.min_tier <= p_tenant_tier AND coalesce(s.context_window, -1) >= wanted_window
            AND CASE WHEN self_hosted_meets(s, inputs, outputs, wanted, further, excluded, commercial,
                                            p_max_input_cost_per_1k, most_output_cost, tokens_in, tokens_out, unknown_window)
                      AND (compliant = '{}' OR covers(p.conditional_compliance -> 'HIPAA', s.model_id)) THEN true END
          ORDER BY 6, s.ranking_price, s.model_id COLLATE "C"
          LIMIT 10)
        UNION ALL
        (SELECT s.model_id, s.display_name, 'self_hosted', p.display_name,
                'COLD', 3, s.warmup_time_seconds, 'unknown',
                NULL, s.ranking_price, false, p.id
           FROM self_hosted_models s
           JOIN providers p ON p.id = 'self_hosted' AND p.enabled AND p.compliance || p.declared_compliance @> compliant
          WHERE own_unmeasured AND few_own IS NULL AND NOT few_cold
            AND s.model_id::text NOT IN (SELECT k.model_id FROM measured k WHERE k.provider_id = 'self_hosted')
            AND s.primary_mode = p_task AND s.enabled AND NOT s.deprecated
            AND s.min_tier <= p_tenant_tier AND coalesce(s.context_window, -1) >= wanted_window
            AND CASE WHEN self_hosted_meets(s, inputs, outputs, wanted, further, excluded, commercial,
                                            p_max_input_cost_per_1k, most_output_cost, tokens_in, tokens_out, unknown_window)
                      AND (compliant = '{}' OR covers(p.conditional_compliance -> 'HIPAA', s.model_id))
                      AND (SELECT t.current_state FROM thermal_states t WHERE t.model_id = s.model_id) = 'COLD'
                 THEN true END
          ORDER BY s.ranking_price, s.model_id COLLATE "C"
          LIMIT 10)
        UNION ALL
        SELECT s.model_id, s.display_name, 'self_hosted', p.display_name,
               'COLD', 3, s.warmup_time_seconds, 'unknown',
               NULL, s.ranking_price, false, p.id
          FROM (SELECT t.model_id FROM thermal_states t WHERE few_cold AND t.current_state = 'COLD' OFFSET 0) t
          JOIN self_hosted_models s ON s.model_id = t.model_id
          JOIN providers p ON p.id = 'self_hosted' AND p.enabled AND p.compliance || p.declared_compliance @> compliant
         WHERE s.model_id::text NOT IN (SELECT k.model_id FROM measured k WHERE k.provider_id = 'self_hosted')
           AND s.primary_mode = p_task AND s.enabled AND NOT s.deprecated
           AND s.min_tier <= p_tenant_tier AND coalesce(s.context_window, -1) >= wanted_window
           AND self_hosted_meets(s, inputs, outputs, wanted, further, excluded, commercial,
                                 p_max_input_cost_per_1k, most_output_cost, tokens_in, tokens_out, unknown_window)
           AND (compliant = '{}' OR covers(p.conditional_compliance -> 'HIPAA', s.model_id))
        UNION ALL
        SELECT s.model_id, s.display_name, 'self_hosted', p.display_name,
               'COLD', 3, s.warmup_time_seconds, 'unknown',
               NULL, s.ranking_price, false, p.id
          FROM self_hosted_models s
          JOIN thermal_states t ON t.model_id = s.model_id AND t.current_state = 'COLD'
          JOIN providers p ON p.id = 'self_hosted' AND p.enabled AND p.compliance || p.declared_compliance @> compliant
         WHERE own_unmeasured AND s.id = ANY (few_own)
           AND s.model_id::text NOT IN (SELECT k.model_id FROM measured k WHERE k.provider_id = 'self_hosted')
           AND s.primary_mode = p_task AND s.enabled AND NOT s.deprecated
           AND s.min_tier <= p_tenant_tier AND coalesce(s.context_window, -1) >= wanted_window
           AND self_hosted_meets(s, inputs, outputs, wanted, further, excluded, commercial,
                                 p_max_input_cost_per_1k, most_output_cost, tokens_in, tokens_out, unknown_window)
           AND (compliant = '{}' OR covers(p.conditional_compliance -> 'HIPAA', s.model_id))
        UNION ALL
        SELECT s.model_id, s.display_name, 'self_hosted', p.display_name, t.current_state,
               CASE t.current_state WHEN 'HOT' THEN 0 WHEN 'WARM' THEN 1 ELSE 3 END, s.warmup_time_seconds,
               CASE t.current_state WHEN 'COLD' THEN 'unknown' ELSE coalesce(k.health, 'healthy') END,
               k.latency, s.ranking_price, false, p.id
          FROM measured k
          JOIN self_hosted_models s ON s.model_id = k.model_id
          JOIN thermal_states t ON t.model_id = s.model_id
          JOIN providers p ON p.id = 'self_hosted' AND p.enabled AND p.compliance || p.declared_compliance @> compliant
         WHERE own AND k.provider_id = 'self_hosted' AND NOT k.resting
           AND t.current_state <> 'OFF'
           AND (p_max_latency_ms IS NULL OR k.latency <= p_max_latency_ms)
           AND s.primary_mode = p_task AND s.enabled AND NOT s.deprecated
           AND s.min_tier <= p_tenant_tier AND coalesce(s.context_window, -1) >= wanted_window
           AND self_hosted_meets(s, inputs, outputs, wanted, further, excluded, commercial,
                                 p_max_input_cost_per_1k, most_output_cost, tokens_in, tokens_out, unknown_window)
           AND (compliant = '{}' OR covers(p.conditional_compliance -> 'HIPAA', s.model_id))
      ) c
     ORDER BY c.provider_id = ANY (preferred) DESC, c.readiness, c.latency NULLS LAST,
              array_position(ARRAY['healthy', 'degraded', 'unknown'], c.health),
              c.price NULLS LAST, c.leaving, c.model_id COLLATE "C", c.provider_id COLLATE "C"
     LIMIT 10;
    IF NOT FOUND THEN
        PERFORM check_capabilities(wanted);
    END IF;
END $$;
COMMENT ON FUNCTION select_model(
    text, text[], text[], integer, text, text[], integer, boolean, text[], text[], text[], text, numeric, numeric, boolean,
    text[], numeric, bigint, bigint
) IS 'Up to ten models that can serve a request, best first.';
