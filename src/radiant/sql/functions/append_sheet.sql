-- Makes `p_items` the prices of an offer over a span of time, and returns the new sheet: what was believed of the span is
-- believed no longer, what lies before and after it goes on. Without items nothing is known of the span from now on.
-- Callers may come at once: the row of the offer is theirs one by one, and no two moments of one offer are equal.
CREATE FUNCTION append_sheet(
    p_offer bigint, p_rank smallint, p_valid tstzrange, p_items jsonb, p_source text, p_said text DEFAULT NULL,
    p_source_url text DEFAULT NULL, p_clocks jsonb DEFAULT '[]', p_minimum numeric DEFAULT NULL,
    p_origin text DEFAULT 'sync', p_reason text DEFAULT NULL, p_by text DEFAULT current_user,
    p_sold_from timestamptz DEFAULT NULL, p_currency text DEFAULT 'USD', p_whole boolean DEFAULT false
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    moment timestamptz;
    old price_sheets;
    rest tstzrange;
    made bigint;
BEGIN
    PERFORM FROM price_offers WHERE id = p_offer FOR UPDATE;
    SELECT greatest(clock_timestamp(), max(lower(known)) + interval '1 microsecond') INTO moment
      FROM price_sheets WHERE offer_id = p_offer;
    FOR old IN
        UPDATE price_sheets SET known = tstzrange(lower(known), moment), ended_by = p_by, ended_because = p_reason
         WHERE offer_id = p_offer AND rank = p_rank AND upper_inf(known) AND NOT isempty(valid * p_valid)
        RETURNING *
    LOOP
        FOR rest IN SELECT unnest(tstzmultirange(old.valid) - tstzmultirange(p_valid)) LOOP
            INSERT INTO price_sheets (offer_id, rank, valid, known, sold_from, said, currency, source, source_url, clocks,
                                      minimum, origin, reason, set_by, whole)
            VALUES (p_offer, p_rank, rest, tstzrange(moment, NULL), old.sold_from, old.said, old.currency, old.source,
                    old.source_url, old.clocks, old.minimum, old.origin, old.reason, old.set_by, old.whole)
            RETURNING id INTO made;
            INSERT INTO price_items (sheet_id, meter, clock, above, inclusive, amount, per, minimum, source, quoted, fx_rate_id)
            SELECT made, meter, clock, above, inclusive, amount, per, minimum, source, quoted, fx_rate_id
              FROM price_items WHERE sheet_id = old.id;
        END LOOP;
    END LOOP;
    IF p_items IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO price_sheets (offer_id, rank, valid, known, sold_from, said, currency, source, source_url, clocks, minimum,
                              origin, reason, set_by, whole)
    VALUES (p_offer, p_rank, p_valid, tstzrange(moment, NULL), p_sold_from, p_said, p_currency, p_source, p_source_url,
            p_clocks, p_minimum, p_origin, p_reason, p_by, p_whole)
    RETURNING id INTO made;
    INSERT INTO price_items (sheet_id, meter, clock, above, inclusive, amount, per, minimum, source, quoted, fx_rate_id)
    SELECT made, i.* FROM items_said(p_items) i;
    RETURN made;
END $$;
COMMENT ON FUNCTION append_sheet(bigint, smallint, tstzrange, jsonb, text, text, text, jsonb, numeric, text, text, text,
    timestamptz, text, boolean) IS 'Makes these the prices of an offer over a span of time; what was believed before stays in the history.';

CREATE FUNCTION price_offer(p_provider text, p_model text, p_context jsonb DEFAULT '{}', p_book text DEFAULT 'purchase',
    p_tenant text DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
BEGIN
    INSERT INTO price_offers (provider_id, model_id, context, book, tenant_id)
    VALUES (p_provider, p_model, p_context, p_book, p_tenant)
    ON CONFLICT ON CONSTRAINT price_offer_key DO NOTHING RETURNING id INTO found;
    IF found IS NULL THEN
        SELECT id INTO found FROM price_offers
         WHERE provider_id = p_provider AND model_id = p_model AND context = p_context AND book = p_book
           AND tenant_id IS NOT DISTINCT FROM p_tenant;
    END IF;
    RETURN found;
END $$;
COMMENT ON FUNCTION price_offer(text, text, jsonb, text, text) IS 'The id of what has prices; it is made where there was none.';

CREATE FUNCTION items_said(p_items jsonb) RETURNS TABLE (
    meter text, clock text, above bigint, inclusive boolean, amount numeric, per bigint, minimum numeric, source text,
    quoted numeric, fx_rate_id bigint
) LANGUAGE sql STABLE AS $$
    SELECT i.meter, coalesce(i.clock, ''), coalesce(i.above, -1), coalesce(i.inclusive, false), i.amount, i.per, i.minimum,
           i.source, i.quoted, i.fx_rate_id
      FROM jsonb_to_recordset(p_items) AS i (meter text, clock text, above bigint, inclusive boolean, amount numeric,
                                             per bigint, minimum numeric, source text, quoted numeric,
                                             fx_rate_id bigint)
$$;
COMMENT ON FUNCTION items_said(jsonb) IS 'Prices as append_sheet() takes them.';
