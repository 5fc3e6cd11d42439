-- That somebody wants a model warm is a row of its own; the target of a thermal state is the operator's word alone.

CREATE TABLE warmup_demands (
    model_id varchar(100) PRIMARY KEY
        REFERENCES self_hosted_models (model_id) ON UPDATE CASCADE ON DELETE CASCADE,
    requested_by text NOT NULL DEFAULT session_user,
    requested_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    until timestamptz NOT NULL,
    CONSTRAINT demand_times CHECK (is_time(requested_at) AND is_time(until)),
    CONSTRAINT demand_ends_after_it_began CHECK (until > requested_at),
    CONSTRAINT demand_texts CHECK (length(requested_by) <= 500)
);
COMMENT ON TABLE warmup_demands IS 'Who asked for which self-hosted model to be brought up, and until when that holds.';
COMMENT ON COLUMN warmup_demands.until IS 'From then on nobody asks, until somebody asks again.';

-- A target that a request set is a demand, no word of an operator's.
INSERT INTO warmup_demands (model_id, requested_by, until)
SELECT model_id, 'selector', clock_timestamp() + interval '15 minutes'
  FROM thermal_states WHERE target_state = 'WARM' AND updated_by = 'selector' AND current_state = 'COLD';
UPDATE thermal_states SET target_state = 'AUTOMATIC' WHERE target_state = 'WARM' AND updated_by = 'selector';
