-- What a model of one's own costs now, as its row says or as somebody set it by hand: the same columns as of external models.
-- Its per_… columns and hourly_rate are what its hardware is said to cost, and hold where nobody set anything else.
ALTER TABLE self_hosted_models
    ADD COLUMN input_cost_per_1k usd, ADD COLUMN output_cost_per_1k usd, ADD COLUMN cached_input_cost_per_1k usd,
    ADD COLUMN cost_per_request usd, ADD COLUMN cost_per_second usd, ADD COLUMN cost_per_image usd, ADD COLUMN cost_per_minute usd,
    ADD COLUMN cost_per_character usd, ADD COLUMN cost_per_page usd, ADD COLUMN cost_per_hour usd,
    ADD COLUMN minimum_price usd,
    ADD COLUMN price_details jsonb NOT NULL DEFAULT '{}',
    ADD CONSTRAINT self_hosted_price_details CHECK (is_short(price_details));
COMMENT ON COLUMN self_hosted_models.minimum_price IS 'What a request costs at least before markup, USD, as the price sheets that hold say; NULL is nothing.';
COMMENT ON COLUMN self_hosted_models.price_details IS 'Prices that hold and have no column of their own, by the keys of catalog files, as exact text.';
COMMENT ON COLUMN self_hosted_models.cost_per_hour IS 'The price of an hour that holds: hourly_rate, or what somebody set by hand.';

UPDATE self_hosted_models SET cost_per_request = per_request, cost_per_image = per_image, cost_per_hour = hourly_rate,
    cost_per_minute = coalesce(per_minute_audio, per_minute_video);

-- What was set by hand before is shown: prices at all hours of requests of any length, and what a request costs at least. The
-- next run over prices shows what else was set.
WITH set_by_hand AS (
    SELECT o.model_id, s.id, s.whole, s.minimum
      FROM price_offers o JOIN price_sheets s ON s.offer_id = o.id
     WHERE o.provider_id = 'self_hosted' AND o.context = '{}' AND o.tenant_id IS NULL AND o.book = 'purchase'
       AND s.currency = 'USD' AND s.rank = 1 AND upper_inf(s.known) AND s.valid @> clock_timestamp()
), priced AS (
    SELECT h.model_id, i.meter, i.per, i.amount FROM set_by_hand h JOIN price_items i ON i.sheet_id = h.id
     WHERE i.clock = '' AND i.above < 0
), shown AS (
    SELECT h.model_id, h.whole, h.minimum,
           max(round(p.amount * 1000 / p.per, 30)) FILTER (WHERE p.meter = 'input_tokens') AS input,
           max(round(p.amount * 1000 / p.per, 30)) FILTER (WHERE p.meter = 'output_tokens') AS output,
           max(round(p.amount * 1000 / p.per, 30)) FILTER (WHERE p.meter = 'cache_read_tokens') AS cached,
           max(round(p.amount / p.per, 30)) FILTER (WHERE p.meter = 'requests') AS request,
           max(round(p.amount / p.per, 30)) FILTER (WHERE p.meter = 'images') AS image,
           max(round(p.amount * 60 / p.per, 30)) FILTER (WHERE p.meter = CASE m.primary_mode WHEN 'video' THEN 'video_seconds'
                                                              ELSE 'audio_seconds' END) AS minute,
           max(round(p.amount / p.per, 30)) FILTER (WHERE p.meter = 'input_characters') AS character,
           max(round(p.amount / p.per, 30)) FILTER (WHERE p.meter = 'input_document_pages') AS page,
           max(round(p.amount * 3600 / p.per, 30)) FILTER (WHERE p.meter = 'instance_seconds') AS hour
      FROM set_by_hand h JOIN self_hosted_models m ON m.model_id = h.model_id LEFT JOIN priced p ON p.model_id = h.model_id
     GROUP BY h.model_id, h.whole, h.minimum
)
UPDATE self_hosted_models m
   SET input_cost_per_1k = trim_scale(s.input), output_cost_per_1k = trim_scale(s.output),
       cached_input_cost_per_1k = trim_scale(s.cached),
       cost_per_request = trim_scale(coalesce(s.request, CASE WHEN NOT s.whole THEN m.cost_per_request::numeric END)),
       cost_per_image = trim_scale(coalesce(s.image, CASE WHEN NOT s.whole THEN m.cost_per_image::numeric END)),
       cost_per_minute = trim_scale(coalesce(s.minute, CASE WHEN NOT s.whole THEN m.cost_per_minute::numeric END)),
       cost_per_hour = trim_scale(coalesce(s.hour, CASE WHEN NOT s.whole THEN m.cost_per_hour::numeric END)),
       cost_per_character = trim_scale(s.character), cost_per_page = trim_scale(s.page), minimum_price = s.minimum
  FROM shown s WHERE s.model_id = m.model_id;

-- By rules of its own, which a generated column cannot have: it is kept by a trigger, as that of external models.
ALTER TABLE self_hosted_models DROP COLUMN ranking_price;
ALTER TABLE self_hosted_models ADD COLUMN ranking_price numeric;
COMMENT ON COLUMN self_hosted_models.ranking_price IS 'comparable_own_price() of the row, kept by a trigger.';
CREATE INDEX self_hosted_models_in_selection_order
    ON self_hosted_models (primary_mode, ranking_price, model_id COLLATE "C", min_tier, (coalesce(context_window, -1)))
    WHERE enabled AND NOT deprecated;
-- So few that a request which limits the price of tokens looks at them alone.
CREATE INDEX self_hosted_models_sold_by_token ON self_hosted_models (model_id)
    WHERE input_cost_per_1k IS NOT NULL OR output_cost_per_1k IS NOT NULL;
