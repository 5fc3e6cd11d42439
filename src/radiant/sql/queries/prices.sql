-- alone --
SELECT pg_advisory_xact_lock(%(lock)s)

-- claim --
-- Make what a source claims of prices what it says now: what it says no longer ends, what it says newly begins.
WITH said AS (
    SELECT * FROM jsonb_to_recordset(%(claims)s::jsonb)
        AS i (entry text, provider_id text, model_id text, starts timestamptz, said text, prices jsonb)
), gone AS (
    UPDATE price_claims c SET seen = tstzrange(lower(c.seen), greatest(clock_timestamp(), lower(c.seen) + interval '1 microsecond'))
     WHERE c.source = %(source)s AND upper_inf(c.seen)
       AND NOT EXISTS (SELECT FROM said s
                        WHERE s.entry = c.entry AND s.starts IS NOT DISTINCT FROM c.starts AND s.prices = c.prices
                          AND s.said IS NOT DISTINCT FROM c.said AND s.provider_id IS NOT DISTINCT FROM c.provider_id
                          AND s.model_id IS NOT DISTINCT FROM c.model_id)
    RETURNING c.entry
)
SELECT count(*) AS gone FROM gone

-- claim_new --
INSERT INTO price_claims (source, entry, provider_id, model_id, starts, said, prices)
SELECT %(source)s, s.entry, s.provider_id, s.model_id, s.starts, s.said, s.prices
  FROM jsonb_to_recordset(%(claims)s::jsonb)
    AS s (entry text, provider_id text, model_id text, starts timestamptz, said text, prices jsonb)
 WHERE NOT EXISTS (SELECT FROM price_claims c
                    WHERE c.source = %(source)s AND c.entry = s.entry AND c.starts IS NOT DISTINCT FROM s.starts
                      AND upper_inf(c.seen))

-- claim_facts --
-- The same of what the facts say: of sources whose lists are no documents with dates, catalogs and providers.
WITH said AS (
    SELECT source, entry, provider_id, model_id, currency, jsonb_object_agg(key, value) AS prices
      FROM (SELECT source, entry, provider_id, model_id, value, split_part(field, '.', 2) AS key,
                   CASE WHEN starts_with(field, 'price.') THEN 'USD' ELSE upper(substr(field, 10, 3)) END AS currency
              FROM facts
             WHERE (starts_with(field, 'price.') OR starts_with(field, 'price_in_'))
               AND (starts_with(source, 'curated') OR starts_with(source, 'provider:'))) priced
     GROUP BY source, entry, provider_id, model_id, currency
), gone AS (
    UPDATE price_claims c SET seen = tstzrange(lower(c.seen), greatest(clock_timestamp(), lower(c.seen) + interval '1 microsecond'))
     WHERE (starts_with(c.source, 'curated') OR starts_with(c.source, 'provider:')) AND upper_inf(c.seen)
       AND NOT EXISTS (SELECT FROM said s WHERE s.source = c.source AND s.entry = c.entry AND s.currency = c.currency
                          AND s.prices = c.prices AND s.provider_id IS NOT DISTINCT FROM c.provider_id
                          AND s.model_id IS NOT DISTINCT FROM c.model_id)
    RETURNING c.source, c.entry, c.currency
)
INSERT INTO price_claims (source, entry, provider_id, model_id, currency, prices)
SELECT s.source, s.entry, s.provider_id, s.model_id, s.currency, s.prices FROM said s
 WHERE NOT EXISTS (SELECT FROM price_claims c
                    WHERE c.source = s.source AND c.entry = s.entry AND c.currency = s.currency AND upper_inf(c.seen))
    OR EXISTS (SELECT FROM gone g WHERE g.source = s.source AND g.entry = s.entry AND g.currency = s.currency)

-- dated --
-- What sources that date their prices say of these models, or of all, in their order; now, or at a moment.
SELECT provider_id, model_id, source, entry, starts, said, prices::text AS prices FROM price_claims
 WHERE said IS NOT NULL AND model_id IS NOT NULL
   AND CASE WHEN %(known)s::timestamptz IS NULL THEN upper_inf(seen) ELSE seen @> %(known)s::timestamptz END
   AND (%(models)s::text[] IS NULL
        OR (provider_id, model_id) IN (SELECT * FROM unnest(%(providers)s::text[], %(models)s::text[])))
 ORDER BY provider_id, model_id, source, entry, starts NULLS FIRST

