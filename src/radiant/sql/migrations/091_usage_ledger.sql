--! compatible
-- What was used, told once for each request, and what that costs: ratings that are only appended to. What is owed is the
-- sum of their changes, so that a total that was closed stays, and what is found later is booked later.

CREATE TABLE usage_records (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_id text NOT NULL CONSTRAINT usage_told_once UNIQUE,
    told bytea NOT NULL,
    told_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    provider_id text NOT NULL,
    model_id text NOT NULL,
    at timestamptz NOT NULL,
    booked_at timestamptz NOT NULL,
    tenant_id text,
    context jsonb NOT NULL DEFAULT '{}',
    quantities jsonb NOT NULL,
    reported_usd numeric,
    CONSTRAINT usage_digest CHECK (octet_length(told) = 16),
    CONSTRAINT usage_names CHECK (is_name(request_id) AND is_name(provider_id) AND is_name(model_id) AND is_name(tenant_id)
        AND length(request_id) <= 200 AND length(provider_id) <= 100 AND length(model_id) <= 600 AND length(tenant_id) <= 200),
    CONSTRAINT usage_times CHECK (is_time(at) AND is_time(booked_at) AND is_time(told_at)),
    CONSTRAINT usage_context CHECK (jsonb_typeof(context) = 'object' AND is_short(context)),
    CONSTRAINT usage_quantities CHECK (jsonb_typeof(quantities) = 'object' AND is_short(quantities)),
    CONSTRAINT usage_reported CHECK (reported_usd >= 0 AND reported_usd < 'Infinity')
);
CREATE INDEX usage_by_time ON usage_records (at, id);
COMMENT ON TABLE usage_records IS 'What requests consumed, by meters, one row for each id of a request. It outlives the model.';
COMMENT ON COLUMN usage_records.told IS 'A digest of what was told under this id: the same again is no second usage, another is refused.';
COMMENT ON COLUMN usage_records.booked_at IS 'When it counts: at its moment, or where that was closed already, when it was told.';
COMMENT ON COLUMN usage_records.quantities IS 'By meter; what a meter contains is inside its quantity.';
COMMENT ON COLUMN usage_records.reported_usd IS 'What the provider itself says it cost.';

CREATE TABLE closed_periods (
    until timestamptz PRIMARY KEY,
    since timestamptz,
    closed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    closed_by text NOT NULL DEFAULT session_user,
    requests bigint NOT NULL,
    unpriced bigint NOT NULL,
    purchase_usd numeric,
    sale_usd numeric,
    CONSTRAINT closed_period_follows UNIQUE NULLS NOT DISTINCT (since),
    CONSTRAINT closed_period_times CHECK (is_time(since) AND is_time(until) AND is_time(closed_at) AND since < until),
    CONSTRAINT closed_period_texts CHECK (is_text(closed_by) AND length(closed_by) <= 200),
    CONSTRAINT closed_period_counts CHECK (unpriced BETWEEN 0 AND requests)
);
COMMENT ON TABLE closed_periods IS 'Spans of time of which the books are closed, with their totals; each begins where the one before ends.';

CREATE TABLE rating_runs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    since timestamptz,
    until timestamptz,
    begun_by text NOT NULL DEFAULT session_user,
    CONSTRAINT rating_run_kind CHECK (kind IN ('arrival', 'rerating')),
    CONSTRAINT rating_run_times CHECK (is_time(at) AND is_time(since) AND is_time(until)),
    CONSTRAINT rating_run_texts CHECK (is_text(begun_by) AND length(begun_by) <= 200)
);
COMMENT ON TABLE rating_runs IS 'Who rated when. Run 0 rates each usage as it is told; of several ratings of one the newest run counts.';
INSERT INTO rating_runs (id, kind) OVERRIDING SYSTEM VALUE VALUES (0, 'arrival');

-- No foreign keys: of a million rows they would take longer than all else. check_ratings() looks at each statement whole,
-- and of what they would name nothing is ever deleted.
CREATE TABLE ratings (
    usage_id bigint NOT NULL,
    run_id bigint NOT NULL,
    booked_at timestamptz NOT NULL,
    corrects timestamptz,
    was text,
    state text NOT NULL,
    purchase_usd numeric,
    sale_usd numeric,
    purchase_change numeric,
    sale_change numeric,
    markup numeric,
    minimum_charge numeric,
    stored boolean NOT NULL,
    basis bigint NOT NULL,
    unpriced text[],
    lines jsonb NOT NULL,
    sale_lines jsonb,
    PRIMARY KEY (usage_id, run_id),
    CONSTRAINT rating_state CHECK (state IN ('priced', 'partly_priced', 'unpriced', 'free')
        AND was IN ('priced', 'partly_priced', 'unpriced', 'free') AND (run_id = 0) = (was IS NULL)
        AND (state = 'unpriced') = (purchase_usd IS NULL)),
    CONSTRAINT rating_amounts CHECK (purchase_usd >= 0 AND purchase_usd < 'Infinity' AND sale_usd >= 0 AND sale_usd < 'Infinity'
        AND abs(purchase_change) < 'Infinity' AND abs(sale_change) < 'Infinity' AND markup < 'Infinity' AND minimum_charge < 'Infinity'),
    CONSTRAINT rating_times CHECK (is_time(booked_at) AND is_time(corrects)),
    CONSTRAINT rating_unpriced CHECK (unpriced IS NULL OR is_list(unpriced)),
    CONSTRAINT rating_lines CHECK (jsonb_typeof(lines) = 'array' AND jsonb_array_length(lines) <= 300
        AND jsonb_typeof(sale_lines) = 'array' AND jsonb_array_length(sale_lines) <= 300)
);
CREATE INDEX ratings_by_booking ON ratings (booked_at);
COMMENT ON TABLE ratings IS 'What usages cost, run by run. Spend is the sum of the changes, in the period in which each is booked.';
COMMENT ON COLUMN ratings.corrects IS 'The end of the closed period of which this belongs to a usage; it is booked later, and named.';
COMMENT ON COLUMN ratings.was IS 'The state before; NULL for the first rating of a usage.';
COMMENT ON COLUMN ratings.purchase_change IS 'By how much the purchase book changes: from nothing for the first rating; NULL is unknown before and after.';
COMMENT ON COLUMN ratings.stored IS 'Whether its prices are of stored sheets; else of the row of the model as it was then.';
COMMENT ON COLUMN ratings.basis IS 'A digest of the prices that were charged: the same prices, the same number, whatever sheet has them.';
COMMENT ON COLUMN ratings.lines IS 'Items of the purchase book: meter, quantity, amount, per, USD, sheet, source.';
COMMENT ON COLUMN ratings.sale_lines IS 'Items of the sale book, where these are not those of the purchase book with the markup.';

CREATE TABLE reported_differences (
    provider_id text NOT NULL,
    model_id text NOT NULL,
    day date NOT NULL,
    usage_id bigint NOT NULL REFERENCES usage_records (id),
    PRIMARY KEY (provider_id, model_id, day),
    CONSTRAINT reported_difference_names CHECK (is_name(provider_id) AND is_name(model_id) AND length(provider_id) <= 100
        AND length(model_id) <= 600),
    CONSTRAINT reported_difference_day CHECK (is_day(day))
);
COMMENT ON TABLE reported_differences IS 'The first usage of a model on a day of which the provider reports another cost than was computed: told once.';
