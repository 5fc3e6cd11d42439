-- Differs after every committed change of what selection reads, in whatever order transactions commit: each change is a
-- row of registry_changes, and those that are listed no more are kept as one number.
CREATE FUNCTION registry_fingerprint() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT coalesce(bit_xor(hashtextextended(source_table, version)), 0) FROM registry_changes)
         # (SELECT coalesce(bit_xor(digest), 0) FROM registry_changes_pruned);
$$;
COMMENT ON FUNCTION registry_fingerprint() IS 'A number that changes when anything a selector looks at changes.';
