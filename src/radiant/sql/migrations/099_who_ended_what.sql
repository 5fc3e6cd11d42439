--! compatible
-- Who ended what was believed of a price or a markup, and why: by another in its place, or by none.
ALTER TABLE price_sheets ADD COLUMN ended_by text, ADD COLUMN ended_because text,
    ADD CONSTRAINT price_sheet_end CHECK (is_text(ended_by) AND is_text(ended_because) AND length(ended_by) <= 200
        AND length(ended_because) <= 2000 AND (NOT upper_inf(known) OR (ended_by IS NULL AND ended_because IS NULL)));
ALTER TABLE markups ADD COLUMN ended_by text, ADD COLUMN ended_because text,
    ADD CONSTRAINT markup_end CHECK (is_text(ended_by) AND is_text(ended_because) AND length(ended_by) <= 200
        AND length(ended_because) <= 2000 AND (NOT upper_inf(known) OR (ended_by IS NULL AND ended_because IS NULL)));
COMMENT ON COLUMN price_sheets.ended_by IS 'Who ended it, or put another in its place; NULL while it is believed.';
COMMENT ON COLUMN price_sheets.ended_because IS 'Why, as they said.';
COMMENT ON COLUMN markups.ended_by IS 'Who ended it, or put another in its place; NULL while it is believed.';
COMMENT ON COLUMN markups.ended_because IS 'Why, as they said.';
