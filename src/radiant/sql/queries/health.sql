-- regions --
-- The regions of providers, in their order.
SELECT id, regions FROM providers WHERE id = ANY(%(ids)s)

-- begin_providers --
-- Rows to fold into, in one order for everybody.
INSERT INTO provider_health (provider_id, region)
SELECT provider_id, region FROM unnest(%(providers)s::text[], %(regions)s::text[]) AS it (provider_id, region)
 ORDER BY provider_id, region
ON CONFLICT DO NOTHING

-- begin_models --
INSERT INTO model_health (provider_id, model_id)
SELECT provider_id, model_id FROM unnest(%(providers)s::text[], %(models)s::text[]) AS it (provider_id, model_id)
 ORDER BY provider_id, model_id
ON CONFLICT DO NOTHING

-- hold_providers --
-- Whoever holds a row alone writes its minutes, so that what two processes counted adds up.
SELECT h.* FROM provider_health h
  JOIN unnest(%(providers)s::text[], %(regions)s::text[]) AS it (provider_id, region)
    ON h.provider_id = it.provider_id AND h.region = it.region
 ORDER BY h.provider_id, h.region FOR UPDATE OF h

-- hold_models --
SELECT h.* FROM model_health h
  JOIN unnest(%(providers)s::text[], %(models)s::text[]) AS it (provider_id, model_id)
    ON h.provider_id = it.provider_id AND h.model_id = it.model_id
 ORDER BY h.provider_id, h.model_id FOR UPDATE OF h

-- minutes_of_providers --
SELECT m.* FROM health_minutes m
  JOIN unnest(%(providers)s::text[], %(regions)s::text[]) AS it (provider_id, region)
    ON m.provider_id = it.provider_id AND m.region = it.region
 WHERE m.model_id IS NULL AND m.seconds = 60 AND m.minute >= %(since)s

-- minutes_of_models --
SELECT m.* FROM health_minutes m
  JOIN unnest(%(providers)s::text[], %(models)s::text[]) AS it (provider_id, model_id)
    ON m.provider_id = it.provider_id AND m.model_id = it.model_id
 WHERE m.seconds = 60 AND m.minute >= %(since)s

-- write_providers --
UPDATE provider_health h
   SET status = n.status, reason = n.reason, failures = n.failures, refusals = n.refusals,
       failing_model = n.failing_model, successes = n.successes,
       avg_latency_ms = n.avg_latency_ms, exact_latency_ms = n.exact_latency_ms, avg_ttft_ms = n.avg_ttft_ms,
       p95_latency_ms = n.p95_latency_ms, p99_latency_ms = n.p99_latency_ms,
       error_rate = n.error_rate, success_rate = n.success_rate,
       last_check_at = n.last_check_at, last_success_at = n.last_success_at, last_failure_at = n.last_failure_at,
       last_traffic_at = n.last_traffic_at, last_error = n.last_error, retry_at = n.retry_at
  FROM json_populate_recordset(NULL::provider_health, %(rows)s) n
 WHERE h.provider_id = n.provider_id AND h.region = n.region

-- write_models --
UPDATE model_health h
   SET status = n.status, reason = n.reason, failures = n.failures, refusals = n.refusals, successes = n.successes,
       avg_latency_ms = n.avg_latency_ms, exact_latency_ms = n.exact_latency_ms, avg_ttft_ms = n.avg_ttft_ms,
       p95_latency_ms = n.p95_latency_ms, p99_latency_ms = n.p99_latency_ms,
       error_rate = n.error_rate, success_rate = n.success_rate,
       last_check_at = n.last_check_at, last_success_at = n.last_success_at, last_failure_at = n.last_failure_at,
       last_traffic_at = n.last_traffic_at, last_error = n.last_error, retry_at = n.retry_at,
       fresh = true, resting_until = n.resting_until, resting_because = n.resting_because,
       circuit_failures = n.circuit_failures, circuit_reason = n.circuit_reason, rests = n.rests
  FROM json_populate_recordset(NULL::model_health, %(rows)s) n
 WHERE h.provider_id = n.provider_id AND h.model_id = n.model_id

