-- A price that a person writes into a column of a model, with psql too, is an administrator's sheet from that moment on.
-- It names what was edited and nothing else; an edit to NULL leaves the price to the sources again, and the column shows it.
-- A rise by more than a tenth is told, and tenants pay it 24 hours later, or as long as the setting radiant.price_grace of the
-- session says; at once where no sheet says what they pay until then, since prices were never brought up to date. What a request
-- costs at least is such a price, too. Of a model of one's own it is an edit of what holds; what its row says of the hardware
-- is no sheet, and what no hand set follows that.
CREATE FUNCTION edited_prices(p_row jsonb) RETURNS TABLE (field text, meter text, per bigint, amount numeric)
    LANGUAGE sql IMMUTABLE AS $$
    SELECT c.field, c.meter, c.per, (p_row ->> c.field)::numeric
      FROM (VALUES
        ('input_cost_per_1k', 'input_tokens', 1000::bigint), ('output_cost_per_1k', 'output_tokens', 1000),
        ('cached_input_cost_per_1k', 'cache_read_tokens', 1000), ('cost_per_request', 'requests', 1),
        ('cost_per_image', 'images', 1), ('cost_per_character', 'input_characters', 1),
        ('cost_per_page', 'input_document_pages', 1), ('cost_per_hour', 'instance_seconds', 3600), ('minimum_price', 'minimum', 1),
        ('cost_per_second', CASE p_row ->> 'primary_mode' WHEN 'video' THEN 'video_seconds' ELSE 'audio_seconds' END, 1),
        ('cost_per_minute', CASE p_row ->> 'primary_mode' WHEN 'video' THEN 'video_seconds' ELSE 'audio_seconds' END, 60)
      ) AS c (field, meter, per);
$$;
COMMENT ON FUNCTION edited_prices(jsonb) IS 'The price columns of a row of models, each with its meter; the least a request costs has none.';

CREATE FUNCTION price_by_hand() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    new_row CONSTANT jsonb := to_jsonb(NEW);
    old_row CONSTANT jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END;
    followed CONSTANT text[] := CASE WHEN TG_TABLE_NAME = 'models' THEN '{}' ELSE own_prices_followed(new_row, old_row) END;
    edited jsonb;
    was jsonb;
BEGIN
    IF coalesce(current_setting('radiant.writer', true), '') = 'service' THEN
        RETURN NULL;
    END IF;
    SELECT jsonb_object_agg(n.meter, CASE WHEN n.amount IS NULL THEN 'null'::jsonb
                                     ELSE jsonb_build_object('meter', n.meter, 'amount', n.amount, 'per', n.per) END
                            ORDER BY n.amount NULLS FIRST) INTO edited
      FROM edited_prices(new_row) n JOIN edited_prices(old_row) o USING (field)
     WHERE n.amount IS DISTINCT FROM o.amount AND n.field <> ALL (followed)
       AND (TG_OP = 'UPDATE' OR TG_TABLE_NAME = 'self_hosted_models' OR n.field = 'minimum_price');
    IF edited IS NOT NULL THEN
        SELECT jsonb_object_agg(o.meter, o.amount / o.per ORDER BY o.per) INTO was
          FROM edited_prices(old_row) o WHERE o.amount IS NOT NULL;
        PERFORM set_by_hand(coalesce(new_row ->> 'provider_id', 'self_hosted'), NEW.model_id, edited, session_user::text,
                            CASE TG_OP WHEN 'UPDATE' THEN coalesce(was, '{}') END);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION price_by_hand() IS 'Makes an administrator''s sheet of a price that a person writes into a column.';

CREATE FUNCTION set_by_hand(p_provider text, p_model text, p_edited jsonb, p_by text, p_was jsonb DEFAULT '{}') RETURNS void
    LANGUAGE plpgsql AS $$
DECLARE
    offer bigint := price_offer(p_provider, p_model);
    items jsonb;
    least_cost numeric;
    begun price_sheets;
    moment timestamptz := clock_timestamp();
    grace interval := coalesce(nullif(current_setting('radiant.price_grace', true), '')::interval, interval '24 hours');
    waits boolean := p_provider = 'self_hosted'
        OR EXISTS (SELECT FROM price_sheets WHERE offer_id = offer AND rank = 0 AND upper_inf(known) AND valid @> moment);
    rise numeric;
    late timestamptz;
