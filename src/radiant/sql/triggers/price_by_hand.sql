-- A price that a person writes into a column of a model, with psql too, is an administrator's sheet from that moment on.
-- It names what was edited and nothing else; an edit to NULL leaves the price to the sources again, and the column shows it.
-- A rise by more than a tenth is told, and tenants pay it 24 hours later, or as long as the setting radiant.price_grace of the
-- session says; at once where no sheet says what they pay until then, since prices were never brought up to date.
CREATE FUNCTION edited_prices(p_row jsonb) RETURNS TABLE (field text, meter text, per bigint, amount numeric)
    LANGUAGE sql IMMUTABLE AS $$
    SELECT c.field, c.meter, c.per, (p_row ->> c.field)::numeric
      FROM (VALUES
        ('input_cost_per_1k', 'input_tokens', 1000::bigint), ('output_cost_per_1k', 'output_tokens', 1000),
        ('cached_input_cost_per_1k', 'cache_read_tokens', 1000), ('cost_per_request', 'requests', 1),
        ('cost_per_image', 'images', 1), ('cost_per_character', 'input_characters', 1),
        ('cost_per_page', 'input_document_pages', 1),
        ('cost_per_second', CASE p_row ->> 'primary_mode' WHEN 'video' THEN 'video_seconds' ELSE 'audio_seconds' END, 1),
        ('cost_per_minute', CASE p_row ->> 'primary_mode' WHEN 'video' THEN 'video_seconds' ELSE 'audio_seconds' END, 60)
      ) AS c (field, meter, per);
$$;
COMMENT ON FUNCTION edited_prices(jsonb) IS 'The price columns of a row of models, each with its meter.';

CREATE FUNCTION price_by_hand() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    edited jsonb;
    was jsonb;
BEGIN
    IF coalesce(current_setting('radiant.writer', true), '') = 'service' THEN
        RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(n.meter, CASE WHEN n.amount IS NULL THEN 'null'::jsonb
                                     ELSE jsonb_build_object('meter', n.meter, 'amount', n.amount, 'per', n.per) END
                            ORDER BY n.amount NULLS FIRST) INTO edited
      FROM edited_prices(to_jsonb(NEW)) n JOIN edited_prices(to_jsonb(OLD)) o USING (field)
     WHERE n.amount IS DISTINCT FROM o.amount;
    IF edited IS NOT NULL THEN
        SELECT jsonb_object_agg(o.meter, o.amount / o.per ORDER BY o.per) INTO was
          FROM edited_prices(to_jsonb(OLD)) o WHERE o.amount IS NOT NULL;
        PERFORM set_by_hand(NEW.provider_id, NEW.model_id, edited, session_user::text, coalesce(was, '{}'));
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION price_by_hand() IS 'Makes an administrator''s sheet of a price that a person writes into a column.';

CREATE FUNCTION set_by_hand(p_provider text, p_model text, p_edited jsonb, p_by text, p_was jsonb DEFAULT '{}') RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    offer bigint := price_offer(p_provider, p_model);
    items jsonb;
    begun price_sheets;
    moment timestamptz := clock_timestamp();
    grace interval := coalesce(nullif(current_setting('radiant.price_grace', true), '')::interval, interval '24 hours');
    waits boolean := EXISTS (SELECT FROM price_sheets WHERE offer_id = offer AND rank = 0 AND upper_inf(known) AND valid @> moment);
    rise numeric;
    late timestamptz;
