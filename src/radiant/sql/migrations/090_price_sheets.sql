--! compatible
-- Price sheets: whole, appended, never changed, with when they apply (valid) and since when that is believed (known).
-- No extension is needed: a key within an exclusion is a range of one point.

CREATE TABLE meters (
    name text PRIMARY KEY,
    per bigint NOT NULL,
    family text NOT NULL,
    direction text,
    modality text,
    kind text,
    ttl text,
    quality text,
    size text,
    CONSTRAINT meter_per CHECK (per > 0),
    CONSTRAINT meter_texts CHECK (is_name(name) AND is_name(family) AND is_text(direction) AND is_text(modality) AND is_text(kind)
        AND is_text(ttl) AND is_text(quality) AND is_text(size) AND length(name || family || coalesce(direction, '') || coalesce(modality, '')
        || coalesce(kind, '') || coalesce(ttl, '') || coalesce(quality, '') || coalesce(size, '')) <= 500),
    CONSTRAINT meter_is_one_thing UNIQUE NULLS NOT DISTINCT (family, direction, modality, kind, ttl, quality, size)
);
COMMENT ON TABLE meters IS 'What is counted and can have a price; one contains those that differ from it by further dimensions only.';
COMMENT ON COLUMN meters.per IS 'How many of it a price is usually for.';

