-- record_completed --
-- A run that began and ended with the transaction around it.
INSERT INTO registry_sync_log (sync_type, status, providers_updated, models_added, models_updated, models_deprecated,
                               started_at, completed_at, duration_ms)
VALUES (%(sync_type)s, 'completed', %(providers)s, %(added)s, %(updated)s, %(deprecated)s, now(), clock_timestamp(),
        round(extract(epoch FROM clock_timestamp() - now()) * 1000))

-- newest --
-- The newest first; after a place, those that come behind it.
SELECT * FROM registry_sync_log
 WHERE (%(kind)s::text IS NULL OR sync_type = %(kind)s)
   AND (%(started)s::timestamptz IS NULL OR started_at < %(started)s
        OR (started_at = %(started)s AND id > %(id)s::uuid))
 ORDER BY started_at DESC, id LIMIT %(limit)s

-- alone --
-- One run at a time begins.
SELECT pg_advisory_xact_lock(hashtext('registry_sync_log'))

-- close_stale --
-- Nobody has heard of these for too long.
UPDATE registry_sync_log
   SET status = 'failed', completed_at = clock_timestamp(),
       duration_ms = round(extract(epoch FROM clock_timestamp() - started_at) * 1000),
       error_message = 'Whoever ran it was not heard of for ' || %(seconds)s::integer || ' seconds.'
 WHERE status = 'running' AND coalesce(heartbeat_at, started_at) < clock_timestamp() - make_interval(secs => %(seconds)s)

-- in_the_way --
-- A run that holds the place of one of this kind; a full run holds those of its parts.
SELECT id, sync_type FROM registry_sync_log
 WHERE status = 'running' AND NOT dry_run AND (sync_type = %(kind)s OR sync_type = 'full' OR %(kind)s = 'full')
 ORDER BY started_at LIMIT 1

-- came_to_nothing --
-- The newest run of a kind, where it was begun by a schedule and by such a worker since a time, and failed or was lost.
SELECT FROM (SELECT * FROM registry_sync_log WHERE sync_type = %(kind)s AND NOT dry_run ORDER BY started_at DESC LIMIT 1) it
 WHERE it.trigger = 'schedule' AND starts_with(it.worker, %(worker)s) AND it.started_at >= %(since)s
   AND (it.status = 'failed'
        OR (it.status = 'running' AND it.heartbeat_at < clock_timestamp() - make_interval(secs => %(seconds)s)))

-- begin --
-- A run that was ordered has its id already; where it was begun and lost before, it gets another.
INSERT INTO registry_sync_log (id, sync_type, trigger, requested_by, provider, dry_run, worker, started_at, heartbeat_at)
VALUES (coalesce((SELECT %(id)s::uuid WHERE NOT EXISTS (SELECT FROM registry_sync_log WHERE id = %(id)s::uuid)),
                 gen_random_uuid()),
        %(kind)s, %(trigger)s, %(requested_by)s, %(provider)s, %(dry_run)s, %(worker)s, clock_timestamp(),
        clock_timestamp())
RETURNING id

-- beat --
UPDATE registry_sync_log SET heartbeat_at = clock_timestamp() WHERE id = %(id)s AND status = 'running'

-- keep_step --
-- One row per provider. What is known already gets no new number, and what is done is asked for no more.
INSERT INTO sync_results (run_id, provider_id, asking, complete, digest, counts, skipped, note, errors, duration_ms, step)
VALUES (%(run)s, %(provider)s, %(asking)s, %(complete)s, %(digest)s, %(counts)s::jsonb, %(skipped)s, %(note)s,
        %(errors)s, %(duration_ms)s,
        (SELECT coalesce(max(step), 0) + 1 FROM run_steps WHERE run_id = %(run)s))
ON CONFLICT (run_id, provider_id) DO UPDATE
   SET asking = excluded.asking, complete = excluded.complete, digest = excluded.digest, counts = excluded.counts,
       skipped = excluded.skipped, note = excluded.note, errors = excluded.errors,
       duration_ms = excluded.duration_ms, step = excluded.step, at = clock_timestamp()
 WHERE NOT excluded.asking
   AND (sync_results.asking, sync_results.complete, sync_results.digest, sync_results.counts, sync_results.skipped,
        sync_results.note, sync_results.errors, sync_results.duration_ms)
       IS DISTINCT FROM (excluded.asking, excluded.complete, excluded.digest, excluded.counts, excluded.skipped,
                         excluded.note, excluded.errors, excluded.duration_ms)

-- finish --
-- A run that somebody closed meanwhile stays closed.
UPDATE registry_sync_log
   SET status = %(status)s, completed_at = clock_timestamp(),
       duration_ms = round(extract(epoch FROM clock_timestamp() - started_at) * 1000),
       providers_updated = %(providers)s, models_added = %(added)s, models_updated = %(updated)s,
       models_deprecated = %(deprecated)s, errors = %(errors)s, error_message = %(problem)s, details = %(details)s::jsonb
 WHERE id = %(id)s AND status = 'running'
RETURNING duration_ms

-- found --
SELECT * FROM registry_sync_log WHERE id = %(id)s

-- results --
-- What a run found at each provider.
SELECT provider_id, complete, digest, counts, skipped, note, errors, duration_ms FROM sync_results
 WHERE run_id = %(id)s AND NOT asking ORDER BY provider_id

-- steps --
-- What became known of a run after a step: the newest of each provider and public catalog.
SELECT * FROM run_steps WHERE run_id = %(id)s AND step > %(after)s ORDER BY step

-- silence --
-- Seconds since a run that goes on was last heard of.
SELECT extract(epoch FROM clock_timestamp() - coalesce(heartbeat_at, started_at))::float AS seconds
  FROM registry_sync_log WHERE id = %(id)s AND status = 'running'
