-- cheapest --
-- The chat model of a provider whose answer costs least, or the one that is named; those that think come last.
SELECT model_id, 'reasoning' = ANY (capabilities) AS reasons, input_cost_per_1k AS input, output_cost_per_1k AS output
  FROM models
 WHERE provider_id = %(provider)s AND (%(model)s::text IS NULL AND enabled AND NOT deprecated OR model_id = %(model)s)
   AND primary_mode = 'chat' AND input_cost_per_1k IS NOT NULL AND output_cost_per_1k IS NOT NULL
 ORDER BY 'reasoning' = ANY (capabilities), output_cost_per_1k, input_cost_per_1k, model_id LIMIT 1

-- alone --
-- Whoever looks at the budget spends of it before anybody else looks.
SELECT pg_advisory_xact_lock('paid_probes'::regclass::bigint)

-- spent --
-- Of the day in UTC, what is reserved included.
SELECT coalesce(sum(cost_usd), 0) AS spent FROM paid_probes
 WHERE at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'

-- reserve --
INSERT INTO paid_probes (provider_id, model_id, cost_usd) VALUES (%(provider)s, %(model)s, %(cost)s) RETURNING id

-- settle --
UPDATE paid_probes SET cost_usd = %(cost)s, settled = true WHERE id = %(id)s

-- forget_paid --
DELETE FROM paid_probes WHERE at < now() - interval '366 days'
