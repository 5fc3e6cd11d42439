-- Each endpoint with what was seen there, and the state that counts for its model: what was seen; the catalog's default
-- where nobody looked yet; OFF where the last look saw nothing. What may be created there is COLD while it is not there.
CREATE VIEW endpoints_now AS
SELECT e.id,
       e.model_id::text AS model_id,
       e.runtime,
       e.url,
       e.name,
       e.region,
       e.min_instances,
       e.max_instances,
       e.may_create,
       e.enabled,
       e.secret_env,
       e.options,
       endpoint_litellm_id(e.runtime, e.name) AS litellm_id,
       CASE WHEN it.state = 'OFF' AND e.may_create THEN 'COLD' ELSE it.state END AS state,
       coalesce(o.is_transitioning, false) AS is_transitioning,
       o.instances,
       o.in_flight,
       o.progress,
       o.problem,
       o.observed_at,
       o.changed_at,
       coalesce(o.phase, 'idle') AS phase,
       coalesce(o.attempt, 0) AS attempt,
       o.next_try_at,
       o.phase_since,
       coalesce(o.generation, 0) AS generation,
       e.created_at,
       e.updated_at
  FROM endpoints e
  JOIN self_hosted_models s ON s.model_id = e.model_id
  LEFT JOIN endpoint_states o ON o.endpoint_id = e.id
 CROSS JOIN LATERAL (
    SELECT coalesce(o.state, CASE WHEN o.observed_at IS NULL THEN s.default_thermal_state ELSE 'OFF' END) AS state
 ) it;
COMMENT ON VIEW endpoints_now IS 'Each endpoint with what was seen there, and its state as it counts for its model.';