BEGIN
    PERFORM FROM price_offers WHERE id = offer FOR UPDATE;
    -- A sheet without prices only leaves tenants time: nothing is set, and what is set now does not end with it.
    SELECT * INTO begun FROM price_sheets s
     WHERE offer_id = offer AND rank = 1 AND upper_inf(known) AND NOT isempty(valid * tstzrange(moment, moment, '[]'))
       AND EXISTS (SELECT FROM price_items i WHERE i.sheet_id = s.id);
    SELECT jsonb_agg(item ORDER BY item ->> 'meter') INTO items FROM (
        SELECT to_jsonb(i) - 'sheet_id' AS item FROM price_items i
         WHERE i.sheet_id = begun.id AND NOT p_edited ? i.meter
        UNION ALL SELECT value FROM jsonb_each(p_edited) WHERE value <> 'null'
    ) AS whole;
    IF items IS NULL AND begun.id IS NULL THEN
        RETURN;
    END IF;
    rise := rise_of(offer, items, items IS NOT NULL AND begun.whole, p_was, moment);
    IF rise > 1.1 THEN
        late := moment + grace;
        IF begun.sold_from > moment AND rise_of(offer, items, begun.whole, p_was, begun.sold_from) <= 1.1 THEN
            late := begun.sold_from;  -- tenants were told of it already
        ELSE
            late := CASE WHEN waits THEN late END;
            PERFORM emit_event('radiant.price.rising', p_provider || '/' || p_model, jsonb_build_object(
                'provider_id', p_provider, 'model_id', p_model, 'sold_from', coalesce(late, moment),
                'factor', CASE WHEN rise < 'Infinity' THEN trim_scale(round(rise, 3))::text END));
        END IF;
    END IF;
    PERFORM append_sheet(offer, 1::smallint, tstzrange(moment, upper(begun.valid)), items, 'administrator',
        p_said => 'instant', p_minimum => begun.minimum, p_origin => 'administrator', p_reason => begun.reason, p_by => p_by,
        p_sold_from => late, p_whole => coalesce(begun.whole, false));
    IF items IS NULL AND late > moment THEN
        PERFORM append_sheet(offer, 1::smallint, tstzrange(moment, least(late, upper(begun.valid))), '[]', 'administrator',
            p_said => 'instant', p_origin => 'administrator', p_by => p_by, p_sold_from => late);
    END IF;
END $$;
COMMENT ON FUNCTION set_by_hand(text, text, jsonb, text, jsonb)
    IS 'Changes some prices of an administrator''s sheet from now on; null takes one out.';