INSERT INTO meters (name, per, family, direction, modality, kind, ttl, quality, size) VALUES
    ('input_tokens', 1000000, 'tokens', 'input', NULL, NULL, NULL, NULL, NULL),
    ('cache_read_tokens', 1000000, 'tokens', 'input', NULL, 'cached', NULL, NULL, NULL),
    ('cache_write_tokens', 1000000, 'tokens', 'input', NULL, 'written', NULL, NULL, NULL),
    ('cache_write_5m_tokens', 1000000, 'tokens', 'input', NULL, 'written', '5m', NULL, NULL),
    ('cache_write_1h_tokens', 1000000, 'tokens', 'input', NULL, 'written', '1h', NULL, NULL),
    ('input_tool_tokens', 1000000, 'tokens', 'input', NULL, 'tool', NULL, NULL, NULL),
    ('output_tokens', 1000000, 'tokens', 'output', NULL, NULL, NULL, NULL, NULL),
    ('output_reasoning_tokens', 1000000, 'tokens', 'output', NULL, 'reasoning', NULL, NULL, NULL),
    ('output_citation_tokens', 1000000, 'tokens', 'output', NULL, 'citation', NULL, NULL, NULL),
    ('input_text_tokens', 1000000, 'tokens', 'input', 'text', NULL, NULL, NULL, NULL),
    ('cache_text_read_tokens', 1000000, 'tokens', 'input', 'text', 'cached', NULL, NULL, NULL),
    ('cache_text_write_tokens', 1000000, 'tokens', 'input', 'text', 'written', NULL, NULL, NULL),
    ('cache_text_write_5m_tokens', 1000000, 'tokens', 'input', 'text', 'written', '5m', NULL, NULL),
    ('cache_text_write_1h_tokens', 1000000, 'tokens', 'input', 'text', 'written', '1h', NULL, NULL),
    ('input_text_tool_tokens', 1000000, 'tokens', 'input', 'text', 'tool', NULL, NULL, NULL),
    ('output_text_tokens', 1000000, 'tokens', 'output', 'text', NULL, NULL, NULL, NULL),
    ('output_text_reasoning_tokens', 1000000, 'tokens', 'output', 'text', 'reasoning', NULL, NULL, NULL),
    ('output_text_citation_tokens', 1000000, 'tokens', 'output', 'text', 'citation', NULL, NULL, NULL),
    ('input_audio_tokens', 1000000, 'tokens', 'input', 'audio', NULL, NULL, NULL, NULL),
    ('cache_audio_read_tokens', 1000000, 'tokens', 'input', 'audio', 'cached', NULL, NULL, NULL),
    ('cache_audio_write_tokens', 1000000, 'tokens', 'input', 'audio', 'written', NULL, NULL, NULL),
    ('cache_audio_write_5m_tokens', 1000000, 'tokens', 'input', 'audio', 'written', '5m', NULL, NULL),
    ('cache_audio_write_1h_tokens', 1000000, 'tokens', 'input', 'audio', 'written', '1h', NULL, NULL),
    ('input_audio_tool_tokens', 1000000, 'tokens', 'input', 'audio', 'tool', NULL, NULL, NULL),
    ('output_audio_tokens', 1000000, 'tokens', 'output', 'audio', NULL, NULL, NULL, NULL),
    ('output_audio_reasoning_tokens', 1000000, 'tokens', 'output', 'audio', 'reasoning', NULL, NULL, NULL),
    ('output_audio_citation_tokens', 1000000, 'tokens', 'output', 'audio', 'citation', NULL, NULL, NULL),
    ('input_image_tokens', 1000000, 'tokens', 'input', 'image', NULL, NULL, NULL, NULL),
    ('cache_image_read_tokens', 1000000, 'tokens', 'input', 'image', 'cached', NULL, NULL, NULL),
    ('cache_image_write_tokens', 1000000, 'tokens', 'input', 'image', 'written', NULL, NULL, NULL),
    ('cache_image_write_5m_tokens', 1000000, 'tokens', 'input', 'image', 'written', '5m', NULL, NULL),
    ('cache_image_write_1h_tokens', 1000000, 'tokens', 'input', 'image', 'written', '1h', NULL, NULL),
    ('input_image_tool_tokens', 1000000, 'tokens', 'input', 'image', 'tool', NULL, NULL, NULL),
    ('output_image_tokens', 1000000, 'tokens', 'output', 'image', NULL, NULL, NULL, NULL),
    ('output_image_reasoning_tokens', 1000000, 'tokens', 'output', 'image', 'reasoning', NULL, NULL, NULL),
    ('output_image_citation_tokens', 1000000, 'tokens', 'output', 'image', 'citation', NULL, NULL, NULL),
    ('input_video_tokens', 1000000, 'tokens', 'input', 'video', NULL, NULL, NULL, NULL),
    ('cache_video_read_tokens', 1000000, 'tokens', 'input', 'video', 'cached', NULL, NULL, NULL),
    ('cache_video_write_tokens', 1000000, 'tokens', 'input', 'video', 'written', NULL, NULL, NULL),
    ('cache_video_write_5m_tokens', 1000000, 'tokens', 'input', 'video', 'written', '5m', NULL, NULL),
    ('cache_video_write_1h_tokens', 1000000, 'tokens', 'input', 'video', 'written', '1h', NULL, NULL),
    ('input_video_tool_tokens', 1000000, 'tokens', 'input', 'video', 'tool', NULL, NULL, NULL),
    ('output_video_tokens', 1000000, 'tokens', 'output', 'video', NULL, NULL, NULL, NULL),
    ('output_video_reasoning_tokens', 1000000, 'tokens', 'output', 'video', 'reasoning', NULL, NULL, NULL),
    ('output_video_citation_tokens', 1000000, 'tokens', 'output', 'video', 'citation', NULL, NULL, NULL),
    ('images', 1, 'images', 'output', NULL, NULL, NULL, NULL, NULL),
    ('images_256x256', 1, 'images', 'output', NULL, NULL, NULL, NULL, '256x256'),
    ('images_512x512', 1, 'images', 'output', NULL, NULL, NULL, NULL, '512x512'),
    ('images_1024x1024', 1, 'images', 'output', NULL, NULL, NULL, NULL, '1024x1024'),
    ('images_1024x1536', 1, 'images', 'output', NULL, NULL, NULL, NULL, '1024x1536'),
    ('images_1536x1024', 1, 'images', 'output', NULL, NULL, NULL, NULL, '1536x1024'),
    ('images_1024x1792', 1, 'images', 'output', NULL, NULL, NULL, NULL, '1024x1792'),
    ('images_1792x1024', 1, 'images', 'output', NULL, NULL, NULL, NULL, '1792x1024'),
    ('images_1k', 1, 'images', 'output', NULL, NULL, NULL, NULL, '1k'),
    ('images_2k', 1, 'images', 'output', NULL, NULL, NULL, NULL, '2k'),
    ('images_4k', 1, 'images', 'output', NULL, NULL, NULL, NULL, '4k'),
    ('images_low', 1, 'images', 'output', NULL, NULL, NULL, 'low', NULL),
    ('images_low_256x256', 1, 'images', 'output', NULL, NULL, NULL, 'low', '256x256'),
    ('images_low_512x512', 1, 'images', 'output', NULL, NULL, NULL, 'low', '512x512'),
    ('images_low_1024x1024', 1, 'images', 'output', NULL, NULL, NULL, 'low', '1024x1024'),
    ('images_low_1024x1536', 1, 'images', 'output', NULL, NULL, NULL, 'low', '1024x1536'),
    ('images_low_1536x1024', 1, 'images', 'output', NULL, NULL, NULL, 'low', '1536x1024'),
    ('images_low_1024x1792', 1, 'images', 'output', NULL, NULL, NULL, 'low', '1024x1792'),
    ('images_low_1792x1024', 1, 'images', 'output', NULL, NULL, NULL, 'low', '1792x1024'),
    ('images_low_1k', 1, 'images', 'output', NULL, NULL, NULL, 'low', '1k'),
    ('images_low_2k', 1, 'images', 'output', NULL, NULL, NULL, 'low', '2k'),
    ('images_low_4k', 1, 'images', 'output', NULL, NULL, NULL, 'low', '4k'),
    ('images_standard', 1, 'images', 'output', NULL, NULL, NULL, 'standard', NULL),
    ('images_standard_256x256', 1, 'images', 'output', NULL, NULL, NULL, 'standard', '256x256'),
    ('images_standard_512x512', 1, 'images', 'output', NULL, NULL, NULL, 'standard', '512x512'),
    ('images_standard_1024x1024', 1, 'images', 'output', NULL, NULL, NULL, 'standard', '1024x1024'),
    ('images_standard_1024x1536', 1, 'images', 'output', NULL, NULL, NULL, 'standard', '1024x1536'),
    ('images_standard_1536x1024', 1, 'images', 'output', NULL, NULL, NULL, 'standard', '1536x1024'),
    ('images_standard_1024x1792', 1, 'images', 'output', NULL, NULL, NULL, 'standard', '1024x1792'),
    ('images_standard_1792x1024', 1, 'images', 'output', NULL, NULL, NULL, 'standard', '1792x1024'),
    ('images_standard_1k', 1, 'images', 'output', NULL, NULL, NULL, 'standard', '1k'),
    ('images_standard_2k', 1, 'images', 'output', NULL, NULL, NULL, 'standard', '2k'),
    ('images_standard_4k', 1, 'images', 'output', NULL, NULL, NULL, 'standard', '4k'),
    ('images_medium', 1, 'images', 'output', NULL, NULL, NULL, 'medium', NULL),
    ('images_medium_256x256', 1, 'images', 'output', NULL, NULL, NULL, 'medium', '256x256'),
    ('images_medium_512x512', 1, 'images', 'output', NULL, NULL, NULL, 'medium', '512x512'),
    ('images_medium_1024x1024', 1, 'images', 'output', NULL, NULL, NULL, 'medium', '1024x1024'),
    ('images_medium_1024x1536', 1, 'images', 'output', NULL, NULL, NULL, 'medium', '1024x1536'),
    ('images_medium_1536x1024', 1, 'images', 'output', NULL, NULL, NULL, 'medium', '1536x1024'),
    ('images_medium_1024x1792', 1, 'images', 'output', NULL, NULL, NULL, 'medium', '1024x1792'),
    ('images_medium_1792x1024', 1, 'images', 'output', NULL, NULL, NULL, 'medium', '1792x1024'),
    ('images_medium_1k', 1, 'images', 'output', NULL, NULL, NULL, 'medium', '1k'),
    ('images_medium_2k', 1, 'images', 'output', NULL, NULL, NULL, 'medium', '2k'),
    ('images_medium_4k', 1, 'images', 'output', NULL, NULL, NULL, 'medium', '4k'),
    ('images_high', 1, 'images', 'output', NULL, NULL, NULL, 'high', NULL),
    ('images_high_256x256', 1, 'images', 'output', NULL, NULL, NULL, 'high', '256x256'),
    ('images_high_512x512', 1, 'images', 'output', NULL, NULL, NULL, 'high', '512x512'),
    ('images_high_1024x1024', 1, 'images', 'output', NULL, NULL, NULL, 'high', '1024x1024'),
    ('images_high_1024x1536', 1, 'images', 'output', NULL, NULL, NULL, 'high', '1024x1536'),
    ('images_high_1536x1024', 1, 'images', 'output', NULL, NULL, NULL, 'high', '1536x1024'),
    ('images_high_1024x1792', 1, 'images', 'output', NULL, NULL, NULL, 'high', '1024x1792'),
    ('images_high_1792x1024', 1, 'images', 'output', NULL, NULL, NULL, 'high', '1792x1024'),
    ('images_high_1k', 1, 'images', 'output', NULL, NULL, NULL, 'high', '1k'),
    ('images_high_2k', 1, 'images', 'output', NULL, NULL, NULL, 'high', '2k'),
    ('images_high_4k', 1, 'images', 'output', NULL, NULL, NULL, 'high', '4k'),
    ('images_hd', 1, 'images', 'output', NULL, NULL, NULL, 'hd', NULL),
    ('images_hd_256x256', 1, 'images', 'output', NULL, NULL, NULL, 'hd', '256x256'),
    ('images_hd_512x512', 1, 'images', 'output', NULL, NULL, NULL, 'hd', '512x512'),
    ('images_hd_1024x1024', 1, 'images', 'output', NULL, NULL, NULL, 'hd', '1024x1024'),
    ('images_hd_1024x1536', 1, 'images', 'output', NULL, NULL, NULL, 'hd', '1024x1536'),
    ('images_hd_1536x1024', 1, 'images', 'output', NULL, NULL, NULL, 'hd', '1536x1024'),
    ('images_hd_1024x1792', 1, 'images', 'output', NULL, NULL, NULL, 'hd', '1024x1792'),
    ('images_hd_1792x1024', 1, 'images', 'output', NULL, NULL, NULL, 'hd', '1792x1024'),
    ('images_hd_1k', 1, 'images', 'output', NULL, NULL, NULL, 'hd', '1k'),
    ('images_hd_2k', 1, 'images', 'output', NULL, NULL, NULL, 'hd', '2k'),
    ('images_hd_4k', 1, 'images', 'output', NULL, NULL, NULL, 'hd', '4k'),
    ('input_images', 1, 'images', 'input', NULL, NULL, NULL, NULL, NULL),
    ('seconds', 1, 'time', NULL, NULL, NULL, NULL, NULL, NULL),
    ('audio_seconds', 3600, 'time', NULL, 'audio', NULL, NULL, NULL, NULL),
    ('input_audio_seconds', 3600, 'time', 'input', 'audio', NULL, NULL, NULL, NULL),
    ('output_audio_seconds', 3600, 'time', 'output', 'audio', NULL, NULL, NULL, NULL),
    ('video_seconds', 1, 'time', NULL, 'video', NULL, NULL, NULL, NULL),
    ('input_video_seconds', 1, 'time', 'input', 'video', NULL, NULL, NULL, NULL),
    ('output_video_seconds', 1, 'time', 'output', 'video', NULL, NULL, NULL, NULL),
    ('tool_calls', 1000, 'calls', NULL, NULL, NULL, NULL, NULL, NULL),
    ('web_searches', 1000, 'calls', NULL, NULL, 'web_search', NULL, NULL, NULL),
    ('social_searches', 1000, 'calls', NULL, NULL, 'social_search', NULL, NULL, NULL),
    ('storage_searches', 1000, 'calls', NULL, NULL, 'storage_search', NULL, NULL, NULL),
    ('map_searches', 1000, 'calls', NULL, NULL, 'map_search', NULL, NULL, NULL),
    ('code_executions', 1000, 'calls', NULL, NULL, 'code_execution', NULL, NULL, NULL),
    ('input_characters', 1000000, 'characters', 'input', NULL, NULL, NULL, NULL, NULL),
    ('input_pixels', 1000000000, 'pixels', 'input', NULL, NULL, NULL, NULL, NULL),
    ('output_characters', 1000000, 'characters', 'output', NULL, NULL, NULL, NULL, NULL),
    ('output_pixels', 1000000000, 'pixels', 'output', NULL, NULL, NULL, NULL, NULL),
    ('input_text_messages', 1000, 'messages', 'input', 'text', NULL, NULL, NULL, NULL),
    ('input_document_pages', 1000, 'pages', 'input', NULL, NULL, NULL, NULL, NULL),
    ('input_annotated_document_pages', 1000, 'pages', 'input', NULL, 'annotated', NULL, NULL, NULL),
    ('requests', 1, 'requests', NULL, NULL, NULL, NULL, NULL, NULL),
    ('rerank_searches', 1000, 'rerank', NULL, NULL, NULL, NULL, NULL, NULL),
    ('videos', 1, 'videos', 'output', NULL, NULL, NULL, NULL, NULL),
    ('models_3d', 1, 'models_3d', 'output', NULL, NULL, NULL, NULL, NULL),
    ('gpu_seconds', 3600, 'gpu_time', NULL, NULL, NULL, NULL, NULL, NULL),
    ('instance_seconds', 3600, 'instance_time', NULL, NULL, NULL, NULL, NULL, NULL),
    ('cache_token_hours', 1000000, 'token_time', NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE price_offers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book text NOT NULL DEFAULT 'purchase',
    tenant_id text,
    provider_id text NOT NULL,
    model_id text NOT NULL,
    context jsonb NOT NULL DEFAULT '{}',
    CONSTRAINT price_offer_key UNIQUE NULLS NOT DISTINCT (provider_id, model_id, book, tenant_id, context),
    CONSTRAINT price_offer_book CHECK (book IN ('purchase', 'sale')),
    CONSTRAINT price_offer_names CHECK (is_name(tenant_id) AND is_name(provider_id) AND is_name(model_id)
        AND length(tenant_id) <= 200 AND length(provider_id) <= 100 AND length(model_id) <= 600),
    CONSTRAINT price_offer_context CHECK (jsonb_typeof(context) = 'object' AND is_short(context))
);
COMMENT ON TABLE price_offers IS 'What has prices: a model under a context, in the book of what we pay or of what tenants pay. It outlives the model.';
COMMENT ON COLUMN price_offers.context IS 'Conditions of a request, such as {"processing": "batch"}; empty is none.';

