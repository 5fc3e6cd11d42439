-- Tell of a change in the transaction that makes it: where that is rolled back, nothing was told.
-- Writes with the rights of the owner, since whoever may make the change may tell of it.
CREATE FUNCTION emit_event(p_type text, p_subject text, p_data jsonb) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH event AS (
        INSERT INTO events (type, subject, data) VALUES (p_type, p_subject, p_data) RETURNING id
    )
    -- The same announcement within one transaction is delivered once.
    SELECT event.id FROM event, pg_notify('radiant_events', '');
$$;
COMMENT ON FUNCTION emit_event(text, text, jsonb) IS 'Writes an event into the outbox and returns its id.';

-- Money of a JSON row as text: a number may be read as a float.
CREATE FUNCTION priced_as(p_value jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(p_value) WHEN 'number' THEN to_jsonb(p_value #>> '{}') ELSE p_value END;
$$;
COMMENT ON FUNCTION priced_as(jsonb) IS 'A price as it stands in events.';
