-- What is to be added to the prices of a model for whoever has no terms of their own: the most specific of the highest rank
-- alone. The columns of models show it, from which SQL and selection reckon. With a `p_rank` of 1, what somebody set, and NULL
-- where nobody did; with 0 what is usual counts after that: what the catalog says of the model, else that of its hosting.
CREATE FUNCTION markup_standing(
    p_hosting text, p_provider text, p_model text, p_at timestamptz, p_rank integer DEFAULT 1
) RETURNS TABLE (rate numeric, minimum_charge numeric) LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT m.rate, m.minimum_charge
      FROM markup_scopes s JOIN markups m ON m.scope_id = s.id
     WHERE s.tenant_id IS NULL AND m.rank >= p_rank AND upper_inf(m.known) AND m.valid @> p_at
       AND (s.hosting IS NULL OR s.hosting = p_hosting) AND (s.provider_id IS NULL OR s.provider_id = p_provider)
       AND (s.model_id IS NULL OR s.model_id = p_model)
     ORDER BY m.rank DESC, s.model_id IS NULL, s.provider_id IS NULL, s.hosting IS NULL
     LIMIT 1;
$$;
COMMENT ON FUNCTION markup_standing(text, text, text, timestamptz, integer)
    IS 'The markup of a model for all tenants and its least charge: what somebody set; from rank 0 on, else what is usual.';

CREATE FUNCTION standing_markup(
    p_hosting text, p_provider text, p_model text, p_at timestamptz, p_rank integer DEFAULT 1
) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT rate FROM markup_standing(p_hosting, p_provider, p_model, p_at, p_rank);
$$;
COMMENT ON FUNCTION standing_markup(text, text, text, timestamptz, integer)
    IS 'The markup of a model for all tenants: what somebody set, NULL where nobody did; from rank 0 on, else what is usual.';

-- Makes the columns of the models of a scope show what is in force, as the service, so that no override is left.
CREATE FUNCTION project_markups(p_scope bigint, p_at timestamptz) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    scope markup_scopes;
    external bigint;
    own bigint;
    -- Not as a setting of the function: to give it one of a name of ours takes a superuser.
    writer CONSTANT text := coalesce(current_setting('radiant.writer', true), '');
BEGIN
    SELECT * INTO scope FROM markup_scopes WHERE id = p_scope AND tenant_id IS NULL;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    PERFORM set_config('radiant.writer', 'service', true), set_config('radiant.shows_markups', 'yes', true);
    UPDATE models m SET markup_rate = shown.rate, minimum_charge = shown.minimum_charge
      FROM models o CROSS JOIN LATERAL markup_standing('external', o.provider_id, o.model_id, p_at, 0) AS shown
     WHERE o.id = m.id AND scope.hosting IS DISTINCT FROM 'self_hosted'
       AND (scope.provider_id IS NULL OR o.provider_id = scope.provider_id)
       AND (scope.model_id IS NULL OR o.model_id = scope.model_id)
       AND (o.markup_rate <> shown.rate OR o.minimum_charge IS DISTINCT FROM shown.minimum_charge);
    GET DIAGNOSTICS external = ROW_COUNT;
    UPDATE self_hosted_models m SET markup_percent = 100 * shown.rate, minimum_charge = shown.minimum_charge
      FROM self_hosted_models o CROSS JOIN LATERAL markup_standing('self_hosted', 'self_hosted', o.model_id, p_at, 0) AS shown
     WHERE o.id = m.id AND scope.hosting IS DISTINCT FROM 'external'
       AND (scope.provider_id IS NULL OR scope.provider_id = 'self_hosted')
       AND (scope.model_id IS NULL OR o.model_id = scope.model_id)
       AND (o.markup_percent <> 100 * shown.rate OR o.minimum_charge IS DISTINCT FROM shown.minimum_charge);
    GET DIAGNOSTICS own = ROW_COUNT;
    PERFORM set_config('radiant.writer', writer, true), set_config('radiant.shows_markups', '', true);
    RETURN external + own;
END $$;
COMMENT ON FUNCTION project_markups(bigint, timestamptz) IS 'Makes the markup columns of a scope''s models show what is in force; how many changed.';

-- What a catalog says of a model's markup counts where nobody set one, since always where it is the first that is said. Nothing
-- is kept where it says what counts already.
CREATE FUNCTION keep_usual_markup(p_hosting text, p_provider text, p_model text, p_rate numeric) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    said numeric;
    more_general numeric;
BEGIN
    SELECT max(m.rate) FILTER (WHERE s.model_id IS NOT NULL), max(m.rate) FILTER (WHERE s.model_id IS NULL)
      INTO said, more_general
      FROM markup_scopes s JOIN markups m ON m.scope_id = s.id
     WHERE s.tenant_id IS NULL AND m.rank = 0 AND upper_inf(m.known) AND m.valid @> clock_timestamp()
       AND (s.hosting = p_hosting OR (s.provider_id = p_provider AND s.model_id = p_model));
    -- What cannot be a markup is refused by the column that it is written into.
    IF p_rate >= 0 AND p_rate < 100 AND p_rate <> coalesce(said, more_general) THEN
        PERFORM append_markup(NULL, NULL, p_provider, p_model,
                              tstzrange(CASE WHEN said IS NOT NULL THEN clock_timestamp() END, NULL), p_rate, NULL,
                              'what its catalog says', session_user::text, 0::smallint);
    END IF;
END $$;
COMMENT ON FUNCTION keep_usual_markup(text, text, text, numeric) IS 'Keeps the markup that a catalog says of a model, which counts where nobody set one.';
