--! compatible
-- What a provider says of a model beside its price: where it positions it, how fast it is, what goes in at most, and
-- what takes its place.
ALTER TABLE models
    ADD COLUMN max_input integer CONSTRAINT model_max_input CHECK (max_input > 0),
    ADD COLUMN class text CONSTRAINT model_class CHECK (class IN ('flagship', 'standard', 'small')),
    ADD COLUMN throughput_tps numeric
        CONSTRAINT model_throughput CHECK (throughput_tps > 0 AND throughput_tps < 'Infinity'),
    ADD COLUMN successor text CONSTRAINT model_successor CHECK (length(successor) BETWEEN 1 AND 512);
COMMENT ON COLUMN models.max_input IS 'The most input tokens, where that is less than the context window.';
COMMENT ON COLUMN models.class IS 'How its own provider positions it: flagship, standard or small.';
COMMENT ON COLUMN models.throughput_tps IS 'Output tokens per second as the provider publishes them.';
COMMENT ON COLUMN models.successor IS 'The model that its provider names in its place.';
COMMENT ON COLUMN models.retires IS 'From that day on, in UTC, it is not chosen.';
