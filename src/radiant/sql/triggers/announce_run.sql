-- Whoever follows a run hears of each step, and of its end, whoever it is that ended it.
CREATE FUNCTION announce_run() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('radiant_runs', '');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION announce_run() IS 'Announces that more is known of a run.';

CREATE TRIGGER announce_run AFTER INSERT OR UPDATE ON sync_results FOR EACH STATEMENT EXECUTE FUNCTION announce_run();
CREATE TRIGGER announce_run AFTER INSERT OR UPDATE ON source_results FOR EACH STATEMENT EXECUTE FUNCTION announce_run();
CREATE TRIGGER announce_run AFTER UPDATE ON registry_sync_log FOR EACH ROW WHEN (OLD.status <> NEW.status)
    EXECUTE FUNCTION announce_run();
