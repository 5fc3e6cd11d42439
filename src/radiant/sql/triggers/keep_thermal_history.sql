-- Each state of a self-hosted model is written down with its beginning, its end and what an hour costs.
-- Writes with the rights of the owner, as remember_override() does.
CREATE FUNCTION keep_thermal_history() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    moment timestamptz := clock_timestamp();
BEGIN
    UPDATE thermal_history SET ended_at = greatest(moment, began_at) WHERE model_id = NEW.model_id AND ended_at IS NULL;
    INSERT INTO thermal_history (model_id, began_at, state, hourly_rate, instances)
    SELECT NEW.model_id, moment, NEW.current_state, s.hourly_rate, greatest(1, s.min_instances)
      FROM self_hosted_models s WHERE s.model_id = NEW.model_id;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION keep_thermal_history() IS 'Keeps the history of thermal states.';

CREATE TRIGGER keep_first_state AFTER INSERT ON thermal_states
    FOR EACH ROW EXECUTE FUNCTION keep_thermal_history();
CREATE TRIGGER keep_thermal_history AFTER UPDATE ON thermal_states
    FOR EACH ROW WHEN (OLD.current_state <> NEW.current_state) EXECUTE FUNCTION keep_thermal_history();
