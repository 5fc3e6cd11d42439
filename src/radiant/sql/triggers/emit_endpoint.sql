-- Where self-hosted models run is told whoever changes it. The address is left out, like the options: events go to
-- others, who need not know how one's own machines are reached.
CREATE FUNCTION emit_endpoint() RETURNS trigger
    LANGUAGE plpgsql AS $$
DECLARE
    it endpoints := coalesce(NEW, OLD);
    told jsonb := jsonb_build_object('model_id', it.model_id, 'endpoint_id', it.id, 'runtime', it.runtime,
        'name', it.name, 'region', it.region);
    changed jsonb;
BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
        PERFORM emit_event('radiant.endpoint.added', 'self_hosted/' || it.model_id,
            told || jsonb_build_object('enabled', it.enabled));
    WHEN 'UPDATE' THEN
        SELECT jsonb_agg(n.key ORDER BY n.key) INTO changed
          FROM jsonb_each(to_jsonb(NEW)) n JOIN jsonb_each(to_jsonb(OLD)) o USING (key)
         WHERE n.value <> o.value AND n.key <> 'updated_at';
        IF changed IS NOT NULL THEN
            PERFORM emit_event('radiant.endpoint.changed', 'self_hosted/' || it.model_id,
                told || jsonb_build_object('enabled', it.enabled, 'changed', changed));
        END IF;
    WHEN 'DELETE' THEN
        PERFORM emit_event('radiant.endpoint.removed', 'self_hosted/' || it.model_id, told);
    END CASE;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION emit_endpoint() IS 'Writes the event of a new, changed or forgotten endpoint into the outbox.';

CREATE TRIGGER emit_endpoint AFTER INSERT OR UPDATE OR DELETE ON endpoints
    FOR EACH ROW EXECUTE FUNCTION emit_endpoint();
