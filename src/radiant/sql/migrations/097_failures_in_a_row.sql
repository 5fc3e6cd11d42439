--! compatible
-- Which failures stand in a row: those of one model say nothing of the others, and a key that is refused is none.
ALTER TABLE provider_health
    ADD COLUMN refusals integer NOT NULL DEFAULT 0,
    ADD COLUMN failing_model text,
    ADD CONSTRAINT health_refusals CHECK (refusals >= 0),
    ADD CONSTRAINT health_failing_model CHECK (is_name(failing_model) AND length(failing_model) <= 512);
ALTER TABLE model_health
    ADD COLUMN refusals integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT model_health_refusals CHECK (refusals >= 0);
COMMENT ON COLUMN provider_health.refusals IS 'Refusals of a key in a row, which end a row of failures, as those do one of refusals.';
COMMENT ON COLUMN provider_health.failing_model IS 'The one model that all failures in a row are of; NULL where they are of several, or of none.';
COMMENT ON COLUMN model_health.refusals IS 'As in provider_health.';
