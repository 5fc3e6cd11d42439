-- The tasks whose default one of these names is, and what follows it there; {"tasks": null} where it is none's. Reads with the
-- rights of the owner: who may edit a model need not be granted the defaults as well.
CREATE FUNCTION default_of(called text[]) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('tasks', jsonb_agg(task ORDER BY task), 'successor', min(successor))
      FROM default_models WHERE model_id = ANY (called);
$$;
COMMENT ON FUNCTION default_of(text[]) IS 'The tasks whose default is called by one of these names, and its successor.';

-- What changes in the registry is told of whoever changes it: a run, a seed, an administrator, psql.
CREATE FUNCTION emit_change() RETURNS trigger
    LANGUAGE plpgsql AS $$
DECLARE
    new_row jsonb := to_jsonb(NEW);
    old_row jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END;
    priced text[] := ARRAY['input_cost_per_1k', 'output_cost_per_1k', 'cached_input_cost_per_1k', 'cost_per_request',
        'cost_per_second', 'cost_per_image', 'cost_per_minute', 'cost_per_character', 'cost_per_page', 'price_details',
        'cost_per_hour', 'minimum_price', 'hourly_rate', 'per_request', 'per_image', 'per_minute_audio', 'per_minute_video', 'per_3d_model'];
    model text := coalesce(new_row ->> 'provider_id', 'self_hosted') || '/' || (new_row ->> 'model_id');
    changed jsonb;
    last_resort jsonb;
BEGIN
    CASE TG_TABLE_NAME
    WHEN 'models', 'self_hosted_models' THEN
        IF NEW.deprecated <> OLD.deprecated THEN
            last_resort := CASE WHEN NEW.deprecated THEN default_of(ARRAY[new_row ->> 'model_id', model,
                new_row ->> 'litellm_id', new_row ->> 'id', (new_row ->> 'litellm_prefix') || '/' || (new_row ->> 'model_id')]
                || ARRAY(SELECT jsonb_array_elements_text(coalesce(new_row -> 'aliases', '[]')))) END;
            PERFORM emit_event(CASE WHEN NEW.deprecated THEN 'radiant.model.deprecated' ELSE 'radiant.model.restored' END,
                model, jsonb_build_object('model_id', NEW.model_id,
                    'provider_id', coalesce(new_row ->> 'provider_id', 'self_hosted'),
                    'successor', coalesce(new_row ->> 'successor', last_resort ->> 'successor'))
                    || CASE WHEN NEW.deprecated THEN jsonb_build_object('default_for', last_resort -> 'tasks')
                            ELSE '{}' END);
        END IF;
        SELECT jsonb_object_agg(name, jsonb_build_object('before', priced_as(old_row -> name),
                                                         'after', priced_as(new_row -> name))) INTO changed
          FROM unnest(priced) AS name WHERE new_row -> name IS DISTINCT FROM old_row -> name;
        IF changed IS NOT NULL THEN
            PERFORM emit_event('radiant.model.price_changed', model, jsonb_build_object('model_id', NEW.model_id,
                'provider_id', coalesce(new_row ->> 'provider_id', 'self_hosted'), 'prices', changed));
        END IF;
    WHEN 'provider_health' THEN
        PERFORM emit_event('radiant.provider.status_changed', NEW.provider_id, jsonb_build_object(
            'provider_id', NEW.provider_id, 'region', NEW.region, 'before', OLD.status, 'after', NEW.status,
            'reason', NEW.reason));
    WHEN 'model_health' THEN
        IF OLD.status <> NEW.status THEN
            PERFORM emit_event('radiant.model.status_changed', model, jsonb_build_object(
                'provider_id', NEW.provider_id, 'model_id', NEW.model_id, 'before', OLD.status, 'after', NEW.status,
                'reason', NEW.reason));
        END IF;
        IF NEW.rests > OLD.rests THEN
            PERFORM emit_event('radiant.model.resting', model, jsonb_build_object(
                'provider_id', NEW.provider_id, 'model_id', NEW.model_id, 'until', NEW.resting_until,
                'because', NEW.resting_because));
        END IF;
    WHEN 'providers' THEN
        PERFORM emit_event('radiant.provider.compliance_declared', NEW.id, jsonb_build_object(
            'provider_id', NEW.id, 'before', OLD.declared_compliance, 'after', NEW.declared_compliance));
    WHEN 'thermal_states' THEN
        PERFORM emit_event('radiant.thermal.state_changed', model, jsonb_build_object('model_id', NEW.model_id,
            'before', OLD.current_state, 'after', NEW.current_state, 'is_transitioning', NEW.is_transitioning));
    WHEN 'warmup_demands' THEN
        PERFORM emit_event('radiant.thermal.warmup_requested', model, jsonb_build_object('model_id', NEW.model_id,
            'requested_by', NEW.requested_by, 'until', NEW.until));
    WHEN 'warmups' THEN
        PERFORM emit_event('radiant.thermal.warmup_' || CASE TG_OP WHEN 'INSERT' THEN 'started' ELSE 'ended' END, model,
            jsonb_build_object('model_id', NEW.model_id, 'endpoint_id', NEW.endpoint_id)
            || CASE TG_OP WHEN 'INSERT' THEN jsonb_build_object('requested_by', NEW.requested_by)
                    ELSE jsonb_build_object('outcome', NEW.outcome, 'problem', NEW.problem,
                        'seconds', round(extract(epoch FROM NEW.ended_at - NEW.started_at), 1)) END);
    WHEN 'discovered_models' THEN
        PERFORM emit_event(
            'radiant.model.' || CASE NEW.status WHEN 'pending' THEN 'reopened' ELSE NEW.status END, model,
            jsonb_build_object('provider_id', NEW.provider_id, 'model_id', NEW.model_id,
                'kind', NEW.kind, 'family', NEW.family,
                'decided_by', coalesce(NEW.decided_by, session_user), 'reason', NEW.reason, 'rule_id', NEW.rule_id));
    WHEN 'registry_sync_log' THEN
        IF (new_row ->> 'dry_run')::boolean IS NOT TRUE THEN
            PERFORM emit_event('radiant.sync.' || NEW.status, NEW.sync_type, jsonb_build_object('sync_id', NEW.id,
                'sync_type', NEW.sync_type, 'providers_updated', NEW.providers_updated,
                'models_added', NEW.models_added, 'models_updated', NEW.models_updated,
                'models_deprecated', NEW.models_deprecated, 'duration_ms', NEW.duration_ms,
                'errors', to_jsonb(NEW.errors)));
        END IF;
    END CASE;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION emit_change() IS 'Writes the event of a change into the outbox.';

