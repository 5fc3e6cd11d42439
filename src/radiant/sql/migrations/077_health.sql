--! compatible
-- What probes and real traffic say of providers and of single models, what was counted by the minute, and which outcomes
-- were counted already.

ALTER TABLE provider_health
    ADD COLUMN reason text,
    ADD COLUMN failures integer NOT NULL DEFAULT 0,
    ADD COLUMN successes integer NOT NULL DEFAULT 0,
    ADD COLUMN exact_latency_ms numeric(14,3),
    ADD COLUMN avg_ttft_ms numeric(14,3),
    ADD COLUMN last_traffic_at timestamptz,
    ADD COLUMN retry_at timestamptz,
    ADD CONSTRAINT health_reason CHECK (is_name(reason) AND length(reason) <= 100),
    ADD CONSTRAINT health_counts CHECK (failures >= 0 AND successes >= 0),
    ADD CONSTRAINT health_exact_latencies CHECK (exact_latency_ms >= 0 AND exact_latency_ms < 'NaN'
                                                 AND avg_ttft_ms >= 0 AND avg_ttft_ms < 'NaN'),
    ADD CONSTRAINT health_moments CHECK (is_time(last_traffic_at) AND is_time(retry_at));
COMMENT ON TABLE provider_health IS 'What probes and real traffic measured, per provider and region.';
COMMENT ON COLUMN provider_health.avg_latency_ms IS
    'Exponentially weighted mean of successes (0.7 / 0.3) as it was when selection was last told: within 10 % of exact_latency_ms.';
COMMENT ON COLUMN provider_health.exact_latency_ms IS 'The same mean as it is now.';
COMMENT ON COLUMN provider_health.error_rate IS
    'The share of failures in the last 15 minutes as it was when selection was last told: within 0.05 of 1 - success_rate.';
COMMENT ON COLUMN provider_health.success_rate IS 'The share of successes in the 15 minutes before last_check_at, limits and wrong requests left out.';
COMMENT ON COLUMN provider_health.p95_latency_ms IS 'Of successes in the 15 minutes before last_check_at; off by 4 % at most.';
COMMENT ON COLUMN provider_health.p99_latency_ms IS 'As p95_latency_ms.';
COMMENT ON COLUMN provider_health.reason IS 'Why it is not healthy.';
COMMENT ON COLUMN provider_health.failures IS 'Failures in a row.';
COMMENT ON COLUMN provider_health.successes IS 'Signs of life in a row.';
COMMENT ON COLUMN provider_health.last_traffic_at IS 'The last success of real traffic.';
COMMENT ON COLUMN provider_health.retry_at IS 'The provider wants to be left alone until then.';

-- The rows of a provider whose regions were changed since it was added.
DELETE FROM provider_health h USING providers p
 WHERE p.id = h.provider_id AND h.last_check_at IS NULL AND h.status = 'unknown' AND h.region <> ALL (p.regions);
INSERT INTO provider_health (provider_id, region)
SELECT p.id, region FROM providers p CROSS JOIN unnest(p.regions) AS region WHERE p.id <> 'self_hosted'
ON CONFLICT DO NOTHING;

CREATE TABLE model_health (
    provider_id varchar(50) NOT NULL REFERENCES providers (id) ON UPDATE CASCADE ON DELETE CASCADE,
    model_id text NOT NULL,
    status text NOT NULL DEFAULT 'unknown',
    avg_latency_ms numeric(14,3),
    p95_latency_ms numeric(14,3),
    p99_latency_ms numeric(14,3),
    error_rate numeric(6,5),
    success_rate numeric(6,5),
    last_check_at timestamptz,
    last_success_at timestamptz,
    last_failure_at timestamptz,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    reason text,
    failures integer NOT NULL DEFAULT 0,
    successes integer NOT NULL DEFAULT 0,
    exact_latency_ms numeric(14,3),
    avg_ttft_ms numeric(14,3),
    last_traffic_at timestamptz,
    retry_at timestamptz,
    fresh boolean NOT NULL DEFAULT true,
    resting_until timestamptz,
    resting_because text,
    circuit_failures integer NOT NULL DEFAULT 0,
    circuit_reason text,
    rests integer NOT NULL DEFAULT 0,
    PRIMARY KEY (provider_id, model_id),
    CONSTRAINT model_health_status CHECK (status IN ('healthy', 'degraded', 'unhealthy', 'unknown')),
    CONSTRAINT model_health_latencies CHECK (
        avg_latency_ms >= 0 AND avg_latency_ms < 'NaN' AND p95_latency_ms >= 0 AND p95_latency_ms < 'NaN'
        AND p99_latency_ms >= 0 AND p99_latency_ms < 'NaN' AND exact_latency_ms >= 0 AND exact_latency_ms < 'NaN'
        AND avg_ttft_ms >= 0 AND avg_ttft_ms < 'NaN'),
    CONSTRAINT model_health_rates CHECK (error_rate BETWEEN 0 AND 1 AND success_rate BETWEEN 0 AND 1),
    CONSTRAINT model_health_counts CHECK (failures >= 0 AND successes >= 0 AND circuit_failures >= 0 AND rests >= 0),
    CONSTRAINT model_health_texts CHECK (
        is_name(model_id) AND length(model_id) <= 512 AND is_text(last_error) AND length(last_error) <= 20000
        AND is_name(reason) AND length(reason) <= 100 AND is_name(circuit_reason) AND length(circuit_reason) <= 100
        AND is_name(resting_because) AND length(resting_because) <= 500),
    CONSTRAINT model_health_rest CHECK (resting_until IS NULL OR fresh AND resting_because IS NOT NULL),
    CONSTRAINT model_health_times CHECK (
        is_time(last_check_at) AND is_time(last_success_at) AND is_time(last_failure_at) AND is_time(created_at)
        AND is_time(updated_at) AND is_time(last_traffic_at) AND is_time(retry_at) AND is_time(resting_until))
);
CREATE INDEX model_health_fresh ON model_health (provider_id, model_id) WHERE fresh;
COMMENT ON TABLE model_health IS 'What real traffic and probes measured of single models, as provider_health does of providers.';
COMMENT ON COLUMN model_health.fresh IS 'Whether it was measured lately: only then does it stand for the model in place of its provider''s.';
COMMENT ON COLUMN model_health.resting_until IS 'Nobody is sent there before; then one request is, and its outcome decides.';
COMMENT ON COLUMN model_health.resting_because IS 'How many failures in a row, and what the last one was.';
COMMENT ON COLUMN model_health.circuit_failures IS 'Failures of real traffic in a row; 5 make it rest.';
COMMENT ON COLUMN model_health.rests IS 'Rests without a success between them; each is twice as long as the one before, 30 s to 10 min.';

