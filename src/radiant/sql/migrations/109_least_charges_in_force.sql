--! compatible
-- Columns show the least charges that were set before there were columns of them; `project_markups()` does it from then on.
UPDATE models m SET minimum_charge = shown.minimum_charge
  FROM models o CROSS JOIN LATERAL (
    SELECT k.minimum_charge FROM markup_scopes s JOIN markups k ON k.scope_id = s.id
     WHERE s.tenant_id IS NULL AND upper_inf(k.known) AND k.valid @> clock_timestamp()
       AND (s.hosting IS NULL OR s.hosting = 'external') AND (s.provider_id IS NULL OR s.provider_id = o.provider_id)
       AND (s.model_id IS NULL OR s.model_id = o.model_id)
     ORDER BY k.rank DESC, s.model_id IS NULL, s.provider_id IS NULL, s.hosting IS NULL LIMIT 1) AS shown
 WHERE o.id = m.id AND o.minimum_charge IS NULL AND shown.minimum_charge IS NOT NULL;
UPDATE self_hosted_models m SET minimum_charge = shown.minimum_charge
  FROM self_hosted_models o CROSS JOIN LATERAL (
    SELECT k.minimum_charge FROM markup_scopes s JOIN markups k ON k.scope_id = s.id
     WHERE s.tenant_id IS NULL AND upper_inf(k.known) AND k.valid @> clock_timestamp()
       AND (s.hosting IS NULL OR s.hosting = 'self_hosted') AND (s.provider_id IS NULL OR s.provider_id = 'self_hosted')
       AND (s.model_id IS NULL OR s.model_id = o.model_id)
     ORDER BY k.rank DESC, s.model_id IS NULL, s.provider_id IS NULL, s.hosting IS NULL LIMIT 1) AS shown
 WHERE o.id = m.id AND o.minimum_charge IS NULL AND shown.minimum_charge IS NOT NULL;
