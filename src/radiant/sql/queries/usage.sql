-- books --
-- Within this transaction nobody closes a period.
SELECT pg_advisory_xact_lock_shared(%(lock)s)

-- books_alone --
-- Within this transaction nobody books anything.
SELECT pg_advisory_xact_lock(%(lock)s)

-- closed --
SELECT until FROM closed_periods ORDER BY until

-- record --
-- In the order of the ids: of two batches that share some, one waits for the other.
INSERT INTO usage_records (request_id, told, provider_id, model_id, at, booked_at, tenant_id, context, quantities, reported_usd,
                           unread)
SELECT i.request_id, decode(i.told, 'hex'), i.provider_id, i.model_id, i.at, i.booked_at, i.tenant_id, i.context, i.quantities,
       i.reported_usd, i.unread
  FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS i (request_id text, told text, provider_id text, model_id text, at timestamptz, booked_at timestamptz, tenant_id text,
          context jsonb, quantities jsonb, reported_usd numeric, unread text[])
 ORDER BY i.request_id
    ON CONFLICT (request_id) DO NOTHING
RETURNING id, request_id

-- rate --
-- The first ratings of usages that were told just now.
INSERT INTO ratings (usage_id, run_id, booked_at, corrects, state, purchase_usd, sale_usd, purchase_change, sale_change, markup,
                     minimum_charge, stored, basis, unpriced, unmatched, lines, sale_lines)
SELECT i.usage_id, 0, i.booked_at, i.corrects, i.state, i.purchase_usd, i.sale_usd, i.purchase_usd, i.sale_usd, i.markup,
       i.minimum_charge, i.stored, i.basis, i.unpriced, i.unmatched, i.lines, i.sale_lines
  FROM jsonb_to_recordset(%(rows)s::jsonb)
    AS i (usage_id bigint, booked_at timestamptz, corrects timestamptz, state text, purchase_usd numeric, sale_usd numeric,
          markup numeric, minimum_charge numeric, stored boolean, basis bigint, unpriced text[], unmatched text[],
          lines jsonb, sale_lines jsonb)

-- tell_differences --
-- Of a model once a day. In the order of the names: of two batches one waits for the other.
WITH new AS (
    INSERT INTO reported_differences (provider_id, model_id, day, usage_id)
    SELECT DISTINCT ON (u.provider_id, u.model_id, day) u.provider_id, u.model_id, (u.at AT TIME ZONE 'UTC')::date AS day, u.id
      FROM usage_records u WHERE u.id = ANY(%(usages)s)
     ORDER BY u.provider_id, u.model_id, day, u.id
        ON CONFLICT DO NOTHING
    RETURNING *
)
SELECT emit_event('radiant.usage.cost_differs', n.provider_id || '/' || n.model_id, jsonb_build_object(
           'provider_id', n.provider_id, 'model_id', n.model_id, 'day', n.day, 'request_id', u.request_id,
           'reported_usd', trim_scale(u.reported_usd)::text, 'computed_usd', trim_scale(r.purchase_usd)::text))
  FROM new n JOIN usage_records u ON u.id = n.usage_id JOIN ratings r ON r.usage_id = u.id AND r.run_id = 0

-- recorded --
SELECT u.request_id, encode(u.told, 'hex') AS told, u.provider_id, u.model_id, u.at, u.booked_at, u.tenant_id,
       u.context::text AS context, u.quantities::text AS quantities, u.reported_usd, u.unread, r.run_id, r.state, r.purchase_usd,
       r.sale_usd, r.markup, r.unpriced, r.unmatched, r.lines::text AS lines
  FROM usage_records u
  CROSS JOIN LATERAL (SELECT * FROM ratings r WHERE r.usage_id = u.id ORDER BY r.run_id DESC LIMIT 1) r
 WHERE u.request_id = ANY(%(ids)s)

-- rerating_alone --
-- Whether nobody else rates again or closes; within this transaction nobody will. Who would wait holds a connection, of which
-- whoever is at it needs a second.
SELECT pg_try_advisory_xact_lock(%(lock)s) AS free

-- as_of_one_instant --
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY

-- page --
-- The next usages after a place in time, each with what counts of it now. One value: a driver needs longer for a million
-- rows than the server.
SELECT json_agg(json_build_array(u.id, u.provider_id, u.model_id, u.at, u.booked_at, u.tenant_id, u.context, u.quantities, r.state,
                                 r.purchase_usd, r.sale_usd, r.markup, r.minimum_charge, r.stored, r.basis))::text AS rows
  FROM (SELECT * FROM usage_records
         WHERE (at, id) > (%(at)s, %(id)s) AND (%(until)s::timestamptz IS NULL OR at < %(until)s)
         ORDER BY at, id LIMIT %(limit)s) u
  CROSS JOIN LATERAL (SELECT * FROM ratings r WHERE r.usage_id = u.id ORDER BY r.run_id DESC LIMIT 1) r

-- models --
-- The models that were used in a span of time.
SELECT DISTINCT provider_id, model_id FROM usage_records
 WHERE at >= %(since)s AND (%(until)s::timestamptz IS NULL OR at < %(until)s)

-- begin_run --
INSERT INTO rating_runs (kind, since, until, begun_by) VALUES ('rerating', %(since)s, %(until)s, %(by)s) RETURNING id

-- append --
COPY ratings (usage_id, booked_at, corrects, was, state, purchase_usd, sale_usd, purchase_change, sale_change, markup,
              minimum_charge, stored, basis, unpriced, unmatched, lines, sale_lines, run_id) FROM STDIN

-- close_period --
-- The totals are of all that was booked since the period before; unknown where nothing has a price in the end.
WITH booked AS (
    SELECT r.*, r.run_id = 0 OR r.booked_at = u.booked_at AS moves,
           r.run_id > 0 AND (SELECT b.sale_usd IS NOT NULL FROM ratings b WHERE b.usage_id = r.usage_id AND b.run_id < r.run_id
                              ORDER BY b.run_id DESC LIMIT 1) AS sold_before
      FROM ratings r JOIN usage_records u ON u.id = r.usage_id
     WHERE r.booked_at < %(until)s AND (%(since)s::timestamptz IS NULL OR r.booked_at >= %(since)s)
), total AS (
    SELECT count(*) FILTER (WHERE run_id = 0) AS requests,
           count(*) FILTER (WHERE state = 'unpriced' AND moves) - count(*) FILTER (WHERE was = 'unpriced' AND moves) AS unpriced,
           count(*) FILTER (WHERE sale_usd IS NOT NULL AND moves) - count(*) FILTER (WHERE sold_before AND moves) AS sold,
           count(*) FILTER (WHERE corrects IS NOT NULL) AS corrections, sum(purchase_change) AS usd, sum(sale_change) AS sale_usd
      FROM booked
)
INSERT INTO closed_periods (since, until, closed_by, requests, unpriced, purchase_usd, sale_usd)
SELECT %(since)s, %(until)s, %(by)s, requests, unpriced, CASE WHEN requests > unpriced OR corrections > 0 THEN usd END,
       CASE WHEN sold > 0 OR corrections > 0 THEN sale_usd END
  FROM total
RETURNING since, until, requests, unpriced, purchase_usd AS usd, sale_usd
