-- providers --
-- Every provider with an API, or one, with the status of its best region.
SELECT p.id, p.display_name, coalesce(h.status, 'unknown') AS status
  FROM providers p LEFT JOIN provider_health_now h ON h.provider_id = p.id
 WHERE p.id <> 'self_hosted' AND (%(provider)s::text IS NULL OR p.id = %(provider)s)
 ORDER BY p.id

-- regions --
-- Each provider in each region, in the order in which one is better than the other.
SELECT h.provider_id, h.region, h.status, h.reason, h.exact_latency_ms::float AS avg_latency_ms,
       h.p95_latency_ms::float AS p95_latency_ms, h.p99_latency_ms::float AS p99_latency_ms,
       1 - h.success_rate::float AS error_rate, h.success_rate::float AS success_rate,
       h.last_check_at, h.last_success_at, h.last_failure_at, h.last_error,
       probe.at AS probed_at, h.retry_at AS not_before, probe.skipped AS not_probed
  FROM provider_health h LEFT JOIN probes probe USING (provider_id, region)
 WHERE %(provider)s::text IS NULL OR h.provider_id = %(provider)s
 ORDER BY h.provider_id, array_position(ARRAY['healthy', 'degraded', 'unknown', 'unhealthy'], h.status),
          h.avg_latency_ms NULLS LAST, h.region

-- resting --
-- Models that nobody is sent to now.
SELECT provider_id, model_id, resting_until AS until, circuit_failures AS failures, circuit_reason AS reason
  FROM model_health
 WHERE resting_until > %(at)s AND (%(provider)s::text IS NULL OR provider_id = %(provider)s)
 ORDER BY provider_id, model_id

-- pages --
SELECT provider_id, at, indicator, description, problem FROM status_pages
 WHERE %(provider)s::text IS NULL OR provider_id = %(provider)s

-- counted --
-- What was counted of providers from a time to another, their models' traffic included, in stretches of whatever length
-- they have. What lies later was counted by a clock that was ahead.
SELECT * FROM health_minutes
 WHERE model_id IS NULL AND minute BETWEEN %(since)s AND %(until)s AND (%(provider)s::text IS NULL OR provider_id = %(provider)s)
 ORDER BY minute

-- changes --
-- Of each region the statuses since a time, and the one that held before, in the order in which they were written.
SELECT provider_id, region, at, status, reason, id FROM status_changes
 WHERE at >= %(since)s AND (%(provider)s::text IS NULL OR provider_id = %(provider)s)
UNION ALL
(SELECT DISTINCT ON (provider_id, region) provider_id, region, at, status, reason, id FROM status_changes
  WHERE at < %(since)s AND (%(provider)s::text IS NULL OR provider_id = %(provider)s)
  ORDER BY provider_id, region, at DESC, id DESC)
ORDER BY provider_id, region, id

-- models --
-- The models of a provider that real requests were reported of, the newest first.
SELECT model_id, status, reason, exact_latency_ms::float AS avg_latency_ms, p95_latency_ms::float AS p95_latency_ms,
       p99_latency_ms::float AS p99_latency_ms, 1 - success_rate::float AS error_rate,
       success_rate::float AS success_rate, last_success_at, last_failure_at, circuit_failures AS failures, resting_until
  FROM model_health
 WHERE provider_id = %(provider)s AND fresh
 ORDER BY last_check_at DESC NULLS LAST, model_id LIMIT %(limit)s
