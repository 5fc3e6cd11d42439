--! compatible
-- What speaks against numbers of public catalogs, found anew at each import and seed; and what a model carries of it.
CREATE TABLE fact_doubts (
    source text NOT NULL,
    entry text NOT NULL,
    field text NOT NULL,
    provider_id varchar(50) NOT NULL,
    model_id text NOT NULL,
    kind text NOT NULL CONSTRAINT fact_doubt_kind CHECK (kind IN ('above_window', 'alone', 'other_unit', 'cheap_output')),
    why text NOT NULL,
    gap numeric NOT NULL CONSTRAINT fact_doubt_gap CHECK (gap BETWEEN 0 AND 1),
    instead integer CONSTRAINT fact_doubt_instead CHECK (instead > 0),
    PRIMARY KEY (source, entry, field),
    CONSTRAINT fact_doubt_texts CHECK (length(source) <= 700 AND length(entry) <= 600 AND length(field) <= 200
                                       AND length(model_id) <= 600 AND length(why) <= 2000)
);
CREATE INDEX fact_doubts_by_model ON fact_doubts (provider_id, model_id);
COMMENT ON TABLE fact_doubts IS 'Numbers of public catalogs that are in doubt, and why.';
COMMENT ON COLUMN fact_doubts.gap IS '1 - smaller / larger of the number and what it was held against.';
COMMENT ON COLUMN fact_doubts.instead IS 'What the maker or most others say, where nobody says better of the very offering.';

ALTER TABLE models
    ADD COLUMN doubts text[] NOT NULL DEFAULT '{}' CONSTRAINT model_doubts CHECK (is_list(doubts));
COMMENT ON COLUMN models.doubts IS 'In words, what is in doubt of what public catalogs say of it, and what is used.';