CREATE TRIGGER emit_change AFTER UPDATE ON models FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_change AFTER UPDATE ON self_hosted_models FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION emit_change();
-- That a host reaches nobody is one event, not one of each provider.
CREATE TRIGGER emit_change AFTER UPDATE ON provider_health FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND NEW.reason IS DISTINCT FROM 'this host seems offline')
    EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_change AFTER UPDATE ON model_health FOR EACH ROW
    WHEN ((OLD.status <> NEW.status OR OLD.rests < NEW.rests) AND NEW.reason IS DISTINCT FROM 'this host seems offline')
    EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_change AFTER UPDATE ON providers FOR EACH ROW
    WHEN (OLD.declared_compliance <> NEW.declared_compliance) EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_change AFTER UPDATE ON thermal_states FOR EACH ROW
    WHEN ((OLD.current_state, OLD.is_transitioning) IS DISTINCT FROM (NEW.current_state, NEW.is_transitioning))
    EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_begin AFTER INSERT ON warmup_demands FOR EACH ROW EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_change AFTER UPDATE ON warmup_demands FOR EACH ROW
    WHEN (OLD.requested_at <> NEW.requested_at) EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_begin AFTER INSERT ON warmups FOR EACH ROW EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_change AFTER UPDATE ON warmups FOR EACH ROW
    WHEN (OLD.outcome IS NULL AND NEW.outcome IS NOT NULL) EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_begin AFTER INSERT ON discovered_models FOR EACH ROW
    WHEN (NEW.status IN ('approved', 'rejected')) EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_change AFTER UPDATE ON discovered_models FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND NEW.status <> 'known'
          AND (NEW.status <> 'pending' OR OLD.status IN ('approved', 'rejected'))) EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_begin AFTER INSERT ON registry_sync_log FOR EACH ROW
    WHEN (NEW.status <> 'running') EXECUTE FUNCTION emit_change();
CREATE TRIGGER emit_change AFTER UPDATE ON registry_sync_log FOR EACH ROW
    WHEN (OLD.status = 'running' AND NEW.status <> 'running') EXECUTE FUNCTION emit_change();
