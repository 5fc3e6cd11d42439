-- version --
-- The newest version of a catalog that was seeded.
SELECT version FROM catalogs WHERE name = %(name)s

-- record --
-- Note a catalog that is being seeded; the same again writes nothing.
INSERT INTO catalogs (name, version, folder) VALUES (%(name)s, %(version)s, %(folder)s)
ON CONFLICT (name) DO UPDATE
   SET version = excluded.version, folder = excluded.folder, seeded_at = now(), seeded_by = session_user
 WHERE (catalogs.version, catalogs.folder) IS DISTINCT FROM (excluded.version, excluded.folder)

-- record_first --
-- The first seed is a step of the schema's history.
INSERT INTO schema_migrations (version, name) VALUES (%(version)s, %(name)s) ON CONFLICT DO NOTHING

-- listed --
-- Each catalog with how many models that are not deprecated came from it.
SELECT c.name, c.version, c.folder, c.seeded_at, c.seeded_by,
       (SELECT count(*) FROM models m WHERE m.catalog = c.name AND NOT m.deprecated) AS external,
       (SELECT count(*) FROM self_hosted_models s WHERE s.catalog = c.name AND NOT s.deprecated) AS self_hosted
  FROM catalogs c
 ORDER BY c.name

-- starting_with --
-- The names of the catalogs that begin so.
SELECT name FROM catalogs WHERE starts_with(name, %(prefix)s) ORDER BY name

-- hold --
-- The catalog of a name, kept from others who would drop it.
SELECT name FROM catalogs WHERE name = %(name)s FOR UPDATE

-- retire_models --
UPDATE models SET catalog = NULL, deprecated = true WHERE catalog = %(name)s

-- retire_self_hosted --
UPDATE self_hosted_models SET catalog = NULL, deprecated = true WHERE catalog = %(name)s

-- release_providers --
UPDATE providers SET catalog = NULL WHERE catalog = %(name)s

-- release_defaults --
UPDATE default_models SET catalog = NULL WHERE catalog = %(name)s

-- forget_facts --
DELETE FROM facts WHERE source = 'curated:' || %(name)s

-- forget_import --
DELETE FROM fact_imports WHERE source = 'curated:' || %(name)s

-- forget --
DELETE FROM catalogs WHERE name = %(name)s
