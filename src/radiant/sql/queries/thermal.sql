-- kept --
-- Every enabled endpoint with all that decides how warm its model is to be, or those of some models. A model that is
-- disabled is to sleep.
SELECT e.id, e.model_id, e.runtime, e.name, e.url, e.region, e.min_instances, e.max_instances, e.may_create, e.secret_env,
       e.options, o.state, o.phase, o.phase_since, o.aim, o.attempt, o.next_try_at, o.instances, o.in_flight, o.progress,
       o.observed_at, o.blind_since, o.problem, o.generation, s.gpu_memory_gb, s.default_thermal_state, s.min_instances AS model_min,
       s.max_instances AS model_max, s.scale_to_zero_minutes, s.warmup_time_seconds, s.enabled AND p.enabled AS model_enabled,
       t.target_state, t.last_activity, t.cool_asked_at, t.why, d.requested_by, d.requested_at, d.until,
       s.sagemaker_image, s.instance_type, s.environment, s.model_data_url,
       ARRAY(SELECT extract(epoch FROM w.ready_at - w.started_at)::float8 FROM warmups w
              WHERE w.endpoint_id = e.id AND w.outcome = 'ready' ORDER BY w.ready_at DESC LIMIT 20) AS seconds,
       ARRAY(SELECT jsonb_build_object('cron', w.cron, 'duration_minutes', w.duration_minutes, 'time_zone', w.time_zone,
                                       'enabled', w.enabled)
               FROM prewarm_windows w WHERE w.model_id = e.model_id AND w.enabled ORDER BY w.id) AS windows
  FROM endpoints e
  JOIN endpoint_states o ON o.endpoint_id = e.id
  JOIN self_hosted_models s ON s.model_id = e.model_id
  JOIN providers p ON p.id = 'self_hosted'
  JOIN thermal_states t ON t.model_id = e.model_id
  LEFT JOIN warmup_demands d ON d.model_id = e.model_id AND d.until > clock_timestamp()
 WHERE e.enabled AND (%(models)s::text[] IS NULL OR e.model_id = ANY (%(models)s))
 ORDER BY e.model_id, e.id

-- advance --
-- The next steps of endpoints, for whoever saw the last ones. What moves where is told by the phase. Rows are held in one
-- order for everybody.
UPDATE endpoint_states o
   SET state = n.state, phase = n.phase, phase_since = n.since, aim = n.aim, attempt = n.attempt,
       next_try_at = n.next_try_at, instances = n.instances, in_flight = n.in_flight, progress = n.progress,
       problem = n.problem, observed_at = coalesce(n.seen_at, o.observed_at), blind_since = n.blind_since,
       is_transitioning = n.moving,
       generation = o.generation + 1,
       changed_at = CASE WHEN (o.state, o.is_transitioning) IS DISTINCT FROM (n.state, n.moving)
                         THEN clock_timestamp() ELSE o.changed_at END
  FROM (SELECT k.*
          FROM json_to_recordset(%(rows)s)
               AS k (id bigint, generation bigint, state text, phase text, since timestamptz, aim integer,
                     attempt integer, next_try_at timestamptz, instances integer, in_flight integer, progress real,
                     problem text, seen_at timestamptz, blind_since timestamptz, moving boolean)
          JOIN endpoint_states e ON e.endpoint_id = k.id AND e.generation = k.generation
         ORDER BY k.id FOR UPDATE OF e) n
 WHERE o.endpoint_id = n.id AND o.generation = n.generation
RETURNING o.endpoint_id

-- begin_warmup --
INSERT INTO warmups (endpoint_id, model_id, started_at, requested_by)
VALUES (%(id)s, %(model_id)s, %(at)s, %(by)s)
ON CONFLICT (endpoint_id) WHERE outcome IS NULL DO NOTHING

-- end_warmup --
UPDATE warmups
   SET outcome = %(outcome)s, problem = %(problem)s, ended_at = greatest(%(at)s::timestamptz, started_at),
       ready_at = CASE WHEN %(outcome)s = 'ready' THEN greatest(%(at)s::timestamptz, started_at) END
 WHERE endpoint_id = %(id)s AND outcome IS NULL

