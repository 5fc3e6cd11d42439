-- listed --
-- Where sources disagree: prices first, the largest gap first, unknown gaps last; `limit` of those after one place.
SELECT provider_id, model_id, field, said::text AS said, gap::float8 AS gap, doubts
  FROM fact_conflicts
 WHERE (%(provider)s::text IS NULL OR provider_id = %(provider)s)
   AND (is_price OR NOT %(prices_only)s)
   AND (%(all)s OR (NOT is_price, -coalesce(gap, -1), provider_id, model_id, field)
                 > (NOT %(is_price)s, -coalesce(%(gap)s::numeric, -1), %(provider_id)s, %(model_id)s, %(field)s))
 ORDER BY is_price DESC, gap DESC NULLS LAST, provider_id, model_id, field
 LIMIT %(limit)s