CREATE TABLE health_minutes (
    provider_id varchar(50) NOT NULL REFERENCES providers (id) ON UPDATE CASCADE ON DELETE CASCADE,
    region text NOT NULL,
    model_id text,
    minute timestamptz NOT NULL,
    seconds integer NOT NULL DEFAULT 60,
    ok bigint NOT NULL DEFAULT 0,
    failed jsonb NOT NULL DEFAULT '{}',
    latencies bytea NOT NULL DEFAULT '\x90',
    latency_sum double precision NOT NULL DEFAULT 0,
    ttft_sum double precision NOT NULL DEFAULT 0,
    ttft_count bigint NOT NULL DEFAULT 0,
    input_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    CONSTRAINT health_minutes_key UNIQUE NULLS NOT DISTINCT (provider_id, model_id, minute, region, seconds),
    CONSTRAINT health_minute_width CHECK (seconds IN (60, 3600, 86400)),
    CONSTRAINT health_minute_counts CHECK (ok >= 0 AND ttft_count >= 0 AND input_tokens >= 0 AND output_tokens >= 0),
    CONSTRAINT health_minute_sums CHECK (latency_sum >= 0 AND latency_sum < 'NaN' AND ttft_sum >= 0 AND ttft_sum < 'NaN'),
    CONSTRAINT health_minute_texts CHECK (is_name(region) AND length(region) <= 100 AND is_name(model_id)
                                          AND length(model_id) <= 512 AND jsonb_typeof(failed) = 'object' AND is_short(failed)),
    CONSTRAINT health_minute_times CHECK (is_time(minute))
);
CREATE INDEX health_minutes_by_age ON health_minutes (seconds, minute);
COMMENT ON TABLE health_minutes IS 'What was counted: by the minute for a day, by the hour for a month, by the day for a year.';
COMMENT ON COLUMN health_minutes.model_id IS 'NULL where it is of the provider as a whole, its models'' traffic included.';
COMMENT ON COLUMN health_minutes.minute IS 'When it begins.';
COMMENT ON COLUMN health_minutes.seconds IS 'How long it is: a minute, an hour, a day.';
COMMENT ON COLUMN health_minutes.failed IS 'How many failed, by reason.';
COMMENT ON COLUMN health_minutes.latencies IS 'The distribution of successes'' latencies: pairs of (distance to the bucket before, count) in MessagePack; bucket i ends at 1.08 ^ i ms.';
COMMENT ON COLUMN health_minutes.latency_sum IS 'Milliseconds.';
COMMENT ON COLUMN health_minutes.ttft_sum IS 'Milliseconds until the first token, of ttft_count answers.';

CREATE TABLE outcomes_seen (
    id uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL DEFAULT now() CONSTRAINT outcome_times CHECK (is_time(seen_at))
);
CREATE INDEX outcomes_seen_by_age ON outcomes_seen USING brin (seen_at);
COMMENT ON TABLE outcomes_seen IS 'The outcomes that were counted, by a digest of the id they came with; kept for two hours.';

ALTER TABLE model_evidence
    DROP CONSTRAINT evidence_what,
    ADD CONSTRAINT evidence_what CHECK (
        what IN ('absent', 'returned', 'deprecated', 'restored', 'warned', 'retired', 'not_found'));
