--! compatible
-- Which claims prices are made of: of a source that says something else of a model now, and waits for approval, what it
-- said before still counts; a source of which nothing was ever taken over speaks for the first time. In a table of its
-- own, so that whoever imports a catalog and whoever brings prices up to date never wait for one another's rows.
CREATE TABLE price_claims_taken (
    claim_id bigint PRIMARY KEY REFERENCES price_claims (id),
    taken_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    left_at timestamptz,
    CONSTRAINT price_claim_taken_times CHECK (is_time(taken_at) AND is_time(left_at) AND left_at >= taken_at)
);
COMMENT ON TABLE price_claims_taken IS 'The claims that a run over prices took over, and until when they counted: until the source''s next word was taken over.';
COMMENT ON COLUMN price_claims_taken.left_at IS 'NULL while prices are made of it, whether the source still says so or not.';

-- What was claimed until today is known: nobody speaks for the first time by an upgrade.
INSERT INTO price_claims_taken (claim_id, taken_at, left_at) SELECT id, lower(seen), upper(seen) FROM price_claims;
