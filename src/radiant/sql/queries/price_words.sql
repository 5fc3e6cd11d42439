-- unsettled --
-- Claims that no run took over yet, and those taken over that their source says no longer; `known` where something that
-- this source said of the model was taken over before, `since` when it is said, or is not.
SELECT c.id, c.source, c.provider_id, c.model_id, upper_inf(c.seen) AS is_said,
       CASE WHEN upper_inf(c.seen) THEN lower(c.seen) ELSE upper(c.seen) END AS since,
       EXISTS (SELECT FROM price_claims k JOIN price_claims_taken ON claim_id = k.id
                WHERE k.provider_id = c.provider_id AND k.model_id = c.model_id AND k.source = c.source) AS known
  FROM price_claims c LEFT JOIN price_claims_taken t ON t.claim_id = c.id
 WHERE c.provider_id IS NOT NULL AND c.model_id IS NOT NULL
   AND (t.claim_id IS NOT NULL AND t.left_at IS NULL) <> upper_inf(c.seen)
 ORDER BY c.id

-- counting --
-- The claims of these sources about these models that count until others are taken over.
SELECT c.source, c.entry, c.provider_id, c.model_id, c.starts, c.said, c.currency, c.prices::text AS prices,
       lower(c.seen) AS seen_at
  FROM unnest(%(sources)s::text[], %(providers)s::text[], %(models)s::text[]) AS asked (source, provider_id, model_id)
  JOIN price_claims c USING (source, provider_id, model_id) JOIN price_claims_taken t ON t.claim_id = c.id
 WHERE t.left_at IS NULL
 ORDER BY c.provider_id, c.model_id, c.source, c.entry, c.starts NULLS FIRST

-- take --
-- What was claimed counts from now on.
INSERT INTO price_claims_taken (claim_id) SELECT unnest(%(ids)s::bigint[])
    ON CONFLICT (claim_id) DO UPDATE SET taken_at = excluded.taken_at, left_at = NULL

-- leave --
-- What was claimed counts no longer.
UPDATE price_claims_taken SET left_at = greatest(clock_timestamp(), taken_at) WHERE claim_id = ANY(%(ids)s::bigint[])
