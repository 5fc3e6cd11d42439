-- Where sources disagree about a model: one row per model and field, with what each source says. Values are compared
-- as values (0.15 is 0.150), prices in the same unit, tiers price by price: a source that is silent about one price of a
-- tier does not disagree. What is said in two currencies stands in two fields and is not compared. `gap` is 0 for equal numbers and 1 where one is free and another not. Numbers in doubt stand
-- here too, also where nobody else speaks of the very offering; their gap is the widest.
CREATE VIEW fact_conflicts AS
WITH claims AS NOT MATERIALIZED (
    SELECT DISTINCT ON (source, provider_id, model_id, field) source, provider_id, model_id, field, value, seen_at,
           CASE WHEN jsonb_typeof(value) = 'number' THEN (value #>> '{}')::numeric END AS number
      FROM facts
     WHERE model_id IS NOT NULL
       AND ((field LIKE 'price.%' AND field NOT IN ('price.note', 'price.hours', 'price.variants'))
            OR (starts_with(field, 'price_in_') AND field !~ '[.](note|hours|variants)$')
            OR field IN ('context_window', 'max_output', 'embedding_dimension', 'retires'))
       -- What one source calls the window is for another only the part of it that input may take.
       AND NOT (field = 'context_window' AND EXISTS (
            SELECT FROM facts other
             WHERE other.provider_id = facts.provider_id AND other.model_id = facts.model_id
               AND other.field = 'max_input' AND other.value = facts.value AND other.source <> facts.source))
     ORDER BY source, provider_id, model_id, field, (entry = model_id) DESC, (entry = provider_id || '/' || model_id) DESC, entry
), tier_prices AS (
    SELECT source, provider_id, model_id, tier -> 'above_input_tokens' AS above, meter, trim_scale(amount::numeric) AS amount
      FROM claims,
           jsonb_array_elements(CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE '[]' END) AS tier,
           jsonb_each_text(CASE jsonb_typeof(tier) WHEN 'object' THEN tier ELSE '{}' END) AS prices (meter, amount)
     WHERE field = 'price.tiers' AND amount ~ '^[0-9]{1,20}([.][0-9]{1,40})?$'
), tier_gaps AS (
    -- The thresholds of a source are compared as one list.
    SELECT provider_id, model_id, max(1 - lowest / nullif(highest, 0)) AS gap
      FROM (
        SELECT provider_id, model_id, min(amount) AS lowest, max(amount) AS highest
          FROM tier_prices WHERE meter <> 'above_input_tokens'
         GROUP BY provider_id, model_id, above, meter HAVING count(DISTINCT amount) > 1
         UNION ALL
        SELECT provider_id, model_id, NULL::numeric AS lowest, NULL::numeric AS highest
          FROM (SELECT source, provider_id, model_id, array_agg(amount ORDER BY amount) AS thresholds
                  FROM tier_prices WHERE meter = 'above_input_tokens' GROUP BY source, provider_id, model_id) sets
         GROUP BY provider_id, model_id HAVING count(DISTINCT thresholds) > 1
      ) differing
     GROUP BY provider_id, model_id
), disagreements AS (
    SELECT provider_id,
           model_id,
           field,
           starts_with(field, 'price.') OR starts_with(field, 'price_in_') AS is_price,
           count(DISTINCT source) AS sources,
           jsonb_object_agg(source, value) AS said,
           CASE WHEN max(number) > 0 THEN round(1 - min(number) / max(number), 6) END AS gap,
           max(seen_at) AS seen_at
      FROM claims
     WHERE field <> 'price.tiers'
     GROUP BY provider_id, model_id, field
    HAVING count(DISTINCT value) > 1
     UNION ALL
    SELECT claims.provider_id,
           claims.model_id,
           claims.field,
           true AS is_price,
           count(DISTINCT source) AS sources,
           jsonb_object_agg(source, value) AS said,
           round(max(tier_gaps.gap), 6) AS gap,
           max(seen_at) AS seen_at
      FROM claims
      JOIN tier_gaps ON tier_gaps.provider_id = claims.provider_id AND tier_gaps.model_id = claims.model_id
     WHERE field = 'price.tiers'
     GROUP BY claims.provider_id, claims.model_id, claims.field
), doubted AS (
    SELECT provider_id, model_id, field, max(fact_doubts.gap) AS gap, max(facts.seen_at) AS seen_at,
           count(DISTINCT source) AS sources, jsonb_object_agg(source, value) AS said,
           array_agg(DISTINCT source || ' ' || why) AS doubts
      FROM fact_doubts
      JOIN facts USING (source, entry, field, provider_id, model_id)
     GROUP BY provider_id, model_id, field
)
SELECT provider_id,
       model_id,
       field,
       starts_with(field, 'price.') OR starts_with(field, 'price_in_') AS is_price,
       coalesce(disagreements.sources, doubted.sources) AS sources,
       coalesce(disagreements.said, doubted.said) AS said,
       round(greatest(disagreements.gap, doubted.gap), 6) AS gap,
       greatest(disagreements.seen_at, doubted.seen_at) AS seen_at,
       coalesce(doubted.doubts, '{}') AS doubts
  FROM disagreements
  FULL JOIN doubted USING (provider_id, model_id, field);
COMMENT ON VIEW fact_conflicts IS 'Models and fields about which two sources say different things, or one says what is in doubt.';
