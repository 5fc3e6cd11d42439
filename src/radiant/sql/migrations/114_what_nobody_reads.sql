--! compatible
-- What a response counts and no rule of ours reads, since it may cost something.
ALTER TABLE usage_records
    ADD COLUMN unread text[],
    ADD CONSTRAINT usage_unread CHECK (unread IS NULL OR is_list(unread));
COMMENT ON COLUMN usage_records.unread IS 'Names of numbers in the response that may cost something and that no rule reads. NULL where there were none.';
