-- What a tenant pays for the amount of work the models of one task are compared by: 1,000 input and 500 output tokens, an
-- image, 5 seconds of video, a minute of audio, 1,000 characters, a page, a search. NULL where no price is known for what
-- the task gives. Python has the same rules (radiant/pricing/formula.py); a test holds the two equal.
CREATE FUNCTION comparable_price(m models) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    d CONSTANT jsonb := m.price_details;
    read CONSTANT numeric := m.input_cost_per_1k;
    written CONSTANT numeric := CASE WHEN m.output_cost_per_1k IS NOT NULL
        THEN greatest(m.output_cost_per_1k::numeric, (d ->> 'reasoning_per_mtok')::numeric / 1000) END;
    fee CONSTANT numeric := coalesce(m.cost_per_request::numeric, 0);
    minute CONSTANT numeric := coalesce(m.cost_per_minute::numeric, m.cost_per_second::numeric * 60);
    film CONSTANT numeric := coalesce(m.cost_per_minute::numeric(80, 40) / 12, m.cost_per_second::numeric * 5);
    text_price CONSTANT numeric := read + 0.5 * written + fee;
    prompt CONSTANT numeric := coalesce(read, 0) + fee;
    found numeric;
BEGIN
    found := CASE m.primary_mode
        WHEN 'embedding' THEN coalesce(read + fee, m.cost_per_request::numeric, 1000 * m.cost_per_character::numeric,
            m.cost_per_image::numeric, minute)
        WHEN 'rerank' THEN coalesce(read + fee, m.cost_per_request::numeric, 1000 * m.cost_per_character::numeric)
        WHEN 'moderation' THEN coalesce(read + fee, m.cost_per_request::numeric, 1000 * m.cost_per_character::numeric,
            m.cost_per_image::numeric)
        WHEN 'image' THEN coalesce(
            prompt + coalesce(m.cost_per_image::numeric,
                (d ->> 'image_output_per_mtok')::numeric * (d ->> 'image_tokens')::numeric / 1000000),
            m.cost_per_request::numeric)
        WHEN 'video' THEN coalesce(
            film + fee,
            prompt + 5 * (d ->> 'video_output_per_mtok')::numeric * (d ->> 'video_tokens_per_second')::numeric / 1000000,
            m.cost_per_request::numeric)
        WHEN 'audio' THEN coalesce(
            1000 * m.cost_per_character::numeric + fee,
            prompt + 60 * (d ->> 'audio_output_per_mtok')::numeric * (d ->> 'audio_tokens_per_second')::numeric / 1000000,
            minute + fee, m.cost_per_request::numeric)
        WHEN 'transcription' THEN coalesce(
            minute + fee,
            60 * (d ->> 'audio_input_per_mtok')::numeric * (d ->> 'audio_tokens_per_second')::numeric / 1000000
                + 0.5 * m.output_cost_per_1k::numeric + fee,
            m.cost_per_request::numeric)
        WHEN 'ocr' THEN coalesce(m.cost_per_page::numeric + fee, text_price, m.cost_per_request::numeric,
            m.cost_per_image::numeric)
        WHEN 'search' THEN CASE WHEN coalesce(d ->> 'per_search', m.cost_per_request::text) IS NOT NULL
            THEN prompt + coalesce((d ->> 'per_search')::numeric, 0) + coalesce(0.5 * m.output_cost_per_1k::numeric, 0) END
        WHEN '3d' THEN m.cost_per_request::numeric
        ELSE coalesce(text_price, m.cost_per_request::numeric, m.cost_per_image::numeric, minute,
            1000 * m.cost_per_character::numeric, m.cost_per_page::numeric)
    END;
    RETURN at_least(round((1 + m.markup_rate) * at_least(found, m.minimum_price::numeric), 30), m.minimum_charge);
END $$;
COMMENT ON FUNCTION comparable_price(models) IS 'What a tenant pays for the amount of work models of its task are compared by.';

-- By the rules of external models: the columns of prices in force are called the same.
CREATE FUNCTION comparable_own_price(s self_hosted_models) RETURNS numeric
    LANGUAGE sql STABLE AS $$
    SELECT comparable_price(jsonb_populate_record(NULL::models, to_jsonb(s)
        || jsonb_build_object('markup_rate', s.markup_percent / 100)));
$$;
COMMENT ON FUNCTION comparable_own_price(self_hosted_models) IS 'What a tenant pays for the amount of work models of its task are compared by, of a self-hosted one.';

CREATE FUNCTION set_ranking_price() RETURNS trigger
    LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'models' THEN
        NEW.ranking_price := comparable_price(NEW);
    ELSE
        NEW.ranking_price := comparable_own_price(NEW);
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION set_ranking_price() IS 'Keeps ranking_price equal to comparable_price() or comparable_own_price().';

CREATE TRIGGER set_ranking_price BEFORE INSERT OR UPDATE ON models
    FOR EACH ROW EXECUTE FUNCTION set_ranking_price();
CREATE TRIGGER set_ranking_price BEFORE INSERT OR UPDATE ON self_hosted_models
    FOR EACH ROW EXECUTE FUNCTION set_ranking_price();

UPDATE models SET ranking_price = NULL WHERE ranking_price IS DISTINCT FROM comparable_price(models);
UPDATE self_hosted_models s SET ranking_price = NULL WHERE ranking_price IS DISTINCT FROM comparable_own_price(s);
