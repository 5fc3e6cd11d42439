-- Whoever keeps models warm hears at once of what changes how warm they are to be; the model is named.
CREATE FUNCTION announce_thermal() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('radiant_thermal', coalesce(NEW.model_id, OLD.model_id));
    RETURN NULL;
END $$;
COMMENT ON FUNCTION announce_thermal() IS 'Tells the keeper of warmth that a model is to be looked at.';

CREATE TRIGGER announce_demand AFTER INSERT ON warmup_demands FOR EACH ROW EXECUTE FUNCTION announce_thermal();
CREATE TRIGGER announce_changed_demand AFTER UPDATE OR DELETE ON warmup_demands
    FOR EACH ROW EXECUTE FUNCTION announce_thermal();
CREATE TRIGGER announce_target AFTER UPDATE ON thermal_states FOR EACH ROW
    WHEN ((OLD.target_state, OLD.cool_asked_at) IS DISTINCT FROM (NEW.target_state, NEW.cool_asked_at))
    EXECUTE FUNCTION announce_thermal();
CREATE TRIGGER announce_endpoint AFTER INSERT OR UPDATE ON endpoints FOR EACH ROW EXECUTE FUNCTION announce_thermal();
CREATE TRIGGER announce_window AFTER INSERT OR UPDATE OR DELETE ON prewarm_windows
    FOR EACH ROW EXECUTE FUNCTION announce_thermal();
