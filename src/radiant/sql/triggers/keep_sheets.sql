-- The history of prices is only appended to: what somebody believed can be ended, and not edited or deleted.
CREATE FUNCTION keep_sheets() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change CONSTANT text[] := '{known, ended_by, ended_because}';
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME IN ('price_sheets', 'markups', 'fx_rates') THEN
        IF upper_inf(OLD.known) AND NOT upper_inf(NEW.known) AND lower(NEW.known) = lower(OLD.known)
           AND to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change THEN
            RETURN NULL;
        END IF;
    END IF;
    RAISE EXCEPTION 'the history of prices is only appended to: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'price_history_is_kept',
              HINT = 'append_sheet() and append_markup() correct what was wrong and keep what was believed.';
END $$;
COMMENT ON FUNCTION keep_sheets() IS 'Refuses every change of the history of prices but that a belief ends.';

CREATE CONSTRAINT TRIGGER price_history_is_kept AFTER UPDATE OR DELETE ON price_sheets
    FOR EACH ROW EXECUTE FUNCTION keep_sheets();
CREATE CONSTRAINT TRIGGER price_history_is_kept AFTER UPDATE OR DELETE ON price_items
    FOR EACH ROW EXECUTE FUNCTION keep_sheets();
CREATE TRIGGER keep_all_sheets BEFORE TRUNCATE ON price_sheets FOR EACH STATEMENT EXECUTE FUNCTION keep_sheets();
CREATE TRIGGER keep_all_items BEFORE TRUNCATE ON price_items FOR EACH STATEMENT EXECUTE FUNCTION keep_sheets();
CREATE CONSTRAINT TRIGGER price_history_is_kept AFTER UPDATE OR DELETE ON markups
    FOR EACH ROW EXECUTE FUNCTION keep_sheets();
CREATE TRIGGER keep_all_markups BEFORE TRUNCATE ON markups FOR EACH STATEMENT EXECUTE FUNCTION keep_sheets();
CREATE CONSTRAINT TRIGGER price_history_is_kept AFTER UPDATE OR DELETE ON fx_rates
    FOR EACH ROW EXECUTE FUNCTION keep_sheets();
CREATE TRIGGER keep_all_rates BEFORE TRUNCATE ON fx_rates FOR EACH STATEMENT EXECUTE FUNCTION keep_sheets();
