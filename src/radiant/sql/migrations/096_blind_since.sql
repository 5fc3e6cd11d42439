--! compatible
-- Looks at what sleeps are minutes apart: how long none has succeeded is counted from the first that failed.
ALTER TABLE endpoint_states
    ADD COLUMN blind_since timestamptz CONSTRAINT endpoint_blind_since CHECK (is_time(blind_since));
COMMENT ON COLUMN endpoint_states.blind_since IS 'Since when no look has seen anything there; NULL where the last one did.';
