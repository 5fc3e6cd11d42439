-- The prices of a model at a moment, as they were believed at another; with neither, now. Of each meter the sheet that
-- speaks first: a tenant's contract, an administrator's, then what sources say; of each of these, that of the kind of
-- request before that of all. A whole sheet speaks alone: after it nobody is asked. No row is unknown, 0 is free; amounts are
-- USD, and what is said in another currency is unknown until a rate is. Of a model of one's own that no source speaks of, what its
-- row says of the hardware speaks last; no sheet says it.
-- PL/pgSQL keeps its plan: to plan this costs five times what it takes to run.
CREATE FUNCTION price_at(
    p_provider text, p_model text, p_valid timestamptz DEFAULT clock_timestamp(), p_known timestamptz DEFAULT 'infinity',
    p_tenant text DEFAULT NULL, p_context jsonb DEFAULT '{}'
) RETURNS TABLE (
    meter text, amount numeric, per bigint, clock text, above bigint, inclusive boolean,
    sheet_id bigint, rank smallint, source text, valid_from timestamptz, valid_to timestamptz
) LANGUAGE plpgsql STABLE ROWS 10 AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH speaking AS (
        SELECT s.id, s.rank, s.source, s.valid, s.whole, o.id AS offer, o.context,
               (SELECT count(*) FROM jsonb_object_keys(o.context)) AS conditions
          FROM price_offers o JOIN price_sheets s ON s.offer_id = o.id
         WHERE o.provider_id = p_provider AND o.model_id = p_model AND o.context <@ p_context AND s.currency = 'USD'
           AND (o.tenant_id IS NULL OR o.tenant_id = p_tenant)
           -- Not `@>`: by the index of the exclusion every sheet of that moment would be looked at, of all models.
           AND (lower_inf(s.valid) OR lower(s.valid) <= p_valid) AND (upper_inf(s.valid) OR p_valid < upper(s.valid))
           AND lower(s.known) <= p_known AND (upper_inf(s.known) OR p_known < upper(s.known))
    ), priced AS (
        SELECT i.meter, i.amount, i.per, i.clock, i.above, i.inclusive, s.id, s.rank,
               coalesce(i.source, s.source) AS source, lower(s.valid) AS since, upper(s.valid) AS until,
               first_value(s.id) OVER (PARTITION BY i.meter ORDER BY s.rank DESC, s.conditions DESC, s.offer) AS first
          FROM speaking s JOIN price_items i ON i.sheet_id = s.id
         WHERE NOT EXISTS (SELECT FROM speaking w WHERE w.whole AND (w.rank > s.rank
                              OR (w.rank = s.rank AND s.context <@ w.context AND s.context <> w.context)))
    )
    SELECT p.meter, p.amount, p.per, p.clock, p.above, p.inclusive, p.id, p.rank, p.source, p.since, p.until
      FROM priced p WHERE p.id = p.first
     UNION ALL
    SELECT n.meter, n.amount, n.per, '', -1, false, NULL, 0::smallint, m.origin, NULL, NULL
      FROM self_hosted_models m CROSS JOIN own_prices(to_jsonb(m)) n
     WHERE p_provider = 'self_hosted' AND m.model_id = p_model AND n.amount IS NOT NULL
       AND NOT EXISTS (SELECT FROM speaking w WHERE w.whole) AND NOT EXISTS (SELECT FROM priced p WHERE p.meter = n.meter)
       AND NOT EXISTS (SELECT FROM price_offers o JOIN price_sheets s ON s.offer_id = o.id
                        WHERE o.provider_id = p_provider AND o.model_id = p_model AND s.rank = 0 AND s.known @> p_known)
     ORDER BY 1, 4, 5, 6;
END $$;
COMMENT ON FUNCTION price_at(text, text, timestamptz, timestamptz, text, jsonb)
    IS 'The prices of a model at a moment, as they were believed at another.';

-- What a request costs at least, of whatever sheet speaks first of that; before the markup, but of a contract.
CREATE FUNCTION minimum_at(
    p_provider text, p_model text, p_valid timestamptz DEFAULT clock_timestamp(), p_known timestamptz DEFAULT 'infinity',
    p_tenant text DEFAULT NULL, p_context jsonb DEFAULT '{}'
) RETURNS numeric LANGUAGE sql STABLE AS $$
    WITH speaking AS (
        SELECT s.minimum, s.rank, s.whole, o.id AS offer, o.context
          FROM price_offers o JOIN price_sheets s ON s.offer_id = o.id
         WHERE o.provider_id = p_provider AND o.model_id = p_model AND o.context <@ p_context AND s.currency = 'USD'
           AND (o.tenant_id IS NULL OR o.tenant_id = p_tenant)
           AND (lower_inf(s.valid) OR lower(s.valid) <= p_valid) AND (upper_inf(s.valid) OR p_valid < upper(s.valid))
           AND lower(s.known) <= p_known AND (upper_inf(s.known) OR p_known < upper(s.known))
    )
    SELECT s.minimum FROM speaking s
     WHERE s.minimum IS NOT NULL
       AND NOT EXISTS (SELECT FROM speaking w WHERE w.whole AND (w.rank > s.rank
                          OR (w.rank = s.rank AND s.context <@ w.context AND s.context <> w.context)))
     ORDER BY s.rank DESC, (SELECT count(*) FROM jsonb_object_keys(s.context)) DESC, s.offer
     LIMIT 1;
$$;
COMMENT ON FUNCTION minimum_at(text, text, timestamptz, timestamptz, text, jsonb)
    IS 'What a request of a model costs at least at a moment, as it was believed at another.';
