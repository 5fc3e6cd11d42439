-- listed --
SELECT s.name, s.kind, s.settings, s.secret_env, s.types, s.enabled, s.why_disabled, s.through, s.failures,
       CASE WHEN s.enabled AND s.failures > 0 THEN s.next_try_at END AS next_try_at, s.last_error, s.last_delivered_at,
       (SELECT count(*) FROM events e WHERE (e.seq IS NULL OR e.seq > s.through AND e.seq <> ALL (s.beyond))
            AND (s.types = '{}' OR e.type = ANY (s.types))) AS waiting,
       (SELECT count(*) FROM event_dead_letters d WHERE d.sink = s.name) AS dead
  FROM event_sinks s WHERE %(name)s::text IS NULL OR s.name = %(name)s ORDER BY s.name

-- number --
SELECT number_events()

-- add --
-- A new sink begins with what happens from now on, when all before it has its number.
INSERT INTO event_sinks (name, kind, settings, secret_env, types, through)
VALUES (%(name)s, %(kind)s, %(settings)s::jsonb, %(secret_env)s, %(types)s, (SELECT coalesce(max(seq), 0) FROM events))

-- remove --
DELETE FROM event_sinks WHERE name = %(name)s

-- set_enabled --
UPDATE event_sinks
   SET enabled = %(enabled)s, why_disabled = %(why)s, next_try_at = now(), failures = 0, attempts = 0
 WHERE name = %(name)s

-- rewind --
-- Deliver everything after a number again.
UPDATE event_sinks SET through = %(after)s, beyond = '{}', attempts = 0, failures = 0, next_try_at = now()
 WHERE name = %(name)s

-- replay_dead --
UPDATE event_dead_letters SET replay = true WHERE sink = %(name)s AND NOT replay

-- try_now --
UPDATE event_sinks SET next_try_at = now(), attempts = 0, failures = 0 WHERE name = %(name)s

-- announce --
SELECT pg_notify('radiant_events', '')

-- dead --
SELECT d.sink, d.seq, e.type, e.subject, d.error, d.failed_at, d.replay
  FROM event_dead_letters d JOIN events e USING (seq)
 WHERE %(sink)s::text IS NULL OR d.sink = %(sink)s
 ORDER BY d.sink, d.seq LIMIT %(limit)s

-- due --
-- The sinks that something waits for, that may be tried now, and that nobody delivers to.
SELECT s.name FROM event_sinks s
 WHERE s.enabled AND s.next_try_at <= clock_timestamp()
   AND (s.claimed_until IS NULL OR s.claimed_until < clock_timestamp())
   AND (EXISTS (SELECT FROM events e WHERE e.seq > s.through AND e.seq <> ALL (s.beyond)
                                       AND (s.types = '{}' OR e.type = ANY (s.types)))
        OR EXISTS (SELECT FROM event_dead_letters d WHERE d.sink = s.name AND d.replay))
 ORDER BY s.name

-- claim --
-- Take a sink for a while. Who delivers already keeps it; who died loses it when its time is over.
UPDATE event_sinks s SET claim = %(claim)s, claimed_until = clock_timestamp() + make_interval(secs => %(seconds)s)
 WHERE s.name = (SELECT name FROM event_sinks
                  WHERE name = %(name)s AND enabled AND next_try_at <= clock_timestamp()
                    AND (claimed_until IS NULL OR claimed_until < clock_timestamp())
                    FOR UPDATE SKIP LOCKED)
RETURNING s.kind, s.settings, s.secret_env, s.types, s.through, s.beyond, s.attempts, s.failures

-- batch --
-- The next events of a sink, in order: those it was asked to take again, and those it never saw.
SELECT e.seq, e.id, e.type, e.source, e.subject, e.time, e.data
  FROM events e
  LEFT JOIN event_dead_letters d ON d.seq = e.seq AND d.sink = %(name)s
 WHERE d.replay OR (e.seq > %(through)s AND e.seq <> ALL (%(beyond)s) AND d.seq IS NULL
                    AND (%(types)s::text[] = '{}' OR e.type = ANY (%(types)s)))
 ORDER BY e.seq LIMIT %(limit)s

-- bury --
INSERT INTO event_dead_letters (sink, seq, error) SELECT %(name)s, e.seq, %(error)s FROM events e WHERE e.seq = %(seq)s
ON CONFLICT (sink, seq) DO UPDATE SET error = excluded.error, failed_at = clock_timestamp(), replay = false

-- revive --
DELETE FROM event_dead_letters WHERE sink = %(name)s AND seq = ANY (%(delivered)s)

-- hold --
-- Whether the claim is still ours, until the end of this transaction.
SELECT FROM event_sinks WHERE name = %(name)s AND claim = %(claim)s FOR UPDATE

-- release --
UPDATE event_sinks
   SET through = greatest(through, %(through)s), beyond = %(beyond)s, attempts = %(attempts)s, failures = %(failures)s,
       next_try_at = clock_timestamp() + make_interval(secs => %(pause)s), last_error = %(error)s,
       last_delivered_at = CASE WHEN %(took)s THEN clock_timestamp() ELSE last_delivered_at END,
       enabled = enabled AND %(why_disabled)s::text IS NULL,
       why_disabled = coalesce(%(why_disabled)s, why_disabled),
       claim = NULL, claimed_until = NULL
 WHERE name = %(name)s AND claim = %(claim)s