-- claims_of --
-- All that was ever claimed of a model.
SELECT source, entry, starts, said, currency, prices::text AS prices, lower(seen) AS seen_from, upper(seen) AS seen_to
  FROM price_claims WHERE provider_id = %(provider)s AND model_id = %(model)s
 ORDER BY source, entry, starts NULLS FIRST, seen

-- facts --
-- What is said of prices now, of the models that there are.
SELECT f.provider_id, f.model_id, f.source, f.entry, f.field, f.value::text AS value, f.reference, f.source_date, f.seen_at,
       m.primary_mode AS task
  FROM models m JOIN facts f ON f.provider_id = m.provider_id AND f.model_id = m.model_id
 WHERE starts_with(f.field, 'price.') OR starts_with(f.field, 'price_in_')

-- said_of --
-- What is said of prices and tasks of these models, whether the registry has them or not, as far as it was seen by then.
SELECT f.provider_id, f.model_id, f.source, f.entry, f.field, f.value::text AS value, f.reference, f.source_date, f.seen_at
  FROM facts f
 WHERE (f.provider_id, f.model_id) IN (SELECT * FROM unnest(%(providers)s::text[], %(models)s::text[]))
   AND (f.field = 'task' OR starts_with(f.field, 'price.'))
   AND (%(known)s::timestamptz IS NULL OR f.seen_at <= %(known)s)
 ORDER BY f.provider_id, f.model_id

-- sheets --
-- Stored sheets of these models, or of all; those that are believed, or were at a moment, or ever.
SELECT s.id, o.id AS offer, o.provider_id, o.model_id, o.context::text AS context, o.book, o.tenant_id, s.rank,
       lower(s.valid) AS valid_from, upper(s.valid) AS valid_to, lower(s.known) AS known_from, upper(s.known) AS known_to,
       s.sold_from, s.whole, s.said, s.currency, s.source, s.source_url, s.clocks::text AS clocks, s.minimum, s.origin,
       s.reason, s.set_by, s.ended_by, s.ended_because, items.of AS items
  FROM price_offers o JOIN price_sheets s ON s.offer_id = o.id
  LEFT JOIN LATERAL (
    SELECT jsonb_agg(to_jsonb(i) - CASE WHEN i.fx_rate_id IS NULL THEN '{sheet_id,quoted,fx_rate_id}'::text[]
                                        ELSE '{sheet_id}' END
                     ORDER BY i.meter, i.clock, i.above, i.inclusive)::text AS of
      FROM price_items i WHERE i.sheet_id = s.id) items ON true
 WHERE (%(models)s::text[] IS NULL
        OR (o.provider_id, o.model_id) IN (SELECT * FROM unnest(%(providers)s::text[], %(models)s::text[])))
   AND (%(ever)s OR s.known @> coalesce(%(known)s::timestamptz, 'infinity'))
 ORDER BY o.provider_id, o.model_id, o.id, s.rank, s.valid, s.known

-- append --
-- Each of `sheets` in their order; their ids.
SELECT id FROM append_sheets(%(sheets)s::jsonb) ORDER BY place

-- any --
SELECT FROM price_sheets LIMIT 1

-- proposals --
SELECT p.id, p.at, o.provider_id, o.model_id, o.context::text AS context, p.wanted::text AS wanted, p.digest, p.reasons,
       p.verdict, p.decided_by, p.decided_at, p.decided_why, o.id AS offer
  FROM price_proposals p JOIN price_offers o ON o.id = p.offer_id
 WHERE %(verdict)s::text IS NULL OR p.verdict = %(verdict)s
 ORDER BY o.provider_id, o.model_id, p.at, p.id

-- propose --
-- What was held before of the same offer is withdrawn: it says no longer what the sources say.
INSERT INTO price_proposals (offer_id, run_id, wanted, digest, reasons)
SELECT i.offer, %(run)s, i.wanted, i.digest, i.reasons
  FROM jsonb_to_recordset(%(proposals)s::jsonb) AS i (offer bigint, wanted jsonb, digest text, reasons text[])

-- withdraw --
UPDATE price_proposals SET verdict = 'withdrawn', decided_at = clock_timestamp()
 WHERE verdict = 'held' AND offer_id = ANY(%(offers)s)

-- decide --
UPDATE price_proposals SET verdict = %(verdict)s, decided_at = clock_timestamp(), decided_by = %(by)s, decided_why = %(why)s
 WHERE id = ANY(%(ids)s) AND verdict = 'held' RETURNING id

