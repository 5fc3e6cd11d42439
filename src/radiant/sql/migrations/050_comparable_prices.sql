-- What models are compared by follows from more than a column each: it is kept by a trigger, which is code.
ALTER TABLE models DROP COLUMN ranking_price;
ALTER TABLE models ADD COLUMN ranking_price numeric;
COMMENT ON COLUMN models.ranking_price IS 'comparable_price() of the row, kept by a trigger.';
CREATE INDEX models_in_selection_order
    ON models (provider_id, primary_mode, ranking_price, model_id COLLATE "C", min_tier, (coalesce(context_window, -1)))
    WHERE enabled AND NOT deprecated;

-- Of one's own hardware only what is sold by the unit has a price of its work; an hour is not one.
ALTER TABLE self_hosted_models DROP COLUMN ranking_price;
ALTER TABLE self_hosted_models ADD COLUMN ranking_price numeric GENERATED ALWAYS AS (
    (1 + markup_percent / 100) * CASE primary_mode
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
    END
) STORED;
CREATE INDEX self_hosted_models_in_selection_order
    ON self_hosted_models (primary_mode, ranking_price, model_id COLLATE "C", min_tier, (coalesce(context_window, -1)))
    WHERE enabled AND NOT deprecated;
