-- listed --
-- Endpoints with what was seen there, and whether requests for their models are sent there.
SELECT e.id, e.model_id, e.runtime, e.url, e.name, e.region, e.min_instances, e.max_instances, e.may_create, e.enabled,
       e.secret_env, e.options, e.litellm_id, t.endpoint_id IS NOT DISTINCT FROM e.id AS called, e.state,
       e.is_transitioning, e.instances, e.in_flight, e.progress::float8 AS progress, e.problem, e.observed_at, e.changed_at,
       e.phase, e.attempt, e.next_try_at
  FROM endpoints_now e
  JOIN thermal_states t ON t.model_id = e.model_id
 WHERE (%(id)s::bigint IS NULL OR e.id = %(id)s) AND (%(model_id)s::text IS NULL OR e.model_id = %(model_id)s)
 ORDER BY e.model_id, e.id

-- ids --
SELECT id FROM endpoints ORDER BY id

-- own_models --
-- What self-hosted models are called, those that are disabled too.
SELECT s.id::text AS id, 'self_hosted' AS provider_id, s.model_id::text AS model_id,
       s.litellm_prefix || '/' || s.model_id AS litellm_id,
       array_remove(ARRAY[s.name, s.display_name], NULL) || self_hosted_litellm_ids(s) AS aliases
  FROM self_hosted_models s ORDER BY s.model_id

-- add --
INSERT INTO endpoints (model_id, runtime, url, name, region, min_instances, max_instances, may_create, enabled,
    secret_env, options)
VALUES (%(model_id)s, %(runtime)s, %(url)s, %(name)s, %(region)s, %(min_instances)s, %(max_instances)s, %(may_create)s,
    %(enabled)s, %(secret_env)s, %(options)s)
RETURNING id

-- propose --
-- A model that a server has and nobody knows, for review. What was decided about it stays.
INSERT INTO discovered_models (provider_id, model_id, status, family, proposed, missing)
VALUES ('self_hosted', %(name)s, 'pending', %(name)s, %(proposed)s, '{task,modalities}')
ON CONFLICT (provider_id, model_id) DO UPDATE SET proposed = excluded.proposed WHERE discovered_models.status = 'pending'

-- in_review --
SELECT model_id FROM discovered_models WHERE provider_id = 'self_hosted' AND status = 'pending'

-- hold --
SELECT FROM endpoints WHERE id = %(id)s FOR UPDATE

-- change --
UPDATE endpoints
   SET runtime = %(runtime)s, url = %(url)s, name = %(name)s, region = %(region)s, min_instances = %(min_instances)s,
       max_instances = %(max_instances)s, may_create = %(may_create)s, enabled = %(enabled)s, secret_env = %(secret_env)s,
       options = %(options)s
 WHERE id = %(id)s

-- remove --
DELETE FROM endpoints WHERE id = %(id)s

-- note --
-- What was seen, unless the endpoint became another meanwhile. Where one is being brought up or put to sleep, whether it
-- moves is known better by who does that.
UPDATE endpoint_states o
   SET state = %(state)s,
       is_transitioning = CASE WHEN o.phase IN ('warming', 'cooling') THEN o.is_transitioning ELSE %(moving)s END,
       instances = %(instances)s, in_flight = %(in_flight)s, progress = %(progress)s, problem = %(problem)s,
       observed_at = %(at)s,
       blind_since = CASE WHEN %(state)s::text IS NULL THEN coalesce(o.blind_since, %(at)s) END,
       changed_at = CASE WHEN (o.state, o.is_transitioning) IS DISTINCT FROM (%(state)s::text, %(moving)s::boolean)
                         THEN clock_timestamp() ELSE o.changed_at END
  FROM endpoints e
 WHERE o.endpoint_id = %(id)s AND e.id = o.endpoint_id
   AND (e.runtime, e.url, e.region, e.name)
       IS NOT DISTINCT FROM (%(runtime)s::text, %(url)s::text, %(region)s::text, %(name)s::text)
