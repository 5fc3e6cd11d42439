--! compatible
-- How self-hosted models wake and sleep: what was tried, how long it took, what it saved.
ALTER TABLE endpoint_states
    ADD COLUMN aim integer NOT NULL DEFAULT 0 CONSTRAINT endpoint_aim CHECK (aim >= 0);
COMMENT ON COLUMN endpoint_states.aim IS 'How many instances a change under way is to reach.';

ALTER TABLE thermal_states
    ADD COLUMN warmup_seconds integer CONSTRAINT thermal_warmup_seconds CHECK (warmup_seconds >= 0),
    ADD COLUMN warmup_slow_seconds integer CONSTRAINT thermal_warmup_slow_seconds CHECK (warmup_slow_seconds >= 0),
    ADD COLUMN cool_asked_at timestamptz CONSTRAINT thermal_cool_asked_at CHECK (is_time(cool_asked_at)),
    ADD COLUMN why text CONSTRAINT thermal_why CHECK (is_text(why) AND length(why) <= 2000);
COMMENT ON COLUMN thermal_states.warmup_seconds IS 'Within which half of its last warm-ups were ready; NULL where none was yet.';
COMMENT ON COLUMN thermal_states.warmup_slow_seconds IS 'The same of 95 of 100.';
COMMENT ON COLUMN thermal_states.cool_asked_at IS 'When somebody last sent it to sleep; work of before keeps it up no longer.';
COMMENT ON COLUMN thermal_states.why IS 'Why it is to be as warm as it is to be.';

CREATE TABLE warmups (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    endpoint_id bigint NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
    model_id varchar(100) NOT NULL REFERENCES self_hosted_models (model_id) ON UPDATE CASCADE ON DELETE CASCADE,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ready_at timestamptz,
    ended_at timestamptz,
    outcome text CONSTRAINT warmup_outcome CHECK (outcome IN ('ready', 'failed', 'timed_out', 'cancelled')),
    problem text,
    requested_by text,
    CONSTRAINT warmup_ends CHECK ((outcome IS NULL) = (ended_at IS NULL) AND (ready_at IS NOT NULL) = (outcome IS NOT DISTINCT FROM 'ready')),
    CONSTRAINT warmup_texts CHECK (is_text(problem) AND length(problem) <= 2000 AND is_text(requested_by) AND length(requested_by) <= 2000),
    CONSTRAINT warmup_times CHECK (is_time(started_at) AND is_time(ready_at) AND is_time(ended_at))
);
CREATE UNIQUE INDEX one_warmup_at_a_time ON warmups (endpoint_id) WHERE outcome IS NULL;
CREATE INDEX warmups_of_model ON warmups (model_id, started_at);
CREATE INDEX warmups_of_endpoint ON warmups (endpoint_id, ready_at) WHERE outcome = 'ready';
COMMENT ON TABLE warmups IS 'Each time a model was brought up at an endpoint: how long it took, or why it failed.';
COMMENT ON COLUMN warmups.outcome IS 'NULL while it goes on.';

CREATE TABLE thermal_history (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_id varchar(100) NOT NULL REFERENCES self_hosted_models (model_id) ON UPDATE CASCADE ON DELETE CASCADE,
    began_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    state text NOT NULL CONSTRAINT history_state CHECK (state IN ('OFF', 'COLD', 'WARM', 'HOT')),
    hourly_rate numeric(10,4) CONSTRAINT history_rate CHECK (hourly_rate >= 0 AND hourly_rate < 'Infinity'),
    instances integer NOT NULL DEFAULT 1 CONSTRAINT history_instances CHECK (instances >= 0),
    CONSTRAINT history_times CHECK (is_time(began_at) AND is_time(ended_at) AND ended_at >= began_at)
);
CREATE UNIQUE INDEX one_state_at_a_time ON thermal_history (model_id) WHERE ended_at IS NULL;
CREATE INDEX thermal_history_of_model ON thermal_history (model_id, began_at);
COMMENT ON TABLE thermal_history IS 'In which state each self-hosted model was from when to when, and what an hour of it cost then.';
COMMENT ON COLUMN thermal_history.instances IS 'How many would have been up at least: what sleeping saves is the rate of these.';

CREATE TABLE handovers (
    model_id varchar(100) NOT NULL REFERENCES self_hosted_models (model_id) ON UPDATE CASCADE ON DELETE CASCADE,
    hour timestamptz NOT NULL,
    served bigint NOT NULL DEFAULT 0,
    priced bigint NOT NULL DEFAULT 0,
    cost_usd numeric NOT NULL DEFAULT 0,
    PRIMARY KEY (model_id, hour),
    CONSTRAINT handover_counts CHECK (served >= 0 AND priced BETWEEN 0 AND served AND cost_usd >= 0 AND cost_usd < 'Infinity'),
    CONSTRAINT handover_hour CHECK (is_time(hour))
);
COMMENT ON TABLE handovers IS 'How often another model stood in for one that was not warm, by hour, and what that cost.';
COMMENT ON COLUMN handovers.priced IS 'Of how many the cost is known.';

CREATE TABLE prewarm_windows (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_id varchar(100) NOT NULL REFERENCES self_hosted_models (model_id) ON UPDATE CASCADE ON DELETE CASCADE,
    cron text NOT NULL,
    duration_minutes integer NOT NULL CONSTRAINT window_duration CHECK (duration_minutes BETWEEN 1 AND 10080),
    time_zone text NOT NULL DEFAULT 'UTC',
    enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_window_of_a_kind UNIQUE (model_id, cron, time_zone),
    CONSTRAINT window_texts CHECK (is_name(cron) AND length(cron) <= 200 AND is_name(time_zone) AND length(time_zone) <= 100),
    CONSTRAINT window_times CHECK (is_time(created_at))
);
COMMENT ON TABLE prewarm_windows IS 'Times at which a self-hosted model is warm before anybody asks.';
COMMENT ON COLUMN prewarm_windows.cron IS 'When it begins, by the clocks of its time zone.';

INSERT INTO thermal_history (model_id, state, hourly_rate, instances)
SELECT t.model_id, t.current_state, s.hourly_rate, greatest(1, s.min_instances)
  FROM thermal_states t JOIN self_hosted_models s USING (model_id);
