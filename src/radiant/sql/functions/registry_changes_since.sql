-- The changes that somebody who looked at `seen` has not seen: of transactions that began later, or were still open.
-- A version says nothing of that, as it is given out before the commit.
--
-- `changes` are pairs of a table and the keys in it, `digest` is their part in the fingerprint, and `pruned` the part of
-- what is listed no more: while it stays the same, nothing can be missing here.
CREATE FUNCTION registry_changes_since(seen pg_snapshot) RETURNS TABLE (changes jsonb, digest bigint, pruned bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH unseen AS (
        SELECT c.source_table, c.keys, c.version
          FROM registry_changes c
         WHERE c.transaction_id IN (SELECT pg_snapshot_xip(seen))
        UNION ALL
        SELECT c.source_table, c.keys, c.version
          FROM registry_changes c
         WHERE c.transaction_id >= pg_snapshot_xmax(seen)
           -- What came with a backup has ids of another server, which this one may be far from having given out.
           AND c.transaction_id < pg_snapshot_xmax(pg_current_snapshot())
    )
    SELECT coalesce(jsonb_agg(jsonb_build_array(source_table, keys)), '[]'),
           coalesce(bit_xor(change_digest(source_table, version)), 0),
           (SELECT p.digest FROM registry_changes_pruned p)
      FROM unseen;
$$;
COMMENT ON FUNCTION registry_changes_since(pg_snapshot) IS
    'What of registry_changes was committed after pg_current_snapshot() was this, in whatever order.';
