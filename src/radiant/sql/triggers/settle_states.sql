-- What is said of an endpoint, or seen there, becomes the state of its model.
CREATE FUNCTION keep_endpoint_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
        INSERT INTO endpoint_states (endpoint_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    WHEN 'UPDATE' THEN
        IF (NEW.runtime, NEW.url, NEW.region, NEW.name) IS DISTINCT FROM (OLD.runtime, OLD.url, OLD.region, OLD.name) THEN
            UPDATE endpoint_states
               SET state = NULL, is_transitioning = false, instances = NULL, in_flight = NULL, progress = NULL,
                   problem = NULL, observed_at = NULL, changed_at = clock_timestamp(), phase = 'idle', attempt = 0,
                   next_try_at = NULL, phase_since = clock_timestamp(), generation = generation + 1
             WHERE endpoint_id = NEW.id;
        END IF;
        PERFORM settle_thermal_state(NEW.model_id);
        IF NEW.model_id <> OLD.model_id THEN
            PERFORM settle_thermal_state(OLD.model_id);
        END IF;
    WHEN 'DELETE' THEN
        -- A model that goes with all its endpoints has no state to settle.
        IF EXISTS (SELECT FROM self_hosted_models WHERE model_id = OLD.model_id) THEN
            PERFORM settle_thermal_state(OLD.model_id);
        END IF;
    WHEN 'TRUNCATE' THEN
        PERFORM settle_thermal_state(model_id) FROM thermal_states WHERE endpoint_id IS NOT NULL;
    END CASE;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION keep_endpoint_state() IS 'Begins what is seen of an endpoint, begins it anew elsewhere, and settles the state of its model.';

CREATE TRIGGER keep_endpoint_state AFTER INSERT OR DELETE ON endpoints
    FOR EACH ROW EXECUTE FUNCTION keep_endpoint_state();
CREATE TRIGGER keep_changed_endpoint AFTER UPDATE ON endpoints FOR EACH ROW
    WHEN ((OLD.model_id, OLD.runtime, OLD.url, OLD.region, OLD.name, OLD.may_create, OLD.enabled)
          IS DISTINCT FROM (NEW.model_id, NEW.runtime, NEW.url, NEW.region, NEW.name, NEW.may_create, NEW.enabled))
    EXECUTE FUNCTION keep_endpoint_state();
CREATE TRIGGER keep_no_endpoint AFTER TRUNCATE ON endpoints
    FOR EACH STATEMENT EXECUTE FUNCTION keep_endpoint_state();

CREATE FUNCTION settle_seen_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM settle_thermal_state(model_id)
       FROM endpoints WHERE id = CASE TG_OP WHEN 'DELETE' THEN OLD.endpoint_id ELSE NEW.endpoint_id END;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION settle_seen_state() IS 'Settles the state of the model of whose endpoint something was seen.';

CREATE TRIGGER settle_seen_state AFTER INSERT OR DELETE ON endpoint_states
    FOR EACH ROW EXECUTE FUNCTION settle_seen_state();
CREATE TRIGGER settle_changed_state AFTER UPDATE ON endpoint_states FOR EACH ROW
    WHEN ((OLD.state, OLD.is_transitioning, OLD.instances, OLD.problem, OLD.observed_at IS NULL)
          IS DISTINCT FROM (NEW.state, NEW.is_transitioning, NEW.instances, NEW.problem, NEW.observed_at IS NULL))
    EXECUTE FUNCTION settle_seen_state();

CREATE FUNCTION settle_default_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- What a person wrote of a model without endpoints stays.
    IF EXISTS (SELECT FROM endpoints WHERE model_id = NEW.model_id) THEN
        PERFORM settle_thermal_state(NEW.model_id);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION settle_default_state() IS 'Settles the state of a model whose default state changed.';

CREATE TRIGGER settle_default_state AFTER UPDATE OF default_thermal_state ON self_hosted_models
    FOR EACH ROW WHEN (OLD.default_thermal_state <> NEW.default_thermal_state) EXECUTE FUNCTION settle_default_state();
