-- spend --
-- What was spent, by what is asked. A rating of a run after the first moves a usage from one state to another, unless it is
-- booked later, since the period of the usage was closed: then the count stays.
SELECT CASE WHEN 'tenant' = ANY(%(by)s::text[]) THEN u.tenant_id END AS tenant,
       CASE WHEN 'provider' = ANY(%(by)s::text[]) THEN u.provider_id END AS provider,
       CASE WHEN 'model' = ANY(%(by)s::text[]) THEN u.provider_id || '/' || u.model_id END AS model,
       CASE WHEN 'day' = ANY(%(by)s::text[]) THEN (r.booked_at AT TIME ZONE 'UTC')::date END AS day,
       CASE WHEN 'month' = ANY(%(by)s::text[]) THEN date_trunc('month', r.booked_at AT TIME ZONE 'UTC')::date END AS month,
       count(*) FILTER (WHERE r.run_id = 0) AS requests,
       count(*) FILTER (WHERE r.state = 'unpriced' AND moves) - count(*) FILTER (WHERE r.was = 'unpriced' AND moves) AS unpriced,
       count(*) FILTER (WHERE r.state = 'partly_priced' AND moves)
           - count(*) FILTER (WHERE r.was = 'partly_priced' AND moves) AS partly_priced,
       count(*) FILTER (WHERE r.state = 'free' AND moves) - count(*) FILTER (WHERE r.was = 'free' AND moves) AS free,
       count(*) FILTER (WHERE r.sale_usd IS NOT NULL AND moves) - count(*) FILTER (WHERE sold_before AND moves) AS sold,
       sum(r.purchase_change) AS usd, sum(r.sale_change) AS sale_usd,
       count(*) FILTER (WHERE r.corrects IS NOT NULL) AS corrections,
       sum(r.purchase_change) FILTER (WHERE r.corrects IS NOT NULL) AS corrections_usd,
       sum(r.sale_change) FILTER (WHERE r.corrects IS NOT NULL) AS corrections_sale_usd
  FROM ratings r JOIN usage_records u ON u.id = r.usage_id
  CROSS JOIN LATERAL (
    SELECT r.run_id = 0 OR r.booked_at = u.booked_at,
           r.run_id > 0 AND (SELECT b.sale_usd IS NOT NULL FROM ratings b WHERE b.usage_id = r.usage_id AND b.run_id < r.run_id
                              ORDER BY b.run_id DESC LIMIT 1)) AS it (moves, sold_before)
 WHERE (%(since)s::timestamptz IS NULL OR r.booked_at >= %(since)s)
   AND (%(until)s::timestamptz IS NULL OR r.booked_at < %(until)s)
 GROUP BY 1, 2, 3, 4, 5
 ORDER BY 1 NULLS FIRST, 2, 3, 5, 4
 LIMIT %(limit)s
