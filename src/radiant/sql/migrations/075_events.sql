--! compatible
-- What happened, written in the transaction in which it happened, and who is told of it.
CREATE TABLE events (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    seq bigint UNIQUE,
    id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    type text NOT NULL CONSTRAINT event_type CHECK (type ~ '^[a-z0-9_]+(\.[a-z0-9_]+)+$' AND length(type) <= 200),
    source text NOT NULL DEFAULT 'radiant.registry',
    subject text,
    time timestamptz NOT NULL DEFAULT clock_timestamp(),
    data jsonb NOT NULL CONSTRAINT event_data CHECK (jsonb_typeof(data) = 'object' AND octet_length(data::text) <= 1000000),
    CONSTRAINT event_texts CHECK (is_name(source) AND length(source) <= 500 AND length(subject) <= 1000),
    CONSTRAINT event_times CHECK (is_time(time))
);
CREATE SEQUENCE event_seq OWNED BY events.seq;
CREATE INDEX events_without_number ON events (position) WHERE seq IS NULL;
CREATE INDEX events_by_time ON events (time);
COMMENT ON TABLE events IS 'What happened in this registry, until RADIANT_EVENT_DAYS are over.';
COMMENT ON COLUMN events.position IS 'The order of writing, in which transactions need not end.';
COMMENT ON COLUMN events.seq IS
    'The order in which events became known; given after the commit (number_events), so nothing appears behind a reader.';

CREATE TABLE event_sinks (
    name text CONSTRAINT event_sinks_name_key UNIQUE NOT NULL CONSTRAINT event_sink_name CHECK (name ~ '^[a-z0-9][a-z0-9_.-]{0,79}$'),
    kind text NOT NULL CONSTRAINT event_sink_kind CHECK (kind IN ('webhook', 'eventbridge', 'log')),
    settings jsonb NOT NULL DEFAULT '{}'
        CONSTRAINT event_sink_settings CHECK (jsonb_typeof(settings) = 'object' AND is_short(settings)),
    secret_env text CONSTRAINT event_sink_secret_env CHECK (secret_env ~ '^[A-Z_][A-Z0-9_]{0,199}$'),
    types text[] NOT NULL DEFAULT '{}' CONSTRAINT event_sink_types CHECK (is_list(types)),
    enabled boolean NOT NULL DEFAULT true,
    why_disabled text,
    through bigint NOT NULL DEFAULT 0,
    beyond bigint[] NOT NULL DEFAULT '{}',
    attempts integer NOT NULL DEFAULT 0,
    failures integer NOT NULL DEFAULT 0,
    next_try_at timestamptz NOT NULL DEFAULT now(),
    last_error text,
    last_delivered_at timestamptz,
    claim uuid,
    claimed_until timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT event_sink_counts CHECK (through >= 0 AND attempts >= 0 AND failures >= 0),
    CONSTRAINT event_sink_texts CHECK (length(why_disabled) <= 2000 AND length(last_error) <= 2000),
    CONSTRAINT event_sink_times CHECK (is_time(next_try_at) AND is_time(last_delivered_at)
                                       AND is_time(claimed_until) AND is_time(created_at))
);
COMMENT ON TABLE event_sinks IS 'Who is told of events. Secrets stand in the environment, here only the name of the variable.';
COMMENT ON COLUMN event_sinks.types IS 'Which types of events go there, all where it is empty.';
COMMENT ON COLUMN event_sinks.through IS 'Every event up to this number is delivered, dead or of another type.';
COMMENT ON COLUMN event_sinks.beyond IS 'Numbers above it that are delivered already, of a batch that was taken in part.';
COMMENT ON COLUMN event_sinks.attempts IS 'How often the next event has failed.';
COMMENT ON COLUMN event_sinks.failures IS 'How often in a row anything has failed; the pause grows with it.';
COMMENT ON COLUMN event_sinks.claimed_until IS 'Somebody delivers there; after this time somebody else may.';

CREATE TABLE event_dead_letters (
    sink text NOT NULL REFERENCES event_sinks (name) ON DELETE CASCADE,
    seq bigint NOT NULL REFERENCES events (seq) ON DELETE CASCADE,
    error text NOT NULL,
    failed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    replay boolean NOT NULL DEFAULT false,
    PRIMARY KEY (sink, seq),
    CONSTRAINT dead_letter_texts CHECK (length(error) <= 2000),
    CONSTRAINT dead_letter_times CHECK (is_time(failed_at))
);
CREATE INDEX event_dead_letters_by_event ON event_dead_letters (seq);
COMMENT ON TABLE event_dead_letters IS 'Events that a sink did not take after all attempts.';
COMMENT ON COLUMN event_dead_letters.replay IS 'Somebody asked for it to be delivered again.';
