-- numbers --
-- What each entry of each source says in these fields.
SELECT source, entry, provider_id, model_id, jsonb_object_agg(field, value)::text AS said
  FROM facts
 WHERE model_id IS NOT NULL AND provider_id <> 'self_hosted' AND field = ANY(%(fields)s)
 GROUP BY source, entry, provider_id, model_id

-- known --
-- Every doubt there is.
SELECT source, entry, field, provider_id, model_id, kind, why, gap::float8 AS gap, instead FROM fact_doubts

-- forget --
-- Take back one doubt.
DELETE FROM fact_doubts WHERE source = %(source)s AND entry = %(entry)s AND field = %(field)s

-- keep --
-- Note one doubt.
INSERT INTO fact_doubts (source, entry, field, provider_id, model_id, kind, why, gap, instead)
VALUES (%(source)s, %(entry)s, %(field)s, %(provider_id)s, %(model_id)s, %(kind)s, %(why)s, %(gap)s, %(instead)s)

-- about --
-- The doubts about many models at once.
SELECT source, entry, field, provider_id, model_id, kind, why, gap::float8 AS gap, instead
  FROM fact_doubts
  JOIN unnest(%(providers)s::text[], %(models)s::text[]) AS wanted (provider_id, model_id) USING (provider_id, model_id)
