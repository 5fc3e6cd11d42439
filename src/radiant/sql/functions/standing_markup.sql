-- What somebody set to be added to the prices of a model for whoever has no terms of their own: the most specific alone.
-- NULL where nobody set anything. The columns of models show it, from which SQL and selection reckon.
CREATE FUNCTION standing_markup(p_hosting text, p_provider text, p_model text, p_at timestamptz) RETURNS numeric
    LANGUAGE sql STABLE AS $$
    SELECT m.rate
      FROM markup_scopes s JOIN markups m ON m.scope_id = s.id
     WHERE s.tenant_id IS NULL AND m.rank = 1 AND upper_inf(m.known) AND m.valid @> p_at
       AND (s.hosting IS NULL OR s.hosting = p_hosting) AND (s.provider_id IS NULL OR s.provider_id = p_provider)
       AND (s.model_id IS NULL OR s.model_id = p_model)
     ORDER BY s.model_id IS NULL, s.provider_id IS NULL, s.hosting IS NULL
     LIMIT 1;
$$;
COMMENT ON FUNCTION standing_markup(text, text, text, timestamptz) IS 'The markup that somebody set for a model and all tenants; NULL where nobody did.';

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
    PERFORM set_config('radiant.writer', 'service', true);
    UPDATE models m
       SET markup_rate = coalesce(standing_markup('external', m.provider_id, m.model_id, p_at), usual_markup('external'))
     WHERE scope.hosting IS DISTINCT FROM 'self_hosted'
       AND (scope.provider_id IS NULL OR m.provider_id = scope.provider_id)
       AND (scope.model_id IS NULL OR m.model_id = scope.model_id)
       AND m.markup_rate
           <> coalesce(standing_markup('external', m.provider_id, m.model_id, p_at), usual_markup('external'));
    GET DIAGNOSTICS external = ROW_COUNT;
    UPDATE self_hosted_models m
       SET markup_percent = 100
           * coalesce(standing_markup('self_hosted', 'self_hosted', m.model_id, p_at), usual_markup('self_hosted'))
     WHERE scope.hosting IS DISTINCT FROM 'external'
       AND (scope.provider_id IS NULL OR scope.provider_id = 'self_hosted')
       AND (scope.model_id IS NULL OR m.model_id = scope.model_id)
       AND m.markup_percent <> 100
           * coalesce(standing_markup('self_hosted', 'self_hosted', m.model_id, p_at), usual_markup('self_hosted'));
    GET DIAGNOSTICS own = ROW_COUNT;
    PERFORM set_config('radiant.writer', writer, true);
    RETURN external + own;
END $$;
COMMENT ON FUNCTION project_markups(bigint, timestamptz) IS 'Makes the markup columns of a scope''s models show what is in force; how many changed.';

CREATE FUNCTION usual_markup(p_hosting text) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT m.rate FROM markup_scopes s JOIN markups m ON m.scope_id = s.id
                      WHERE s.hosting = p_hosting AND s.tenant_id IS NULL AND m.rank = 0 AND upper_inf(m.known)
                      ORDER BY m.valid DESC LIMIT 1), 0);
$$;
COMMENT ON FUNCTION usual_markup(text) IS 'The markup of a hosting where nobody set one.';
