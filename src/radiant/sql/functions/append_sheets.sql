-- Appends many sheets in their order, each as append_sheet() does; their ids, with their places from 1 on. Sheets of an
-- offer that has none yet are inserted at once: nothing that was believed ends by them, and most of a first sync are such.
-- Offers are made and locked in one order: of two that append the same, one waits for the other.
CREATE FUNCTION append_sheets(p_sheets jsonb) RETURNS TABLE (place bigint, id bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    offers bigint[];
    singly bigint[];  -- offers that have sheets, or of which sheets of this call replace others of it
BEGIN
    INSERT INTO price_offers (provider_id, model_id, context, book, tenant_id)
    SELECT DISTINCT i.provider_id, i.model_id, i.context, i.book, i.tenant_id FROM sheets_said(p_sheets) i
     WHERE i.offer IS NULL ORDER BY 1, 2, 3, 4, 5
        ON CONFLICT ON CONSTRAINT price_offer_key DO NOTHING;
    SELECT array_agg(coalesce(i.offer, o.id) ORDER BY i.place) INTO offers
      FROM sheets_said(p_sheets) i
      LEFT JOIN price_offers o ON i.offer IS NULL AND o.provider_id = i.provider_id AND o.model_id = i.model_id
            AND o.book = i.book AND o.context = i.context AND o.tenant_id IS NOT DISTINCT FROM i.tenant_id;
    PERFORM FROM price_offers o WHERE o.id = ANY(offers) ORDER BY o.id FOR UPDATE;

    SELECT array_agg(DISTINCT i.offer) INTO singly FROM (
        SELECT offers[i.place] AS offer, i.items, i.valid && lag(i.valid) OVER beside AS replaces
          FROM sheets_said(p_sheets) i WINDOW beside AS (PARTITION BY offers[i.place], i.rank ORDER BY i.valid)
    ) i WHERE i.items IS NULL OR i.replaces OR EXISTS (SELECT FROM price_sheets s WHERE s.offer_id = i.offer);

    RETURN QUERY
    WITH said AS MATERIALIZED (
        SELECT offers[i.place] AS offer_id, i.* FROM sheets_said(p_sheets) i
         WHERE singly IS NULL OR NOT offers[i.place] = ANY(singly)
    ), made AS (
        INSERT INTO price_sheets (offer_id, rank, valid, sold_from, said, currency, source, source_url, clocks, minimum,
                                  origin, reason, set_by, whole)
        SELECT i.offer_id, i.rank, i.valid, i.sold_from, i.said, i.currency, i.source, i.source_url, i.clocks, i.minimum,
               i.origin, i.reason, i.set_by, i.whole
          FROM said i ORDER BY i.place
        RETURNING id, offer_id, rank, valid
    ), filled AS (
        INSERT INTO price_items (sheet_id, meter, clock, above, inclusive, amount, per, minimum, source, quoted, fx_rate_id)
        SELECT m.id, t.* FROM made m JOIN said i USING (offer_id, rank, valid), items_said(i.items) t
    )
    SELECT i.place, m.id FROM made m JOIN said i USING (offer_id, rank, valid);

    RETURN QUERY
    SELECT i.place, append_sheet(offers[i.place], i.rank, i.valid, i.items, i.source, i.said, i.source_url, i.clocks, i.minimum,
                                 i.origin, i.reason, i.set_by, i.sold_from, i.currency, i.whole)
      FROM (SELECT * FROM sheets_said(p_sheets) ORDER BY place) i WHERE offers[i.place] = ANY(singly);
END $$;
COMMENT ON FUNCTION append_sheets(jsonb) IS 'Appends many sheets in their order, each as append_sheet() does; the id of each place.';

CREATE FUNCTION sheets_said(p_sheets jsonb) RETURNS TABLE (
    place bigint, offer bigint, provider_id text, model_id text, context jsonb, book text, tenant_id text, rank smallint,
    valid tstzrange, sold_from timestamptz, items jsonb, source text, said text, source_url text, clocks jsonb, minimum numeric,
    origin text, reason text, set_by text, currency text, whole boolean
) LANGUAGE sql STABLE AS $$
    SELECT i.n, i.offer, i.provider_id, i.model_id, i.context, i.book, i.tenant_id, i.rank::smallint,
           tstzrange(i.valid_from, i.valid_to), i.sold_from, i.items, i.source, i.said, i.source_url, i.clocks, i.minimum,
           i.origin, i.reason, coalesce(i.set_by, current_user), coalesce(i.currency, 'USD'), coalesce(i.whole, false)
      FROM ROWS FROM (jsonb_to_recordset(p_sheets) AS (
               offer bigint, provider_id text, model_id text, context jsonb, book text, tenant_id text, rank integer,
               valid_from timestamptz, valid_to timestamptz, sold_from timestamptz, items jsonb, source text, said text,
               source_url text, clocks jsonb, minimum numeric, origin text, reason text, set_by text, currency text,
               whole boolean)
           ) WITH ORDINALITY AS i (
               offer, provider_id, model_id, context, book, tenant_id, rank, valid_from, valid_to, sold_from, items, source,
               said, source_url, clocks, minimum, origin, reason, set_by, currency, whole, n)
$$;
COMMENT ON FUNCTION sheets_said(jsonb) IS 'Sheets as append_sheets() takes them, with their places from 1 on.';
