-- Called at the end of each run. Concurrently, so that readers never wait; with the owner's rights, since only an owner
-- may bring it up to date.
CREATE FUNCTION refresh_statistics() RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    REFRESH MATERIALIZED VIEW CONCURRENTLY unified_model_stats;
$$;
COMMENT ON FUNCTION refresh_statistics() IS 'Brings unified_model_stats up to date.';
