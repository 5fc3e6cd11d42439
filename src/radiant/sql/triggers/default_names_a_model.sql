-- A model of last resort is one that the registry knows, by any of its names. Looked at when the transaction ends, so that
-- defaults and models can be written in either order. A model that is a default may still be disabled or deleted:
-- `radiant doctor` tells. Reads with the rights of the owner: who may edit defaults need not be granted the models as well.
CREATE FUNCTION default_names_a_model() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT is_model_name(NEW.model_id)
       AND EXISTS (SELECT FROM default_models d WHERE d.task = NEW.task AND d.model_id = NEW.model_id) THEN
        RAISE EXCEPTION 'the default model for % is %, which no model is known by',
            quote_literal(NEW.task), quote_literal(NEW.model_id)
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'default_names_a_model', TABLE = 'default_models',
                  HINT = 'SELECT model_names(m) FROM models m shows what models are known by.';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION default_names_a_model() IS 'Refuses a model of last resort that no model is known by.';

CREATE CONSTRAINT TRIGGER default_names_a_model AFTER INSERT OR UPDATE ON default_models
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION default_names_a_model();
