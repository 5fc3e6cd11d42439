-- The model of last resort is one that there is. A seed is free to name what an administrator has deleted.
CREATE FUNCTION default_model_exists() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF current_setting('radiant.writer', true) = 'service'
       OR EXISTS (SELECT FROM models WHERE NEW.model_id IN (model_id, provider_id || '/' || model_id))
       OR EXISTS (SELECT FROM self_hosted_models
                   WHERE NEW.model_id IN (model_id, 'self_hosted/' || model_id)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the default model of % cannot be %: no model is called that', NEW.task, quote_literal(NEW.model_id)
        USING ERRCODE = 'foreign_key_violation', TABLE = 'default_models', COLUMN = 'model_id',
              CONSTRAINT = 'default_model_exists',
              HINT = 'Name it by its model_id, or by provider and model as in openai/gpt-6-luna.';
END $$;
COMMENT ON FUNCTION default_model_exists() IS 'Refuses a default model that is in no table.';

CREATE TRIGGER default_model_exists BEFORE INSERT OR UPDATE OF model_id ON default_models
    FOR EACH ROW EXECUTE FUNCTION default_model_exists();
