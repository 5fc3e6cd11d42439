--! compatible
-- Which transaction wrote a change. Versions are given out before the commit, so they do not tell what somebody who
-- looked has seen; the transactions that had ended by then do.
ALTER TABLE registry_changes ADD COLUMN transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id();
COMMENT ON COLUMN registry_changes.transaction_id IS 'The transaction that wrote it, on the server on which it was written.';
CREATE INDEX registry_changes_by_transaction ON registry_changes (transaction_id);