CREATE TABLE price_sheets (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    offer_id bigint NOT NULL REFERENCES price_offers (id),
    rank smallint NOT NULL DEFAULT 0,
    valid tstzrange NOT NULL,
    known tstzrange NOT NULL DEFAULT tstzrange(clock_timestamp(), NULL),
    sold_from timestamptz,
    said text,
    currency text NOT NULL DEFAULT 'USD',
    source text NOT NULL,
    source_url text,
    clocks jsonb NOT NULL DEFAULT '[]',
    minimum numeric,
    origin text NOT NULL DEFAULT 'sync',
    reason text,
    set_by text NOT NULL DEFAULT current_user,
    CONSTRAINT price_sheet_rank CHECK (rank BETWEEN 0 AND 9),
    CONSTRAINT price_sheet_valid CHECK (NOT isempty(valid) AND NOT upper_inc(valid)),
    CONSTRAINT price_sheet_known CHECK (NOT isempty(known) AND NOT lower_inf(known) AND NOT upper_inc(known)),
    CONSTRAINT price_sheet_times CHECK (is_time(sold_from)),
    CONSTRAINT price_sheet_said CHECK (said IN ('always', 'date', 'instant')),
    CONSTRAINT price_sheet_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT price_sheet_origin CHECK (origin IN ('sync', 'administrator', 'contract', 'correction')),
    CONSTRAINT price_sheet_minimum CHECK (minimum >= 0 AND minimum < 'Infinity'),
    CONSTRAINT price_sheet_texts CHECK (is_name(source) AND length(source) <= 200 AND is_text(source_url) AND length(source_url) <= 2000
        AND is_text(reason) AND is_text(set_by) AND length(reason) <= 2000 AND length(set_by) <= 200 AND is_short(clocks)),
    CONSTRAINT price_sheets_one_at_a_time EXCLUDE USING gist (
        int8range(offer_id, offer_id, '[]') WITH &&, int4range(rank::integer, rank::integer, '[]') WITH &&,
        valid WITH &&, known WITH &&)
);
CREATE INDEX price_sheets_by_offer ON price_sheets (offer_id);
CREATE INDEX price_sheets_ahead ON price_sheets (lower(valid)) WHERE upper_inf(known);
COMMENT ON TABLE price_sheets IS 'All prices of an offer at once. A change is a new valid interval, a correction a new known one; a row is only ever closed.';
COMMENT ON COLUMN price_sheets.rank IS 'The higher speaks first: 0 what sources say, 1 an administrator, 2 a contract.';
COMMENT ON COLUMN price_sheets.sold_from IS 'From when the sale book has it, where a rise reaches tenants later than us.';
COMMENT ON COLUMN price_sheets.said IS 'How the source told from when it holds: always, by a date, by an instant; NULL: from when it was read.';

