--! compatible
-- A sheet that a person sets can be whole: of what it does not name, nobody below it is asked.

ALTER TABLE price_sheets ADD COLUMN whole boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN price_sheets.whole IS 'What it does not name is unknown, and not taken from sheets that speak after it..';