-- write_minutes --
INSERT INTO health_minutes
SELECT * FROM json_populate_recordset(NULL::health_minutes, %(rows)s)
ON CONFLICT (provider_id, model_id, minute, region, seconds) DO UPDATE
   SET ok = excluded.ok, failed = excluded.failed, latencies = excluded.latencies,
       latency_sum = excluded.latency_sum, ttft_sum = excluded.ttft_sum, ttft_count = excluded.ttft_count,
       input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens

-- set_offline --
-- This host reaches nobody, so nothing is known of those it asked; the rows that were known of. Whatever changes rows of
-- health holds them in the order in which `hold_providers` and `hold_models` do, or two would wait for each other.
UPDATE provider_health h SET status = 'unknown', reason = %(reason)s, failures = 0, refusals = 0, failing_model = NULL,
       successes = 0, last_check_at = %(at)s
  FROM (SELECT provider_id, region, status FROM provider_health
         WHERE provider_id = ANY(%(ids)s) AND reason IS DISTINCT FROM %(reason)s
         ORDER BY provider_id, region FOR UPDATE) o
 WHERE h.provider_id = o.provider_id AND h.region = o.region
RETURNING h.provider_id, h.region, o.status AS before

-- set_models_offline --
UPDATE model_health h
   SET status = 'unknown', reason = %(reason)s, failures = 0, refusals = 0, successes = 0, circuit_failures = 0,
       circuit_reason = NULL, rests = 0, resting_until = NULL, resting_because = NULL
  FROM (SELECT provider_id, model_id FROM model_health
         WHERE provider_id = ANY(%(ids)s) AND fresh AND reason IS DISTINCT FROM %(reason)s
         ORDER BY provider_id, model_id FOR UPDATE) o
 WHERE h.provider_id = o.provider_id AND h.model_id = o.model_id

-- tell_offline --
SELECT emit_event('radiant.host.offline', NULL, jsonb_build_object('providers', %(ids)s::text[]))

-- hold_back_models --
-- What a clock that was ahead has written.
UPDATE model_health h
   SET last_check_at = CASE WHEN h.last_check_at > %(now)s THEN %(now)s ELSE h.last_check_at END,
       last_success_at = CASE WHEN h.last_success_at > %(now)s THEN %(now)s ELSE h.last_success_at END,
       last_failure_at = CASE WHEN h.last_failure_at > %(now)s THEN %(now)s ELSE h.last_failure_at END,
       last_traffic_at = CASE WHEN h.last_traffic_at > %(now)s THEN %(now)s ELSE h.last_traffic_at END,
       resting_until = CASE WHEN h.resting_until > %(latest_rest)s THEN %(now)s ELSE h.resting_until END,
       retry_at = CASE WHEN h.retry_at > %(latest_retry)s THEN NULL ELSE h.retry_at END
  FROM (SELECT provider_id, model_id FROM model_health
         WHERE last_check_at > %(latest)s OR resting_until > %(latest_rest)s OR retry_at > %(latest_retry)s
         ORDER BY provider_id, model_id FOR UPDATE) o
 WHERE h.provider_id = o.provider_id AND h.model_id = o.model_id

-- hold_back_providers --
UPDATE provider_health h
   SET last_check_at = CASE WHEN h.last_check_at > %(now)s THEN %(now)s ELSE h.last_check_at END,
       last_success_at = CASE WHEN h.last_success_at > %(now)s THEN %(now)s ELSE h.last_success_at END,
       last_failure_at = CASE WHEN h.last_failure_at > %(now)s THEN %(now)s ELSE h.last_failure_at END,
       last_traffic_at = CASE WHEN h.last_traffic_at > %(now)s THEN %(now)s ELSE h.last_traffic_at END,
       retry_at = CASE WHEN h.retry_at > %(latest_retry)s THEN NULL ELSE h.retry_at END
  FROM (SELECT provider_id, region FROM provider_health
         WHERE last_check_at > %(latest)s OR retry_at > %(latest_retry)s
         ORDER BY provider_id, region FOR UPDATE) o
 WHERE h.provider_id = o.provider_id AND h.region = o.region

