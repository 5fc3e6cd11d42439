-- What a person changes is remembered, by field. Fires on every write that is not the service's own (which announces
-- itself by radiant.writer), psql included. The arguments are the prefix of the subject and the columns of its key.
-- It writes with the rights of the owner: who may edit a model need not be granted `overrides` as well.
CREATE FUNCTION remember_override() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old_row jsonb := to_jsonb(OLD);
    new_row jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(NEW) END;
    what text;
    renamed text;
    followed text[];
BEGIN
    IF coalesce(current_setting('radiant.writer', true), '') = 'service' THEN
        RETURN NULL;
    END IF;
    what := TG_ARGV[0] || ':' || (old_row ->> TG_ARGV[1])
        || CASE WHEN TG_NARGS > 2 THEN '/' || (old_row ->> TG_ARGV[2]) ELSE '' END;
    IF TG_OP = 'DELETE' THEN
        DELETE FROM overrides o WHERE o.subject = what;
        INSERT INTO overrides (subject, field) VALUES (what, '*');
        RETURN NULL;
    END IF;
    renamed := TG_ARGV[0] || ':' || (new_row ->> TG_ARGV[1])
        || CASE WHEN TG_NARGS > 2 THEN '/' || (new_row ->> TG_ARGV[2]) ELSE '' END;
    IF renamed <> what THEN
        -- The old name does not come back, and what is under the new one is the administrator's to retire.
        DELETE FROM overrides o WHERE o.subject = what;
        INSERT INTO overrides (subject, field) VALUES (what, '*') ON CONFLICT DO NOTHING;
        INSERT INTO overrides (subject, field, value) VALUES (renamed, 'deprecated', new_row -> 'deprecated')
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END IF;
    followed := CASE WHEN TG_TABLE_NAME = 'self_hosted_models' THEN own_prices_followed(new_row, old_row) ELSE '{}' END;
    INSERT INTO overrides (subject, field, value)
    SELECT what, changed.key, changed.value
      FROM jsonb_each(new_row) AS changed
     WHERE changed.value IS DISTINCT FROM old_row -> changed.key
       AND changed.key NOT IN ('id', 'created_at', 'updated_at', 'ranking_price') AND changed.key <> ALL (followed)
    ON CONFLICT ON CONSTRAINT overrides_pkey
        DO UPDATE SET value = excluded.value, set_by = excluded.set_by, set_at = excluded.set_at;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION remember_override() IS 'Remembers in overrides which fields a person changed.';

CREATE TRIGGER remember_override AFTER UPDATE OR DELETE ON providers
    FOR EACH ROW EXECUTE FUNCTION remember_override('provider', 'id');
CREATE TRIGGER remember_override AFTER UPDATE OR DELETE ON models
    FOR EACH ROW EXECUTE FUNCTION remember_override('model', 'provider_id', 'model_id');
CREATE TRIGGER remember_override AFTER UPDATE OR DELETE ON self_hosted_models
    FOR EACH ROW EXECUTE FUNCTION remember_override('self_hosted', 'model_id');
CREATE TRIGGER remember_override AFTER UPDATE OR DELETE ON default_models
    FOR EACH ROW EXECUTE FUNCTION remember_override('default', 'task');