CREATE TABLE price_items (
    sheet_id bigint NOT NULL REFERENCES price_sheets (id),
    meter text NOT NULL REFERENCES meters (name),
    clock text NOT NULL DEFAULT '',
    above bigint NOT NULL DEFAULT -1,
    inclusive boolean NOT NULL DEFAULT false,
    amount numeric NOT NULL,
    per bigint NOT NULL,
    minimum numeric,
    source text,
    PRIMARY KEY (sheet_id, meter, clock, above, inclusive),
    CONSTRAINT price_item_amount CHECK (amount >= 0 AND amount < 'Infinity'),
    CONSTRAINT price_item_minimum CHECK (minimum >= 0 AND minimum < 'Infinity'),
    CONSTRAINT price_item_per CHECK (per > 0),
    CONSTRAINT price_item_above CHECK (above >= -1),
    CONSTRAINT price_item_texts CHECK (is_text(clock) AND length(clock) <= 100 AND is_name(source) AND length(source) <= 200)
);
COMMENT ON TABLE price_items IS 'The prices of a sheet. A meter without a row is unknown, 0 is free.';
COMMENT ON COLUMN price_items.above IS 'For requests with more input tokens than this, or as many where inclusive; -1 is the price of all others.';
COMMENT ON COLUMN price_items.per IS 'The amount is for so many: 0.111 for 3,600 seconds is never made a quotient.';

