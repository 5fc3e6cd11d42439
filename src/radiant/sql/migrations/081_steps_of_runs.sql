--! compatible
-- What a run does at each provider and public catalog stands in its results while it goes on, so that anybody can follow it.
ALTER TABLE sync_results
    ADD COLUMN step integer NOT NULL DEFAULT 0,
    ADD COLUMN asking boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT sync_result_step CHECK (step >= 0);
COMMENT ON COLUMN sync_results.step IS 'The order of what is known of a run, from 1; a row that says something else gets the next one. 0 where nobody counted.';
COMMENT ON COLUMN sync_results.asking IS 'Its list was asked for and is not here yet; where the run is over, it never came.';

ALTER TABLE source_results
    ADD COLUMN step integer NOT NULL DEFAULT 0,
    ALTER COLUMN outcome DROP NOT NULL,
    ADD CONSTRAINT source_result_step CHECK (step >= 0);
COMMENT ON COLUMN source_results.step IS 'The order of what is known of a run, counted together with its other results.';
COMMENT ON COLUMN source_results.outcome IS 'NULL while it is fetched; where the run is over, it never came.';