BEGIN
    PERFORM FROM price_offers WHERE id = offer FOR UPDATE;
    -- A sheet without prices only leaves tenants time: nothing is set, and what is set now does not end with it.
    SELECT * INTO begun FROM price_sheets s
     WHERE offer_id = offer AND rank = 1 AND upper_inf(known) AND NOT isempty(valid * tstzrange(moment, moment, '[]'))
       AND (s.minimum IS NOT NULL OR EXISTS (SELECT FROM price_items i WHERE i.sheet_id = s.id));
    least_cost := CASE WHEN p_edited ? 'minimum' THEN (p_edited #>> '{minimum,amount}')::numeric ELSE begun.minimum END;
    SELECT jsonb_agg(item ORDER BY item ->> 'meter') INTO items FROM (
        SELECT to_jsonb(i) - 'sheet_id' AS item FROM price_items i
         WHERE i.sheet_id = begun.id AND NOT p_edited ? i.meter
        UNION ALL SELECT value FROM jsonb_each(p_edited - 'minimum') WHERE value <> 'null'
    ) AS whole;
    items := coalesce(items, CASE WHEN least_cost IS NOT NULL THEN '[]'::jsonb END);
    IF items IS NULL AND begun.id IS NULL THEN
        RETURN;
    END IF;
    -- Of a model that only comes in nobody paid anything.
    rise := CASE WHEN p_was IS NULL THEN 1 ELSE rise_of(offer, items, items IS NOT NULL AND begun.whole, least_cost, p_was, moment) END;
    IF rise > 1.1 THEN
        late := moment + grace;
        IF begun.sold_from > moment AND rise_of(offer, items, begun.whole, least_cost, p_was, begun.sold_from) <= 1.1 THEN
            late := begun.sold_from;  -- tenants were told of it already
        ELSE
            late := CASE WHEN waits THEN late END;
            PERFORM emit_event('radiant.price.rising', p_provider || '/' || p_model, jsonb_build_object(
                'provider_id', p_provider, 'model_id', p_model, 'sold_from', coalesce(late, moment),
                'factor', CASE WHEN rise < 'Infinity' THEN trim_scale(round(rise, 3))::text END));
        END IF;
    END IF;
    PERFORM append_sheet(offer, 1::smallint, tstzrange(moment, upper(begun.valid)), items, 'administrator',
        p_said => 'instant', p_minimum => least_cost, p_origin => 'administrator', p_reason => begun.reason, p_by => p_by,
        p_sold_from => late, p_whole => coalesce(begun.whole, false));
    IF items IS NULL AND late > moment THEN
        PERFORM append_sheet(offer, 1::smallint, tstzrange(moment, least(late, upper(begun.valid))), '[]', 'administrator',
            p_said => 'instant', p_origin => 'administrator', p_by => p_by, p_sold_from => late);
    END IF;
END $$;
COMMENT ON FUNCTION set_by_hand(text, text, jsonb, text, jsonb)
    IS 'Changes some prices of an administrator''s sheet from now on; null takes one out.';

CREATE FUNCTION priced_row(p_provider text, p_model text) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT to_jsonb(m) FROM models m WHERE m.provider_id = p_provider AND m.model_id = p_model
    UNION ALL SELECT to_jsonb(s) FROM self_hosted_models s WHERE p_provider = 'self_hosted' AND s.model_id = p_model;
$$;
COMMENT ON FUNCTION priced_row(text, text) IS 'The row of a model, external or self-hosted.';

CREATE FUNCTION show_prices_again(p_provider text, p_model text, p_fields text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    writer text := current_setting('radiant.writer', true);
    said jsonb := priced_row(p_provider, p_model);
    -- Where no sheet of a source speaks, the row of an external model does.
    told boolean := p_provider = 'self_hosted' OR EXISTS (
        SELECT FROM price_offers o JOIN price_sheets s ON s.offer_id = o.id
         WHERE o.provider_id = p_provider AND o.model_id = p_model AND s.rank = 0 AND upper_inf(s.known));
    shown jsonb;
BEGIN
    SELECT jsonb_object_agg(c.field, CASE WHEN c.field = 'minimum_price' THEN minimum_at(p_provider, p_model)
                                          ELSE trim_scale(round(p.amount * c.per / p.per, 30)) END) INTO shown
      FROM edited_prices(said) c LEFT JOIN price_at(p_provider, p_model) p
        ON p.meter = c.meter AND p.clock = '' AND p.above < 0
       AND (c.field <> 'cost_per_second' OR p.per = 1) AND (c.field <> 'cost_per_minute' OR p.per <> 1)
     WHERE c.field = ANY(p_fields) AND (told OR p.meter IS NOT NULL OR c.field = 'minimum_price');
    PERFORM set_config('radiant.writer', 'service', true);
    DELETE FROM overrides WHERE field = ANY(p_fields)
       AND subject = CASE p_provider WHEN 'self_hosted' THEN 'self_hosted:' ELSE 'model:' || p_provider || '/' END || p_model;
    UPDATE models m
       SET (input_cost_per_1k, output_cost_per_1k, cached_input_cost_per_1k, cost_per_request, cost_per_image,
            cost_per_character, cost_per_page, cost_per_second, cost_per_minute, minimum_price)
         = (SELECT n.input_cost_per_1k, n.output_cost_per_1k, n.cached_input_cost_per_1k, n.cost_per_request, n.cost_per_image,
                   n.cost_per_character, n.cost_per_page, n.cost_per_second, n.cost_per_minute, n.minimum_price
              FROM jsonb_populate_record(m, shown) n)
     WHERE m.provider_id = p_provider AND m.model_id = p_model AND shown IS NOT NULL;
    UPDATE self_hosted_models m
       SET (input_cost_per_1k, output_cost_per_1k, cached_input_cost_per_1k, cost_per_request, cost_per_image,
            cost_per_character, cost_per_page, cost_per_second, cost_per_minute, cost_per_hour, minimum_price)
         = (SELECT n.input_cost_per_1k, n.output_cost_per_1k, n.cached_input_cost_per_1k, n.cost_per_request, n.cost_per_image,
                   n.cost_per_character, n.cost_per_page, n.cost_per_second, n.cost_per_minute, n.cost_per_hour, n.minimum_price
              FROM jsonb_populate_record(m, shown) n)
     WHERE p_provider = 'self_hosted' AND m.model_id = p_model AND shown IS NOT NULL;
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
        PERFORM show_prices_again(coalesce(to_jsonb(NEW) ->> 'provider_id', 'self_hosted'), NEW.model_id, emptied);
    END IF;
    RETURN NULL;
END $$;
COMMENT ON FUNCTION price_emptied() IS 'Shows what sources say of a price again, once a person empties its column.';

CREATE FUNCTION price_handed_back() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    named text[] := regexp_match(OLD.subject, '^(?:model:([^/]+)/|self_hosted:)(.*)$');
    provider text := coalesce(named[1], 'self_hosted');
    priced CONSTANT jsonb := priced_row(provider, named[2]);
    given jsonb;
BEGIN
    IF coalesce(current_setting('radiant.writer', true), '') = 'service' THEN
        RETURN NULL;  -- it is set otherwise now, and the sheets say how
    END IF;
    -- The same seconds have two columns: what was written into the other one as well stays.
    SELECT jsonb_object_agg(p.meter, (
               SELECT jsonb_build_object('meter', q.meter, 'amount', q.amount, 'per', q.per)
                 FROM edited_prices(priced) q JOIN overrides v ON v.subject = OLD.subject AND v.field = q.field
                WHERE q.meter = p.meter AND q.amount IS NOT NULL)) INTO given
      FROM edited_prices(priced) p WHERE p.field = OLD.field;
    IF given IS NOT NULL THEN
        PERFORM set_by_hand(provider, named[2], given, session_user::text);
        PERFORM show_prices_again(provider, named[2], ARRAY[OLD.field]);
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

CREATE FUNCTION rise_of(
    p_offer bigint, p_items jsonb, p_whole boolean, p_minimum numeric, p_was jsonb, p_at timestamptz
) RETURNS numeric
    LANGUAGE sql STABLE AS $$
    WITH hand AS (SELECT id, whole, minimum FROM sold_sheet(p_offer, 1::smallint, p_at) WHERE id IS NOT NULL),
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
        UNION ALL
        SELECT 'ours', n.meter, n.amount / n.per
          FROM price_offers o JOIN self_hosted_models m ON o.provider_id = 'self_hosted' AND m.model_id = o.model_id
         CROSS JOIN own_prices(to_jsonb(m)) n WHERE o.id = p_offer AND n.amount IS NOT NULL
        UNION ALL SELECT 'hand', 'minimum', coalesce(minimum, CASE WHEN whole THEN 0 END) FROM hand
        UNION ALL SELECT 'source', 'minimum', coalesce(max(minimum), 0) FROM sold_sheet(p_offer, 0::smallint, p_at)
        UNION ALL SELECT 'ours', 'minimum', coalesce(max(s.minimum), 0) FROM price_sheets s
         WHERE s.offer_id = p_offer AND s.rank = 0 AND upper_inf(s.known) AND s.valid @> p_at
        UNION ALL SELECT 'new', 'minimum', p_minimum
        UNION ALL SELECT 'new', meter, amount / per FROM items_said(p_items) WHERE clock = '' AND above = -1
        UNION ALL SELECT 'was', key, value::numeric FROM jsonb_each_text(p_was) WHERE key <> 'minimum'
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
COMMENT ON FUNCTION rise_of(bigint, jsonb, boolean, numeric, jsonb, timestamptz)
    IS 'By which factor what tenants pay at a moment rises by an administrator''s sheet, at the most.';

CREATE TRIGGER price_by_hand AFTER UPDATE ON models FOR EACH ROW EXECUTE FUNCTION price_by_hand();
CREATE TRIGGER price_by_hand AFTER UPDATE ON self_hosted_models FOR EACH ROW EXECUTE FUNCTION price_by_hand();
CREATE TRIGGER price_by_hand_of_new_model AFTER INSERT ON models FOR EACH ROW
    WHEN (NEW.minimum_price IS NOT NULL) EXECUTE FUNCTION price_by_hand();
CREATE TRIGGER price_by_hand_of_new_model AFTER INSERT ON self_hosted_models FOR EACH ROW EXECUTE FUNCTION price_by_hand();
-- By their names triggers follow each other: the override is remembered before this one drops it.
CREATE TRIGGER show_price_again AFTER UPDATE ON models FOR EACH ROW EXECUTE FUNCTION price_emptied();
CREATE TRIGGER show_price_again AFTER UPDATE ON self_hosted_models FOR EACH ROW EXECUTE FUNCTION price_emptied();
CREATE TRIGGER price_handed_back AFTER DELETE ON overrides FOR EACH ROW EXECUTE FUNCTION price_handed_back();
