-- price_rows --
-- The prices of many models as their rows say them, whether enabled or not, and since when they are known: since the
-- earliest day on which a source of a price was read.
SELECT m.provider_id, m.model_id, 'external' AS hosting, m.primary_mode AS task, m.markup_rate::numeric AS markup,
       m.price_details::text AS details,
       m.origin AS source, least(m.created_at, known.since) AS since,
       m.input_cost_per_1k::numeric AS input_cost_per_1k, m.output_cost_per_1k::numeric AS output_cost_per_1k,
       m.cached_input_cost_per_1k::numeric AS cached_input_cost_per_1k, m.cost_per_request::numeric AS cost_per_request,
       m.cost_per_image::numeric AS cost_per_image, m.cost_per_second::numeric AS cost_per_second,
       m.cost_per_minute::numeric AS cost_per_minute, m.cost_per_character::numeric AS cost_per_character,
       m.cost_per_page::numeric AS cost_per_page, NULL::numeric AS cost_per_hour
  FROM models m
  JOIN unnest(%(providers)s::text[], %(models)s::text[]) AS asked (provider_id, model_id)
    ON asked.provider_id = m.provider_id AND asked.model_id = m.model_id
  CROSS JOIN LATERAL (
    SELECT min(coalesce(
               coalesce(f.source_date, CASE WHEN starts_with(f.source, 'curated')
                                            THEN substring(f.reference FROM '\((\d{4}-\d{2}-\d{2})')::date END
               )::timestamp AT TIME ZONE 'UTC', f.seen_at)) AS since
      FROM facts f
     WHERE f.provider_id = m.provider_id AND f.model_id = m.model_id AND starts_with(f.field, 'price.')) known
UNION ALL
SELECT 'self_hosted', s.model_id, 'self_hosted', s.primary_mode, s.markup_percent / 100, NULL, s.origin, NULL,
       NULL, NULL, NULL, s.per_request::numeric, s.per_image::numeric, NULL,
       coalesce(s.per_minute_audio, s.per_minute_video)::numeric, NULL, NULL, s.hourly_rate
  FROM self_hosted_models s
  JOIN unnest(%(providers)s::text[], %(models)s::text[]) AS asked (provider_id, model_id)
    ON asked.provider_id = 'self_hosted' AND asked.model_id = s.model_id

-- measured_speed --
-- Of answers whose tokens somebody told.
SELECT round((sum(output_tokens) / nullif(sum(latency_sum), 0) * 1000)::numeric, 1) AS speed FROM health_minutes
 WHERE provider_id = 'self_hosted' AND model_id = %(model)s AND minute >= %(since)s AND output_tokens > 0

-- cheapest_like --
-- A self-hosted model has no class of its own to compare by.
SELECT m.provider_id, m.model_id
  FROM models m
  JOIN self_hosted_models s ON s.primary_mode = m.primary_mode
  JOIN providers p ON p.id = m.provider_id AND p.enabled
 WHERE s.model_id = %(model)s AND m.enabled AND NOT m.deprecated
   AND m.output_cost_per_1k + m.input_cost_per_1k * %(input)s::numeric > 0
 ORDER BY m.output_cost_per_1k + m.input_cost_per_1k * %(input)s::numeric, m.provider_id, m.model_id
 LIMIT 1
