-- Differs after every committed change of what selection reads, in whatever order transactions commit: each change is a
-- row of registry_changes, and those that are listed no more are kept as one number.
CREATE FUNCTION change_digest(source_table text, version bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN hashtextextended(source_table, version);
COMMENT ON FUNCTION change_digest(text, bigint) IS 'The part of one change in the fingerprint, which is the exclusive or of all.';

CREATE FUNCTION registry_fingerprint() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT (SELECT coalesce(bit_xor(change_digest(source_table, version)), 0) FROM registry_changes)
         # (SELECT coalesce(bit_xor(digest), 0) FROM registry_changes_pruned);
$$;
COMMENT ON FUNCTION registry_fingerprint() IS 'A number that changes when anything a selector looks at changes.';
