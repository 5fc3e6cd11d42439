-- The state of a model is the best of its enabled endpoints': HOT, WARM, COLD, OFF; of several alike the one that is not
-- moving if they are up, the one that is moving if they are down, then one without a problem, then the first. The row is
-- locked before anything is read: of two that saw two endpoints at once, the second sees what the first wrote.
-- Writes with the rights of the owner, as remember_override() does.
CREATE FUNCTION settle_thermal_state(p_model_id text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM thermal_states WHERE model_id = p_model_id FOR UPDATE;
    WITH here AS (
        SELECT * FROM endpoints_now WHERE model_id = p_model_id AND enabled
    ), best AS (
        SELECT id, state, is_transitioning, problem FROM here
         ORDER BY array_position(ARRAY['HOT', 'WARM', 'COLD', 'OFF'], state),
                  is_transitioning = (state IN ('HOT', 'WARM')), problem IS NOT NULL, id
         LIMIT 1
    ), settled AS (
        SELECT b.id, coalesce(b.state, 'OFF') AS state, coalesce(b.is_transitioning, false) AS moving, b.problem,
               coalesce((SELECT sum(instances) FROM here), 0)::integer AS instances
          FROM (SELECT) one LEFT JOIN best b ON true
    )
    UPDATE thermal_states t
       SET current_state = s.state, is_transitioning = s.moving, endpoint_id = s.id, error_message = s.problem,
           instance_count = s.instances,
           last_state_change = CASE WHEN t.current_state = s.state THEN t.last_state_change ELSE clock_timestamp() END
      FROM settled s
     WHERE t.model_id = p_model_id
       AND (t.current_state, t.is_transitioning, t.endpoint_id, t.error_message, t.instance_count)
           IS DISTINCT FROM (s.state, s.moving, s.id, s.problem, s.instances);
END $$;
COMMENT ON FUNCTION settle_thermal_state(text) IS 'Gives a self-hosted model the best state of its endpoints.';
