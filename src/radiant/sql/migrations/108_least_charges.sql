-- What a request costs tenants at least is part of what models are compared by, and of what selection says that one costs.
ALTER TABLE models ADD COLUMN minimum_charge numeric,
    ADD CONSTRAINT model_minimum_charge CHECK (minimum_charge >= 0 AND minimum_charge < 'Infinity');
COMMENT ON COLUMN models.minimum_charge IS 'What a request costs a tenant without terms of its own at least, USD, as markups say; NULL is nothing.';
ALTER TABLE self_hosted_models ADD COLUMN minimum_charge numeric,
    ADD CONSTRAINT self_hosted_minimum_charge CHECK (minimum_charge >= 0 AND minimum_charge < 'Infinity');
COMMENT ON COLUMN self_hosted_models.minimum_charge IS 'What a request costs a tenant without terms of its own at least, USD, as markups say; NULL is nothing.';

ALTER TABLE self_hosted_models DROP COLUMN ranking_price;
-- A price that is unknown stays so, which greatest() would forget.
CREATE FUNCTION at_least(price numeric, least_charge numeric) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN price < least_charge THEN least_charge ELSE price END;
COMMENT ON FUNCTION at_least(numeric, numeric) IS 'A price, or what is charged at least where it is less; NULL where the price is unknown.';
ALTER TABLE self_hosted_models ADD COLUMN ranking_price numeric GENERATED ALWAYS AS (
    at_least((1 + markup_percent / 100) * CASE primary_mode
        WHEN 'image' THEN coalesce(per_image::numeric + coalesce(per_request::numeric, 0), per_request::numeric)
        WHEN 'video' THEN coalesce(
            coalesce(per_minute_audio, per_minute_video)::numeric(80, 40) / 12 + coalesce(per_request::numeric, 0),
            per_request::numeric)
        WHEN 'transcription' THEN coalesce(
            coalesce(per_minute_audio, per_minute_video)::numeric + coalesce(per_request::numeric, 0),
            per_request::numeric)
        WHEN 'audio' THEN coalesce(
            coalesce(per_minute_audio, per_minute_video)::numeric + coalesce(per_request::numeric, 0),
            per_request::numeric)
        WHEN 'rerank' THEN per_request::numeric
        WHEN 'search' THEN per_request::numeric
        WHEN '3d' THEN per_request::numeric
        WHEN 'moderation' THEN coalesce(per_request, per_image)::numeric
        WHEN 'ocr' THEN coalesce(per_request, per_image)::numeric
        ELSE coalesce(per_request, per_image, per_minute_audio, per_minute_video)::numeric
    END, minimum_charge)
) STORED;
CREATE INDEX self_hosted_models_in_selection_order
    ON self_hosted_models (primary_mode, ranking_price, model_id COLLATE "C", min_tier, (coalesce(context_window, -1)))
    WHERE enabled AND NOT deprecated;
