-- What the hardware of a self-hosted model is said to cost, each with its meter and the column that shows the price in force.
-- Python has the same in queries/costs.sql.
CREATE FUNCTION own_prices(p_row jsonb) RETURNS TABLE (field text, meter text, per bigint, amount numeric)
    LANGUAGE sql IMMUTABLE AS $$
    SELECT c.field, c.meter, c.per, c.amount::numeric
      FROM (VALUES
        ('cost_per_request', 'requests', 1::bigint, p_row ->> 'per_request'), ('cost_per_image', 'images', 1, p_row ->> 'per_image'),
        ('cost_per_minute', CASE p_row ->> 'primary_mode' WHEN 'video' THEN 'video_seconds' ELSE 'audio_seconds' END, 60,
         coalesce(p_row ->> 'per_minute_audio', p_row ->> 'per_minute_video')),
        ('cost_per_hour', 'instance_seconds', 3600, p_row ->> 'hourly_rate')
      ) AS c (field, meter, per, amount);
$$;
COMMENT ON FUNCTION own_prices(jsonb) IS 'What a row of self_hosted_models says that its hardware costs, each with its meter.';

CREATE FUNCTION own_price_is_set(p_model text, p_meter text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM price_offers o JOIN price_sheets s ON s.offer_id = o.id
         WHERE o.provider_id = 'self_hosted' AND o.model_id = p_model AND o.context = '{}' AND o.tenant_id IS NULL
           AND upper_inf(s.known) AND s.valid @> clock_timestamp()
           AND (s.rank = 0 OR s.whole OR EXISTS (SELECT FROM price_items i WHERE i.sheet_id = s.id AND i.meter = p_meter)));
$$;
COMMENT ON FUNCTION own_price_is_set(text, text) IS 'Whether a sheet says what a self-hosted model takes for a meter, and not its row.';

-- Where nobody set a price by hand, its column follows what the row says of the hardware.
CREATE FUNCTION own_prices_followed(p_new jsonb, p_old jsonb) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(n.field), '{}')
      FROM own_prices(p_new) n LEFT JOIN own_prices(p_old) o USING (field)
     WHERE n.amount IS DISTINCT FROM o.amount AND n.amount IS NOT DISTINCT FROM (p_new ->> n.field)::numeric
       AND NOT own_price_is_set(p_new ->> 'model_id', n.meter);
$$;
COMMENT ON FUNCTION own_prices_followed(jsonb, jsonb) IS 'The columns of prices in force that a change of a self-hosted model''s row moved.';
