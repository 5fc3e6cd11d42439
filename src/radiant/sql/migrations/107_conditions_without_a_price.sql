-- What a usage was charged without, since no price is for it: a tier that nobody prices, a slip of the pen.
ALTER TABLE ratings
    ADD COLUMN unmatched text[],
    ADD CONSTRAINT rating_unmatched CHECK (unmatched IS NULL OR is_list(unmatched));
COMMENT ON COLUMN ratings.unmatched IS 'Conditions of the usage that no price was for: it was charged as without them. NULL where there were none.';
