-- runs --
-- How runs of each kind went last; by registry_sync_log_last none of its rows is read.
SELECT kind,
       (SELECT count(*) FROM registry_sync_log
         WHERE sync_type = kind AND status = 'running' AND NOT dry_run) AS running,
       (SELECT max(completed_at) FROM registry_sync_log
         WHERE sync_type = kind AND status = 'completed'
           AND NOT dry_run AND provider IS NULL AND worker IS NOT NULL) AS last_success,
       (SELECT max(completed_at) FROM registry_sync_log
         WHERE sync_type = kind AND status = 'failed'
           AND NOT dry_run AND provider IS NULL AND worker IS NOT NULL) AS last_failure
  FROM unnest(%(kinds)s::text[]) kind

-- sources --
-- How fetching each public catalog went last, and when it last went well; by source_results_by_source, from its end.
SELECT it.source AS id,
       (SELECT r.outcome = 'failed' FROM source_results r JOIN registry_sync_log l ON l.id = r.run_id
         WHERE r.source = it.source AND r.outcome IS NOT NULL AND NOT l.dry_run
         ORDER BY r.at DESC LIMIT 1) AS failing,
       (SELECT r.at FROM source_results r JOIN registry_sync_log l ON l.id = r.run_id
         WHERE r.source = it.source AND r.outcome <> 'failed' AND NOT l.dry_run
         ORDER BY r.at DESC LIMIT 1) AS last_success
  FROM unnest(%(sources)s::text[]) AS it (source)

-- providers --
-- One's own hardware is none.
SELECT coalesce(h.status, 'unknown') AS status, count(*) AS count
  FROM providers p LEFT JOIN provider_health_now h ON h.provider_id = p.id
 WHERE p.id <> 'self_hosted' AND p.enabled
 GROUP BY 1

-- counts --
SELECT external_count, self_hosted_count FROM unified_model_stats

-- sinks --
-- Counted to a bound: a sink that was away for a month must not make each look a long one.
SELECT s.name,
       (SELECT count(*) FROM (
            SELECT FROM events e WHERE e.seq > s.through AND e.seq <> ALL (s.beyond)
               AND (s.types = '{}' OR e.type = ANY (s.types)) LIMIT %(most)s) numbered)
       + (SELECT count(*) FROM (
            SELECT FROM events e WHERE e.seq IS NULL
               AND (s.types = '{}' OR e.type = ANY (s.types)) LIMIT %(most)s) new) AS waiting,
       (SELECT count(*) FROM (
            SELECT FROM event_dead_letters d WHERE d.sink = s.name LIMIT %(most)s) dead) AS dead
  FROM event_sinks s
 ORDER BY s.name

-- review --
-- Counted to a bound, too.
SELECT count(*) AS pending FROM (SELECT FROM discovered_models WHERE status = 'pending' LIMIT %(most)s) it

-- tables --
-- From the files, not from the rows.
SELECT relname AS name, pg_total_relation_size(oid) AS bytes
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
 ORDER BY relname
