-- What a request costs us at least, as the sheets of a model say, is part of what models are compared by, and of what
-- selection says that one costs.
ALTER TABLE models ADD COLUMN minimum_price usd;
COMMENT ON COLUMN models.minimum_price IS 'What a request costs at least before markup, USD, as the price sheets that hold say; NULL is nothing.';

-- Least charges that sheets had before there was a column of them are shown: that of the sheet that speaks first.
UPDATE models m SET minimum_price = said.minimum
  FROM (SELECT DISTINCT ON (o.provider_id, o.model_id) o.provider_id, o.model_id, s.minimum
          FROM price_offers o JOIN price_sheets s ON s.offer_id = o.id
         WHERE o.context = '{}' AND o.tenant_id IS NULL AND o.book = 'purchase' AND s.currency = 'USD'
           AND upper_inf(s.known) AND s.valid @> clock_timestamp() AND (s.minimum IS NOT NULL OR s.whole)
         ORDER BY o.provider_id, o.model_id, s.rank DESC) said
 WHERE m.provider_id = said.provider_id AND m.model_id = said.model_id AND said.minimum IS NOT NULL;
