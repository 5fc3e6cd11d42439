-- Whoever changes the health of a provider, its history remembers it.
CREATE FUNCTION keep_status_change() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO status_changes (provider_id, region, status, reason)
    VALUES (NEW.provider_id, NEW.region, NEW.status, NEW.reason);
    RETURN NULL;
END $$;
COMMENT ON FUNCTION keep_status_change() IS 'Keeps when a status became what.';

CREATE TRIGGER keep_status_change AFTER UPDATE ON provider_health FOR EACH ROW WHEN (OLD.status <> NEW.status)
    EXECUTE FUNCTION keep_status_change();
