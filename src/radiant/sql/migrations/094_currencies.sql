--! compatible
-- Prices in other currencies: what one unit of each is worth in USD, day by day, and what a source said beside what it is in
-- USD. No rate comes along: somebody states each, with its source.

CREATE TABLE fx_rates (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    currency text NOT NULL,
    day date NOT NULL,
    usd numeric NOT NULL,
    source text NOT NULL,
    known tstzrange NOT NULL DEFAULT tstzrange(clock_timestamp(), NULL),
    set_by text NOT NULL DEFAULT current_user,
    CONSTRAINT fx_rate_currency CHECK (currency ~ '^[A-Z]{3}$' AND currency <> 'USD'),
    CONSTRAINT fx_rate_day CHECK (day BETWEEN '1970-01-01' AND '2199-12-31'),
    CONSTRAINT fx_rate_usd CHECK (usd >= 0.0000001 AND usd <= 10 AND usd = round(usd, 12)),
    CONSTRAINT fx_rate_known CHECK (NOT isempty(known) AND NOT lower_inf(known) AND NOT upper_inc(known)),
    CONSTRAINT fx_rate_texts CHECK (is_name(source) AND length(source) <= 200 AND is_text(set_by) AND length(set_by) <= 200)
);
CREATE UNIQUE INDEX fx_rate_now ON fx_rates (currency, day) WHERE upper_inf(known);
COMMENT ON TABLE fx_rates IS 'What one unit of a currency is worth in USD from a day on, until the day of the next. A row is only ever closed.';
COMMENT ON COLUMN fx_rates.day IS 'From 00:00 UTC of this day on.';

ALTER TABLE price_items ADD COLUMN quoted numeric, ADD COLUMN fx_rate_id bigint REFERENCES fx_rates (id),
    ADD CONSTRAINT price_item_quoted CHECK (quoted >= 0 AND quoted < 'Infinity' AND (quoted IS NULL) = (fx_rate_id IS NULL));
COMMENT ON COLUMN price_items.quoted IS 'What the source said, in the currency of the rate, where the amount was derived from it: amount = quoted × rate.';

ALTER TABLE price_sheets DROP CONSTRAINT price_sheet_origin,
    ADD CONSTRAINT price_sheet_origin CHECK (origin IN ('sync', 'administrator', 'contract', 'correction', 'derived'));
COMMENT ON COLUMN price_sheets.currency IS 'Of its amounts. What is not in USD is kept as it was said and has no price in the books.';

ALTER TABLE price_claims ADD COLUMN currency text NOT NULL DEFAULT 'USD',
    ADD CONSTRAINT price_claim_currency CHECK (currency ~ '^[A-Z]{3}$');
DROP INDEX price_claim_now;
CREATE UNIQUE INDEX price_claim_now ON price_claims (source, entry, currency, starts) NULLS NOT DISTINCT WHERE upper_inf(seen);
