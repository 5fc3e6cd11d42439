-- For whoever wrote past the triggers (a migration, logical replication): selectors read the registry anew.
CREATE FUNCTION announce_everything() RETURNS void
    LANGUAGE sql AS $$
    WITH change AS (
        INSERT INTO registry_changes (source_table) VALUES ('*') RETURNING version
    )
    SELECT pg_notify('radiant_registry', json_build_object('table', '*', 'version', version)::text) FROM change;
$$;
COMMENT ON FUNCTION announce_everything() IS 'Makes every selector read the registry anew.';