-- columns --
-- The price columns of models beside what their sheets would put there.
SELECT m.provider_id, m.model_id, m.primary_mode AS task, m.price_details::text AS details,
       ARRAY(SELECT field FROM overrides WHERE subject = 'model:' || m.provider_id || '/' || m.model_id) AS fixed
  FROM models m JOIN unnest(%(providers)s::text[], %(models)s::text[]) AS asked (provider_id, model_id) USING (provider_id, model_id)
UNION ALL
SELECT 'self_hosted', s.model_id, s.primary_mode, s.price_details::text,
       ARRAY(SELECT field FROM overrides WHERE subject = 'self_hosted:' || s.model_id)
  FROM self_hosted_models s JOIN unnest(%(providers)s::text[], %(models)s::text[]) AS asked (provider_id, model_id)
    ON asked.provider_id = 'self_hosted' AND asked.model_id = s.model_id

-- shown_otherwise --
-- The models whose columns do not show the prices that hold at a moment: a seed or a program wrote into them.
-- Each model finds its own prices in its own row: right after thousands were adopted PostgreSQL takes them for one, and
-- would walk through all of them for each.
WITH charged AS (
    SELECT DISTINCT ON (o.provider_id, o.model_id, i.meter) o.provider_id, o.model_id, i.meter, i.amount, i.per
      FROM price_offers o JOIN price_sheets s ON s.offer_id = o.id JOIN price_items i ON i.sheet_id = s.id
     WHERE o.context = '{}' AND o.tenant_id IS NULL AND upper_inf(s.known) AND s.valid @> %(now)s::timestamptz
       AND i.clock = '' AND i.above < 0
     ORDER BY o.provider_id, o.model_id, i.meter, s.rank DESC
), priced AS (
    SELECT provider_id, model_id, array_agg(meter) AS meters, array_agg(amount) AS amounts, array_agg(per) AS pers
      FROM charged GROUP BY provider_id, model_id
), said AS (
    SELECT DISTINCT ON (o.provider_id, o.model_id) o.provider_id, o.model_id, s.minimum
      FROM price_offers o JOIN price_sheets s ON s.offer_id = o.id
     WHERE o.context = '{}' AND o.tenant_id IS NULL AND o.book = 'purchase' AND s.currency = 'USD' AND upper_inf(s.known)
       AND s.valid @> %(now)s::timestamptz AND (s.minimum IS NOT NULL OR s.whole)
     ORDER BY o.provider_id, o.model_id, s.rank DESC
)
SELECT m.provider_id, m.model_id
  FROM priced p JOIN models m USING (provider_id, model_id)
 WHERE EXISTS (
    SELECT FROM (VALUES
           ('input_tokens', m.input_cost_per_1k, 1000), ('output_tokens', m.output_cost_per_1k, 1000),
           ('cache_read_tokens', m.cached_input_cost_per_1k, 1000), ('requests', m.cost_per_request, 1),
           ('images', m.cost_per_image, 1), ('input_characters', m.cost_per_character, 1),
           ('input_document_pages', m.cost_per_page, 1)) AS shown (meter, amount, per)
      LEFT JOIN unnest(p.meters, p.amounts, p.pers) AS c (meter, amount, per) USING (meter)
     WHERE shown.amount * c.per IS DISTINCT FROM c.amount * shown.per)
UNION
SELECT m.provider_id, m.model_id FROM said JOIN models m USING (provider_id, model_id)
 WHERE m.minimum_price IS DISTINCT FROM said.minimum
UNION
(SELECT provider_id, model_id FROM models WHERE minimum_price IS NOT NULL EXCEPT SELECT provider_id, model_id FROM said)
UNION
-- Of one's own models, what somebody set of any: it is compared by whoever shows it.
SELECT o.provider_id, o.model_id FROM price_offers o WHERE o.provider_id = 'self_hosted' AND o.tenant_id IS NULL

-- due --
-- The models of which a sheet that was announced, of whatever kind of requests, began to hold after one moment and until
-- another, or a price that somebody set for a period ceased to.
SELECT DISTINCT o.provider_id, o.model_id FROM price_sheets s JOIN price_offers o ON o.id = s.offer_id
 WHERE upper_inf(s.known) AND o.tenant_id IS NULL
   AND ((lower(s.valid) > %(since)s AND lower(s.valid) <= %(now)s AND lower(s.known) < lower(s.valid))
        OR (s.rank > 0 AND upper(s.valid) > %(since)s AND upper(s.valid) <= %(now)s))

-- forget_edits --
-- What was written into the price columns of models is no override once somebody sets or unsets prices otherwise.
DELETE FROM overrides WHERE subject = ANY(%(subjects)s) AND field = ANY(%(fields)s)
