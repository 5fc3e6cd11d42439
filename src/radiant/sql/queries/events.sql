-- emit --
-- In the order given.
SELECT count(emit_event(type, subject, data))
  FROM json_to_recordset(%(news)s) AS told (type text, subject text, data jsonb)

-- number --
SELECT number_events() AS count

-- after --
-- What became known after a number, oldest first.
SELECT seq, id, type, source, subject, time, data FROM events WHERE seq > %(after)s ORDER BY seq LIMIT %(limit)s

-- newest --
SELECT coalesce(max(seq), 0) AS seq FROM events

-- last --
SELECT seq, id, type, source, subject, time, data FROM events WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT %(limit)s
