-- takeable --
-- Of these tasks and models, those that stand as a default already, or whose model the registry knows.
SELECT it.task, it.model_id FROM unnest(%(tasks)s::text[], %(models)s::text[]) AS it (task, model_id)
 WHERE EXISTS (SELECT FROM default_models d WHERE d.task = it.task AND d.model_id = it.model_id)
    OR is_model_name(it.model_id)

-- helpless --
-- Defaults that can answer no request at present: no model is called so, or each that is has left, is off or is disabled.
SELECT d.task, d.model_id, is_model_name(d.model_id) AS known, d.successor
  FROM default_models d
 WHERE NOT EXISTS (
           SELECT FROM models m JOIN providers p ON p.id = m.provider_id AND p.enabled
            WHERE d.model_id = ANY (model_names(m)) AND m.enabled AND NOT m.deprecated
              AND (m.retires > (now() AT TIME ZONE 'UTC')::date) IS NOT FALSE)
   AND NOT EXISTS (
           SELECT FROM self_hosted_models s
             JOIN providers p ON p.id = 'self_hosted' AND p.enabled
             JOIN thermal_states t ON t.model_id = s.model_id AND t.current_state <> 'OFF'
            WHERE d.model_id = ANY (self_hosted_names(s)) AND s.enabled AND NOT s.deprecated)
 ORDER BY d.task

-- named --
-- The models that defaults name, each as far as it may be chosen.
SELECT d.task, d.model_id AS name, d.successor, m.provider_id, m.model_id, m.deprecated
  FROM default_models d JOIN models m ON d.model_id = ANY (model_names(m)) AND m.enabled
UNION ALL
SELECT d.task, d.model_id, d.successor, 'self_hosted', s.model_id, s.deprecated
  FROM default_models d JOIN self_hosted_models s ON d.model_id = ANY (self_hosted_names(s)) AND s.enabled
 ORDER BY name, task, provider_id, model_id
