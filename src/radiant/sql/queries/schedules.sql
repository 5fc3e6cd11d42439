-- listed --
-- All schedules, each with its last run and its last success; a dry run, one of a single provider or a seed is neither. By
-- registry_sync_log_last for the latter.
SELECT s.kind, s.cron, s.enabled, s.paused_until, s.last_due, run.started_at AS last_started,
       run.status AS last_status, success.at AS last_success, now() AS now
  FROM schedules s
  LEFT JOIN LATERAL (
    SELECT started_at, status FROM registry_sync_log
     WHERE sync_type = s.kind AND NOT dry_run AND provider IS NULL AND worker IS NOT NULL ORDER BY started_at DESC LIMIT 1
  ) run ON true
  LEFT JOIN LATERAL (
    SELECT max(completed_at) AS at FROM registry_sync_log
     WHERE sync_type = s.kind AND status = 'completed' AND NOT dry_run AND provider IS NULL AND worker IS NOT NULL
  ) success ON true
 ORDER BY s.kind

-- clock --
SELECT now() AS now

-- active --
-- What may be due, by the clock of the database: those of many machines differ.
SELECT kind, cron, greatest(last_due, paused_until) AS since, last_due, now() AS now,
       last_due > now() + interval '5 minutes' AS ahead
  FROM schedules
 WHERE enabled AND (paused_until IS NULL OR paused_until <= now())
 ORDER BY kind

-- hold_back --
-- Clocks of servers that follow one another may differ by less.
UPDATE schedules SET last_due = now() WHERE last_due > now() + interval '5 minutes'

-- claim --
-- One of all that see the same tick gets a row, and none where the schedule was changed meanwhile.
UPDATE schedules SET last_due = %(due)s
 WHERE kind = %(kind)s AND cron = %(cron)s AND last_due = %(last_due)s
   AND enabled AND (paused_until IS NULL OR paused_until <= %(due)s)
RETURNING kind

-- set --
-- Ticks of another expression count from now on. A kind without a row gets one.
INSERT INTO schedules (kind, cron) VALUES (%(kind)s, %(cron)s)
ON CONFLICT (kind) DO UPDATE SET cron = excluded.cron, last_due = now() WHERE schedules.cron <> excluded.cron

-- pause --
-- Until a time, or until it is resumed.
UPDATE schedules SET enabled = %(until)s::timestamptz IS NOT NULL, paused_until = %(until)s WHERE kind = %(kind)s

-- resume --
-- What was missed meanwhile was not wanted.
UPDATE schedules SET last_due = now(), enabled = true, paused_until = NULL
 WHERE kind = %(kind)s AND NOT (enabled AND coalesce(paused_until <= now(), true))

-- among_jobs --
-- The functions of procrastinate name their tables without a schema.
SET LOCAL search_path TO jobs, public

-- defer --
-- One job waits for each thing to do, and one of a kind runs.
SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[
    ROW('radiant', 'radiant.run', 0, 'run ' || %(kind)s::text, %(thing)s::text, %(arguments)s::jsonb,
        NULL)::procrastinate_job_to_defer_v1
])) AS id

-- join --
-- What waits already does for both, under the id that it has or gets now.
UPDATE procrastinate_jobs
   SET args = args || jsonb_build_object('id', coalesce(args ->> 'id', %(id)s::text))
 WHERE queueing_lock = %(thing)s AND status = 'todo'
RETURNING args ->> 'id' AS id

-- apart --
-- The same waits already, under another id or none; whoever ordered this one was told this id.
UPDATE procrastinate_jobs SET queueing_lock = queueing_lock || ' as ' || (args ->> 'id') WHERE id = %(job)s

-- ordered --
-- A run that waits for a worker, or has just been taken by one.
SELECT j.args, (SELECT min(at) FROM procrastinate_events WHERE job_id = j.id) AS ordered_at
  FROM procrastinate_jobs j
 WHERE j.args ->> 'id' = %(id)s::text AND j.status IN ('todo', 'doing')

-- queue --
SELECT count(*) FILTER (WHERE status = 'todo') AS waiting,
       count(*) FILTER (WHERE status = 'doing') AS running,
       coalesce(extract(epoch FROM now() - min(e.at) FILTER (WHERE status = 'todo')), 0)::float AS oldest_seconds,
       (SELECT count(*) FROM jobs.procrastinate_workers WHERE last_heartbeat > now() - interval '30 s') AS workers
  FROM jobs.procrastinate_jobs j
  LEFT JOIN LATERAL (
    SELECT max(at) AS at FROM jobs.procrastinate_events WHERE job_id = j.id
  ) e ON true
 WHERE status IN ('todo', 'doing')

-- alone --
-- Whether nobody else looks after what was left behind; held to the end of the transaction.
SELECT pg_try_advisory_xact_lock(%(lock)s) AS free

-- close_lost --
-- Runs whose process was not heard of for too long. Runs of older programs are not heard of at all.
UPDATE registry_sync_log
   SET status = 'failed', completed_at = now(),
       duration_ms = least(round(extract(epoch FROM now() - started_at) * 1000), 2147483647),
       error_message = 'The process that ran this was lost; its work is done again.'
 WHERE status = 'running'
   AND CASE WHEN heartbeat_at IS NULL THEN started_at < now() - interval '1 hour'
            ELSE heartbeat_at < now() - make_interval(secs => %(seconds)s) END
RETURNING sync_type, worker