-- hold_back_probes --
UPDATE probes SET at = %(now)s WHERE at > %(latest)s

-- age --
-- What was measured of a model long ago stands for it no longer.
UPDATE model_health h
   SET fresh = false, status = 'unknown', reason = NULL, failures = 0, refusals = 0, successes = 0,
       circuit_failures = 0, circuit_reason = NULL, rests = 0, resting_until = NULL, resting_because = NULL
  FROM (SELECT provider_id, model_id FROM model_health
         WHERE fresh AND coalesce(last_check_at, updated_at) < %(before)s AND (resting_until IS NULL OR resting_until < %(before)s)
         ORDER BY provider_id, model_id FOR UPDATE) o
 WHERE h.provider_id = o.provider_id AND h.model_id = o.model_id

-- age_providers --
-- Of whom nothing was seen for so long nothing is known. Whoever asked to be left alone stands as before until then, and
-- so does what somebody wrote by hand.
UPDATE provider_health h
   SET status = 'unknown', reason = NULL, failures = 0, refusals = 0, failing_model = NULL, successes = 0,
       error_rate = NULL
  FROM (SELECT provider_id, region FROM provider_health w
         WHERE (status <> 'unknown' OR reason <> %(kept)s)
           AND last_check_at < %(before)s AND (retry_at IS NULL OR retry_at < %(now)s)
           AND NOT EXISTS (SELECT FROM probes p
                            WHERE p.provider_id = w.provider_id AND p.region = w.region AND p.at >= %(probed_before)s)
         ORDER BY provider_id, region FOR UPDATE OF w) o
 WHERE h.provider_id = o.provider_id AND h.region = o.region

-- forget_outcomes --
DELETE FROM outcomes_seen WHERE seen_at < %(before)s

-- alone --
-- One at a time thins out.
SELECT pg_try_advisory_xact_lock('health_minutes'::regclass::bigint) AS alone

-- old_minutes --
SELECT * FROM health_minutes WHERE seconds = %(seconds)s AND minute < %(before)s
 ORDER BY minute LIMIT %(limit)s FOR UPDATE

-- wider --
-- What was added up already of the same stretches.
SELECT m.* FROM health_minutes m
  JOIN json_populate_recordset(NULL::health_minutes, %(rows)s) n
    ON m.provider_id = n.provider_id AND m.region = n.region AND m.model_id IS NOT DISTINCT FROM n.model_id
   AND m.minute = n.minute AND m.seconds = n.seconds

-- forget_minutes --
DELETE FROM health_minutes m USING json_populate_recordset(NULL::health_minutes, %(rows)s) n
 WHERE m.provider_id = n.provider_id AND m.region = n.region AND m.model_id IS NOT DISTINCT FROM n.model_id
   AND m.minute = n.minute AND m.seconds = n.seconds

-- forget_days --
DELETE FROM health_minutes WHERE seconds = 86400 AND minute < %(before)s

-- take_outcomes --
-- Those whose id was not seen before.
INSERT INTO outcomes_seen (id) SELECT unnest(%(ids)s::uuid[]) ON CONFLICT DO NOTHING RETURNING id

-- note_not_found --
-- Real traffic was told that there is no such model: evidence, once an hour.
INSERT INTO model_evidence (provider_id, model_id, what, at, details)
SELECT n.provider_id, n.model_id, 'not_found', n.at, jsonb_strip_nulls(jsonb_build_object('requests', n.requests, 'message', n.message))
  FROM unnest(%(providers)s::text[], %(models)s::text[], %(times)s::timestamptz[], %(counts)s::integer[], %(messages)s::text[])
       AS n (provider_id, model_id, at, requests, message)
  JOIN models m USING (provider_id, model_id)
 WHERE NOT EXISTS (SELECT FROM model_evidence e
                    WHERE e.provider_id = n.provider_id AND e.model_id = n.model_id AND e.what = 'not_found'
                      AND e.at > n.at - interval '1 hour')