CREATE TABLE price_claims (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    entry text NOT NULL,
    provider_id text,
    model_id text,
    starts timestamptz,
    said text,
    prices jsonb NOT NULL,
    seen tstzrange NOT NULL DEFAULT tstzrange(clock_timestamp(), NULL),
    CONSTRAINT price_claim_said CHECK (said IN ('always', 'date', 'instant')),
    CONSTRAINT price_claim_prices CHECK (jsonb_typeof(prices) = 'object' AND is_short(prices)),
    CONSTRAINT price_claim_seen CHECK (NOT isempty(seen) AND NOT lower_inf(seen)),
    CONSTRAINT price_claim_times CHECK (starts > '0001-01-01 00:00+00' AND starts < '9999-01-01 00:00+00'),
    CONSTRAINT price_claim_texts CHECK (is_name(source) AND length(source) <= 200 AND is_text(entry) AND length(entry) <= 700
        AND is_text(provider_id) AND is_text(model_id) AND length(provider_id) <= 100 AND length(model_id) <= 600)
);
CREATE UNIQUE INDEX price_claim_now ON price_claims (source, entry, starts) NULLS NOT DISTINCT WHERE upper_inf(seen);
CREATE INDEX price_claims_of_model ON price_claims (provider_id, model_id);
COMMENT ON TABLE price_claims IS 'What each source says of the prices of a model, from when on, and while it said so.';
COMMENT ON COLUMN price_claims.prices IS 'By the keys of `[price]` in catalog files, amounts as exact text.';

