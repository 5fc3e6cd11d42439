--! compatible
-- Where self-hosted models run, and what was seen there. A model without an endpoint is OFF.
CREATE TABLE endpoints (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model_id varchar(100) NOT NULL REFERENCES self_hosted_models (model_id) ON UPDATE CASCADE ON DELETE CASCADE,
    runtime text NOT NULL CONSTRAINT endpoint_runtime CHECK (runtime ~ '^[a-z][a-z0-9_]{0,39}$'),
    url text CONSTRAINT endpoint_url CHECK (url ~ '^https?://[^/?#@[:space:]]+(/[^?#[:space:]]*)?$'
        AND url !~* '^https?://(169[.]254[.]|\[fe[89ab]|\[::ffff:(169[.]254[.]|a9fe:)|\[fd00:ec2::254\])'),
    name text NOT NULL,
    region text,
    min_instances integer NOT NULL DEFAULT 0,
    max_instances integer NOT NULL DEFAULT 1,
    may_create boolean NOT NULL DEFAULT false,
    enabled boolean NOT NULL DEFAULT true,
    secret_env text CONSTRAINT endpoint_secret_env CHECK (secret_env ~ '^[A-Z_][A-Z0-9_]{0,199}$'),
    options jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT endpoint_options CHECK (jsonb_typeof(options) = 'object' AND is_short(options)),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_endpoint_per_place UNIQUE NULLS NOT DISTINCT (runtime, url, region, name),
    CONSTRAINT endpoint_names CHECK (is_name(url) AND is_name(name) AND is_name(region)),
    CONSTRAINT endpoint_texts CHECK (octet_length(url) <= 1000 AND octet_length(name) <= 600 AND octet_length(region) <= 100),
    CONSTRAINT endpoint_instances CHECK (min_instances >= 0 AND max_instances >= min_instances),
    CONSTRAINT endpoint_times CHECK (is_time(created_at) AND is_time(updated_at))
);
CREATE INDEX endpoints_by_model ON endpoints (model_id);
COMMENT ON TABLE endpoints IS 'Where self-hosted models run, or may be brought up; a model may have several.';
COMMENT ON COLUMN endpoints.url IS 'The root of the server; NULL of what has a name only, such as an endpoint of Amazon SageMaker.';
COMMENT ON COLUMN endpoints.name IS 'What the model is called there.';
COMMENT ON COLUMN endpoints.may_create IS 'What serves the model may be created and deleted, so that nothing there means COLD.';
COMMENT ON COLUMN endpoints.secret_env IS 'The environment variable that the server''s key stands in.';
COMMENT ON COLUMN endpoints.options IS 'What the driver of the runtime takes besides.';

CREATE TABLE endpoint_states (
    endpoint_id bigint PRIMARY KEY REFERENCES endpoints (id) ON DELETE CASCADE,
    state text CONSTRAINT endpoint_state CHECK (state IN ('OFF', 'COLD', 'WARM', 'HOT')),
    is_transitioning boolean NOT NULL DEFAULT false,
    instances integer,
    in_flight integer,
    progress real CONSTRAINT endpoint_progress CHECK (progress BETWEEN 0 AND 1),
    problem text,
    observed_at timestamptz,
    changed_at timestamptz NOT NULL DEFAULT now(),
    phase text NOT NULL DEFAULT 'idle' CONSTRAINT endpoint_phase CHECK (phase IN ('idle', 'warming', 'cooling', 'failed')),
    attempt integer NOT NULL DEFAULT 0,
    next_try_at timestamptz,
    phase_since timestamptz NOT NULL DEFAULT now(),
    generation bigint NOT NULL DEFAULT 0,
    CONSTRAINT endpoint_counts CHECK (instances >= 0 AND in_flight >= 0 AND attempt >= 0 AND generation >= 0),
    CONSTRAINT endpoint_problem CHECK (is_text(problem) AND length(problem) <= 2000),
    CONSTRAINT endpoint_moments CHECK (is_time(observed_at) AND is_time(changed_at) AND is_time(next_try_at)
                                       AND is_time(phase_since))
);
COMMENT ON TABLE endpoint_states IS 'What was seen last at each endpoint, and how far it is with being brought up or put to sleep.';
COMMENT ON COLUMN endpoint_states.state IS 'NULL where nobody looked, or the last look saw nothing; then problem says why.';
COMMENT ON COLUMN endpoint_states.progress IS 'How much of the model is loaded, 0 to 1; NULL where its runtime does not tell.';
COMMENT ON COLUMN endpoint_states.changed_at IS 'When state or is_transitioning became what it is.';
COMMENT ON COLUMN endpoint_states.attempt IS 'How often bringing it up failed in a row; the next one waits until next_try_at.';
COMMENT ON COLUMN endpoint_states.generation IS 'Grows with each step; who takes the next one has seen the last.';

ALTER TABLE thermal_states
    ADD COLUMN endpoint_id bigint,
    ALTER COLUMN current_state SET DEFAULT 'OFF';
COMMENT ON TABLE thermal_states IS 'How warm each self-hosted model is, the best over its endpoints, and how warm it is to be.';
COMMENT ON COLUMN thermal_states.endpoint_id IS
    'Where to call it: the endpoint in the best state. No reference, so that emptying endpoints leaves the states.';
-- Where few can be brought up, select_model() reads only those.
CREATE INDEX thermal_states_cold ON thermal_states (model_id) WHERE current_state = 'COLD';

-- What stands as its model began has never been looked at by anybody.
UPDATE thermal_states t SET current_state = 'OFF'
  FROM self_hosted_models s
 WHERE s.model_id = t.model_id AND t.current_state = s.default_thermal_state AND t.current_state <> 'OFF'
   AND t.target_state = 'AUTOMATIC' AND t.updated_by = 'registry' AND NOT t.is_transitioning AND t.instance_count = 0
   AND num_nonnulls(t.last_activity, t.last_state_change, t.error_message) = 0;
