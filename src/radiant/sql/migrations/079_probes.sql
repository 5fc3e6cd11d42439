--! compatible
-- What probing needs to remember: the last probe of each provider and region, what status pages say, and how statuses
-- became others. None of it is announced: selection reads provider_health.
CREATE TABLE probes (
    provider_id varchar(50) NOT NULL REFERENCES providers (id) ON UPDATE CASCADE ON DELETE CASCADE,
    region text NOT NULL DEFAULT 'global',
    at timestamptz,
    skipped text,
    PRIMARY KEY (provider_id, region),
    CONSTRAINT probe_names CHECK (is_name(region) AND length(region) <= 100),
    CONSTRAINT probe_texts CHECK (is_text(skipped) AND length(skipped) <= 2000),
    CONSTRAINT probe_times CHECK (is_time(at))
);
COMMENT ON TABLE probes IS 'When each provider was probed last in each region, and why it is not probed now. What came is in provider_health.';
COMMENT ON COLUMN probes.skipped IS 'Why it was not probed when its turn came last; NULL where it was.';

CREATE TABLE status_pages (
    provider_id varchar(50) PRIMARY KEY REFERENCES providers (id) ON UPDATE CASCADE ON DELETE CASCADE,
    at timestamptz NOT NULL,
    indicator text CONSTRAINT status_page_indicator CHECK (indicator IN ('none', 'minor', 'major', 'critical', 'maintenance')),
    description text,
    problem text,
    CONSTRAINT status_page_texts CHECK (is_text(description) AND is_text(problem) AND length(description) <= 2000
                                        AND length(problem) <= 2000),
    CONSTRAINT status_page_times CHECK (is_time(at))
);
COMMENT ON TABLE status_pages IS 'What the public status pages of providers said last. Shown beside the status, which it never overrules.';
COMMENT ON COLUMN status_pages.problem IS 'Why the page could not be read; indicator and description are then NULL.';

CREATE TABLE status_changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    provider_id varchar(50) NOT NULL REFERENCES providers (id) ON UPDATE CASCADE ON DELETE CASCADE,
    region text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    status text NOT NULL CONSTRAINT status_change_status CHECK (status IN ('healthy', 'degraded', 'unhealthy', 'unknown')),
    reason text,
    CONSTRAINT status_change_names CHECK (is_name(region) AND is_name(reason) AND length(region) <= 100
                                          AND length(reason) <= 100),
    CONSTRAINT status_change_times CHECK (is_time(at))
);
CREATE INDEX status_changes_by_provider ON status_changes (provider_id, region, at DESC);
COMMENT ON TABLE status_changes IS 'When the health of a provider in a region became what. Incidents and uptime are read from it.';

-- Runs that found nothing are thinned out by these.
CREATE INDEX registry_sync_log_by_type ON registry_sync_log (sync_type, started_at DESC);

CREATE TABLE paid_probes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    provider_id varchar(50) NOT NULL REFERENCES providers (id) ON UPDATE CASCADE ON DELETE CASCADE,
    model_id text NOT NULL,
    cost_usd usd NOT NULL,
    settled boolean NOT NULL DEFAULT false,
    CONSTRAINT paid_probe_model CHECK (is_name(model_id) AND length(model_id) <= 512),
    CONSTRAINT paid_probe_times CHECK (is_time(at))
);
CREATE INDEX paid_probes_by_time ON paid_probes (at);
COMMENT ON TABLE paid_probes IS 'Completions that a person asked for to see whether a model answers, and what each cost.';
COMMENT ON COLUMN paid_probes.cost_usd IS 'The most it can cost until it is settled, then what the usage told by the provider costs.';