-- learn --
UPDATE thermal_states SET warmup_seconds = %(p50)s, warmup_slow_seconds = %(p95)s
 WHERE model_id = %(model_id)s
   AND (warmup_seconds, warmup_slow_seconds) IS DISTINCT FROM (%(p50)s::integer, %(p95)s::integer)

-- durations --
SELECT extract(epoch FROM ready_at - started_at)::float8 AS seconds FROM warmups
 WHERE endpoint_id = %(id)s AND outcome = 'ready' ORDER BY ready_at DESC LIMIT 20

-- worked --
-- Requests were in flight, or outcomes of some were told. Rows are held in one order for everybody.
UPDATE thermal_states t SET last_activity = %(at)s
  FROM (SELECT model_id FROM thermal_states
         WHERE model_id = ANY (%(models)s)
           AND (last_activity IS NULL OR last_activity < %(at)s::timestamptz - interval '5 seconds')
         ORDER BY model_id FOR UPDATE) it
 WHERE t.model_id = it.model_id

-- found_cold --
SELECT pg_notify('radiant_thermal', it) FROM unnest(%(said)s::text[]) AS it

-- explain --
UPDATE thermal_states t SET why = it.why
  FROM (SELECT k.model_id, n.why
          FROM unnest(%(models)s::text[], %(whys)s::text[]) AS n (model_id, why)
          JOIN thermal_states k ON k.model_id = n.model_id AND k.why IS DISTINCT FROM n.why
         ORDER BY k.model_id FOR UPDATE OF k) it
 WHERE t.model_id = it.model_id

-- lead --
-- One keeper at a time, for as long as its connection lasts.
SELECT pg_try_advisory_lock('warmups'::regclass::bigint) AS leads

-- may_call --
-- One of those who may call somebody to lead, for as long as its connection lasts.
SELECT pg_try_advisory_lock('warmup_demands'::regclass::bigint) AS calls

-- unheeded --
-- Models that are wanted and cold, where nobody leads.
SELECT d.model_id
  FROM warmup_demands d
  JOIN thermal_states t ON t.model_id = d.model_id AND t.current_state = 'COLD' AND t.target_state = 'AUTOMATIC'
 WHERE d.until > clock_timestamp()
   AND NOT EXISTS (SELECT FROM pg_locks l
                    WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = 'warmups'::regclass
                      AND l.objsubid = 1
                      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()))
 ORDER BY d.model_id

-- handover --
INSERT INTO handovers AS h (model_id, hour, served, priced, cost_usd)
SELECT s.model_id, date_trunc('hour', clock_timestamp(), 'UTC'), %(served)s, %(priced)s, %(cost)s
  FROM self_hosted_models s WHERE s.model_id = %(model_id)s
ON CONFLICT (model_id, hour) DO UPDATE
   SET served = h.served + excluded.served, priced = h.priced + excluded.priced, cost_usd = h.cost_usd + excluded.cost_usd

