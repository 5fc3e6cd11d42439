-- The ledger of usage is only appended to: what was told and rated is not edited or deleted.
CREATE FUNCTION keep_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is only appended to: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_is_kept';
END $$;
COMMENT ON FUNCTION keep_ledger() IS 'Refuses every change of the ledger of usage but that something is added.';

CREATE CONSTRAINT TRIGGER ledger_is_kept AFTER UPDATE OR DELETE ON usage_records FOR EACH ROW EXECUTE FUNCTION keep_ledger();
CREATE CONSTRAINT TRIGGER ledger_is_kept AFTER UPDATE OR DELETE ON ratings FOR EACH ROW EXECUTE FUNCTION keep_ledger();
CREATE CONSTRAINT TRIGGER ledger_is_kept AFTER UPDATE OR DELETE ON rating_runs FOR EACH ROW EXECUTE FUNCTION keep_ledger();
CREATE CONSTRAINT TRIGGER ledger_is_kept AFTER UPDATE OR DELETE ON closed_periods FOR EACH ROW EXECUTE FUNCTION keep_ledger();
CREATE TRIGGER keep_all_usage BEFORE TRUNCATE ON usage_records FOR EACH STATEMENT EXECUTE FUNCTION keep_ledger();
CREATE TRIGGER keep_all_ratings BEFORE TRUNCATE ON ratings FOR EACH STATEMENT EXECUTE FUNCTION keep_ledger();
CREATE TRIGGER keep_all_runs BEFORE TRUNCATE ON rating_runs FOR EACH STATEMENT EXECUTE FUNCTION keep_ledger();
CREATE TRIGGER keep_all_closed BEFORE TRUNCATE ON closed_periods FOR EACH STATEMENT EXECUTE FUNCTION keep_ledger();

-- Once for each statement, since a run writes many ratings at once.
CREATE FUNCTION check_ratings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    closed CONSTANT timestamptz := (SELECT max(until) FROM closed_periods);
BEGIN
    IF EXISTS (SELECT FROM added WHERE booked_at < closed) THEN
        RAISE EXCEPTION 'the books are closed until %', closed
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_is_kept';
    END IF;
    IF EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM usage_records u WHERE u.id = a.usage_id))
       OR EXISTS (SELECT FROM added a WHERE NOT EXISTS (SELECT FROM rating_runs r WHERE r.id = a.run_id)) THEN
        RAISE EXCEPTION 'a rating is of a usage that was told, and of a run that there is' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION check_ratings() IS 'Refuses ratings that are booked into a closed period, or are of no usage or run.';

CREATE TRIGGER check_ratings AFTER INSERT ON ratings REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION check_ratings();
