-- providers --
-- Every provider with an API, or one.
SELECT id, display_name, api_base_url, key_variables, auth, enabled, contact
  FROM providers
 WHERE id <> 'self_hosted' AND (%(provider)s::text IS NULL OR id = %(provider)s)
 ORDER BY id

-- models --
-- The models of a provider as the registry has them. `settled`: a person decided whether it is deprecated.
SELECT m.model_id, m.aliases, m.deprecated, m.origin, m.retires, m.successor,
       EXISTS (SELECT FROM overrides o
                WHERE o.subject = 'model:' || m.provider_id || '/' || m.model_id AND o.field = 'deprecated') AS settled
  FROM models m WHERE m.provider_id = %(provider)s

-- listed --
-- Every id that the lists of a provider had.
SELECT model_id, status, kind, family, proposed::text AS proposed, missing, claimed_by, absent_since, decided_by, rule_id,
       reason
  FROM discovered_models WHERE provider_id = %(provider)s

-- keep_listed --
INSERT INTO discovered_models (provider_id, model_id, status, kind, family, proposed, missing, claimed_by, first_seen,
                               rule_id, decided_by, decided_at, reason)
SELECT %(provider)s, n.id, n.status, n.kind, n.family, n.proposed, n.missing, n.claimed_by,
       %(at)s, n.rule, n.by, CASE WHEN n.by IS NOT NULL THEN %(at)s::timestamptz END, n.reason
  FROM json_to_recordset(%(rows)s)
       AS n (id text, status text, kind text, family text, proposed jsonb, missing text[], claimed_by text[],
             rule integer, by text, reason text)
ON CONFLICT (provider_id, model_id) DO UPDATE
   SET status = excluded.status, kind = excluded.kind, family = excluded.family, proposed = excluded.proposed,
       missing = excluded.missing, claimed_by = excluded.claimed_by, absent_since = NULL,
       rule_id = coalesce(excluded.rule_id, discovered_models.rule_id),
       decided_by = coalesce(excluded.decided_by, discovered_models.decided_by),
       decided_at = coalesce(excluded.decided_at, discovered_models.decided_at),
       reason = coalesce(excluded.reason, discovered_models.reason)

-- set_absent --
UPDATE discovered_models SET absent_since = %(at)s
 WHERE provider_id = %(provider)s AND model_id = ANY(%(ids)s) AND absent_since IS NULL

-- absences --
-- Of each model of a provider, the lists it was missing in since it was last there.
SELECT e.model_id, e.at, e.digest FROM model_evidence e
 WHERE e.provider_id = %(provider)s AND e.what = 'absent'
   AND NOT EXISTS (SELECT FROM model_evidence later
                    WHERE later.provider_id = e.provider_id AND later.model_id = e.model_id AND later.id > e.id
                      AND later.what IN ('returned', 'restored'))
 ORDER BY e.model_id, e.id

-- ended --
-- The models that evidence deprecated and did not restore, and by what: deprecated (by absence) or retired.
SELECT provider_id, model_id, what FROM (
    SELECT DISTINCT ON (provider_id, model_id) provider_id, model_id, what FROM model_evidence
     WHERE what IN ('deprecated', 'retired', 'restored') AND (%(provider)s::text IS NULL OR provider_id = %(provider)s)
     ORDER BY provider_id, model_id, id DESC) last
 WHERE what <> 'restored'

-- note --
INSERT INTO model_evidence (provider_id, model_id, what, at, run_id, digest, details)
VALUES (%(provider)s, %(id)s, %(what)s, %(at)s, %(run)s, %(digest)s, %(details)s::jsonb)

-- evidence --
-- What speaks about one model, newest first.
SELECT what, at, run_id, digest, details FROM model_evidence
 WHERE provider_id = %(provider)s AND model_id = %(model)s ORDER BY id DESC

-- lifecycle --
SELECT m.provider_id, m.model_id, m.deprecated, m.retires, m.successor, d.absent_since
  FROM models m LEFT JOIN discovered_models d USING (provider_id, model_id)
 WHERE m.provider_id = %(provider)s AND m.model_id = %(model)s

-- ends --
-- Models of which somebody says when they end or what follows: the registry, their provider, and public catalogs (`told`).
-- `decided` are the fields that a person set; `warned` are days with the distance at which they were told.
SELECT m.provider_id, m.model_id, m.deprecated, m.retires, m.successor, coalesce(said.told, '[]') AS told,
       ARRAY(SELECT o.field FROM overrides o
              WHERE o.subject = 'model:' || m.provider_id || '/' || m.model_id
                AND o.field IN ('deprecated', 'retires', 'successor')) AS decided,
       ARRAY(SELECT (e.details ->> 'retires') || ' ' || (e.details ->> 'days') FROM model_evidence e
              WHERE e.provider_id = m.provider_id AND e.model_id = m.model_id AND e.what = 'warned') AS warned
  FROM models m
  LEFT JOIN (SELECT provider_id, model_id,
                    jsonb_agg(jsonb_build_object('source', source, 'field', field, 'value', value #>> '{}')
                              ORDER BY source, entry) AS told
               FROM facts
              WHERE field IN ('retires', 'successor') AND NOT starts_with(source, 'curated')
              GROUP BY provider_id, model_id) said USING (provider_id, model_id)
 WHERE (m.retires IS NOT NULL OR m.successor IS NOT NULL OR said.told IS NOT NULL)
   AND (%(provider)s::text IS NULL OR m.provider_id = %(provider)s)
 ORDER BY m.provider_id, m.model_id

-- default_for --
-- The tasks whose default a model is by any of its names, and what follows it there.
SELECT d.task, d.successor FROM default_models d JOIN models m ON d.model_id = ANY (model_names(m))
 WHERE m.provider_id = %(provider)s AND m.model_id = %(model)s
 ORDER BY d.task

-- approved_aliases --
-- Other names that providers' lists have for models, as far as they were approved.
SELECT provider_id, model_id, family FROM discovered_models WHERE kind = 'alias' AND status = 'approved'
 ORDER BY provider_id, model_id

-- states --
-- The newest result of each provider, and its newest complete list.
SELECT p.id, last.at AS last_attempt, last.skipped, last.errors, whole.at AS last_complete, whole.digest
  FROM providers p
  LEFT JOIN LATERAL (SELECT r.at, r.skipped, r.errors FROM sync_results r JOIN registry_sync_log l ON l.id = r.run_id
                      WHERE r.provider_id = p.id AND r.complete IS NOT NULL AND NOT l.dry_run
                      ORDER BY r.at DESC LIMIT 1) last ON true
  LEFT JOIN LATERAL (SELECT r.at, r.digest FROM sync_results r JOIN registry_sync_log l ON l.id = r.run_id
                      WHERE r.provider_id = p.id AND r.complete AND NOT l.dry_run
                      ORDER BY r.at DESC LIMIT 1) whole ON true
