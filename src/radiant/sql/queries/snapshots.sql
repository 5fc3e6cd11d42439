-- one_instant --
-- All that this transaction reads is as of its first statement.
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY

-- defaults --
SELECT task, model_id FROM default_models

-- key_variables --
SELECT id, key_variables FROM providers

-- fingerprint --
SELECT registry_fingerprint() AS number

-- mark --
-- What of the changes this transaction sees, to ask later what came since.
SELECT pg_current_snapshot()::text AS seen, registry_fingerprint() AS fingerprint, pruned
  FROM registry_changes_since(pg_current_snapshot())

-- changes --
-- Both at once, since each way to the server and back costs a follower as much as a row.
BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SELECT pg_current_snapshot()::text AS seen, changes, digest, pruned
  FROM registry_changes_since(%(seen)s::pg_snapshot)

-- provider_health --
-- As the view says it of external models, but for those `apart`, which were measured themselves.
SELECT it.id AS provider_id, coalesce(h.status, 'unknown') AS health_status, h.avg_latency_ms, h.error_rate,
       ARRAY(SELECT own.model_id FROM model_health own WHERE own.provider_id = it.id AND own.fresh) AS apart
  FROM unnest(%s::text[]) AS it (id)
  LEFT JOIN provider_health_now h ON h.provider_id = it.id

-- request_warmup --
SELECT request_warmup(%(model_id)s) AS started
