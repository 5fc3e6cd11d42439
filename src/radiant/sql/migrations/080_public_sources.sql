--! compatible
-- Which public catalogs are fetched, what came of it, and which listed models only they claim; what follows a default.

CREATE TABLE public_sources (
    id text PRIMARY KEY,
    enabled boolean NOT NULL DEFAULT false,
    url text,
    CONSTRAINT public_source_names CHECK (is_name(id) AND is_name(url)),
    CONSTRAINT public_source_texts CHECK (length(id) BETWEEN 1 AND 80 AND length(url) <= 2000)
);
COMMENT ON TABLE public_sources IS 'What people said of public catalogs; one without a row is disabled.';
COMMENT ON COLUMN public_sources.url IS 'Where it is fetched in place of its public address, such as a mirror of one''s own.';

CREATE TABLE source_results (
    run_id uuid NOT NULL REFERENCES registry_sync_log (id) ON DELETE CASCADE,
    source text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    outcome text NOT NULL,
    counts jsonb NOT NULL DEFAULT '{}',
    error text,
    duration_ms integer NOT NULL DEFAULT 0,
    PRIMARY KEY (run_id, source),
    CONSTRAINT source_result_outcome CHECK (outcome IN ('imported', 'unchanged', 'failed')),
    CONSTRAINT source_result_names CHECK (is_name(source)),
    CONSTRAINT source_result_texts CHECK (length(source) BETWEEN 1 AND 80 AND length(error) <= 2000 AND is_short(counts)),
    CONSTRAINT source_result_duration CHECK (duration_ms >= 0),
    CONSTRAINT source_result_times CHECK (is_time(at))
);
CREATE INDEX source_results_by_source ON source_results (source, at DESC);
COMMENT ON TABLE source_results IS 'What a run found at each public catalog.';
COMMENT ON COLUMN source_results.counts IS 'Numbers: entries, and facts added, changed, removed; entries and facts refused.';

ALTER TABLE fact_imports
    ADD COLUMN url text,
    ADD COLUMN etag text,
    ADD COLUMN last_modified text,
    ADD COLUMN reader text,
    ADD COLUMN good_until date,
    ADD CONSTRAINT fact_import_validators CHECK (is_name(url) AND is_name(etag) AND is_name(last_modified)
        AND is_name(reader) AND length(url) <= 2000 AND length(etag) <= 500 AND length(last_modified) <= 100
        AND length(reader) <= 100),
    ADD CONSTRAINT fact_import_good_until CHECK (is_day(good_until));
COMMENT ON COLUMN fact_imports.url IS 'Where it was fetched; NULL where a person gave it. ETag and Last-Modified are of there.';
COMMENT ON COLUMN fact_imports.reader IS 'The version of the program that read it: a newer one reads the same again.';
COMMENT ON COLUMN fact_imports.good_until IS 'The day from which the same document says something else, such as an announced price.';

ALTER TABLE discovered_models
    ADD COLUMN claimed_by text[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT discovered_claims CHECK (is_list(claimed_by));
COMMENT ON COLUMN discovered_models.claimed_by IS 'The public catalogs that claim it, where its provider has no list; empty where it stood in a list.';

ALTER TABLE default_models
    ADD COLUMN successor text,
    ADD CONSTRAINT default_successor CHECK (is_name(successor) AND length(successor) <= 600);
COMMENT ON COLUMN default_models.successor IS 'What takes its place when it goes and nobody nearer names anything.';
