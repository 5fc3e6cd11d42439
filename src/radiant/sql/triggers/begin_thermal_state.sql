-- A self-hosted model has a state from its first moment: OFF, because it has no endpoint.
CREATE FUNCTION begin_thermal_state() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO thermal_states (model_id, current_state) VALUES (NEW.model_id, 'OFF')
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION begin_thermal_state() IS 'Gives a new self-hosted model its first state.';

CREATE TRIGGER begin_thermal_state AFTER INSERT ON self_hosted_models
    FOR EACH ROW EXECUTE FUNCTION begin_thermal_state();
