-- alone --
SELECT pg_advisory_xact_lock(%(lock)s)

-- as_service --
SET LOCAL radiant.writer = 'service'

-- keys_of_origin --
-- The external models that came into the registry one of these ways.
SELECT provider_id, model_id FROM models WHERE origin = ANY(%(origins)s)

-- provider_ids --
SELECT id FROM providers

-- litellm_prefixes --
SELECT id, litellm_prefix FROM providers WHERE litellm_prefix IS NOT NULL

-- overridden --
-- Per subject, the fields an administrator decided.
SELECT subject, array_agg(field) AS fields FROM overrides WHERE starts_with(subject, %(prefix)s) GROUP BY subject

-- marked_up --
-- The self-hosted models whose markup somebody set: their column shows that.
SELECT model_id FROM self_hosted_models
 WHERE standing_markup('self_hosted', 'self_hosted', model_id, clock_timestamp()) IS NOT NULL

-- held_prices --
-- The models whose newest change of price waits for approval or was refused, or whose prices somebody set: their columns
-- show the sheets that hold, and are written by whoever brings prices up to date.
SELECT DISTINCT provider_id, model_id FROM (
    SELECT DISTINCT ON (p.offer_id) o.provider_id, o.model_id, p.verdict
      FROM price_proposals p JOIN price_offers o ON o.id = p.offer_id ORDER BY p.offer_id, p.at DESC, p.id DESC) newest
 WHERE verdict IN ('held', 'refused')
UNION
SELECT o.provider_id, o.model_id FROM price_sheets s JOIN price_offers o ON o.id = s.offer_id
 WHERE s.rank > 0 AND upper_inf(s.known) AND o.tenant_id IS NULL AND s.valid @> clock_timestamp()
