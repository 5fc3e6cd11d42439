--! compatible
-- What providers' own lists say: what was found in them, what people decided about it, and what speaks for a deprecation.

ALTER TABLE providers ADD COLUMN contact boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN providers.contact IS 'Enabled by hand: its list is asked for also without a key, where it needs none.';

ALTER TABLE registry_sync_log
    ADD COLUMN trigger text NOT NULL DEFAULT 'person',
    ADD COLUMN requested_by text,
    ADD COLUMN provider text,
    ADD COLUMN dry_run boolean NOT NULL DEFAULT false,
    ADD COLUMN heartbeat_at timestamptz,
    ADD COLUMN worker text,
    ADD COLUMN details jsonb NOT NULL DEFAULT '{}',
    ADD CONSTRAINT sync_trigger CHECK (trigger IN ('schedule', 'person', 'event')),
    ADD CONSTRAINT sync_heartbeat CHECK (is_time(heartbeat_at)),
    ADD CONSTRAINT sync_origin CHECK (is_text(requested_by) AND is_text(provider) AND is_text(worker)
                                      AND length(requested_by) <= 500 AND length(provider) <= 50 AND length(worker) <= 500
                                      AND is_short(details));
COMMENT ON COLUMN registry_sync_log.heartbeat_at IS 'When whoever runs it last said so; a run that is silent for a minute is closed as failed.';
COMMENT ON COLUMN registry_sync_log.details IS 'What is to be said of the run beside its counts: {"notes": ["…"]}.';
DROP INDEX one_running_sync_per_type;
CREATE UNIQUE INDEX one_running_sync_per_type ON registry_sync_log (sync_type) WHERE status = 'running' AND NOT dry_run;

CREATE TABLE sync_results (
    run_id uuid NOT NULL REFERENCES registry_sync_log (id) ON DELETE CASCADE,
    provider_id varchar(50) NOT NULL REFERENCES providers (id) ON UPDATE CASCADE ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    complete boolean,
    digest text,
    counts jsonb NOT NULL DEFAULT '{}',
    skipped text,
    note text,
    errors text[] NOT NULL DEFAULT '{}',
    duration_ms integer NOT NULL DEFAULT 0,
    PRIMARY KEY (run_id, provider_id),
    CONSTRAINT sync_result_lists CHECK (is_list(errors)),
    CONSTRAINT sync_result_texts CHECK (length(digest) <= 500 AND length(skipped) <= 2000 AND length(note) <= 2000
                                        AND is_short(counts)),
    CONSTRAINT sync_result_duration CHECK (duration_ms >= 0),
    CONSTRAINT sync_result_times CHECK (is_time(at))
);
CREATE INDEX sync_results_by_provider ON sync_results (provider_id, at DESC);
COMMENT ON TABLE sync_results IS 'What a run found at each provider.';
COMMENT ON COLUMN sync_results.complete IS 'Whether a model that was not in the list is not offered; NULL where no list was asked for.';
COMMENT ON COLUMN sync_results.counts IS 'Numbers of models: seen, new, changed, missing, deprecated, restored.';

CREATE TABLE review_rules (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider_id varchar(50) REFERENCES providers (id) ON UPDATE CASCADE ON DELETE CASCADE,
    pattern text NOT NULL DEFAULT '*',
    task text,
    most_input_per_mtok numeric,
    most_output_per_mtok numeric,
    enabled boolean NOT NULL DEFAULT true,
    created_by text NOT NULL DEFAULT session_user,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT review_rule_task CHECK (task = ANY (task_names())),
    CONSTRAINT review_rule_ceilings CHECK (most_input_per_mtok >= 0 AND most_input_per_mtok < 'NaN'
                                           AND most_output_per_mtok >= 0 AND most_output_per_mtok < 'NaN'),
    CONSTRAINT review_rule_texts CHECK (is_name(pattern) AND is_name(created_by) AND length(pattern) BETWEEN 1 AND 600
                                         AND length(created_by) <= 500),
    CONSTRAINT review_rule_times CHECK (is_time(created_at))
);
COMMENT ON TABLE review_rules IS 'Which discovered models are approved at once: all that a rule says has to hold, and a price has to be known where there is a ceiling.';

CREATE TABLE discovered_models (
    provider_id varchar(50) NOT NULL REFERENCES providers (id) ON UPDATE CASCADE ON DELETE CASCADE,
    model_id text NOT NULL,
    status text NOT NULL,
    kind text NOT NULL DEFAULT 'model',
    family text NOT NULL,
    proposed jsonb NOT NULL DEFAULT '{}',
    missing text[] NOT NULL DEFAULT '{}',
    first_seen timestamptz NOT NULL DEFAULT now(),
    absent_since timestamptz,
    decided_by text,
    decided_at timestamptz,
    reason text,
    rule_id integer REFERENCES review_rules (id) ON DELETE SET NULL,
    PRIMARY KEY (provider_id, model_id),
    CONSTRAINT discovered_status CHECK (status IN ('known', 'pending', 'approved', 'rejected')),
    CONSTRAINT discovered_kind CHECK (kind IN ('model', 'snapshot', 'alias', 'fine_tune', 'adapter', 'regional')),
    CONSTRAINT discovered_lists CHECK (is_list(missing)),
    CONSTRAINT discovered_texts CHECK (length(model_id) BETWEEN 1 AND 512 AND length(family) BETWEEN 1 AND 512
                                       AND is_name(decided_by) AND length(decided_by) <= 500 AND length(reason) <= 20000 AND is_short(proposed)),
    CONSTRAINT discovered_times CHECK (is_time(first_seen) AND is_time(absent_since) AND is_time(decided_at))
);
CREATE INDEX discovered_models_by_family ON discovered_models (provider_id, family);
COMMENT ON TABLE discovered_models IS 'Every id that a provider''s own list had, and what was decided about it; known are those the registry had before.';
COMMENT ON COLUMN discovered_models.family IS 'The id of the model that this one is a snapshot, an alias, a fine-tune or a regional variant of; its own where it is none.';
COMMENT ON COLUMN discovered_models.absent_since IS 'Since which complete list it has been missing; NULL while it is listed.';

CREATE TABLE model_evidence (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider_id varchar(50) NOT NULL REFERENCES providers (id) ON UPDATE CASCADE ON DELETE CASCADE,
    model_id text NOT NULL,
    what text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    run_id uuid,
    digest text,
    details jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT evidence_what CHECK (what IN ('absent', 'returned', 'deprecated', 'restored', 'warned', 'retired')),
    CONSTRAINT evidence_texts CHECK (length(model_id) BETWEEN 1 AND 512 AND length(digest) <= 500 AND is_short(details)),
    CONSTRAINT evidence_times CHECK (is_time(at))
);
CREATE INDEX model_evidence_by_model ON model_evidence (provider_id, model_id, id);
COMMENT ON TABLE model_evidence IS 'Why a model was deprecated or restored: the lists it was missing in, with their time and digest, and its retirement.';
