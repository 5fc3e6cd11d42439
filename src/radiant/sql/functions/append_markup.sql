-- Makes `p_rate` the markup of a scope over a span of time, and returns its id: what was believed of the span is believed no
-- longer, what lies before and after it goes on. Without a rate the scope has none of its own in the span. What is of another
-- rank stays.
CREATE FUNCTION append_markup(
    p_tenant text, p_hosting text, p_provider text, p_model text, p_valid tstzrange, p_rate numeric,
    p_minimum numeric DEFAULT NULL, p_reason text DEFAULT NULL, p_by text DEFAULT current_user,
    p_rank smallint DEFAULT 1
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    scope bigint := markup_scope(p_tenant, p_hosting, p_provider, p_model);
    moment timestamptz;
    old markups;
    rest tstzrange;
    made bigint;
BEGIN
    PERFORM FROM markup_scopes WHERE id = scope FOR UPDATE;
    SELECT greatest(clock_timestamp(), max(lower(known)) + interval '1 microsecond') INTO moment
      FROM markups WHERE scope_id = scope;
    FOR old IN
        UPDATE markups SET known = tstzrange(lower(known), moment), ended_by = p_by, ended_because = p_reason
         WHERE scope_id = scope AND rank = p_rank AND upper_inf(known) AND NOT isempty(valid * p_valid)
        RETURNING *
    LOOP
        FOR rest IN SELECT unnest(tstzmultirange(old.valid) - tstzmultirange(p_valid)) LOOP
            INSERT INTO markups (scope_id, rank, rate, minimum_charge, valid, known, reason, set_by)
            VALUES (scope, p_rank, old.rate, old.minimum_charge, rest, tstzrange(moment, NULL), old.reason, old.set_by);
        END LOOP;
    END LOOP;
    IF p_rate IS NOT NULL THEN
        INSERT INTO markups (scope_id, rank, rate, minimum_charge, valid, known, reason, set_by)
        VALUES (scope, p_rank, p_rate, p_minimum, p_valid, tstzrange(moment, NULL), p_reason, p_by) RETURNING id INTO made;
    END IF;
    RETURN made;
END $$;
COMMENT ON FUNCTION append_markup(text, text, text, text, tstzrange, numeric, numeric, text, text, smallint)
    IS 'Makes this the markup of a scope over a span of time; what was believed before stays in the history.';

CREATE FUNCTION markup_scope(p_tenant text, p_hosting text, p_provider text, p_model text) RETURNS bigint
    LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
BEGIN
    INSERT INTO markup_scopes (tenant_id, hosting, provider_id, model_id)
    VALUES (p_tenant, p_hosting, p_provider, p_model)
    ON CONFLICT ON CONSTRAINT markup_scope_key DO NOTHING RETURNING id INTO found;
    IF found IS NULL THEN
        SELECT id INTO found FROM markup_scopes
         WHERE tenant_id IS NOT DISTINCT FROM p_tenant AND hosting IS NOT DISTINCT FROM p_hosting
           AND provider_id IS NOT DISTINCT FROM p_provider AND model_id IS NOT DISTINCT FROM p_model;
    END IF;
    RETURN found;
END $$;
COMMENT ON FUNCTION markup_scope(text, text, text, text) IS 'The id of whom and what a markup is for; it is made where there was none.';