CREATE TABLE price_proposals (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    run_id uuid,
    offer_id bigint NOT NULL REFERENCES price_offers (id),
    wanted jsonb NOT NULL,
    digest text NOT NULL,
    reasons text[] NOT NULL,
    verdict text NOT NULL DEFAULT 'held',
    decided_by text,
    decided_at timestamptz,
    decided_why text,
    CONSTRAINT price_proposal_verdict CHECK (verdict IN ('held', 'approved', 'refused', 'withdrawn')),
    CONSTRAINT price_proposal_decided CHECK ((verdict = 'held') = (decided_at IS NULL)),
    CONSTRAINT price_proposal_reasons CHECK (is_list(reasons) AND cardinality(reasons) BETWEEN 1 AND 50),
    CONSTRAINT price_proposal_times CHECK (is_time(at) AND is_time(decided_at)),
    CONSTRAINT price_proposal_texts CHECK (is_text(digest) AND is_text(decided_by) AND is_text(decided_why) AND length(digest) <= 100 AND length(decided_by) <= 200
        AND length(decided_why) <= 2000 AND is_short(wanted))
);
CREATE UNIQUE INDEX price_proposal_open ON price_proposals (offer_id) WHERE verdict = 'held';
CREATE INDEX price_proposals_of_offer ON price_proposals (offer_id, digest);
COMMENT ON TABLE price_proposals IS 'Prices that a guard held: somebody approves or refuses them. What was refused is not proposed again.';
