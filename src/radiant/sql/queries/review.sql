-- listed --
-- Models in review, or once in it.
SELECT provider_id, model_id, status, kind, family, proposed, missing, claimed_by, first_seen, absent_since,
       decided_by, decided_at, reason, rule_id
  FROM discovered_models
 WHERE status <> 'known' AND (%(provider)s::text IS NULL OR provider_id = %(provider)s)
   AND (%(status)s::text IS NULL OR status = %(status)s)
 ORDER BY provider_id, family, model_id

-- decide --
-- Who reopened one stands there too: what people take back, no rule decides.
UPDATE discovered_models d
   SET status = %(status)s, reason = %(reason)s, rule_id = NULL, decided_by = %(by)s::text, decided_at = clock_timestamp()
  FROM unnest(%(providers)s::text[], %(models)s::text[]) AS chosen (provider_id, model_id)
 WHERE d.provider_id = chosen.provider_id AND d.model_id = chosen.model_id AND d.status NOT IN ('known', %(status)s)

-- hold --
-- Why some wait on, though somebody approved them. Nobody decided: rules may, once more is known.
UPDATE discovered_models d SET reason = chosen.reason
  FROM unnest(%(providers)s::text[], %(models)s::text[], %(reasons)s::text[]) AS chosen (provider_id, model_id, reason)
 WHERE d.provider_id = chosen.provider_id AND d.model_id = chosen.model_id AND d.status = 'pending'

-- unname --
-- Names that are approved no longer, where our catalog describes the model; the others are made of facts anew.
UPDATE models m
   SET aliases = ARRAY(SELECT name FROM unnest(m.aliases) WITH ORDINALITY AS it (name, place)
                        WHERE name <> ALL (%(names)s::text[]) ORDER BY place)
 WHERE m.origin = 'curated' AND m.provider_id = %(provider)s AND m.model_id = %(model)s
   AND m.aliases && %(names)s::text[]

-- take_back --
-- Models that came from review and are approved no longer.
DELETE FROM models m
 USING unnest(%(providers)s::text[], %(models)s::text[]) AS chosen (provider_id, model_id)
 WHERE m.origin = 'discovered' AND m.provider_id = chosen.provider_id AND m.model_id = chosen.model_id

-- rules --
-- The rules that approve at once, with how many models each approved.
SELECT r.*, (SELECT count(*) FROM discovered_models d WHERE d.rule_id = r.id) AS approved
  FROM review_rules r ORDER BY r.id

-- add_rule --
INSERT INTO review_rules (provider_id, pattern, task, most_input_per_mtok, most_output_per_mtok, created_by)
VALUES (%(provider_id)s, %(pattern)s, %(task)s, %(most_input_per_mtok)s, %(most_output_per_mtok)s, %(by)s)
RETURNING id

-- remove_rule --
DELETE FROM review_rules WHERE id = %(id)s

-- make_own --
-- Self-hosted models of what a scan found and somebody approved. What nobody said of them stays unknown.
INSERT INTO self_hosted_models (model_id, name, display_name, category, origin, context_window)
SELECT d.model_id, d.model_id, d.model_id, 'llm', 'discovered', nullif((d.proposed ->> 'context_window')::integer, 0)
  FROM discovered_models d
 WHERE d.provider_id = 'self_hosted' AND d.model_id = ANY (%(models)s)
ON CONFLICT DO NOTHING

-- place_own --
-- And where each was found.
INSERT INTO endpoints (model_id, runtime, url, region, name, secret_env)
SELECT d.model_id, d.proposed ->> 'runtime', d.proposed ->> 'url', d.proposed ->> 'region', d.model_id,
       d.proposed ->> 'secret_env'
  FROM discovered_models d
 WHERE d.provider_id = 'self_hosted' AND d.model_id = ANY (%(models)s)
ON CONFLICT DO NOTHING

-- take_back_own --
DELETE FROM self_hosted_models WHERE origin = 'discovered' AND model_id = ANY (%(models)s)
