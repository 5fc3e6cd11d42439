-- Whoever remembers tokens is told at once of every one that was made, changed or revoked.

CREATE FUNCTION announce_access() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    -- The same announcement within one transaction is delivered once.
    PERFORM pg_notify('radiant_access', '');
    RETURN NULL;
END $$;
COMMENT ON FUNCTION announce_access() IS 'Tells on radiant_access that a token was made, changed or revoked.';

CREATE TRIGGER announce_access AFTER INSERT OR DELETE ON access_tokens
    FOR EACH ROW EXECUTE FUNCTION announce_access();
CREATE TRIGGER announce_access_change AFTER UPDATE ON access_tokens
    FOR EACH ROW WHEN ((OLD.hash, OLD.role, OLD.revoked_at) IS DISTINCT FROM (NEW.hash, NEW.role, NEW.revoked_at))
    EXECUTE FUNCTION announce_access();
CREATE TRIGGER announce_access_truncate AFTER TRUNCATE ON access_tokens
    FOR EACH STATEMENT EXECUTE FUNCTION announce_access();
