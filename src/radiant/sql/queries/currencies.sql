-- listed --
-- What units of currencies are worth in USD, the newest day of each first; what is believed, or ever was.
SELECT id, currency, day, usd, source, set_by, lower(known) AS known_from, upper(known) AS known_to FROM fx_rates
 WHERE %(ever)s OR upper_inf(known)
 ORDER BY currency, day DESC, known DESC

-- by_id --
SELECT id, currency, day, usd, source FROM fx_rates WHERE id = ANY(%(ids)s)

-- forget --
-- What was believed of a day is believed no longer.
UPDATE fx_rates SET known = tstzrange(lower(known), greatest(clock_timestamp(), lower(known) + interval '1 microsecond'))
 WHERE currency = %(currency)s AND day = %(day)s AND upper_inf(known)

-- keep --
INSERT INTO fx_rates (currency, day, usd, source, set_by, known)
SELECT %(currency)s, %(day)s, %(usd)s, %(source)s, %(by)s,
       tstzrange(greatest(clock_timestamp(), max(upper(known))), NULL)
  FROM fx_rates WHERE currency = %(currency)s AND day = %(day)s

-- told_in --
-- The models of which something is told in a currency.
SELECT DISTINCT provider_id, model_id FROM facts
 WHERE starts_with(field, %(prefix)s) AND model_id IS NOT NULL

-- quoted --
-- What is told of models in other currencies: who says so, and in which.
SELECT DISTINCT f.provider_id, f.model_id, f.source, upper(substr(f.field, 10, 3)) AS currency
  FROM facts f JOIN unnest(%(providers)s::text[], %(models)s::text[]) AS asked (provider_id, model_id) USING (provider_id, model_id)
 WHERE starts_with(f.field, 'price_in_') AND NOT f.field LIKE '%%.note'
 ORDER BY f.source, currency