-- listed --
-- Self-hosted models as they are kept warm, with what sleeping saved in the last days.
SELECT t.model_id::text AS model_id, s.display_name, t.current_state, t.target_state, t.is_transitioning,
       t.instance_count, t.last_activity, t.last_state_change, t.error_message, t.why, t.endpoint_id,
       e.runtime, e.url AS endpoint_url, o.progress::float8 AS progress, o.in_flight, o.phase, o.next_try_at,
       w.started_at AS warming_since, s.hourly_rate, s.scale_to_zero_minutes, s.default_thermal_state,
       coalesce(t.warmup_seconds, s.warmup_time_seconds) AS expected_seconds, t.warmup_seconds AS p50_seconds,
       t.warmup_slow_seconds AS p95_seconds, d.requested_by AS demanded_by, d.until AS demanded_until,
       coalesce(h.asleep, 0)::float8 AS hours_asleep, h.saved AS saved_usd,
       coalesce(v.served, 0)::bigint AS handovers, coalesce(v.priced, 0)::bigint AS priced_handovers,
       coalesce(v.cost, 0) AS handover_usd, t.updated_by
  FROM thermal_states t
  JOIN self_hosted_models s USING (model_id)
  LEFT JOIN endpoints e ON e.id = t.endpoint_id
  LEFT JOIN endpoint_states o ON o.endpoint_id = t.endpoint_id
  LEFT JOIN LATERAL (SELECT min(started_at) AS started_at FROM warmups w
                      WHERE w.model_id = t.model_id AND w.outcome IS NULL) w ON true
  LEFT JOIN warmup_demands d ON d.model_id = t.model_id AND d.until > clock_timestamp()
  LEFT JOIN LATERAL (
    SELECT sum(it.hours) AS asleep, sum(it.hours::numeric * k.hourly_rate * k.instances) AS saved
      FROM thermal_history k,
           LATERAL (SELECT greatest(0, extract(epoch FROM coalesce(k.ended_at, clock_timestamp())
                        - greatest(k.began_at, clock_timestamp() - make_interval(days => %(days)s)))) / 3600 AS hours) it
     WHERE k.model_id = t.model_id AND k.state = 'COLD'
       AND coalesce(k.ended_at, 'infinity') > clock_timestamp() - make_interval(days => %(days)s)) h ON true
  LEFT JOIN LATERAL (SELECT sum(served) AS served, sum(priced) AS priced, sum(cost_usd) AS cost FROM handovers v
                      WHERE v.model_id = t.model_id AND v.hour > clock_timestamp() - make_interval(days => %(days)s)) v ON true
 WHERE s.enabled AND (%(model_id)s::text IS NULL OR t.model_id = %(model_id)s)
   AND (%(state)s::text IS NULL OR t.current_state = %(state)s)
   AND (%(after)s::text IS NULL OR t.model_id > %(after)s)
 ORDER BY t.model_id
 LIMIT %(limit)s

-- warmups --
SELECT w.id, w.endpoint_id, w.started_at, w.ready_at, w.ended_at, w.outcome, w.problem, w.requested_by
  FROM warmups w WHERE w.model_id = %(model_id)s ORDER BY w.started_at DESC LIMIT 20

-- windows --
SELECT id, cron, duration_minutes, time_zone, enabled FROM prewarm_windows WHERE model_id = %(model_id)s ORDER BY id

-- drop_windows --
DELETE FROM prewarm_windows WHERE model_id = %(model_id)s

-- add_window --
INSERT INTO prewarm_windows (model_id, cron, duration_minutes, time_zone, enabled)
VALUES (%(model_id)s, %(cron)s, %(duration_minutes)s, %(time_zone)s, %(enabled)s)

-- set_target --
UPDATE thermal_states SET target_state = %(target)s, updated_by = %(by)s
 WHERE model_id = %(model_id)s AND target_state IS DISTINCT FROM %(target)s

-- set_idle --
UPDATE self_hosted_models SET scale_to_zero_minutes = %(minutes)s
 WHERE model_id = %(model_id)s AND scale_to_zero_minutes IS DISTINCT FROM %(minutes)s::integer

-- demand --
SELECT request_warmup(%(model_id)s, %(by)s, make_interval(mins => %(minutes)s)) AS started

-- release --
DELETE FROM warmup_demands WHERE model_id = %(model_id)s

-- cool --
UPDATE thermal_states SET cool_asked_at = clock_timestamp(), updated_by = %(by)s WHERE model_id = %(model_id)s

-- counts --
SELECT current_state, count(*) AS models, count(*) FILTER (WHERE is_transitioning) AS moving
  FROM thermal_states t JOIN self_hosted_models s USING (model_id) WHERE s.enabled GROUP BY 1

-- outcomes --
SELECT coalesce(outcome, 'under_way') AS outcome, count(*) AS warmups FROM warmups
 WHERE started_at > clock_timestamp() - make_interval(days => %(days)s) GROUP BY 1
