-- Ask for a COLD model to be brought up. Of any number of callers exactly one gets true: the one with whom a demand
-- begins. While it is in force the others get false, and the one who comes in its second half extends it.
-- A model that is OFF, that an operator holds COLD or OFF or has warmed already, or that is disabled, is never started
-- by a request. The target is not touched.
CREATE FUNCTION request_warmup(p_model_id text, p_by text DEFAULT 'selector', p_for interval DEFAULT '15 minutes')
    RETURNS boolean
    LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz := clock_timestamp();
    started boolean;
BEGIN
    IF p_for IS NULL OR p_for <= interval '0' OR p_for > interval '1 day' THEN
        RAISE EXCEPTION 'a demand cannot hold for %; expected up to a day', coalesce(p_for::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO warmup_demands AS d (model_id, requested_by, requested_at, until)
    SELECT s.model_id, p_by, moment, moment + p_for
      FROM self_hosted_models s
      JOIN thermal_states t ON t.model_id = s.model_id
      JOIN providers p ON p.id = 'self_hosted' AND p.enabled
     WHERE s.model_id = p_model_id AND s.enabled AND t.current_state = 'COLD' AND t.target_state = 'AUTOMATIC'
       AND NOT EXISTS (SELECT FROM warmup_demands w WHERE w.model_id = s.model_id AND w.until > moment + p_for / 2)
    ON CONFLICT (model_id) DO UPDATE
       SET until = greatest(d.until, excluded.until),
           requested_by = CASE WHEN d.until <= moment THEN excluded.requested_by ELSE d.requested_by END,
           requested_at = CASE WHEN d.until <= moment THEN excluded.requested_at ELSE d.requested_at END
     WHERE d.until <= moment + p_for / 2
    RETURNING requested_at = moment INTO started;
    RETURN coalesce(started, false);
END $$;
COMMENT ON FUNCTION request_warmup(text, text, interval) IS 'Demands that a COLD model be brought up; true for the caller with whom the demand begins.';
