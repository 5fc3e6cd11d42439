--! compatible
-- A markup that a catalog says of a model is kept as what is usual of it, so that it counts again once one that somebody set
-- ends. What columns say besides what is usual, where nobody set anything, was said by a catalog.
WITH said AS (
    SELECT 'external' AS hosting, provider_id, model_id, markup_rate AS rate FROM models
    UNION ALL
    SELECT 'self_hosted', 'self_hosted', model_id, markup_percent / 100 FROM self_hosted_models
), of_catalogs AS (
    SELECT said.* FROM said
     WHERE rate >= 0 AND rate < 100
       AND NOT EXISTS (SELECT FROM markup_scopes s JOIN markups m ON m.scope_id = s.id
                        WHERE s.tenant_id IS NULL AND upper_inf(m.known) AND m.valid @> clock_timestamp()
                          AND (m.rank = 1 OR m.rate = said.rate)
                          AND (s.hosting IS NULL OR s.hosting = said.hosting)
                          AND (s.provider_id IS NULL OR s.provider_id = said.provider_id)
                          AND (s.model_id IS NULL OR s.model_id = said.model_id))
), scopes AS (
    INSERT INTO markup_scopes (provider_id, model_id) SELECT provider_id, model_id FROM of_catalogs
        ON CONFLICT ON CONSTRAINT markup_scope_key DO UPDATE SET model_id = excluded.model_id
    RETURNING id, provider_id, model_id
)
INSERT INTO markups (scope_id, rate, valid, rank, reason)
SELECT s.id, c.rate, tstzrange(NULL, NULL), 0, 'what its catalog says'
  FROM of_catalogs c JOIN scopes s USING (provider_id, model_id);