CREATE FUNCTION show_prices_again(p_provider text, p_model text, p_fields text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    writer text := current_setting('radiant.writer', true);
    shown jsonb;
BEGIN
    SELECT jsonb_object_agg(c.field, trim_scale(p.amount * c.per / p.per)) INTO shown
      FROM models m, edited_prices(to_jsonb(m)) c, price_at(p_provider, p_model) p
     WHERE m.provider_id = p_provider AND m.model_id = p_model AND c.field = ANY(p_fields)
       AND p.meter = c.meter AND p.clock = '' AND p.above < 0
       AND (c.field <> 'cost_per_second' OR p.per = 1) AND (c.field <> 'cost_per_minute' OR p.per <> 1);
    PERFORM set_config('radiant.writer', 'service', true);
    DELETE FROM overrides WHERE subject = 'model:' || p_provider || '/' || p_model AND field = ANY(p_fields);
    UPDATE models m
       SET (input_cost_per_1k, output_cost_per_1k, cached_input_cost_per_1k, cost_per_request, cost_per_image,
            cost_per_character, cost_per_page, cost_per_second, cost_per_minute)
         = (SELECT n.input_cost_per_1k, n.output_cost_per_1k, n.cached_input_cost_per_1k, n.cost_per_request, n.cost_per_image,
                   n.cost_per_character, n.cost_per_page, n.cost_per_second, n.cost_per_minute
              FROM jsonb_populate_record(m, shown) n)
     WHERE m.provider_id = p_provider AND m.model_id = p_model AND shown IS NOT NULL;
    PERFORM set_config('radiant.writer', writer, true);
END $$;
COMMENT ON FUNCTION show_prices_again(text, text, text[]) IS 'Makes price columns of a model show what is in force, and nobody''s word hold beside it.';

CREATE FUNCTION price_emptied() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    emptied text[];
BEGIN
    IF coalesce(current_setting('radiant.writer', true), '') = 'service' THEN
        RETURN NULL;
    END IF;
    SELECT array_agg(n.field) INTO emptied
      FROM edited_prices(to_jsonb(NEW)) n JOIN edited_prices(to_jsonb(OLD)) o USING (field)
     WHERE n.amount IS NULL AND o.amount IS NOT NULL;
    IF emptied IS NOT NULL THEN
        PERFORM show_prices_again(NEW.provider_id, NEW.model_id, emptied);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION price_emptied() IS 'Shows what sources say of a price again, once a person empties its column.';

CREATE FUNCTION price_handed_back() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    named text[] := regexp_match(OLD.subject, '^model:([^/]+)/(.*)$');
    given jsonb;
BEGIN
    IF coalesce(current_setting('radiant.writer', true), '') = 'service' THEN
        RETURN NULL;  -- it is set otherwise now, and the sheets say how
    END IF;
    SELECT jsonb_object_agg(p.meter, NULL) INTO given FROM models m, edited_prices(to_jsonb(m)) p
     WHERE m.provider_id = named[1] AND m.model_id = named[2] AND p.field = OLD.field;
    IF given IS NOT NULL THEN
        PERFORM set_by_hand(named[1], named[2], given, session_user::text);
        PERFORM show_prices_again(named[1], named[2], ARRAY[OLD.field]);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION price_handed_back() IS 'Ends what an administrator said of a price whose override is dropped.';

-- Without it an edit within the grace period would be compared with a price that no tenant pays yet.
CREATE FUNCTION sold_sheet(p_offer bigint, p_rank smallint, p_at timestamptz) RETURNS price_sheets
    LANGUAGE plpgsql STABLE AS $$
DECLARE
    it price_sheets;
    reached timestamptz := p_at;
BEGIN
    SELECT * INTO it FROM price_sheets s
     WHERE s.offer_id = p_offer AND s.rank = p_rank AND upper_inf(s.known) AND s.valid @> p_at;
    WHILE it.sold_from > reached LOOP
        SELECT * INTO it FROM price_sheets s
         WHERE s.offer_id = p_offer AND s.rank = p_rank AND upper_inf(s.known) AND upper(s.valid) = lower(it.valid);
        reached := upper(it.valid) - interval '1 microsecond';
    END LOOP;
    RETURN it;
END $$;
COMMENT ON FUNCTION sold_sheet(bigint, smallint, timestamptz)
    IS 'The sheet of an offer that tenants pay by: the one that holds, or what a rise replaced that has not reached them.';

CREATE FUNCTION rise_of(p_offer bigint, p_items jsonb, p_whole boolean, p_was jsonb, p_at timestamptz) RETURNS numeric
    LANGUAGE sql STABLE AS $$
    WITH hand AS (SELECT id, whole FROM sold_sheet(p_offer, 1::smallint, p_at) WHERE id IS NOT NULL),
    plain AS (
        SELECT 'hand' AS place, i.* FROM hand JOIN price_items i ON i.sheet_id = hand.id WHERE clock = '' AND above = -1
        UNION ALL
        SELECT 'source', i.* FROM sold_sheet(p_offer, 0::smallint, p_at) s JOIN price_items i ON i.sheet_id = s.id
         WHERE clock = '' AND above = -1
        UNION ALL
        SELECT 'ours', i.* FROM price_sheets s JOIN price_items i ON i.sheet_id = s.id
         WHERE s.offer_id = p_offer AND s.rank = 0 AND upper_inf(s.known) AND s.valid @> p_at AND clock = '' AND above = -1
    ), units AS (
        SELECT place, meter, amount / per AS unit FROM plain
        UNION ALL SELECT 'new', meter, amount / per FROM items_said(p_items) WHERE clock = '' AND above = -1
        UNION ALL SELECT 'was', key, value::numeric FROM jsonb_each_text(p_was)
    ), both_books AS (
        SELECT coalesce(max(unit) FILTER (WHERE place = 'hand'), CASE WHEN NOT EXISTS (SELECT FROM hand WHERE whole) THEN
                   coalesce(max(unit) FILTER (WHERE place = 'source'), max(unit) FILTER (WHERE place = 'was')) END) AS before,
               coalesce(max(unit) FILTER (WHERE place = 'new'), CASE WHEN p_whole IS NOT TRUE THEN
                   max(unit) FILTER (WHERE place = 'ours') END) AS after
          FROM units GROUP BY meter
    )
    SELECT coalesce(max(CASE WHEN before > 0 THEN after / before WHEN after > 0 THEN 'Infinity' END), 1)
      FROM both_books WHERE before IS NOT NULL AND after IS NOT NULL;
$$;
COMMENT ON FUNCTION rise_of(bigint, jsonb, boolean, jsonb, timestamptz)
    IS 'By which factor what tenants pay at a moment rises by an administrator''s sheet, at the most.';

CREATE TRIGGER price_by_hand AFTER UPDATE ON models FOR EACH ROW EXECUTE FUNCTION price_by_hand();
-- By their names triggers follow each other: the override is remembered before this one drops it.
CREATE TRIGGER show_price_again AFTER UPDATE ON models FOR EACH ROW EXECUTE FUNCTION price_emptied();
CREATE TRIGGER price_handed_back AFTER DELETE ON overrides FOR EACH ROW EXECUTE FUNCTION price_handed_back();
